"""Makes a traced graph fit to be given away: nothing about the machine that made it, names that mean something.

Works on the graph in memory before any byte is written, so that weights of gigabytes are never copied. The same weights
give the same bytes. A node is named after its layer and operator (`synthesis.b8.conv0/Conv`): that is how the proof can
say where a conversion went wrong. Inner values keep the names of torch's own steps, which the proof compares by.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from typing import Any

from onnxscript import ir
from onnxscript.ir.passes import common

from export.adapters.base import Slot
from export.precision.prune import share_copies

IR_VERSION = 10
OPSET = 18
_SCOPES = "pkg.torch.onnx.name_scopes"
_COPY = 1 << 16
"""Tensors of up to as many numbers are stored once where several are alike: filters mostly, one for each layer."""


def tidy(model: ir.Model, role: str, inputs: Sequence[Slot], outputs: Sequence[Slot]) -> None:
    """In place: unused parts and metadata gone, nodes and ports named, free dimensions named after the slots."""
    common.InlinePass()(model)
    common.RemoveUnusedNodesPass()(model)
    common.RemoveUnusedFunctionsPass()(model)
    common.RemoveUnusedOpsetsPass()(model)
    share_copies(model, _COPY)
    drop_unused_weights(model.graph)
    _name_nodes(model.graph)
    name_ports(model.graph, inputs, outputs)
    common.ClearMetadataAndDocStringPass()(model)
    model.ir_version = min(model.ir_version or IR_VERSION, IR_VERSION)
    model.producer_name = "Latent Atelier"
    model.producer_version = None
    model.model_version = None
    model.domain = None
    model.doc_string = None
    model.metadata_props.clear()
    model.graph.name = role
    model.graph.metadata_props.clear()


def drop_unused_weights(graph: ir.Graph) -> None:
    """Weights that no node reads: what is left of layers that the forward pass does not use."""
    outputs = set(graph.outputs)
    for name, value in list(graph.initializers.items()):
        if not value.uses() and value not in outputs:
            del graph.initializers[name]


def _name_nodes(graph: ir.Graph) -> None:
    """`layer/Operator`, counted where a layer has several; sub-graphs (branches, loops) included."""
    seen: Counter[str] = Counter()
    for node in ir.traversal.RecursiveGraphIterator(graph):
        layer = layer_of(node)
        name = f"{layer}/{node.op_type}" if layer else node.op_type
        seen[name] += 1
        node.name = name if seen[name] == 1 else f"{name}_{seen[name]}"


def layer_of(node: ir.Node) -> str:
    """The dotted path of the torch module that made this node; empty for the outermost."""
    scopes = node.metadata_props.get(_SCOPES)
    if scopes:
        modules = ast.literal_eval(scopes)[:-1]      # the last one is the operation itself
        return str(modules[-1]) if modules else ""
    name = node.name or ""
    if name.startswith("/"):                          # the older exporter: "/up/up.1/Conv"
        parts = name.strip("/").split("/")[:-1]
        return str(parts[-1]) if parts and "." in parts[-1] else ".".join(parts)
    return ""


def name_ports(graph: ir.Graph, inputs: Sequence[Slot], outputs: Sequence[Slot]) -> None:
    """Ports bear their roles; an inner value that had one of these names gets another; inner types are left out."""
    roles = {slot.role for slot in (*inputs, *outputs)}
    ports = {*graph.inputs, *graph.outputs}
    taken = {value.name for value in _values(graph)} | roles
    for value in _values(graph):
        if value in ports:
            continue
        if value.name in roles or not value.name:
            value.name = _free(value.name or "value", taken)
        if value.const_value is None:
            value.shape = None     # readers work them out, and traced sizes would speak of one example only
            value.type = None
    for slot, value in (*zip(inputs, graph.inputs, strict=True), *zip(outputs, graph.outputs, strict=True)):
        value.name = slot.role
        value.shape = ir.Shape(_dims(slot, value))
        value.metadata_props.clear()
    for value in _values(graph):
        value.metadata_props.clear()
        value.doc_string = None


def _dims(slot: Slot, value: Any) -> list[int | str]:
    """The slot's shape; a size that tracing fixed stays fixed, so that the check of the ports sees it."""
    traced = list(value.shape) if value.shape is not None else list(slot.shape)
    if len(traced) != len(slot.shape):
        return [size if isinstance(size, int) else str(size) for size in traced]
    return [have if isinstance(have, int) else want for have, want in zip(traced, slot.shape, strict=True)]


def _values(graph: ir.Graph) -> list[Any]:
    """Every named value of the graph and of its sub-graphs, each once."""
    found: dict[int, Any] = {id(value): value for value in (*graph.inputs, *graph.initializers.values())}
    for node in ir.traversal.RecursiveGraphIterator(graph):
        for value in (*node.inputs, *node.outputs):
            if value is not None:
                found.setdefault(id(value), value)
    return list(found.values())


def _free(name: str, taken: set[str | None]) -> str:
    """`name` with a number that nobody else has."""
    number = 2
    while f"{name}.{number}" in taken:
        number += 1
    taken.add(f"{name}.{number}")
    return f"{name}.{number}"
