"""What an ONNX file says of itself, without loading it: inputs, outputs, sizes of weights, operators, files beside it.

The same protobuf walk as `graphscan`; weights are skipped by length. Field numbers are those of onnx.proto.
"""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import PackageError
from engine.packages.graphscan import MAX_NODES
from engine.packages.protobuf import Buffer, Malformed, fields, signed, text, varint

_VERSION, _VERSIONS = b"\x08\x00", range(3, 14)             # field 1, a number
_NEXT = frozenset({0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42})  # fields 2 to 8
_MODEL_GRAPH, _MODEL_PROPERTIES, _MODEL_PRODUCER = 7, 14, 2
_NODE, _INITIALIZER, _INPUT, _OUTPUT = 1, 5, 11, 12
_NODE_INPUT, _NODE_OUTPUT, _NODE_OPERATOR = 1, 2, 4
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_RAW, _TENSOR_EXTERNAL = 1, 2, 8, 9, 13
DTYPES = {1: "float32", 10: "float16", 7: "int64", 6: "int32", 2: "uint8", 9: "bool", 11: "float64", 16: "bfloat16",
          3: "int8", 8: "string"}
"""TensorProto.DataType -> the words that manifests use, and some that they do not."""

Size = int | str
"""A fixed size, or the name of a free one ("" where it has none)."""


@dataclass(frozen=True)
class Port:
    """One input or output of a graph."""

    name: str
    dtype: str                               # "" for a sequence, a map or an unknown type
    shape: tuple[Size, ...] | None           # None: not even the rank is known


@dataclass(frozen=True)
class Weights:
    """One stored tensor, without its numbers."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    place: str = ""                          # the file beside the graph that holds the numbers


@dataclass(frozen=True)
class GraphFile:
    """An ONNX file as surveyed."""

    path: Path
    inputs: tuple[Port, ...]                 # without those that are weights
    outputs: tuple[Port, ...]
    weights: Mapping[str, Weights]
    operators: Mapping[str, int]             # how often each occurs
    makers: Mapping[str, tuple[str, tuple[str, ...]]]  # tensor -> the operator that makes it, and what that reads
    properties: Mapping[str, str]
    producer: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """The files beside it that hold weights, as the graph names them."""
        return tuple(dict.fromkeys(one.place for one in self.weights.values() if one.place))

    @property
    def bytes(self) -> int:
        """The file with the files beside it."""
        beside = (self.path.parent / name for name in self.places)
        return self.path.stat().st_size + sum(path.stat().st_size for path in beside if path.is_file())


@dataclass
class _Found:
    inputs: list[Port] = field(default_factory=list)
    outputs: list[Port] = field(default_factory=list)
    weights: dict[str, Weights] = field(default_factory=dict)
    operators: Counter[str] = field(default_factory=Counter)
    makers: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    producer: str = ""


def survey(path: Path) -> GraphFile:
    """Read what the file says of itself. Raises PackageError when it is no ONNX file."""
    found = _Found()
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        seen = _read_model(memoryview(mapped), found)
    except (Malformed, ValueError) as error:
        raise PackageError(f"“{path.name}” is not a whole ONNX file.", "Download or export it again.",
                           str(path)) from error
    except OSError as error:
        raise PackageError(f"“{path.name}” cannot be read: {error.strerror or error}.",
                           "Check that the file is readable.", str(path)) from error
    if not seen:
        raise PackageError(f"“{path.name}” is not an ONNX file: it holds no graph.", "Choose another file.", str(path))
    inputs = tuple(port for port in found.inputs if port.name not in found.weights)
    return GraphFile(path, inputs, tuple(found.outputs), found.weights, dict(found.operators), found.makers,
                     found.properties, found.producer)


def looks_like_onnx(head: bytes) -> bool:
    """Whether a file's first bytes can be those of an ONNX model: its version, then a field of the model."""
    return len(head) > len(_VERSION) and head[0] == _VERSION[0] and head[1] in _VERSIONS and head[2] in _NEXT


