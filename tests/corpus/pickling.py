"""Writes pickles instruction by instruction: what Python's own pickler writes, and what it would never write.

No torch and no victim's module is needed: a call is only a name here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

STOP = b"."


@dataclass(frozen=True)
class Name:
    """A global: fetched by name, not called."""

    module: str
    name: str


@dataclass(frozen=True)
class Call:
    """A global that is called with arguments (REDUCE); `state` is set afterwards (BUILD), `items` are filled in."""

    module: str
    name: str
    args: tuple[Any, ...] = ()
    state: Any = None
    items: dict[Any, Any] | None = None
    new: bool = False  # NEWOBJ instead of REDUCE, as classes are written


@dataclass(frozen=True)
class Elsewhere:
    """A persistent id: numbers that lie outside of the pickle."""

    reference: tuple[Any, ...]


@dataclass(frozen=True)
class Raw:
    """Instructions as they stand."""

    code: bytes


def dumps(value: Any, protocol: int = 2) -> bytes:
    """A whole pickle."""
    return b"\x80" + bytes([protocol]) + code_of(value) + STOP


def code_of(value: Any) -> bytes:  # noqa: C901, PLR0911, PLR0912 - a kind a line
    """The instructions that put `value` on the stack."""
    match value:
        case None:
            return b"N"
        case bool():
            return b"\x88" if value else b"\x89"
        case int():
            return _integer(value)
        case float():
            return b"G" + struct.pack(">d", value)
        case str():
            data = value.encode("utf-8", "surrogatepass")
            return b"X" + struct.pack("<I", len(data)) + data
        case bytes():
            return b"B" + struct.pack("<I", len(value)) + value
        case tuple():
            return b"(" + b"".join(map(code_of, value)) + b"t"
        case list():
            return b"](" + b"".join(map(code_of, value)) + b"e"
        case dict():
            return b"}" + _items(value)
        case Name():
            return b"c" + value.module.encode() + b"\n" + value.name.encode() + b"\n"
        case Call():
            return _call(value)
        case Elsewhere():
            return code_of(value.reference) + b"Q"
        case Raw():
            return value.code
    raise TypeError(type(value))


def _integer(value: int) -> bytes:
    if -(1 << 31) <= value < 1 << 31:
        return b"J" + struct.pack("<i", value)
    data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def _items(table: dict[Any, Any]) -> bytes:
    return b"(" + b"".join(code_of(key) + code_of(item) for key, item in table.items()) + b"u"


def _call(call: Call) -> bytes:
    code = code_of(Name(call.module, call.name)) + code_of(call.args) + (b"\x81" if call.new else b"R")
    if call.items is not None:
        code += _items(call.items)
    if call.state is not None:
        code += code_of(call.state) + b"b"
    return code
