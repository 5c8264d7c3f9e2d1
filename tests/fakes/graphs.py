"""ONNX graphs of a few nodes, made with onnx.helper: what a real decoder does, in kilobytes and microseconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import FunctionProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

DIM = 8
SIDE = 32
OPSET = 18
IR = 10
INT64_MIN = -(2**63)

Constants = dict[str, NDArray]


def model(nodes: Sequence[NodeProto], constants: Constants, outputs: Sequence[tuple[str, Sequence[int | str]]], *,
          condition: str | None = None, functions: Sequence[FunctionProto] = ()) -> ModelProto:
    """A model with the input latent [batch, 8] (and an int64 [batch] condition) and float32 outputs."""
    inputs = [helper.make_tensor_value_info("latent", TensorProto.FLOAT, ["batch", DIM])]
    if condition:
        inputs.append(helper.make_tensor_value_info(condition, TensorProto.INT64, ["batch"]))
    graph = helper.make_graph(
        list(nodes), "tiny", inputs,
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)) for name, shape in outputs],
        initializer=[numpy_helper.from_array(value, name) for name, value in constants.items()])
    domains = {function.domain for function in functions}
    opsets = [helper.make_opsetid("", OPSET), *(helper.make_opsetid(domain, 1) for domain in sorted(domains))]
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR, functions=list(functions))


def glyph_nodes() -> list[NodeProto]:
    """field = clip(table[character] + latent @ styles), advance = advances[character] + latent @ widths."""
    return [
        helper.make_node("Gather", ["table", "character"], ["base"]),
        helper.make_node("MatMul", ["latent", "styles"], ["style"]),
        helper.make_node("Add", ["base", "style"], ["raw"]),
        helper.make_node("Clip", ["raw", "low", "high"], ["flat"]),
        helper.make_node("Reshape", ["flat", "shape"], ["field"]),
        helper.make_node("Gather", ["advances", "character"], ["advance_base"]),
        helper.make_node("MatMul", ["latent", "widths"], ["wider"]),
        helper.make_node("Add", ["advance_base", "wider"], ["advance"]),
    ]


def glyph_constants(fields: NDArray[np.float32], advances: NDArray[np.float32]) -> Constants:
    """The weights of `glyph_nodes`: latent 0 makes every stem bolder, 1 slants, 2 widens, the rest wave a little."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE - 0.5
    styles = np.stack([np.full((SIDE, SIDE), 0.12), 0.3 * columns, 0.1 * rows,
                       *(0.03 * np.sin((k + 2) * 6 * (rows + columns)) for k in range(DIM - 3))])
    return {
        "table": fields.reshape(len(fields), -1).astype(np.float32),
        "styles": styles.reshape(DIM, -1).astype(np.float32),
        "low": np.float32(-1), "high": np.float32(1), "shape": np.array([-1, 1, SIDE, SIDE], np.int64),
        "advances": advances.astype(np.float32),
        "widths": np.array([0.02, 0, 0.05, *([0] * (DIM - 3))], np.float32),
    }


GLYPH_OUTPUTS = [("field", ["batch", 1, SIDE, SIDE]), ("advance", ["batch"])]


def middle_nodes() -> list[NodeProto]:
    """`glyph_nodes` and middle = middles[character]: how far right of the pen the middle of the frame's ink is."""
    return [*glyph_nodes(), helper.make_node("Gather", ["middles", "character"], ["middle"])]


def color_nodes() -> list[NodeProto]:
    """image = tanh(classes[kind] + latent @ styles)."""
    return [
        helper.make_node("Gather", ["classes", "kind"], ["base"]),
        helper.make_node("MatMul", ["latent", "styles"], ["style"]),
        helper.make_node("Add", ["base", "style"], ["raw"]),
        helper.make_node("Tanh", ["raw"], ["flat"]),
        helper.make_node("Reshape", ["flat", "shape"], ["image"]),
    ]


