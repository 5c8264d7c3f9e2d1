"""A look inside an ONNX file without loading it: a small protobuf walk that refuses what a package must not hold.

ONNX Runtime cannot be interrupted while it loads and reads files outside the package through hard links, so external
data that the manifest does not list, foreign operator domains and function bombs ("billion laughs") are found here,
before it sees the file. Weights are skipped by length: a 100 MB graph costs milliseconds.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import PackageError
from engine.packages.names import shown
from engine.packages.protobuf import Buffer, Malformed, fields, text

ALLOWED_DOMAINS = frozenset({"", "ai.onnx", "com.microsoft"})
REFUSED_OPERATORS = frozenset({"EPContext", "PyOp", "PythonOp", "ExternalData"})
MAX_NODES = 200_000
"""After inlining local functions on paper; the largest honest graphs of this field have about 10,000."""
MAX_DEPTH = 16
MAX_CALLS = 100
MAX_IR = 13
MAX_OPSET = 28
MAX_NOTE = 16 << 20
"""Bytes of one text beside the graph: honest ones hold a licence or a class list."""

# Field numbers of onnx.proto, by message.
_MODEL_IR, _MODEL_GRAPH, _MODEL_OPSET, _MODEL_TRAINING, _MODEL_FUNCTION = 1, 7, 8, 20, 25
_OPSET_DOMAIN, _OPSET_VERSION = 1, 2
_GRAPH_NODE, _GRAPH_NAME, _GRAPH_INITIALIZER, _GRAPH_NOTE, _GRAPH_SPARSE = 1, 2, 5, 10, 15
_GRAPH_PORTS = (11, 12, 13)
_PORT_NAME = 1
_FUNCTION_NAME, _FUNCTION_NODE, _FUNCTION_DOMAIN, _FUNCTION_DEFAULT = 1, 7, 10, 11
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_NODE_NAMES = (1, 2, 3)  # inputs, outputs, its own
_ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS, _ATTRIBUTE_SPARSES = (5, 10), (6, 11), (22, 23)
_SPARSE_TENSORS = (1, 2)
_TENSOR_NAME, _TENSOR_EXTERNAL, _TENSOR_LOCATION = 8, 13, 14
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
_LONG = 40  # digits of two whole numbers of 64 bits


@dataclass
class _Body:
    """What one graph or function holds: own nodes, calls by (domain, operator)."""

    nodes: int = 0
    calls: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Scan:
    """The file under inspection, and how large each weight file is that it may name."""

    path: Path
    external: Mapping[str, int]


def scan_graph(path: Path, external: Mapping[str, int] | None = None) -> None:
    """Raise PackageError unless the ONNX file keeps to what packages may hold.

    `external` gives the weight files beside it that it may use: plain name -> bytes.
    """
    subject = str(path)
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # closed by its last reader, not by a block
        _check_model(memoryview(mapped), _Scan(path, external or {}))
    except (Malformed, ValueError) as error:
        if isinstance(error, PackageError):
            raise
        raise PackageError(f"“{path.name}” is not a whole ONNX file.", "Get the package again from where it came from.",
                           subject) from error
    except OSError as error:
        raise PackageError(f"“{path.name}” cannot be read: {error.strerror or error}.",
                           "Check that the file is readable.", subject) from error


def _check_model(view: Buffer, scan: _Scan) -> None:
    """The rules over the whole file: version, domains, function expansion."""
    main: _Body | None = None
    functions: dict[tuple[str, str], _Body] = {}
    version = opset = 0
    for number, value in fields(view):
        if number == _MODEL_IR and isinstance(value, int):
            version = value
        elif number == _MODEL_GRAPH and not isinstance(value, int):
            main = _Body()
            _walk_graph(value, main, scan, 0)
        elif number == _MODEL_FUNCTION and not isinstance(value, int):
            key, body = _function(value, scan)
            if key in functions:
                raise _refused(scan, f"it defines the function “{shown(key[1])}” twice")
            functions[key] = body
        elif number == _MODEL_OPSET and not isinstance(value, int):
            opset = max(opset, _opset(value))
        elif number == _MODEL_TRAINING:
            raise _refused(scan, "it carries training steps")
        elif not isinstance(value, int):
            _check_note(value, scan)
    if main is None:
        raise Malformed("no graph")
    _check_age(version, opset, scan)
    _check_calls(main, functions, scan)


def _check_age(version: int, opset: int, scan: _Scan) -> None:
    """Not of a time to come."""
    if version > MAX_IR or opset > MAX_OPSET:
        raise PackageError(f"“{scan.path.name}” was written for a newer ONNX (IR version {version}, opset {opset}; "
                           f"this reads {MAX_IR} and {MAX_OPSET}).",
                           "Export it again with IR version 10 and opset 18, or update Latent Atelier.", str(scan.path))


def _opset(view: Buffer) -> int:
    """OperatorSetIdProto: the version of ONNX's own operators; 0 for those of another domain."""
    domain, version = "", 0
    for number, value in fields(view):
        if number == _OPSET_DOMAIN and not isinstance(value, int):
            domain = text(value)
        elif number == _OPSET_VERSION and isinstance(value, int):
            version = value
    return version if domain in ("", "ai.onnx") else 0


