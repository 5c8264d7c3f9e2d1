"""Settings out of a stranger's file as plain data: numbers, texts, lists and tables of sane size; the rest by name."""

from __future__ import annotations

import math
from itertools import islice
from typing import Any

from export.checkpoint.faults import shown
from export.checkpoint.stored import Storage, StoredTensor
from export.checkpoint.values import Foreign, ForeignName, NumberKind, Persisted, StoredArray

MAX_DEPTH = 8
MAX_VALUES = 5_000
LONGEST_TEXT = 4_000
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
        if value is None or (isinstance(value, int) and value.bit_length() < 64):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, str):
            return shown(value, LONGEST_TEXT) if not value.isprintable() and "\n" not in value else value[:LONGEST_TEXT]
        if isinstance(value, dict):
            return {_key(key): self.of(item, depth + 1) for key, item in islice(value.items(), self._left)}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.of(item, depth + 1) for item in islice(value, self._left)]
        return _named(value)


def _key(key: Any) -> str:
    """A table's key as text."""
    return shown(key, 200)


def _named(value: Any) -> str:
    """A thing that is no plain data, told by what it is."""
    if isinstance(value, StoredTensor):
        return f"<{value.dtype} tensor {'×'.join(map(str, value.shape))}>"
    if isinstance(value, Foreign | ForeignName):
        return f"<{shown(value.name)}>"
    if isinstance(value, NumberKind):
        return f"<{value.name or 'bytes'}>"
    if isinstance(value, Persisted):
        return f"<network {shown(value.class_name)}>"
    if isinstance(value, Storage | StoredArray):
        return "<numbers>"
    return f"<{type(value).__name__}>"
