"""A two-layer picture model as numpy and as ONNX, with references on disk: what the proof's tests plant faults in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from export.graphfile import redescribed
from export.proof.figures import Subject
from export.samples import Reference, Run, write_index, write_run

WIDTH = 6


def weights(seed: int = 5) -> dict[str, np.ndarray]:
    """First layer 6 → 32, second 32 → 16 (a 4 × 4 picture)."""
    random = np.random.default_rng(seed)
    return {"first.weight": random.standard_normal((WIDTH, 32), np.float32) / 2,
            "first.bias": random.standard_normal(32, np.float32) / 8,
            "second.weight": random.standard_normal((32, 16), np.float32) / 4}


def answer(values: dict[str, np.ndarray], z: np.ndarray) -> np.ndarray:
    """What the model yields, in numpy: [batch, 1, 4, 4] in -1 .. 1."""
    hidden = np.maximum(z @ values["first.weight"] + values["first.bias"], 0)
    return np.tanh(hidden @ values["second.weight"]).reshape(-1, 1, 4, 4)


def model(values: dict[str, np.ndarray], *, activation: str = "Relu", batch: int | str = "batch") -> ModelProto:
    """The same as ONNX; nodes are named after their layers, values after torch's steps."""
    rows = batch if isinstance(batch, int) else -1
    nodes = [
        helper.make_node("MatMul", ["z", "first.weight"], ["mm"], "first/MatMul"),
        helper.make_node("Add", ["mm", "first.bias"], ["linear"], "first/Add"),
        helper.make_node(activation, ["linear"], ["relu"], f"act/{activation}"),
        helper.make_node("MatMul", ["relu", "second.weight"], ["linear_1"], "second/MatMul"),
        helper.make_node("Tanh", ["linear_1"], ["tanh"], "squash/Tanh"),
        helper.make_node("Reshape", ["tanh", "shape"], ["image"], "Reshape"),
    ]
    graph = helper.make_graph(
        nodes, "decoder", [helper.make_tensor_value_info("z", TensorProto.FLOAT, [batch, WIDTH])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [batch, 1, 4, 4])],
        [numpy_helper.from_array(value, name) for name, value in values.items()]
        + [numpy_helper.from_array(np.array([rows, 1, 4, 4]), "shape")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def reference(folder: Path, values: dict[str, np.ndarray], *, batches: tuple[int, ...] = (1, 4),
              picture: str | None = "image", offset: float = 0.0) -> Path:
    """Answers on disk as torch would have left them; `offset` is added to every number."""
    folder.mkdir(parents=True, exist_ok=True)
    runs = []
    for number, batch in enumerate(batches):
        z = np.random.default_rng(number).standard_normal((batch, WIDTH)).astype(np.float32)
        write_run(folder / f"{number}.npz", {"z": z}, {"image": answer(values, z) + np.float32(offset)})
        runs.append(Run(f"{number}.npz", {"batch": batch}))
    return write_index(folder, Reference("decoder", tuple(runs), {"image": 2.0}, 1e-4, picture, 3.0, "2.13.0"))


def graph_object(path: Path) -> dict[str, Any]:
    """The manifest's object for a graph of `model`."""
    ports = {"inputs": {"z": {"name": "z", "dtype": "float32", "shape": ["batch", WIDTH]}},
             "outputs": {"image": {"name": "image", "dtype": "float32", "shape": ["batch", 1, 4, 4]}}}
    return redescribed(ports, path)


def subject(folder: Path, graphs: dict[str, ModelProto], index: Path) -> Subject:
    """A part whose graphs lie in `folder`, by precision."""
    objects = {}
    for name, graph in graphs.items():
        path = folder / f"decoder-{name}.onnx"
        path.write_bytes(graph.SerializeToString())
        objects[name] = graph_object(path)
    return Subject("decoder", str(index), objects, dict.fromkeys(graphs, str(folder)))
