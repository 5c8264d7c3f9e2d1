"""Four-bit weights for matrix products: ONNX Runtime's MatMulNBits, which multiplies with them as they are.

Each run of 32 weights of a column shares a scale and a zero; the range is the one of a few that fits the weights best.
Accuracy level 4 lets the runtime round what flows through to eight bits for the product, which is what makes it quick.
Tables of vectors (one row a token) are stored in half precision, and only the rows that are looked up become single.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from onnxscript import ir

from export.precision.stored import store_half
from export.precision.weights import WEIGHTY, lazy

BLOCK: Final = 32
ACCURACY: Final = 4
DOMAIN: Final = "com.microsoft"
_LEVELS = 15
_AT_ONCE = 2048        # columns: the head of a language model has fifty thousand
_RANGES = (1.0, 0.94, 0.88, 0.82)
"""Shares of a block's width that are tried: a narrower range cuts its extremes and is finer for all others."""


def share(model: ir.Model) -> float:
    """Which share of all weights (by count) becomes four bits."""
    total = sum(value.const_value.size for value in model.graph.initializers.values() if value.const_value is not None)
    products = sum(matrix.size for node in model.graph if (matrix := _matrix(node)) is not None)
    return products / max(total, 1)


def store_four(model: ir.Model) -> None:
    """Every large constant matrix of a product in four bits, tables and other large tensors in halves, in place."""
    for node in list(model.graph):
        if _matrix(node) is not None:
            _four(model, node)
    for value in list(model.graph.initializers.values()):
        if _is_table(value):
            _table(model, value)
    store_half(model)
    model.opset_imports[DOMAIN] = 1


def quantised(matrix: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.uint8]]:
    """Levels [columns, blocks, BLOCK] 0..15, scales and zeros [columns, blocks] of a matrix [rows, columns].

    A weight is (level - zero) * scale. Rows beyond the matrix, where BLOCK does not divide them, are zeros.
    """
    parts = [_columns(matrix[:, first:first + _AT_ONCE]) for first in range(0, matrix.shape[1], _AT_ONCE)]
    levels, scales, zeros = (np.concatenate([part[number] for part in parts]) for number in range(3))
    return levels.astype(np.uint8), scales.astype(np.float32), zeros.astype(np.uint8)


