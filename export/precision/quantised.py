"""Eight-bit arithmetic by ONNX Runtime's own quantiser: dynamic for matrix products, static for convolutions.

Weights keep seven of their eight bits (`reduce_range`): processors without VNNI add pairs of eight-bit products in
sixteen bits, which overflow, and the same package would be wrong on one machine and right on another. Costs no speed.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from onnxscript import ir

from export.precision.stored import store_eight
from export.precision.weights import load
from export.samples import Arrays

PRODUCTS = ("MatMul", "Gemm")
CONVOLUTIONS = ("Conv",)
Maker = Callable[[Path, list[Arrays], bool], ir.Model]


def dynamic(path: Path, runs: list[Arrays], edges: bool) -> ir.Model:
    """Matrix products in eight bits; the range of what flows through them is taken anew in every run."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    del runs    # nothing to calibrate
    with _quiet(), tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / path.name
        quantize_dynamic(path, target, op_types_to_quantize=list(PRODUCTS), per_channel=True, reduce_range=True,
                         weight_type=QuantType.QInt8, nodes_to_exclude=_left_alone(path, edges))
        return _finished(target)


def static(path: Path, runs: list[Arrays], edges: bool) -> ir.Model:
    """Convolutions and matrix products in eight bits; ranges are fixed by what `runs` make of them."""
    from onnxruntime.quantization import QuantType, quantize_static

    with _quiet(), tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / path.name
        quantize_static(path, target, _reader(runs), op_types_to_quantize=[*CONVOLUTIONS, *PRODUCTS],
                        per_channel=True, reduce_range=True, activation_type=QuantType.QUInt8,
                        weight_type=QuantType.QInt8, nodes_to_exclude=_left_alone(path, edges))
        return _finished(target)


def edge_nodes(model: ir.Model) -> list[str]:
    """The first weighted node of the graph and the last third of them: where quality is lost for the least time."""
    heavy = [node.name or "" for node in model.graph if node.op_type in (*CONVOLUTIONS, *PRODUCTS)
             and any(value is not None and value.const_value is not None for value in node.inputs[1:2])]
    return [heavy[0], *heavy[-max(1, len(heavy) // 3):]] if heavy else []


def fixed_nodes(model: ir.Model) -> set[str]:
    """Nodes that no input reaches: the runtime computes them once, while it loads."""
    moving = set(model.graph.inputs)
    fixed: set[str] = set()
    for node in model.graph:
        if any(value in moving for value in node.inputs if value is not None):
            moving.update(node.outputs)
        else:
            fixed.add(node.name or "")
    return fixed


def shares(model: ir.Model) -> dict[str, float]:
    """Which share of the weights (by count) each operator reads that runs on every call."""
    counts: dict[str, int] = {}
    fixed = fixed_nodes(model)
    total = 0
    for value in model.graph.initializers.values():
        if value.const_value is not None and value.uses():
            node = value.uses()[0].node
            total += value.const_value.size
            if node.name not in fixed:
                counts[node.op_type] = counts.get(node.op_type, 0) + value.const_value.size
    return {operator: count / total for operator, count in counts.items()}


def _left_alone(path: Path, edges: bool) -> list[str]:
    """Names of the nodes that keep their arithmetic."""
    model = load(path)
    return sorted(fixed_nodes(model) | set(() if edges else edge_nodes(model)))


def _finished(path: Path) -> ir.Model:
    """The quantised graph with its weights in memory; what the quantiser left in single precision is stored small."""
    model = load(path)
    store_eight(model)
    return model


def _reader(runs: list[Arrays]) -> object:
    """The quantiser's view of the reference inputs."""
    from onnxruntime.quantization import CalibrationDataReader

    class Reader(CalibrationDataReader):
        """One run after the other."""

        def __init__(self, waiting: Iterable[Arrays]) -> None:
            self._waiting: Iterator[Arrays] = iter(waiting)

        def get_next(self) -> Arrays | None:
            """The next inputs by name; None at the end."""
            return next(self._waiting, None)

    return Reader(runs)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the quantiser's advice to use another tool of its own first."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)
