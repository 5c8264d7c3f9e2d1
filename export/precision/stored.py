"""Weights stored in fewer bits, arithmetic in single precision: the runtime unpacks them once, while it loads.

Half precision takes a Cast, eight bits a Cast and a Mul with one scale per output channel; ONNX Runtime folds both away
when it loads the graph, so that drawing costs what it cost before, on every device, and nothing can overflow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnxscript import ir

from export.precision.weights import lazy, replace, weighty

_LAST = frozenset({"MatMul"})
_SECOND = frozenset({"ConvTranspose"})
_FIRST_TWO = frozenset({"GRU", "LSTM", "RNN"})
_WEIGHTS = _LAST | _SECOND | _FIRST_TWO | {"Conv", "Gemm", "Gather", "Transpose"}
_LEVELS = 127


def store_half(model: ir.Model) -> None:
    """Every large tensor as float16, in place."""
    for value in weighty(model):
        _half(model, value)


def store_eight(model: ir.Model) -> None:
    """Every large weight as int8 with a scale per channel, other large tensors as float16, in place."""
    for value in weighty(model):
        axes = channel_axes(value)
        if axes is None:
            _half(model, value)
        else:
            _eight(model, value, axes)


def channel_axes(value: ir.Value) -> tuple[int, ...] | None:
    """The axes along which each index gets a scale of its own, by what reads the tensor; None: not a weight."""
    node, position = value.uses()[0]
    shape = value.const_value.shape if value.const_value is not None else ()
    operator = node.op_type
    if operator not in _WEIGHTS or len(shape) < 2:  # noqa: PLR2004 - a bias is no weight
        return None
    if operator in _FIRST_TWO:
        return tuple(range(len(shape) - 1))
    if operator in _LAST:
        return tuple(axis for axis in range(len(shape)) if axis != len(shape) - (2 if position else 1))
    if operator in _SECOND:
        return (1,)
    if operator == "Gemm":
        flipped = node.attributes.get_int("transB", 0)
        return (0,) if flipped else (1,)
    return (0,)


def eight_bits(numbers: NDArray[np.float32], axes: tuple[int, ...]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Numbers as int8 [same shape] and their scales (same rank, 1 along all but `axes`)."""
    over = tuple(axis for axis in range(numbers.ndim) if axis not in axes)
    scale = np.abs(numbers).max(axis=over, keepdims=True) / _LEVELS
    scale = np.where(scale > 0, scale, 1).astype(np.float32)
    return np.clip(np.rint(numbers / scale), -_LEVELS, _LEVELS).astype(np.int8), scale


def _half(model: ir.Model, value: ir.Value) -> None:
    name, tensor = value.name or "", value.const_value
    if tensor is None:
        return
    largest = float(np.finfo(np.float16).max)
    stored = lazy(f"{name}.half", ir.DataType.FLOAT16, tuple(tensor.shape.numpy()),
                  lambda: np.clip(tensor.numpy(), -largest, largest).astype(np.float16))
    cast = ir.node("Cast", [stored], {"to": int(ir.DataType.FLOAT)}, name=f"{name}/Cast")
    replace(model, value, [stored], [cast])


def _eight(model: ir.Model, value: ir.Value, axes: tuple[int, ...]) -> None:
    name, tensor = value.name or "", value.const_value
    if tensor is None:
        return
    shape = tuple(tensor.shape.numpy())
    small = tuple(size if axis in axes else 1 for axis, size in enumerate(shape))
    stored = lazy(f"{name}.eight", ir.DataType.INT8, shape, lambda: eight_bits(tensor.numpy(), axes)[0])
    scale = lazy(f"{name}.scale", ir.DataType.FLOAT, small, lambda: eight_bits(tensor.numpy(), axes)[1])
    cast = ir.node("Cast", [stored], {"to": int(ir.DataType.FLOAT)}, name=f"{name}/Cast")
    cast.outputs[0].name = f"{name}.levels"
    scaled = ir.node("Mul", [cast.outputs[0], scale], name=f"{name}/Mul")
    replace(model, value, [stored, scale], [cast, scaled])
