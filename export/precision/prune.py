"""Leaves out weights that cannot change a single output number: unused ones, second copies, channels that are dead.

A channel is dead when it is zero by its weights and stays zero on its way, or when whatever reads it has only zeros for
it. Such channels come from pruned trainings and from normalisation layers that have switched a channel off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnxscript import ir

_KEEPS_ZERO = frozenset({"Relu", "LeakyRelu", "Tanh", "Elu", "Selu", "Gelu", "Identity", "Abs", "Neg", "Sign"})
_ALONE = _KEEPS_ZERO | {"Sigmoid", "Softplus", "HardSigmoid", "HardSwish", "Exp"}
_SMALLEST_COPY = 16


def prune(model: ir.Model) -> int:
    """Leave out what is dead, in place; bytes of weights saved."""
    before = _bytes(model)
    _drop_unused(model)
    share_copies(model)
    while _drop_dead_channels(model):
        pass
    _drop_unused(model)
    return before - _bytes(model)


def _bytes(model: ir.Model) -> int:
    return sum(value.const_value.nbytes for value in model.graph.initializers.values()
               if value.const_value is not None)


def _drop_unused(model: ir.Model) -> None:
    outputs = set(model.graph.outputs)
    for name, value in list(model.graph.initializers.items()):
        if not value.uses() and value not in outputs:
            del model.graph.initializers[name]


def share_copies(model: ir.Model, most: int | None = None) -> None:
    """Tensors of the same type, shape and numbers become one; only those of up to `most` numbers are looked at."""
    outputs = set(model.graph.outputs)
    first: dict[tuple[object, ...], ir.Value] = {}
    for value in list(model.graph.initializers.values()):
        tensor = value.const_value
        if tensor is None or tensor.size < _SMALLEST_COPY or value in outputs:
            continue
        if most is not None and tensor.size > most:
            continue
        key = (tensor.dtype, tuple(tensor.shape.numpy()), hashlib.sha256(tensor.tobytes()).digest())
        kept = first.setdefault(key, value)
        if kept is not value:
            ir.convenience.replace_all_uses_with(value, kept)


@dataclass(frozen=True)
class _Layer:
    """A node with constant weights: which axis of them counts outputs, which inputs."""

    node: ir.Node
    weight: ir.Value
    bias: ir.Value | None
    outward: int
    inward: int

    def numbers(self) -> NDArray[np.float32]:
        """Its weights."""
        return np.asarray(self.weight.const_value.numpy(), np.float32)


def _layer(node: ir.Node | None) -> _Layer | None:
    """The node as a layer whose channels can be taken out; None for anything else."""
    if node is None or node.op_type not in ("Conv", "ConvTranspose", "Gemm"):
        return None
    weight = node.inputs[1]
    bias = node.inputs[2] if len(node.inputs) > 2 else None  # noqa: PLR2004 - x, weight, bias
    owned = [value for value in (weight, bias) if value is not None]
    if weight is None or any(value.const_value is None or len(value.uses()) != 1 for value in owned):
        return None
    attributes = node.attributes
    if node.op_type == "Gemm":
        plain = attributes.get_int("transA", 0) == 0
        flipped = attributes.get_int("transB", 0) == 1
        fits = bias is None or (bias.const_value is not None and len(bias.const_value.shape) == 1)
        return _Layer(node, weight, bias, 0 if flipped else 1, 1 if flipped else 0) if plain and fits else None
    if attributes.get_int("group", 1) != 1:
        return None
    first = node.op_type == "Conv"
    return _Layer(node, weight, bias, 0 if first else 1, 1 if first else 0)


def _drop_dead_channels(model: ir.Model) -> bool:
    """Take the dead channels out between one pair of layers; whether there was such a pair."""
    outputs = set(model.graph.outputs)
    for node in model.graph:
        giver = _layer(node)
        if giver is None:
            continue
        keeps_zero, value = True, giver.node.outputs[0]
        while value not in outputs and len(value.uses()) == 1 and value.uses()[0].node.op_type in _ALONE:
            keeps_zero = keeps_zero and value.uses()[0].node.op_type in _KEEPS_ZERO
            value = value.uses()[0].node.outputs[0]
        uses = value.uses()
        taker = _layer(uses[0].node) if len(uses) == 1 and uses[0].idx == 0 and value not in outputs else None
        if taker is not None and _take_out(giver, taker, keeps_zero=keeps_zero):
            return True
    return False


def _take_out(giver: _Layer, taker: _Layer, *, keeps_zero: bool) -> bool:
    """Drop the channels between two layers that no output depends on; whether there were any."""
    given, taken = giver.numbers(), taker.numbers()
    if given.shape[giver.outward] != taken.shape[taker.inward]:
        return False
    dead = ~_any_along(taken, taker.inward)
    if keeps_zero:
        silent = ~_any_along(given, giver.outward)
        if giver.bias is not None and giver.bias.const_value is not None:
            silent &= giver.bias.const_value.numpy() == 0
        dead |= silent
    if not dead.any() or dead.all():
        return False
    _keep(giver.weight, lambda numbers: np.compress(~dead, numbers, giver.outward))
    if giver.bias is not None:
        _keep(giver.bias, lambda numbers: numbers[~dead])
    _keep(taker.weight, lambda numbers: np.compress(~dead, numbers, taker.inward))
    return True


def _any_along(numbers: NDArray[np.float32], axis: int) -> NDArray[np.bool_]:
    """For each index of `axis`: whether any number there is not zero."""
    return np.asarray((numbers != 0).any(axis=tuple(other for other in range(numbers.ndim) if other != axis)))


def _keep(value: ir.Value, choose: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> None:
    """Replace the numbers of an initialiser."""
    if value.const_value is not None:
        value.const_value = ir.tensor(np.ascontiguousarray(choose(value.const_value.numpy())), name=value.name)
        value.shape = value.const_value.shape
