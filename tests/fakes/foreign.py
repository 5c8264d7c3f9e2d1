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


def pipeline(folder: Path, *, width: int = 768) -> Path:
    """Stable Diffusion in parts, as optimum lays it out: names and ports are real, the graphs do next to nothing."""
    whole, real = TensorProto.INT64, TensorProto.FLOAT
    table = np.ones((9, width), np.float32)
    parts: dict[str, tuple[list[Any], list[Any], list[Any], dict[str, NDArray[Any]]]] = {
        "text_encoder": (
            [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"]),
             helper.make_node("ReduceMean", ["last_hidden_state"], ["pooler_output"], axes=[1], keepdims=0),
             helper.make_node("Identity", ["last_hidden_state"], ["hidden_states.0"]),
             helper.make_node("Identity", ["last_hidden_state"], ["hidden_states.1"])],
            [("input_ids", whole, ("batch", 77))],
            [("last_hidden_state", real, ("batch", 77, width)), ("pooler_output", real, ("batch", width)),
             ("hidden_states.0", real, ("batch", 77, width)), ("hidden_states.1", real, ("batch", 77, width))],
            {"table": table}),
        "unet": (
            [helper.make_node("ReduceMean", ["encoder_hidden_states"], ["told"], keepdims=1),
             helper.make_node("Squeeze", ["told", "axes"], ["scalar"]),
             helper.make_node("Mul", ["sample", "scalar"], ["half"]),
             helper.make_node("Mul", ["half", "timestep"], ["out_sample"])],
            [("sample", real, ("batch", 4, "height", "width")), ("timestep", real, ()),
             ("encoder_hidden_states", real, ("batch", 77, width))],
            [("out_sample", real, ("batch", 4, "height", "width"))], {"axes": np.array([0, 1, 2], np.int64)}),
        "vae_decoder": (
            [helper.make_node("Conv", ["latent_sample", "w"], ["sample"])],
            [("latent_sample", real, ("batch", 4, "h", "w"))], [("sample", real, ("batch", 3, "h", "w"))],
            {"w": np.ones((3, 4, 1, 1), np.float32)}),
    }
    for role, (nodes, inputs, outputs, weights) in parts.items():
        (folder / role).mkdir(parents=True)
        write(folder / role / "model.onnx", nodes, inputs, outputs, weights, save_as_external_data=True,
              location="model.onnx_data", size_threshold=100)
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text(
        '{"_class_name": "PNDMScheduler", "prediction_type": "v_prediction", "thresholding": null}', encoding="utf-8")
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "vocab.json").write_text('{"a": 0, "<|startoftext|>": 1, "<|endoftext|>": 2}',
                                                     encoding="utf-8")
    (folder / "tokenizer" / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    return folder