def color_constants(classes: int) -> Constants:
    """The weights of `color_nodes`: stripes of another frequency per class, hues and waves by latent."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
    base = np.stack([np.stack([np.sin((k + 1) * 6 * columns + c) for c in range(3)]) for k in range(classes)])
    styles = np.stack([np.stack([0.4 * np.cos(c + (k + 1) * 3 * rows) for c in range(3)]) for k in range(DIM)])
    return {"classes": base.reshape(classes, -1).astype(np.float32),
            "styles": styles.reshape(DIM, -1).astype(np.float32), "shape": np.array([-1, 3, SIDE, SIDE], np.int64)}


COLOR_OUTPUTS = [("image", ["batch", 3, SIDE, SIDE])]


def delayed(nodes: list[NodeProto], constants: Constants, iterations: int) -> None:
    """Make the input named latent wait for a Loop of that many rounds (about 0.1 s per 20,000); stops on terminate."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]),
         helper.make_node("MatMul", ["state", "loop_weights"], ["next"])],
        "rounds",
        [helper.make_tensor_value_info("round", TensorProto.INT64, []),
         helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("state", TensorProto.FLOAT, [16, 16])],
        [helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
         helper.make_tensor_value_info("next", TensorProto.FLOAT, [16, 16])])
    constants["loop_weights"] = np.eye(16, dtype=np.float32)
    constants["loop_start"] = np.zeros((16, 16), np.float32)
    constants["loop_rounds"] = np.int64(iterations)
    constants["loop_go"] = np.bool_(True)
    before = [
        helper.make_node("Loop", ["loop_rounds", "loop_go", "loop_start"], ["loop_end"], body=body),
        helper.make_node("ReduceMax", ["loop_end"], ["nothing"], keepdims=0),
        helper.make_node("Add", ["latent", "nothing"], ["latent_later"]),
    ]
    _insert(nodes, before)


def slow_to_load(nodes: list[NodeProto], constants: Constants, seconds: float) -> None:
    """Make loading slow: a chain of large products that ONNX Runtime works out while it optimises the graph."""
    steps = max(1, round(seconds * 20))
    before = [helper.make_node("ConstantOfShape", ["fold_shape"], ["fold0"],
                               value=numpy_helper.from_array(np.array([1e-3], np.float32)))]
    before += [helper.make_node("MatMul", [f"fold{k}", f"fold{k}"], [f"fold{k + 1}"]) for k in range(steps)]
    before += [helper.make_node("ReduceMax", [f"fold{steps}"], ["fold_end"], keepdims=0),
               helper.make_node("Mul", ["fold_end", "fold_zero"], ["nothing"]),
               helper.make_node("Add", ["latent", "nothing"], ["latent_later"])]
    constants["fold_shape"] = np.array([1024, 1024], np.int64)
    constants["fold_zero"] = np.float32(0)
    _insert(nodes, before)


def aborting(nodes: list[NodeProto], constants: Constants, *, at_load: bool) -> None:
    """Make the process die of SIGFPE: ONNX Runtime 1.31 divides the least int64 by -1 without a check."""
    constants["minus_one"] = np.array([-1], np.int64)
    constants["least"] = np.array([INT64_MIN], np.int64)
    if at_load:
        before = [helper.make_node("Div", ["least", "minus_one"], ["boom"])]
    else:
        constants["one"] = np.array([1], np.int64)
        before = [helper.make_node("Shape", ["latent"], ["latent_shape"], start=0, end=1),  # known only at run time
                  helper.make_node("Div", ["latent_shape", "latent_shape"], ["unit"]),
                  helper.make_node("Mul", ["unit", "least"], ["least_now"]),
                  helper.make_node("Div", ["least_now", "minus_one"], ["boom"])]
    before += [helper.make_node("Cast", ["boom"], ["boom_float"], to=TensorProto.FLOAT),
               helper.make_node("Clip", ["boom_float", "zero", "zero"], ["nothing"]),
               helper.make_node("Add", ["latent", "nothing"], ["latent_later"])]
    constants["zero"] = np.float32(0)
    _insert(nodes, before)


def laughing(depth: int) -> tuple[NodeProto, list[FunctionProto]]:
    """A node and `depth` functions, each calling the one below twice: 2**depth steps once written out."""
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ha", 1)]
    lowest = helper.make_node("Identity", ["a"], ["b"])
    functions = [helper.make_function("ha", "laugh0", ["a"], ["b"], [lowest], opsets)]
    for k in range(1, depth):
        nodes = [helper.make_node(f"laugh{k - 1}", ["a"], ["m"], domain="ha"),
                 helper.make_node(f"laugh{k - 1}", ["m"], ["b"], domain="ha")]
        functions.append(helper.make_function("ha", f"laugh{k}", ["a"], ["b"], nodes, opsets))
    return helper.make_node(f"laugh{depth - 1}", ["latent"], ["latent_later"], domain="ha"), functions


def rewired(nodes: list[NodeProto], before: NodeProto) -> None:
    """Put one node that makes latent_later from latent in front."""
    _insert(nodes, [before])


def _insert(nodes: list[NodeProto], before: list[NodeProto]) -> None:
    """Let every node that read latent read latent_later, which `before` makes."""
    for node in nodes:
        node.input[:] = ["latent_later" if name == "latent" else name for name in node.input]
    nodes[:0] = before
