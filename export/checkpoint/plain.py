"""Settings out of a stranger's file as plain data: numbers, texts, lists and tables of sane size; the rest by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import islice
from typing import Any

from export.checkpoint.faults import shown
from export.checkpoint.stored import StoredTensor
from export.checkpoint.values import Foreign, ForeignName, NumberKind, Persisted

MAX_DEPTH = 8
MAX_VALUES = 300_000   # a vocabulary may be among them
LONGEST_TEXT = 4_000
WIDEST = 63      # bits of an integer
_LEFT_OUT = "…"


def plain(value: Any) -> Any:
    """`value` with everything that is not data replaced by a short text in angle brackets. Never fails."""
    return _Plain().of(value, 0)


class _Plain:
    """Counts what it copies, so that a file that refers to itself ends."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def of(self, value: Any, depth: int) -> Any:
        """One value at a depth."""
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            return _LEFT_OUT
        if value is None or (isinstance(value, int) and value.bit_length() <= WIDEST):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, dict):
            return {_key(key): self.of(item, depth + 1) for key, item in islice(value.items(), self._left)}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.of(item, depth + 1) for item in islice(value, self._left)]
        return _named(value)


def _key(key: Any) -> str:
    """A table's key as text; a text stays as it is, since a vocabulary's keys may be line breaks."""
    return key[:LONGEST_TEXT] if isinstance(key, str) else shown(key, 200)


_TOLD: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (str, lambda value: str(value[:LONGEST_TEXT])),
    (StoredTensor, lambda value: f"<{value.dtype} tensor {'×'.join(map(str, value.shape))}>"),
    (Foreign, lambda value: f"<{shown(value.name)}>"),
    (ForeignName, lambda value: f"<{shown(value.name)}>"),
    (NumberKind, lambda value: f"<{value.name or 'bytes'}>"),
    (Persisted, lambda value: f"<network {shown(value.class_name)}>"),
    (object, lambda value: f"<{type(value).__name__}>"),
)


def _named(value: Any) -> str:
    """A text, or a thing that is no plain data, told by what it is."""
    return next(tell(value) for kind, tell in _TOLD if isinstance(value, kind))
