"""Foreign ONNX graphs as they lie about in the world: no manifest, odd ranks, labels, loose scalars, weights beside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET, IR = 17, 8
Shape = Sequence[int | str]


def write(path: Path, nodes: Sequence[Any], inputs: Sequence[tuple[str, int, Shape]],
          outputs: Sequence[tuple[str, int, Shape]], weights: dict[str, NDArray[Any]], **saving: Any) -> Path:
    """A model file; `saving` goes to onnx.save."""
    ports = [[helper.make_tensor_value_info(name, kind, list(shape)) for name, kind, shape in side]
             for side in (inputs, outputs)]
    graph = helper.make_graph(
        list(nodes), "foreign", *ports,
        initializer=[numpy_helper.from_array(value, name) for name, value in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR,
                              producer_name="elsewhere")
    onnx.save(model, path, **saving)
    return path


def gan(path: Path, *, rank: int = 4, end: str = "Tanh", side: int = 8, dim: int = 6, batch: int | str = "n",
        layout: str = "NCHW", stated: bool = True, scale: float = 1.0, **saving: Any) -> Path:
    """z [n, dim] or [n, dim, 1, 1] to a picture of 3 x side x side that ends in `end`."""
    dice = np.random.default_rng(1)
    picture = (3, side, side) if layout == "NCHW" else (side, side, 3)
    weights = {"w": dice.standard_normal((dim, 3 * side * side)).astype(np.float32) * np.float32(scale),
               "flat": np.array([0, dim], np.int64), "form": np.array([0, *picture], np.int64)}
    nodes = [helper.make_node("Reshape", ["z", "flat"], ["zz"]), helper.make_node("MatMul", ["zz", "w"], ["raw"]),
             helper.make_node(end, ["raw"], ["ended"]), helper.make_node("Reshape", ["ended", "form"], ["picture"])]
    shape: Shape = (batch, dim, 1, 1) if rank == 4 else (batch, dim)
    return write(path, nodes, [("z", TensorProto.FLOAT, shape)],
                 [("picture", TensorProto.FLOAT, (batch, *picture) if stated else (batch, "c", "h", "w"))], weights,
                 **saving)


def labelled(path: Path, *, kind: str = "int64", classes: int = 5) -> Path:
    """noise [1, 4], a label (a number, or one real number a class), a scalar `truncation`: a flat 8 x 8 picture."""
    dice = np.random.default_rng(2)
    weights = {"w": dice.standard_normal((4, 64)).astype(np.float32),
               "table": dice.standard_normal((classes, 64)).astype(np.float32)}
    one_hot = kind == "float32"
    nodes = [helper.make_node("MatMul", ["label", "table"], ["chosen"]) if one_hot
             else helper.make_node("Gather", ["table", "label"], ["chosen"]),
             helper.make_node("Mul", ["noise", "truncation"], ["shorter"]),
             helper.make_node("MatMul", ["shorter", "w"], ["drawn"]),
             helper.make_node("Add", ["drawn", "chosen"], ["sum"]), helper.make_node("Sigmoid", ["sum"], ["x"])]
    label = ("label", {"int64": TensorProto.INT64, "int32": TensorProto.INT32, "float32": TensorProto.FLOAT}[kind],
             (1, classes) if one_hot else (1,))
    return write(path, nodes, [("noise", TensorProto.FLOAT, (1, 4)), label, ("truncation", TensorProto.FLOAT, ())],
                 [("x", TensorProto.FLOAT, (1, 64))], weights)


def two_pictures(path: Path) -> Path:
    """A mask and a picture: which is which?"""
    weights = {"w": np.ones((2, 64), np.float32), "v": np.ones((2, 3 * 256), np.float32),
               "small": np.array([0, 1, 8, 8], np.int64), "large": np.array([0, 3, 16, 16], np.int64)}
    nodes = [helper.make_node("MatMul", ["a", "w"], ["m"]), helper.make_node("Reshape", ["m", "small"], ["mask"]),
             helper.make_node("MatMul", ["a", "v"], ["p"]), helper.make_node("Reshape", ["p", "large"], ["picture"])]
    return write(path, nodes, [("a", TensorProto.FLOAT, ("n", 2))],
                 [("mask", TensorProto.FLOAT, ("n", 1, 8, 8)), ("picture", TensorProto.FLOAT, ("n", 3, 16, 16))],
                 weights)


def classifier(path: Path) -> Path:
    """A picture in, ten numbers out: nothing to draw."""
    nodes = [helper.make_node("Flatten", ["photo"], ["flat"]), helper.make_node("MatMul", ["flat", "w"], ["scores"])]
    return write(path, nodes, [("photo", TensorProto.FLOAT, ("n", 3, 8, 8))],
                 [("scores", TensorProto.FLOAT, ("n", 10))], {"w": np.ones((192, 10), np.float32)})