def _check_note(view: Buffer, scan: _Scan) -> None:
    """A text beside the graph: the runtime copies it into memory, whatever it is."""
    if len(view) > MAX_NOTE:
        raise _refused(scan, f"it carries notes of more than {MAX_NOTE >> 20} MB")


def _check_calls(main: _Body, functions: dict[tuple[str, str], _Body], scan: _Scan) -> None:
    """Every operator from an allowed domain or a local function; the expansion of functions within the cap."""
    sizes: dict[tuple[str, str], int] = {}
    for body in (main, *functions.values()):
        for domain, operator in body.calls:
            local = (domain, operator) in functions
            if not local and domain not in ALLOWED_DOMAINS:
                name = f"“{shown(operator)}” of “{shown(domain)}”"
                raise _refused(scan, f"it needs the operator {name}, which is not part of ONNX")
            if operator in REFUSED_OPERATORS:
                raise _refused(scan, f"it uses the operator “{shown(operator)}”")
    if _expanded(main, functions, sizes, ()) > MAX_NODES:
        raise _refused(scan, f"it unfolds to more than {MAX_NODES:,} steps")
    for body in functions.values():  # functions nobody calls are expanded by the runtime's checker all the same
        if _expanded(body, functions, sizes, ()) > MAX_NODES:
            raise _refused(scan, f"it unfolds to more than {MAX_NODES:,} steps")


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


def _walk_graph(view: Buffer, body: _Body, scan: _Scan, depth: int) -> None:
    """GraphProto: its nodes and weights."""
    if depth > MAX_DEPTH:
        raise _refused(scan, "its branches are nested too deep")
    for number, value in fields(view):
        if isinstance(value, int):
            continue
        if number == _GRAPH_NODE:
            _walk_node(value, body, scan, depth)
        elif number == _GRAPH_INITIALIZER:
            _check_tensor(value, scan)
        elif number in _GRAPH_PORTS:
            _check_text(value, _PORT_NAME)
        elif number == _GRAPH_NAME:
            text(value)
        elif number == _GRAPH_NOTE:
            _check_note(value, scan)
        elif number == _GRAPH_SPARSE:
            _check_sparse(value, scan)


def _function(view: Buffer, scan: _Scan) -> tuple[tuple[str, str], _Body]:
    """FunctionProto: its key (domain, name) and its nodes."""
    name = domain = ""
    body = _Body()
    for number, value in fields(view):
        if isinstance(value, int):
            continue
        if number == _FUNCTION_NAME:
            name = text(value)
        elif number == _FUNCTION_DOMAIN:
            domain = text(value)
        elif number == _FUNCTION_NODE:
            _walk_node(value, body, scan, 0)
        elif number == _FUNCTION_DEFAULT:
            _walk_attribute(value, body, scan, 0)
    return (domain, name), body