def _read_model(view: Buffer, found: _Found) -> bool:
    """ModelProto; whether there was a graph."""
    seen = False
    for number, value in fields(view):
        if isinstance(value, int):
            continue
        if number == _MODEL_GRAPH:
            seen = True
            _read_graph(value, found)
        elif number == _MODEL_PROPERTIES:
            pair = {key: text(entry) for key, entry in fields(value) if not isinstance(entry, int)}
            found.properties[pair.get(1, "")] = pair.get(2, "")[:1000]
        elif number == _MODEL_PRODUCER:
            found.producer = text(value)[:100]
    return seen


def _read_graph(view: Buffer, found: _Found) -> None:
    """GraphProto."""
    nodes = 0
    for number, value in fields(view):
        if isinstance(value, int):
            continue
        if number == _NODE:
            nodes += 1
            if nodes > MAX_NODES:
                raise Malformed("too many nodes")
            _read_node(value, found)
        elif number == _INITIALIZER:
            tensor = read_tensor(value)
            found.weights[tensor.name] = tensor
        elif number == _INPUT:
            found.inputs.append(_read_port(value))
        elif number == _OUTPUT:
            found.outputs.append(_read_port(value))


def _read_node(view: Buffer, found: _Found) -> None:
    """NodeProto: what it makes of what."""
    reads: list[str] = []
    makes: list[str] = []
    operator = ""
    for number, value in fields(view):
        if isinstance(value, int):
            continue
        if number == _NODE_INPUT:
            reads.append(text(value))
        elif number == _NODE_OUTPUT:
            makes.append(text(value))
        elif number == _NODE_OPERATOR:
            operator = text(value)
    found.operators[operator] += 1
    found.makers.update(dict.fromkeys(makes, (operator, tuple(reads))))


def read_tensor(view: Buffer) -> Weights:
    """TensorProto without its numbers. Raises Malformed."""
    name = dtype = place = ""
    shape: list[int] = []
    for number, value in fields(view):
        if number == _TENSOR_DIMS:
            shape += _dims(value)
        elif number == _TENSOR_TYPE and isinstance(value, int):
            dtype = DTYPES.get(value, "")
        elif number == _TENSOR_NAME and not isinstance(value, int):
            name = text(value)
        elif number == _TENSOR_EXTERNAL and not isinstance(value, int):
            pair = {key: text(entry) for key, entry in fields(value) if not isinstance(entry, int)}
            if pair.get(1) == "location":
                place = pair.get(2, "")
    return Weights(name, dtype, tuple(shape), place)


def _dims(value: int | Buffer) -> list[int]:
    """One size, or several packed into one field."""
    if isinstance(value, int):
        return [signed(value)]
    sizes, position = [], 0
    while position < len(value):
        size, position = varint(value, position)
        sizes.append(signed(size))
    return sizes


def _read_port(view: Buffer) -> Port:
    """ValueInfoProto: name, number type, shape."""
    name, dtype = "", ""
    shape: tuple[Size, ...] | None = None
    for number, value in fields(view):
        if isinstance(value, int):
            continue
        if number == 1:
            name = text(value)
        elif number == 2:  # noqa: PLR2004 - ValueInfoProto.type
            for kind, tensor in fields(value):
                if kind == 1 and not isinstance(tensor, int):
                    dtype, shape = _read_type(tensor)
    return Port(name, dtype, shape)


def _read_type(view: Buffer) -> tuple[str, tuple[Size, ...] | None]:
    """TypeProto.Tensor."""
    dtype = ""
    shape: tuple[Size, ...] | None = None
    for number, value in fields(view):
        if number == 1 and isinstance(value, int):
            dtype = DTYPES.get(value, "")
        elif number == 2 and not isinstance(value, int):  # noqa: PLR2004 - Tensor.shape
            shape = tuple(_read_size(size) for key, size in fields(value) if key == 1 and not isinstance(size, int))
    return dtype, shape


def _read_size(view: Buffer) -> Size:
    """TensorShapeProto.Dimension: a number, a name, or neither."""
    for number, value in fields(view):
        if number == 1 and isinstance(value, int):
            size = signed(value)
            return size if size > 0 else ""
        if number == 2 and not isinstance(value, int):  # noqa: PLR2004 - dim_param
            return text(value)[:60]
    return ""
