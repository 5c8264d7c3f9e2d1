"""A tensor as a file describes it: a stretch of bytes, a number format, a shape, strides. Checked first, read later."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.checkpoint.dtypes import STORED, decoded, itemsize
from export.checkpoint.faults import Unreadable, shown
from export.checkpoint.source import TensorRef

MAX_RANK = 8
MAX_TENSORS = 20_000
LONGEST_NAME = 500


@dataclass(frozen=True)
class Region:
    """Some bytes of a file on disk, not held in memory."""

    path: Path
    start: int
    length: int

    def part(self, start: int, length: int) -> Region:
        """A stretch of these bytes. Raises Unreadable where it reaches beyond them."""
        if start < 0 or length < 0 or start + length > self.length:
            raise Unreadable("ends before all of its numbers")
        return Region(self.path, self.start + start, length)

    def bytes(self) -> bytes:
        """All of them."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            data = file.read(self.length)
        if len(data) != self.length:
            raise Unreadable("became shorter while it was read")
        return data

    def array(self, dtype: np.dtype[Any]) -> NDArray[Any]:
        """All of them as numbers: a fresh array that belongs to the caller.

        Read, not mapped: a mapping that is changed by a caller shows in the next read, one whose file shrinks ends
        the process, and thousands of mappings exhaust the open files.
        """
        with self.path.open("rb") as file:
            file.seek(self.start)
            values = np.fromfile(file, dtype, self.length // dtype.itemsize)
        if values.nbytes != self.length:
            raise Unreadable("became shorter while it was read")
        return values


@dataclass(frozen=True)
class Held:
    """The same for bytes that a file spells out as text and that are small enough to be in memory."""

    path: Path
    data: bytes

    @property
    def length(self) -> int:
        """How many."""
        return len(self.data)

    def part(self, start: int, length: int) -> Held:
        """A stretch of these bytes. Raises Unreadable where it reaches beyond them."""
        if start < 0 or length < 0 or start + length > len(self.data):
            raise Unreadable("ends before all of its numbers")
        return Held(self.path, self.data[start:start + length])

    def bytes(self) -> bytes:
        """All of them."""
        return self.data

    def array(self, dtype: np.dtype[Any]) -> NDArray[Any]:
        """All of them as numbers: a fresh array."""
        return np.frombuffer(self.data, dtype).copy()


Place = Region | Held


class Storage:
    """One block of numbers that tensors are views of. Its bytes may be known later than its size (legacy files)."""

    __slots__ = ("count", "dtype", "key", "region")

    def __init__(self, key: str, dtype: str | None, count: int, region: Place | None = None) -> None:
        """`count` numbers of `dtype`; None stands for bytes without a kind. `region`: where they lie."""
        self.key = key
        self.dtype = dtype
        self.count = count
        self.region = region

    @property
    def nbytes(self) -> int:
        """How many bytes the file must hold for it."""
        return self.count * (itemsize(self.dtype) if self.dtype else 1)


class StoredTensor:
    """A view of a storage, proven to stay inside it."""

    __slots__ = ("dtype", "offset", "shape", "storage", "strides")

    def __init__(self, storage: Storage, dtype: str, offset: int, shape: tuple[int, ...],
                 strides: tuple[int, ...]) -> None:
        """`offset` and `strides` count numbers of `dtype`. Raises Unreadable for a view that leaves its storage."""
        self.storage = storage
        self.dtype = dtype
        self.offset = offset
        self.shape = shape
        self.strides = strides
        self._check()

    def _check(self) -> None:
        """Rank, signs, and the furthest number that the view reaches."""
        room = self.storage.nbytes // itemsize(self.dtype)
        if len(self.shape) > MAX_RANK or len(self.shape) != len(self.strides):
            raise Unreadable(f"holds a tensor of {len(self.shape)} dimensions with {len(self.strides)} strides")
        if min((self.offset, *self.shape, *self.strides)) < 0:
            raise Unreadable("holds a tensor of negative size")
        count = math.prod(self.shape)
        reach = self.offset + sum((size - 1) * step for size, step in zip(self.shape, self.strides, strict=True)) + 1
        if count and (reach > room or count > room):
            raise Unreadable(f"holds a tensor of {'×'.join(map(str, self.shape)) or 'one number'} "
                             f"that reaches outside its {room:,} numbers")

    def read(self) -> NDArray[Any]:
        """The numbers, contiguous and owned by the caller."""
        kind = STORED[self.dtype]
        if 0 in self.shape:
            return decoded(np.zeros(self.shape, kind), self.dtype)
        if self.storage.region is None:
            raise Unreadable("has a tensor without numbers")
        span = sum((size - 1) * step for size, step in zip(self.shape, self.strides, strict=True)) + 1
        values = self.storage.region.part(self.offset * kind.itemsize, span * kind.itemsize).array(kind)
        strides = tuple(step * kind.itemsize for step in self.strides)
        view = np.lib.stride_tricks.as_strided(values, self.shape, strides)
        return decoded(np.ascontiguousarray(view).reshape(self.shape), self.dtype)

    def ref(self, name: str) -> TensorRef:
        """The reference that the rest of the house knows; its `read` raises CheckpointError if the file changed."""
        return TensorRef(name, self.dtype, self.shape, self._read_or_say)

    def _read_or_say(self) -> NDArray[Any]:
        try:
            return self.read()
        except Unreadable as error:
            path = self.storage.region.path if self.storage.region else Path("the file")
            raise error.about(path) from error


def references(tensors: Mapping[str, StoredTensor]) -> dict[str, TensorRef]:
    """Name -> reference. Raises Unreadable for more tensors than any model has."""
    if len(tensors) > MAX_TENSORS:
        raise Unreadable(f"holds {len(tensors):,} tensors; no model has more than {MAX_TENSORS:,}")
    for name in tensors:
        check_tensor_name(name)
    return {name: tensor.ref(name) for name, tensor in tensors.items()}


def check_tensor_name(name: str) -> None:
    """A name that can be shown. Raises Unreadable for control characters and for names longer than any real one."""
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Unreadable(f"names a tensor “{shown(name, 40)}”, with characters that no weights use")


def contiguous(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a dense array, last dimension fastest."""
    strides = [1] * len(shape)
    for axis in range(len(shape) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    return tuple(strides)
