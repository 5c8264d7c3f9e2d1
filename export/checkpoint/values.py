"""What our reader of pickles puts on its stack besides plain Python values. None of it can run anything."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from export.checkpoint.dtypes import PLAIN
from export.checkpoint.faults import Unreadable
from export.checkpoint.stored import Held, Place, Region, Storage, StoredTensor, contiguous

_CODES = frozenset({"f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1", "c8", "c16"})
_ARRAY_STATE = 5
MAX_RANK = 64


@dataclass(frozen=True)
class Function:
    """A name that files may use, and the function of ours that stands for it."""

    name: str
    make: Callable[..., Any]


@dataclass(frozen=True)
class ForeignName:
    """A class of a training script or framework: its name is kept, nothing else is known of it."""

    name: str


@dataclass(frozen=True)
class NumberKind:
    """A torch number format ("float32"), or a storage class of one; None stands for plain bytes."""

    name: str | None


class Stateful(ABC):
    """A value that a pickle may set the state of."""

    __slots__ = ()

    @abstractmethod
    def set_state(self, state: Any) -> None:
        """Take what concerns us. Raises Unreadable for a state that makes no sense."""


class Foreign(Stateful):
    """An object of a foreign class: a name. Whatever the file stores in it is dropped, tensors included."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        """`name` as `module.Class`."""
        self.name = name

    def set_state(self, state: Any) -> None:
        """Dropped."""


class Settings(dict[Any, Any], Stateful):
    """argparse's Namespace and its kin: the state is a table of settings."""

    def set_state(self, state: Any) -> None:
        """Every setting that has a name."""
        if not isinstance(state, dict):
            raise Unreadable("holds settings that are no table")
        self.update(state)


@dataclass
class Persisted:
    """A network stored with its source (NVIDIA's `torch_utils.persistence`): class, source as text, state as data."""

    class_name: str
    source: str
    state: dict[Any, Any]


class ArrayKind(Stateful):
    """numpy's dtype, plain ones only."""

    __slots__ = ("dtype",)

    def __init__(self, code: object, *_: object) -> None:
        """`code` is numpy's short spelling: "f4", "i8", "b1" ..."""
        try:
            dtype = np.dtype(code if code in _CODES else "O").newbyteorder("<")
        except TypeError as error:
            raise Unreadable("holds numbers of an unknown kind") from error
        if dtype not in PLAIN:
            raise Unreadable("holds a numpy array of Python objects or text, which are no weights")
        self.dtype = dtype

    def set_state(self, state: Any) -> None:
        """Version, byte order, and details that plain kinds do not have."""
        if not isinstance(state, tuple) or state[1:2] not in (("<",), ("|",), ("=",)):
            raise Unreadable("holds numbers in an unusual byte order")


class StoredArray(Stateful):
    """A numpy array inside a pickle; a tensor once its state is known."""

    __slots__ = ("tensor",)

    def __init__(self, *_: object) -> None:
        """Empty until the pickle sets its state."""
        self.tensor: StoredTensor | None = None

    def set_state(self, state: Any) -> None:
        """The order is numpy's own: version, shape, dtype, whether the first dimension is fastest, bytes."""
        if not isinstance(state, tuple) or len(state) != _ARRAY_STATE:
            raise Unreadable("holds a numpy array that is not described")
        _, shape, kind, fortran, data = state
        self.tensor = array_tensor(data, kind, shape, fortran=fortran is True)


def array_tensor(data: Any, kind: Any, shape: Any, *, fortran: bool = False) -> StoredTensor:
    """A tensor from the bytes of a numpy array. Raises Unreadable unless they fit exactly."""
    if not isinstance(data, Region | Held) or not isinstance(kind, ArrayKind):
        raise Unreadable("holds a numpy array of Python objects, which are no weights")
    sizes = whole_numbers(shape)
    strides = tuple(reversed(contiguous(sizes[::-1]))) if fortran else contiguous(sizes)
    place: Place = data
    tensor = StoredTensor(Storage("numpy", PLAIN[kind.dtype], place.length // kind.dtype.itemsize, place),
                          PLAIN[kind.dtype], 0, sizes, strides)
    if int(np.prod(sizes, dtype=object)) * kind.dtype.itemsize != place.length:
        raise Unreadable("holds a numpy array whose size and numbers do not agree")
    return tensor


def whole_numbers(value: Any) -> tuple[int, ...]:
    """A shape or strides. Raises Unreadable for anything but a short tuple of integers."""
    if not isinstance(value, tuple | list) or len(value) > MAX_RANK:
        raise Unreadable("holds a tensor without a shape")
    if any(type(item) is not int for item in value):
        raise Unreadable("holds a tensor whose shape is no numbers")
    return tuple(value)
