"""A look inside an ONNX file without loading it: a small protobuf walk that refuses what a package must not hold.

ONNX Runtime cannot be interrupted while it loads and reads files outside the package through hard links, so external
data, foreign operator domains and function bombs ("billion laughs") are found here, before it sees the file. Weights
are skipped by length: a 100 MB graph costs milliseconds. Field numbers are those of onnx.proto (IR 3 to 13).
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import PackageError
from engine.packages.names import shown

ALLOWED_DOMAINS = frozenset({"", "ai.onnx", "com.microsoft"})
REFUSED_OPERATORS = frozenset({"EPContext", "PyOp", "PythonOp", "ExternalData"})
MAX_NODES = 200_000
"""After inlining local functions on paper; the largest honest graphs of this field have about 10,000."""
MAX_DEPTH = 16
MAX_CALLS = 100
MAX_IR = 13

_Buffer = memoryview
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

# Field numbers of onnx.proto, by message.
_MODEL_IR, _MODEL_GRAPH, _MODEL_TRAINING, _MODEL_FUNCTION = 1, 7, 20, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE = 1, 5, 15
_FUNCTION_NAME, _FUNCTION_NODE, _FUNCTION_DOMAIN, _FUNCTION_DEFAULT = 1, 7, 10, 11
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS, _ATTRIBUTE_SPARSES = (5, 10), (6, 11), (22, 23)
_SPARSE_TENSORS = (1, 2)
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14


@dataclass
class _Body:
    """What one graph or function holds: own nodes, calls by (domain, operator)."""

    nodes: int = 0
    calls: dict[tuple[str, str], int] = field(default_factory=dict)


class _Malformed(Exception):
    """The bytes are not a protobuf message of the expected form."""


def scan_graph(path: Path) -> None:
    """Raise PackageError unless the ONNX file keeps to what packages may hold."""
    subject = str(path)
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # closed by its last reader, not by a block
        _check_model(memoryview(mapped), path)
    except (_Malformed, ValueError) as error:
        if isinstance(error, PackageError):
            raise
        raise PackageError(f"“{path.name}” is not a whole ONNX file.", "Get the package again from where it came from.",
                           subject) from error
    except OSError as error:
        raise PackageError(f"“{path.name}” cannot be read: {error.strerror or error}.",
                           "Check that the file is readable.", subject) from error


def _check_model(view: _Buffer, path: Path) -> None:
    """The rules over the whole file: version, domains, function expansion."""
    main: _Body | None = None
    functions: dict[tuple[str, str], _Body] = {}
    version = 0
    for number, value in _fields(view):
        if number == _MODEL_IR and isinstance(value, int):
            version = value
        elif number == _MODEL_GRAPH and not isinstance(value, int):
            main = _Body()
            _walk_graph(value, main, path, 0)
        elif number == _MODEL_FUNCTION and not isinstance(value, int):
            key, body = _function(value, path)
            if key in functions:
                raise _refused(path, f"it defines the function “{shown(key[1])}” twice")
            functions[key] = body
        elif number == _MODEL_TRAINING:
            raise _refused(path, "it carries training steps")
    if main is None:
        raise _Malformed("no graph")
    if version > MAX_IR:
        raise PackageError(f"“{path.name}” was written for a newer ONNX (IR version {version}; this reads {MAX_IR}).",
                           "Export it again with IR version 10 and opset 18, or update Latent Atelier.", str(path))
    _check_calls(main, functions, path)


def _check_calls(main: _Body, functions: dict[tuple[str, str], _Body], path: Path) -> None:
    """Every operator from an allowed domain or a local function; the expansion of functions within the cap."""
    sizes: dict[tuple[str, str], int] = {}
    for body in (main, *functions.values()):
        for domain, operator in body.calls:
            local = (domain, operator) in functions
            if not local and domain not in ALLOWED_DOMAINS:
                name = f"“{shown(operator)}” of “{shown(domain)}”"
                raise _refused(path, f"it needs the operator {name}, which is not part of ONNX")
            if operator in REFUSED_OPERATORS:
                raise _refused(path, f"it uses the operator “{shown(operator)}”")
    if _expanded(main, functions, sizes, ()) > MAX_NODES:
        raise _refused(path, f"it unfolds to more than {MAX_NODES:,} steps")
    for body in functions.values():  # functions nobody calls are expanded by the runtime's checker all the same
        if _expanded(body, functions, sizes, ()) > MAX_NODES:
            raise _refused(path, f"it unfolds to more than {MAX_NODES:,} steps")


def _expanded(body: _Body, functions: dict[tuple[str, str], _Body], sizes: dict[tuple[str, str], int],
              above: tuple[tuple[str, str], ...]) -> int:
    """How many nodes `body` has once every local function is written out; each function is counted once."""
    if len(above) > MAX_CALLS:
        return MAX_NODES + 1
    total = body.nodes
    for key, times in body.calls.items():
        if key not in functions:
            continue
        if key in above:
            return MAX_NODES + 1  # calls itself
        if key not in sizes:
            sizes[key] = _expanded(functions[key], functions, sizes, (*above, key))
        total += times * sizes[key]
    return total


def _walk_graph(view: _Buffer, body: _Body, path: Path, depth: int) -> None:
    """GraphProto: its nodes and weights."""
    if depth > MAX_DEPTH:
        raise _refused(path, "its branches are nested too deep")
    for number, value in _fields(view):
        if isinstance(value, int):
            continue
        if number == _GRAPH_NODE:
            _walk_node(value, body, path, depth)
        elif number == _GRAPH_INITIALIZER:
            _check_tensor(value, path)
        elif number == _GRAPH_SPARSE:
            _check_sparse(value, path)


def _function(view: _Buffer, path: Path) -> tuple[tuple[str, str], _Body]:
    """FunctionProto: its key (domain, name) and its nodes."""
    name = domain = ""
    body = _Body()
    for number, value in _fields(view):
        if isinstance(value, int):
            continue
        if number == _FUNCTION_NAME:
            name = _text(value)
        elif number == _FUNCTION_DOMAIN:
            domain = _text(value)
        elif number == _FUNCTION_NODE:
            _walk_node(value, body, path, 0)
        elif number == _FUNCTION_DEFAULT:
            _walk_attribute(value, body, path, 0)
    return (domain, name), body


def _walk_node(view: _Buffer, body: _Body, path: Path, depth: int) -> None:
    """NodeProto: counts it as a call of its operator; graphs hide in attributes."""
    operator = domain = ""
    for number, value in _fields(view):
        if isinstance(value, int):
            continue
        if number == _NODE_OPERATOR:
            operator = _text(value)
        elif number == _NODE_DOMAIN:
            domain = _text(value)
        elif number == _NODE_ATTRIBUTE:
            _walk_attribute(value, body, path, depth)
    body.nodes += 1
    if body.nodes > MAX_NODES:
        raise _refused(path, f"it has more than {MAX_NODES:,} steps")
    key = (domain, operator)
    body.calls[key] = body.calls.get(key, 0) + 1


def _walk_attribute(view: _Buffer, body: _Body, path: Path, depth: int) -> None:
    """AttributeProto: graphs (branches, loop bodies) and tensors."""
    for number, value in _fields(view):
        if isinstance(value, int):
            continue
        if number in _ATTRIBUTE_GRAPHS:
            _walk_graph(value, body, path, depth + 1)
        elif number in _ATTRIBUTE_TENSORS:
            _check_tensor(value, path)
        elif number in _ATTRIBUTE_SPARSES:
            _check_sparse(value, path)


def _check_sparse(view: _Buffer, path: Path) -> None:
    """SparseTensorProto: values and indices."""
    for number, value in _fields(view):
        if number in _SPARSE_TENSORS and not isinstance(value, int):
            _check_tensor(value, path)


def _check_tensor(view: _Buffer, path: Path) -> None:
    """TensorProto: its numbers must lie in this file."""
    for number, value in _fields(view):
        if number == _TENSOR_EXTERNAL or (number == _TENSOR_LOCATION and value != 0):
            raise PackageError(f"“{path.name}” keeps its weights in another file.",
                               "Export the model again with the weights inside the ONNX file.", str(path))


def _fields(view: _Buffer) -> Iterator[tuple[int, int | _Buffer]]:
    """The fields of one message: (number, whole number or bytes)."""
    position, end = 0, len(view)
    while position < end:
        key, position = _varint(view, position)
        number, kind = key >> 3, key & 7
        if kind == _BYTES:
            length, position = _varint(view, position)
            if length > end - position:
                raise _Malformed("cut short")
            yield number, view[position:position + length]
            position += length
        elif kind == _VARINT:
            value, position = _varint(view, position)
            yield number, value
        elif kind in (_FIXED32, _FIXED64):
            position += 4 if kind == _FIXED32 else 8
            if position > end:
                raise _Malformed("cut short")
        else:
            raise _Malformed("unknown wire type")


def _varint(view: _Buffer, position: int) -> tuple[int, int]:
    """One base-128 number and the position after it."""
    value = shift = 0
    while shift < 70:  # noqa: PLR2004 - ten bytes, protobuf's longest number
        if position >= len(view):
            raise _Malformed("cut short")
        byte = view[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that another byte follows
            return value, position
        shift += 7
    raise _Malformed("endless number")


def _text(value: _Buffer) -> str:
    """A UTF-8 string field."""
    try:
        return bytes(value).decode()
    except UnicodeDecodeError as error:
        raise _Malformed("not UTF-8") from error


def _refused(path: Path, reason: str) -> PackageError:
    return PackageError(f"“{path.name}” is refused: {reason}.", "Ask the author for a plain ONNX export of the model.",
                        str(path))
