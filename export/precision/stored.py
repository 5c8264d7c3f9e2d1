"""Weights stored in fewer bits, arithmetic in single precision: the runtime unpacks them once, while it loads.

Half precision takes a Cast; eight bits a Cast and a Mul with one scale for every sixteen numbers. ONNX Runtime folds
all of it away when it loads the graph, so that drawing costs what it cost before, on every device, and nothing can
overflow. Small blocks halve the error of one scale per channel for an eighth more bytes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnxscript import ir

from export.precision.weights import lazy, replace, weighty

_WEIGHTS = frozenset({"MatMul", "Gemm", "Conv", "ConvTranspose", "Gather", "GRU", "LSTM", "RNN", "Transpose"})
_LEVELS = 127
_SMALLEST = 6e-8    # of all float16 numbers but zero
_BLOCKS = (16, 18, 15, 14, 20, 12, 10, 9, 8, 24, 25, 27, 32)
"""Numbers that share a scale: the first of these that divides their count."""


def store_half(model: ir.Model) -> None:
    """Every large tensor as float16, in place."""
    for value in weighty(model):
        _half(model, value)


def store_eight(model: ir.Model, spared: float = 0.0) -> None:
    """Every large weight as int8 with a scale per block, other large tensors as float16, in place.

    The smallest weights, up to the share `spared` (0 .. 1) of all, stay float16: there are many of them, at both ends
    of most networks, and they cost little.
    """
    values = weighty(model)
    sizes = {value: value.const_value.size for value in values}
    left = spared * sum(sizes.values())
    light: set[ir.Value] = set()
    for value in sorted(values, key=lambda value: sizes[value]):
        left -= sizes[value]
        if left < 0:
            break
        light.add(value)
    for value in values:
        block = 0 if value in light else block_of(value)
        if block:
            _eight(model, value, block)
        else:
            _half(model, value)


def block_of(value: ir.Value) -> int:
    """How many numbers of the tensor share a scale; 0 for what is no weight, or cannot be divided."""
    operator = value.uses()[0].node.op_type
    if operator not in _WEIGHTS or len(value.const_value.shape) < 2:  # noqa: PLR2004 - a bias is no weight
        return 0
    return next((block for block in _BLOCKS if value.const_value.size % block == 0), 0)


def scales(numbers: NDArray[np.float32], block: int) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
    """A scale for each block, [n, 1] in the order of memory, and what all of them are multiplied with.

    The common factor, a power of two, keeps the scales where float16 has all its digits, however small the weights.
    """
    largest = np.abs(numbers.reshape(-1, block)).max(axis=1, keepdims=True) / np.float32(_LEVELS)
    factor = np.float32(2.0 ** np.ceil(np.log2(largest.max()))) if largest.any() else np.float32(1)
    return np.maximum(largest / factor, _SMALLEST).astype(np.float16), np.asarray(factor)


def levels(numbers: NDArray[np.float32], block: int) -> NDArray[np.int8]:
    """Numbers of any shape as int8 [n, block], in units of their scales."""
    scale, factor = scales(numbers, block)
    counts = np.rint(numbers.reshape(-1, block) / (scale.astype(np.float32) * factor))
    return np.clip(counts, -_LEVELS, _LEVELS).astype(np.int8)


def _half(model: ir.Model, value: ir.Value) -> None:
    name, tensor = value.name or "", value.const_value
    if tensor is None:
        return
    largest = float(np.finfo(np.float16).max)
    stored = lazy(f"{name}.half", ir.DataType.FLOAT16, tuple(tensor.shape.numpy()),
                  lambda: np.clip(tensor.numpy(), -largest, largest).astype(np.float16))
    cast = ir.node("Cast", [stored], {"to": int(ir.DataType.FLOAT)}, name=f"{name}/Cast")
    replace(model, value, [stored], [cast])


def _eight(model: ir.Model, value: ir.Value, block: int) -> None:
    name, tensor = value.name or "", value.const_value
    if tensor is None:
        return
    shape = tuple(tensor.shape.numpy())
    rows = tensor.size // block
    stored = lazy(f"{name}.eight", ir.DataType.INT8, (rows, block), lambda: levels(tensor.numpy(), block))
    scale = lazy(f"{name}.scale", ir.DataType.FLOAT16, (rows, 1), lambda: scales(tensor.numpy(), block)[0])
    factor = lazy(f"{name}.factor", ir.DataType.FLOAT, (), lambda: scales(tensor.numpy(), block)[1])
    form = lazy(f"{name}.shape", ir.DataType.INT64, (len(shape),), lambda: np.array(shape, np.int64))
    single = {"to": int(ir.DataType.FLOAT)}
    counts, shares = (ir.node("Cast", [one], single, name=f"{one.name}/Cast") for one in (stored, scale))
    widths = ir.node("Mul", [shares.outputs[0], factor], name=f"{name}.scale/Mul")
    numbers = ir.node("Mul", [counts.outputs[0], widths.outputs[0]], name=f"{name}/Mul")
    whole = ir.node("Reshape", [numbers.outputs[0], form], name=f"{name}/Reshape")
    for node, word in ((counts, "counts"), (shares, "shares"), (widths, "widths"), (numbers, "rows")):
        node.outputs[0].name = f"{name}.{word}"
    replace(model, value, [stored, scale, factor, form], [counts, shares, widths, numbers, whole])
