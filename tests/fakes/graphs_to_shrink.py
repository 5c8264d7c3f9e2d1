"""Graphs to be made smaller, with references that ONNX's own evaluator answered: no torch, no runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from export.graphfile import redescribed
from export.samples import Reference, Run, write_index, write_run

Nodes = list[tuple[str, list[str], str, dict[str, Any]]]


def graph(nodes: Nodes, weights: dict[str, np.ndarray], inputs: dict[str, list[int | str]],
          outputs: dict[str, list[int | str]]) -> ModelProto:
    """Nodes as (operator, inputs, output, attributes); each is named `<output>/<operator>`."""
    made = [helper.make_node(operator, read, [written], f"{written}/{operator}", **attributes)
            for operator, read, written, attributes in nodes]
    ports = [[helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in side.items()]
             for side in (inputs, outputs)]
    content = helper.make_graph(made, "part", *ports, [numpy_helper.from_array(value, name)
                                                      for name, value in weights.items()])
    return helper.make_model(content, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def tower(width: int = 128, depth: int = 3) -> ModelProto:
    """Linear layers with activations."""
    random = np.random.default_rng(0)
    nodes: Nodes = []
    weights: dict[str, np.ndarray] = {}
    value = "x"
    for layer in range(depth):
        weights[f"w{layer}"] = (random.standard_normal((width, width)) * (2 / width) ** 0.5).astype(np.float32)
        weights[f"b{layer}"] = (random.standard_normal(width) / 10).astype(np.float32)
        last = layer == depth - 1
        nodes += [("Gemm", [value, f"w{layer}", f"b{layer}"], "y" if last else f"g{layer}", {})]
        if not last:
            nodes += [("Relu", [f"g{layer}"], f"r{layer}", {})]
            value = f"r{layer}"
    return graph(nodes, weights, {"x": ["batch", width]}, {"y": ["batch", width]})


def drawing() -> ModelProto:
    """Convolutions to a smooth picture in -1 .. 1."""
    random = np.random.default_rng(1)

    def kernel(out: int, inn: int) -> np.ndarray:
        return (random.standard_normal((out, inn, 3, 3)) * (1 / (inn * 9)) ** 0.5).astype(np.float32)

    pads = {"pads": [1, 1, 1, 1]}
    nodes: Nodes = [("Conv", ["x", "k0", "b0"], "c0", pads), ("Relu", ["c0"], "r0", {}),
                    ("Conv", ["r0", "k1"], "c1", pads), ("Relu", ["c1"], "r1", {}),
                    ("Conv", ["r1", "k2"], "c2", pads), ("Tanh", ["c2"], "image", {})]
    weights = {"k0": kernel(32, 8), "b0": np.full(32, 0.1, np.float32), "k1": kernel(32, 32), "k2": kernel(3, 32)}
    return graph(nodes, weights, {"x": ["batch", 8, 16, 16]}, {"image": ["batch", 3, 16, 16]})


def answered(model: ModelProto, folder: Path, *, picture: str | None = None,
             runs: int = 3) -> tuple[dict[str, Any], Path]:
    """The manifest's object for the graph, written into `folder`, and the index of its reference."""
    path = folder / "part.onnx"
    onnx.save(model, path)
    sides = [{port.name: {"name": port.name, "dtype": "float32", "shape": [
        size.dim_param or size.dim_value for size in port.type.tensor_type.shape.dim]} for port in ports}
        for ports in (model.graph.input, model.graph.output)]
    evaluator = ReferenceEvaluator(model)
    home = folder / "reference"
    home.mkdir()
    kept = []
    for number in range(runs):
        random = np.random.default_rng(number)
        batch = 1 + number % 2
        inputs = {name: random.standard_normal([batch if isinstance(size, str) else size for size in port["shape"]])
                  .astype(np.float32) for name, port in sides[0].items()}
        outputs = dict(zip(sides[1], evaluator.run(None, inputs), strict=True))
        write_run(home / f"{number}.npz", inputs, outputs)
        kept.append(Run(f"{number}.npz", {"batch": batch}))
    scales = {name: 2.0 if name == picture else None for name in sides[1]}
    index = write_index(home, Reference("part", tuple(kept), scales, 1e-4, picture, 2.0, "2.13.0"))
    return redescribed({"inputs": sides[0], "outputs": sides[1]}, path), index
