"""Where a graph goes wrong first: its inner values against torch's own steps, or against those of the fp32 graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from engine.runtime import library
from export.proof.figures import Divergence, Outcome
from export.proof.taps import inner_values
from export.steps_file import LAYER, VALUE

Values = Mapping[str, NDArray[np.float32]]
HALF = 0.5
"""The share of the final error that points at a node."""
_NAMED = re.compile(r"[Nn]ame:\s*'?([^\s'()]+)'?")


def against_torch(path: Path, inputs: Mapping[str, NDArray[Any]], steps: Values, limit: float) -> Divergence | None:
    """The first node whose value is off by more than `limit` of its range; None when none is.

    `steps` are torch's: `value:<name>` for values that bear the names of torch's steps, `layer:<path>` for the output
    of a whole module.
    """
    try:
        ours = inner_values(path, inputs)
    except library.errors() as error:
        return from_fault(str(error), path)
    values = {key.removeprefix(VALUE): value for key, value in steps.items() if key.startswith(VALUE)}
    layers = {key.removeprefix(LAYER): value for key, value in steps.items() if key.startswith(LAYER)}
    return (_first(path, {name: values[name] for name in ours if name in values}, ours, limit)
            or _first_layer(path, layers, ours, limit))


def against_exact(exact: Path, reduced: Path, inputs: Mapping[str, NDArray[Any]], share: float) -> Divergence | None:
    """The first node of the reduced graph after which `share` of the final error is there; None where there is none."""
    try:
        theirs, ours = inner_values(exact, inputs), inner_values(reduced, inputs)
    except library.errors() as error:
        return from_fault(str(error), reduced)
    outputs = {port.name for port in onnx.load(str(exact), load_external_data=False).graph.output}
    final = max((error_of(theirs[name], ours[name]) for name in outputs if name in theirs and name in ours),
                default=0.0)
    if final == 0.0:
        return None
    common = {name: value for name, value in theirs.items() if name in ours}
    return _first(reduced, common, ours, final * share if np.isfinite(final) else 1.0)


def from_fault(text: str, path: Path) -> Divergence | None:
    """The node that ONNX Runtime names in an error message; None where it names none that the graph has."""
    nodes = {node.name: node.op_type for node in onnx.load(str(path), load_external_data=False).graph.node}
    found = next((name for name in _NAMED.findall(text) if name in nodes), None)
    return None if found is None else Divergence(found, layer_of(found), nodes[found], None, "run")


def of_faults(outcome: Outcome, path: Path) -> Divergence | None:
    """The same for the faults of an outcome."""
    return from_fault(" ".join(outcome.faults), path) if outcome.faults else None


def error_of(theirs: NDArray[np.float32], ours: NDArray[np.float32]) -> float:
    """The largest error over the range of what is right; infinite for other shapes and for invalid numbers."""
    if theirs.shape != ours.shape:
        return float("inf")
    if theirs.size == 0:
        return 0.0
    difference = np.abs(ours.astype(np.float64) - theirs)
    scale = float(np.ptp(theirs)) or float(np.abs(theirs).max()) or 1.0
    return float(difference.max() / scale) if np.isfinite(difference).all() else float("inf")


def layer_of(node: str) -> str:
    """`up.3/Conv` -> `up.3`: nodes are named after their layers when a graph is tidied."""
    return node.rpartition("/")[0]


def _first(path: Path, theirs: Values, ours: Values, limit: float) -> Divergence | None:
    """The first value in the order of the nodes that is off by more than `limit`."""
    makers = {name: node for node in onnx.load(str(path), load_external_data=False).graph.node for name in node.output}
    for name, value in theirs.items():
        error = error_of(value, ours[name])
        if not error <= limit:
            node = makers[name]
            return Divergence(node.name, layer_of(node.name), node.op_type, error if np.isfinite(error) else None)
    return None


def _first_layer(path: Path, theirs: Values, ours: Values, limit: float) -> Divergence | None:
    """The first layer none of whose values is what the module returned; its last node stands for it."""
    nodes = onnx.load(str(path), load_external_data=False).graph.node
    for layer, value in theirs.items():
        inside = [node for node in nodes if layer_of(node.name) == layer]
        errors = [error_of(value, ours[name]) for node in inside for name in node.output if name in ours]
        if errors and not min(errors) <= limit:
            return Divergence(inside[-1].name, layer, inside[-1].op_type,
                              min(errors) if np.isfinite(min(errors)) else None)
    return None
