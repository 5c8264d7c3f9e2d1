"""Numbers that are none: looks for NaN and infinity, everywhere in small files, at the start of each block in large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from export.checkpoint.dtypes import FLOATS, itemsize
from export.checkpoint.faults import shown
from export.checkpoint.stored import StoredTensor

WHOLE_BYTES = 512 << 20     # files up to here are looked through whole: a quarter of a second
PIECE = 1 << 20             # numbers looked at together; of each block of a larger file only the first so many


def number_warnings(tensors: Mapping[str, StoredTensor]) -> tuple[str, ...]:
    """One sentence for a person if some weights are NaN or infinite; empty if none were found."""
    blocks = {tensor.storage.region or id(tensor.storage): (name, tensor)
              for name, tensor in list(tensors.items())[::-1]}
    whole = sum(tensor.storage.nbytes for _, tensor in blocks.values()) <= WHOLE_BYTES
    broken = [name for name, tensor in list(blocks.values())[::-1]
              if tensor.dtype in FLOATS and not all(_pieces_are_finite(tensor, whole=whole))]
    if not broken:
        return ()
    others = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
    return (f"contains NaN or infinity: “{shown(broken[0])}”{others}; its pictures may be black or empty",)


def _pieces_are_finite(tensor: StoredTensor, *, whole: bool) -> Iterator[bool]:
    """For each stretch of the block that a tensor is part of, whether every number in it is one."""
    count = tensor.storage.nbytes // itemsize(tensor.dtype)
    for start in range(0, count if whole else min(count, 1), PIECE):
        values = StoredTensor(tensor.storage, tensor.dtype, start, (min(PIECE, count - start),), (1,)).read()
        yield bool(np.isfinite(values.min()) and np.isfinite(values.max()))
