"""Numbers that are none: looks for NaN and infinity, everywhere in small files, in a sample of each tensor in large."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from export.checkpoint.dtypes import FLOATS, itemsize
from export.checkpoint.faults import shown
from export.checkpoint.stored import StoredTensor

WHOLE_BYTES = 512 << 20     # files up to here are looked through whole: a quarter of a second
SAMPLE = 1 << 16            # of each tensor of a larger one, its first numbers


def number_warnings(tensors: Mapping[str, StoredTensor]) -> tuple[str, ...]:
    """One sentence for a person if some weights are NaN or infinite; empty if none were found."""
    whole = sum(tensor.storage.nbytes for tensor in {id(item.storage): item for item in tensors.values()}.values())
    broken = [name for name, tensor in tensors.items()
              if tensor.dtype in FLOATS and not _finite(tensor, whole <= WHOLE_BYTES)]
    if not broken:
        return ()
    others = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
    return (f"contains NaN or infinity: “{shown(broken[0])}”{others}; its pictures may be black or empty",)


def _finite(tensor: StoredTensor, whole: bool) -> bool:
    """Whether every number looked at is one."""
    count = int(np.prod(tensor.shape, dtype=np.int64))
    if not count:
        return True
    if whole or count <= SAMPLE:
        values = tensor.read()
    else:
        start = StoredTensor(tensor.storage, tensor.dtype, tensor.offset, (min(SAMPLE, _reach(tensor)),), (1,))
        values = start.read()
    return bool(np.isfinite(values.min()) and np.isfinite(values.max()))


def _reach(tensor: StoredTensor) -> int:
    """How many numbers from its first the storage has."""
    return tensor.storage.nbytes // itemsize(tensor.dtype) - tensor.offset
