"""Small changes to an ONNX file without any library: other inputs, a fixed input, a reshape before or after.

What is not changed is copied byte for byte; weights are never decoded. Field numbers are those of onnx.proto.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import PackageError
from engine.packages.onnxfile import DTYPES, Port, Size, read_tensor
from engine.packages.protobuf import Buffer, fields, text, varint

_NODE, _INITIALIZER, _INPUT, _OUTPUT, _GRAPH, _EXTERNAL = 1, 5, 11, 12, 7, 13
_ATTRIBUTE_INT = 2
_CODES = {word: code for code, word in DTYPES.items()}
_PACKED = {"float32": "<f", "float16": "<e", "int64": "<q", "int32": "<i", "uint8": "<B", "bool": "<?",
           "float64": "<d"}
_CHUNK = 1 << 22


@dataclass(frozen=True)
class Edit:
    """What is different in the copy."""

    without_inputs: frozenset[str] = frozenset()
    inputs: tuple[Port, ...] = ()            # added
    outputs: tuple[Port, ...] = ()           # added, or in place of those of the same name
    before: tuple[bytes, ...] = ()           # nodes, in front of all others
    after: tuple[bytes, ...] = ()            # nodes, behind all others
    constants: tuple[bytes, ...] = ()        # weights that are added
    places: Mapping[str, str] = field(default_factory=dict)   # weight files: old place -> new plain name


def edited(source: Path, target: Path, edit: Edit) -> None:
    """Write the changed copy of `source` to the new file `target`, durably. Raises PackageError, OSError."""
    with source.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    pieces = list(_model(memoryview(mapped), edit, source))
    with target.open("xb") as out:
        for piece in pieces:
            for start in range(0, len(piece), _CHUNK):
                out.write(piece[start:start + _CHUNK])
        out.flush()
        os.fsync(out.fileno())


def node(operator: str, reads: Sequence[str], makes: Sequence[str], **numbers: int) -> bytes:
    """NodeProto with whole-number attributes."""
    body = b"".join(_bytes(1, name.encode()) for name in reads) + b"".join(_bytes(2, name.encode()) for name in makes)
    body += _bytes(3, f"atelier_{makes[0]}".encode()) + _bytes(4, operator.encode())
    for name, value in numbers.items():
        body += _bytes(5, _bytes(1, name.encode()) + _number(3, value) + _number(20, _ATTRIBUTE_INT))
    return body


def constant(name: str, dtype: str, shape: Sequence[int], values: Sequence[float]) -> bytes:
    """TensorProto with its numbers."""
    form = _PACKED[dtype]
    whole = dtype not in ("float32", "float16", "float64")
    raw = b"".join(struct.pack(form, int(value) if whole else value) for value in values)
    return (b"".join(_number(1, size) for size in shape) + _number(2, _CODES[dtype]) + _bytes(8, name.encode())
            + _bytes(9, raw))


def _model(view: Buffer, edit: Edit, source: Path) -> Iterator[bytes | Buffer]:
    """ModelProto in pieces."""
    for number, value, whole in _raw(view):
        if number == _GRAPH and not isinstance(value, int):
            pieces = list(_graph(value, edit, source))
            yield _tag(_GRAPH) + _varint(sum(len(piece) for piece in pieces))
            yield from pieces
        else:
            yield whole


def _graph(view: Buffer, edit: Edit, source: Path) -> Iterator[bytes | Buffer]:
    """GraphProto in pieces, nodes in order."""
    replaced = {port.name for port in edit.outputs}
    rest: list[bytes | Buffer] = []
    yield from (_bytes(_NODE, one) for one in edit.before)
    for number, value, whole in _raw(view):
        if number == _NODE:
            yield whole
        elif isinstance(value, int) or not (
                (number == _INPUT and _name(value) in edit.without_inputs)
                or (number == _OUTPUT and _name(value) in replaced)):
            moved = number == _INITIALIZER and edit.places and not isinstance(value, int)
            rest.append(_moved(value, edit.places, source) if moved and not isinstance(value, int) else whole)
    yield from (_bytes(_NODE, one) for one in edit.after)
    yield from rest
    yield from (_bytes(_INITIALIZER, one) for one in edit.constants)
    yield from (_bytes(_INPUT, _port(port)) for port in edit.inputs)
    yield from (_bytes(_OUTPUT, _port(port)) for port in edit.outputs)


def _moved(view: Buffer, places: Mapping[str, str], source: Path) -> bytes:
    """An initializer whose numbers lie in a file of another name."""
    place = read_tensor(view).place
    if not place:
        return _bytes(_INITIALIZER, bytes(view))
    if place not in places:
        raise PackageError(f"“{source.name}” keeps weights in “{place[:60]}”, which is not beside it.",
                           "Put its weight files into the same folder.", str(source))
    body = b""
    for number, value, whole in _raw(view):
        if number == _EXTERNAL and not isinstance(value, int):
            pair = {key: text(entry) for key, entry in fields(value) if not isinstance(entry, int)}
            if pair.get(1) not in ("location", "offset", "length"):
                continue
            word = places[place] if pair[1] == "location" else pair.get(2, "")
            body += _bytes(_EXTERNAL, _bytes(1, pair[1].encode()) + _bytes(2, word.encode()))
        else:
            body += bytes(whole)
    return _bytes(_INITIALIZER, body)


def _port(port: Port) -> bytes:
    """ValueInfoProto."""
    shape = b"".join(_bytes(1, _size(size)) for size in port.shape or ())
    return _bytes(1, port.name.encode()) + _bytes(2, _bytes(1, _number(1, _CODES[port.dtype]) + _bytes(2, shape)))


def _size(size: Size) -> bytes:
    """TensorShapeProto.Dimension."""
    return _number(1, size) if isinstance(size, int) else _bytes(2, size.encode())


def _name(view: Buffer) -> str:
    """The name of a ValueInfoProto."""
    return next((text(value) for number, value in fields(view) if number == 1 and not isinstance(value, int)), "")


def _raw(view: Buffer) -> Iterator[tuple[int, int | Buffer, Buffer]]:
    """Like `fields`, with the bytes of the whole field; only kinds that these messages have."""
    position = 0
    while position < len(view):
        start = position
        key, position = varint(view, position)
        value: int | Buffer
        if key & 7 == 2:  # noqa: PLR2004 - bytes
            length, position = varint(view, position)
            value, position = view[position:position + length], position + length
        elif key & 7 == 0:
            value, position = varint(view, position)
        else:
            value, position = 0, position + (4 if key & 7 == 5 else 8)  # noqa: PLR2004 - fixed widths
        yield key >> 3, value, view[start:position]


def _bytes(number: int, body: bytes) -> bytes:
    return _tag(number) + _varint(len(body)) + body


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value & (1 << 64) - 1)


def _tag(number: int) -> bytes:
    return _varint(number << 3 | 2)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
