"""Graphs on their way from file to file: weights are read when they are needed and written one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxscript import ir
from onnxscript.ir.passes import common

LARGEST_WHOLE = 256 << 20
"""A graph with more bytes than this keeps its weights in a file beside it: written one by one, mapped when it is run.

Protobuf would only force it at 2 GB, but takes every byte of a whole file into memory twice.
"""
WEIGHTY = 1024
"""Tensors with fewer numbers are left alone: nothing to gain, and small constants (an epsilon) can be delicate."""


def load(path: Path) -> ir.Model:
    """The graph; weights in files beside it are mapped, not read."""
    return ir.load(path)


def save(model: ir.Model, path: Path) -> tuple[str, ...]:
    """Write the graph, sorted and without marks of the tools that made it; names of the weight files beside it."""
    model.graph.sort()
    common.RemoveUnusedNodesPass()(model)
    for name, value in list(model.graph.initializers.items()):
        if not value.uses() and value not in model.graph.outputs:
            del model.graph.initializers[name]
    common.RemoveUnusedOpsetsPass()(model)
    common.ClearMetadataAndDocStringPass()(model)
    _forget_inner_types(model.graph)
    model.producer_name, model.producer_version = "Latent Atelier", None
    model.metadata_props.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    return write(model, path)


def write(model: ir.Model, path: Path) -> tuple[str, ...]:
    """The graph as it is, large weights in a file of their own; names of the weight files beside it."""
    total = sum(value.const_value.nbytes for value in model.graph.initializers.values()
                if value.const_value is not None)
    if total <= LARGEST_WHOLE:
        ir.external_data.load_to_model(model)    # a reference to the file it came from would lead nowhere
        path.write_bytes(ir.to_proto(model).SerializeToString(deterministic=True))
        return ()
    return write_apart(model, path, f"{path.stem}.data")


def write_shared(model: ir.Model, path: Path) -> tuple[str, ...]:
    """The graph as it is, weights in a file that another graph will use too; that file's name.

    It is one that no other form of this graph has: a package may take each graph from another folder.
    """
    return write_apart(model, path, f"{path.stem}-shared.data")


def write_apart(model: ir.Model, path: Path, beside: str) -> tuple[str, ...]:
    """The graph as it is, its weights in the file `beside` it, however few they are; that name."""
    ir.save(model, path, external_data=beside, size_threshold_bytes=WEIGHTY)
    return (beside,)


def weighty(model: ir.Model) -> list[ir.Value]:
    """The float32 tensors that are worth storing smaller, in the order of the file."""
    outputs = set(model.graph.outputs)
    return [value for value in model.graph.initializers.values()
            if value.const_value is not None and value not in outputs and value.uses()
            and value.const_value.dtype == ir.DataType.FLOAT and value.const_value.size >= WEIGHTY]


def lazy(name: str, dtype: ir.DataType, shape: tuple[int, ...], make: Callable[[], NDArray[np.generic]]) -> ir.Value:
    """An initialiser whose numbers are made when they are written."""
    tensor = ir.LazyTensor(lambda: ir.Tensor(np.ascontiguousarray(make()), dtype=dtype, name=name), dtype=dtype,
                           shape=ir.Shape(shape), name=name)
    return ir.Value(name=name, shape=ir.Shape(shape), type=ir.TensorType(dtype), const_value=tensor)


def replace(model: ir.Model, old: ir.Value, stored: list[ir.Value], nodes: list[ir.Node]) -> None:
    """Let the last of `nodes` yield what the initialiser `old` was; `stored` are the new initialisers."""
    name = old.name or ""
    new = nodes[-1].outputs[0]
    ir.convenience.replace_all_uses_with(old, new)
    del model.graph.initializers[name]
    new.name = name
    for value in stored:
        model.graph.register_initializer(value)
    first = next(iter(model.graph))
    model.graph.insert_before(first, nodes)


def _forget_inner_types(graph: ir.Graph) -> None:
    """Shapes of inner values: readers work them out, and a tool may have left wrong ones."""
    kept = {*graph.inputs, *graph.outputs, *graph.initializers.values()}
    for node in ir.traversal.RecursiveGraphIterator(graph):
        for value in node.outputs:
            if value not in kept:
                value.shape = None
                value.type = None