def packed(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two levels a byte along the last axis, the first in the low half; an odd one out stands beside a 0."""
    if levels.shape[-1] % 2:
        levels = np.concatenate((levels, np.zeros((*levels.shape[:-1], 1), np.uint8)), axis=-1)
    return np.bitwise_or(levels[..., 0::2], np.left_shift(levels[..., 1::2], np.uint8(4)))


def _columns(matrix: NDArray[np.float32]) -> tuple[NDArray[np.generic], ...]:
    """`quantised` for a few columns, all of it at once."""
    rows, columns = matrix.shape
    blocks = -(-rows // BLOCK)
    turned = np.zeros((columns, blocks * BLOCK), np.float32)
    turned[:, :rows] = matrix.T
    weights = turned.reshape(columns, blocks, BLOCK)
    best = np.full((columns, blocks), np.inf, np.float32)
    kept = np.empty_like(weights), np.empty_like(best), np.empty_like(best)
    for part in _RANGES:
        found = _rounded(weights, np.float32(part))
        levels, scales, zeros = found
        error = np.square((levels - zeros[..., None]) * scales[..., None] - weights).sum(axis=2)
        better = error < best
        best[better] = error[better]
        for have, new in zip(kept, found, strict=True):
            have[better] = new[better]
    return kept[0].astype(np.uint8), kept[1], kept[2].astype(np.uint8)


def _rounded(weights: NDArray[np.float32],
             part: np.float32) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Levels, scales and zeros where each block's range is `part` of its width."""
    low: NDArray[np.float32] = np.minimum(weights.min(axis=2), 0) * part
    high: NDArray[np.float32] = np.maximum(weights.max(axis=2), 0) * part
    scales: NDArray[np.float32] = np.maximum((high - low) / np.float32(_LEVELS), np.float32(1e-12))
    zeros: NDArray[np.float32] = np.clip(np.rint(-low / scales), 0, _LEVELS)
    levels: NDArray[np.float32] = np.clip(np.rint(weights / scales[..., None]) + zeros[..., None], 0, _LEVELS)
    return levels, scales, zeros


def _matrix(node: ir.Node) -> NDArray[np.float32] | None:
    """The large constant matrix [in, out] that this product multiplies with, if it is one."""
    if node.domain or node.op_type not in ("MatMul", "Gemm") or _scaled(node):
        return None
    value, turned = _source(node)
    tensor = value.const_value if value is not None else None
    if tensor is None or tensor.dtype != ir.DataType.FLOAT or len(tensor.shape) != 2 \
            or tensor.size < WEIGHTY:  # noqa: PLR2004 - a matrix
        return None
    found: NDArray[np.float32] = tensor.numpy()
    found = found.T if turned else found
    return found if found.shape[0] >= BLOCK else None


def _source(node: ir.Node) -> tuple[ir.Value | None, bool]:
    """Where the matrix of a product is stored, and whether it is turned on the way (a head that is a table too)."""
    value, turned = node.inputs[1], _flag(node, "transB")
    before = value.producer() if value is not None else None
    if before is not None and before.op_type == "Transpose" and tuple(before.attributes.get_ints("perm", ())) == (1, 0):
        return before.inputs[0], not turned
    return value, turned


def _scaled(node: ir.Node) -> bool:
    """Whether a Gemm does more than multiply and add."""
    attributes = node.attributes
    return _flag(node, "transA") or any(attributes[name].as_float() != 1.0 for name in ("alpha", "beta")
                                        if name in attributes)


def _flag(node: ir.Node, name: str) -> bool:
    """Whether this attribute is set and not 0."""
    return name in node.attributes and node.attributes[name].as_int() != 0


def _four(model: ir.Model, node: ir.Node) -> None:
    """This product with a matrix of four bits."""
    (value, turned), matrix = _source(node), _matrix(node)
    if value is None or matrix is None:
        return
    name, before = f"{value.name}.{'t' if turned else 'n'}", node.inputs[1]
    rows, columns = matrix.shape
    levels, scales, zeros = quantised(matrix)
    stored = [_held(model, f"{name}.four", ir.DataType.UINT8, packed(levels)),
              _held(model, f"{name}.scale", ir.DataType.FLOAT, scales),
              _held(model, f"{name}.zero", ir.DataType.UINT8, packed(zeros))]
    made = [ir.node("MatMulNBits", [node.inputs[0], *stored], domain=DOMAIN, name=f"{node.name}/Four", attributes={
        "K": rows, "N": columns, "bits": 4, "block_size": BLOCK, "accuracy_level": ACCURACY})]
    if len(node.inputs) > 2 and node.inputs[2] is not None:  # noqa: PLR2004 - what a Gemm adds
        made[0].outputs[0].name = f"{node.outputs[0].name}.product"
        made.append(ir.node("Add", [made[0].outputs[0], node.inputs[2]], name=f"{node.name}/Add"))
    ir.convenience.replace_nodes_and_values(model.graph, node, [node], made, node.outputs, made[-1].outputs)
    if before is not None and before is not value and not before.uses():
        model.graph.remove(before.producer(), safe=True)
    if not value.uses():
        del model.graph.initializers[value.name or ""]


def _is_table(value: ir.Value) -> bool:
    """Whether nothing is done with these vectors but to look them up."""
    tensor = value.const_value
    return tensor is not None and tensor.dtype == ir.DataType.FLOAT and tensor.size >= WEIGHTY and bool(value.uses()) \
        and all(use.node.op_type == "Gather" and use.idx == 0 for use in value.uses())


def _table(model: ir.Model, value: ir.Value) -> None:
    """Half-precision rows, made single once they are looked up."""
    name, tensor = value.name or "", value.const_value
    if tensor is None:
        return
    most = float(np.finfo(np.float16).max)
    half = _held(model, f"{name}.half", ir.DataType.FLOAT16,
                 np.clip(tensor.numpy(), -most, most).astype(np.float16))
    for use in list(value.uses()):
        node = use.node
        found = node.outputs[0]
        cast = ir.node("Cast", [found], {"to": int(ir.DataType.FLOAT)}, name=f"{node.name}/Single")
        cast.outputs[0].name = f"{found.name}.single"
        ir.convenience.replace_all_uses_with(found, cast.outputs[0])
        cast.replace_input_with(0, found)
        node.replace_input_with(0, half)
        found.type = ir.TensorType(ir.DataType.FLOAT16)
        model.graph.insert_after(node, [cast])
    del model.graph.initializers[name]


def _held(model: ir.Model, name: str, dtype: ir.DataType, numbers: NDArray[np.generic]) -> ir.Value:
    """A new constant of the graph; a matrix that two products share is stored once."""
    known = model.graph.initializers.get(name)
    if known is not None:
        return known
    value = lazy(name, dtype, tuple(numbers.shape), lambda: numbers)
    model.graph.register_initializer(value)
    return value