def _walk_node(view: Buffer, body: _Body, scan: _Scan, depth: int) -> None:
    """NodeProto: counts it as a call of its operator; graphs hide in attributes."""
    operator = domain = ""
    for number, value in fields(view):
        if isinstance(value, int):
            continue
        if number == _NODE_OPERATOR:
            operator = text(value)
        elif number == _NODE_DOMAIN:
            domain = text(value)
        elif number == _NODE_ATTRIBUTE:
            _walk_attribute(value, body, scan, depth)
        elif number in _NODE_NAMES:
            text(value)
    body.nodes += 1
    if body.nodes > MAX_NODES:
        raise _refused(scan, f"it has more than {MAX_NODES:,} steps")
    key = (domain, operator)
    body.calls[key] = body.calls.get(key, 0) + 1


def _walk_attribute(view: Buffer, body: _Body, scan: _Scan, depth: int) -> None:
    """AttributeProto: graphs (branches, loop bodies) and tensors."""
    for number, value in fields(view):
        if isinstance(value, int):
            continue
        if number in _ATTRIBUTE_GRAPHS:
            _walk_graph(value, body, scan, depth + 1)
        elif number in _ATTRIBUTE_TENSORS:
            _check_tensor(value, scan)
        elif number in _ATTRIBUTE_SPARSES:
            _check_sparse(value, scan)


def _check_text(view: Buffer, wanted: int) -> None:
    """A field that has to be UTF-8: the runtime does not look, and then breaks when it is asked for the name."""
    for number, value in fields(view):
        if number == wanted and not isinstance(value, int):
            text(value)


def _check_sparse(view: Buffer, scan: _Scan) -> None:
    """SparseTensorProto: values and indices."""
    for number, value in fields(view):
        if number in _SPARSE_TENSORS and not isinstance(value, int):
            _check_tensor(value, scan)


def _check_tensor(view: Buffer, scan: _Scan) -> None:
    """TensorProto: its numbers lie in this file, or in a listed file beside it."""
    entries: dict[str, str] = {}
    outside = False
    for number, value in fields(view):
        if number == _TENSOR_LOCATION and value != 0:
            outside = True
        elif number == _TENSOR_EXTERNAL and not isinstance(value, int):
            outside = True
            entries.update([_entry(value)])
        elif number == _TENSOR_NAME and not isinstance(value, int):
            text(value)
    if outside:
        _check_external(entries, scan)


def _check_external(entries: Mapping[str, str], scan: _Scan) -> None:
    """A tensor's place in another file: a listed one, and inside it."""
    place = entries.get("location", "")
    if place not in scan.external:
        words = f"in another file, “{shown(place)}”, which its package does not list" if place else "in another file"
        raise PackageError(f"“{scan.path.name}” keeps its weights {words}.",
                           "Export the model again with the weights inside the ONNX file, or with the weight files in "
                           "the same folder.", str(scan.path))
    offset, length = (entries.get(key, "0") for key in ("offset", "length"))
    plain = (offset + length).isascii() and offset.isdecimal() and length.isdecimal()
    if not plain or len(offset + length) > _LONG or int(offset) + int(length) > scan.external[place]:
        raise _refused(scan, f"it reads outside its weight file “{shown(place)}”")


def _entry(view: Buffer) -> tuple[str, str]:
    """StringStringEntryProto: key and value."""
    found = {_ENTRY_KEY: "", _ENTRY_VALUE: ""}
    for number, value in fields(view):
        if number in found and not isinstance(value, int):
            found[number] = text(value)
    return found[_ENTRY_KEY], found[_ENTRY_VALUE]


def _refused(scan: _Scan, reason: str) -> PackageError:
    return PackageError(f"“{scan.path.name}” is refused: {reason}.",
                        "Ask the author for a plain ONNX export of the model.", str(scan.path))
