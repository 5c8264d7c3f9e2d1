"""Protobuf without a library: the fields of a message, lazily, straight from a mapped file; nothing is copied."""

from __future__ import annotations

from collections.abc import Iterator

Buffer = memoryview
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class Malformed(Exception):
    """The bytes are not a protobuf message of the expected form."""


def fields(view: Buffer) -> Iterator[tuple[int, int | Buffer]]:
    """The fields of one message: (number, whole number or bytes); fixed-width ones are skipped. Raises Malformed."""
    position, end = 0, len(view)
    while position < end:
        key, position = varint(view, position)
        number, kind = key >> 3, key & 7
        if kind == _BYTES:
            length, position = varint(view, position)
            if length > end - position:
                raise Malformed("cut short")
            yield number, view[position:position + length]
            position += length
        elif kind == _VARINT:
            value, position = varint(view, position)
            yield number, value
        elif kind in (_FIXED32, _FIXED64):
            position += 4 if kind == _FIXED32 else 8
            if position > end:
                raise Malformed("cut short")
        else:
            raise Malformed("unknown wire type")


def varint(view: Buffer, position: int) -> tuple[int, int]:
    """One base-128 number and the position after it. Raises Malformed."""
    value = shift = 0
    while shift < 70:  # noqa: PLR2004 - ten bytes, protobuf's longest number
        if position >= len(view):
            raise Malformed("cut short")
        byte = view[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that another byte follows
            return value, position
        shift += 7
    raise Malformed("endless number")


def text(value: Buffer) -> str:
    """A UTF-8 string field. Raises Malformed."""
    try:
        return bytes(value).decode()
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8") from error


def signed(value: int) -> int:
    """An int64 as protobuf stores it: negative numbers are very large ones."""
    return value - (1 << 64) if value >= 1 << 63 else value
