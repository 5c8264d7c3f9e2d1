"""Weights that lie on disk while torch works with them: gigabytes that the system may take out of memory at any time.

Checkpoints are read tensor by tensor (and widened to single precision where they are stored in half); each goes into
one scratch file, which is then mapped. Memory holds one tensor at a time; the mapped pages belong to the system.
"""

from __future__ import annotations

import contextlib
import math
import mmap
import sys
import tempfile
import weakref
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import DiskFull
from export.checkpoint.source import TensorRef

_ALIGNED = 64        # what vector instructions like best
_FLOATS = ("float", "bfloat")
_PAGE_OUT = 21       # MADV_PAGEOUT of Linux 5.4: pages go, and come again from the file when they are looked at
_AREAS: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()


def mapped(refs: Mapping[str, TensorRef]) -> dict[str, NDArray[Any]]:
    """Name -> the numbers, floats as float32 and everything else as stored. Raises DiskFull, CheckpointError.

    The arrays may be written to; changes stay in memory. The scratch file vanishes with the last of them.
    """
    places: dict[str, tuple[int, np.dtype[Any], tuple[int, ...]]] = {}
    with tempfile.TemporaryFile(prefix="latent-atelier-") as file:
        try:
            for name, ref in refs.items():
                values = ref.real() if ref.dtype.startswith(_FLOATS) else ref.read()
                file.seek(-file.tell() % _ALIGNED, 1)
                places[name] = file.tell(), values.dtype, tuple(ref.shape)
                file.write(np.ascontiguousarray(values).reshape(-1).view(np.uint8).data)
            file.write(bytes(_ALIGNED))       # a file of no bytes cannot be mapped
            file.flush()
        except OSError as error:
            raise DiskFull("There is not enough room on the disk for the weights while they are converted.",
                           f"Free about {sum(ref.count for ref in refs.values()) * 12 / 1e9:.1f} GB and try again.",
                           tempfile.gettempdir()) from error
        area = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    _AREAS.add(area)
    whole = np.frombuffer(area, np.uint8)
    return {name: _view(whole, *place) for name, place in places.items()}


def rest() -> None:
    """Let the system have the memory of everything mapped here until it is used again. Linux only; nothing is lost."""
    if sys.platform == "linux":
        for area in list(_AREAS):
            with contextlib.suppress(OSError):    # an older kernel does not know the word
                area.madvise(_PAGE_OUT)


def _view(whole: NDArray[np.uint8], start: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """A stretch of the file as an array."""
    size = math.prod(shape) * dtype.itemsize
    return np.asarray(whole[start:start + size].view(dtype).reshape(shape))
