"""Plans for encoders: the same search as for decoders, from a picture down to the numbers in front of the heads."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from export.adapters.layers import Layer
from export.adapters.planning import MOST_ENDS, Habits, Plan, State
from export.nets.steps import Conv, Flatten, Linear, Norm, Pool, Step, Steps


def encoders(layers: Sequence[Layer], head: Layer, picture: Plan, habits: Habits) -> Iterator[Steps]:
    """Every plan from a picture to what `head` takes, the likeliest first; the activation at its end included."""
    wanted = math.prod(head.shape[1:])
    ends = _encode((*layers, head), 0, State(picture.channels, picture.side), habits)
    for state in islice(ends, MOST_ENDS):
        flat = state.then(Flatten(), channels=state.channels * state.side ** 2, side=0) if state.side else state
        if flat.channels == wanted:
            yield flat.steps


def _encode(layers: Sequence[Layer], number: int, state: State, habits: Habits) -> Iterator[State]:
    """The states after all layers from `number` on, without the last one, which is the head."""
    if number == len(layers) - 1:
        acted = state.then(habits.act()) if state.steps else state
        ways = [acted]
        if state.side > 1 and state.side % 2 == 0:
            ways.insert(0 if _pooled(layers[number]) else 1, acted.then(Pool(), side=state.side // 2))
        yield from ways
        return
    layer = layers[number]
    for entered in _between(layer, state, habits):
        for after in _one(layer, entered, habits, pooled=_pooled(layers[number + 1])):
            yield from _encode(layers, number + 1, after, habits)


def _between(layer: Layer, state: State, habits: Habits) -> Iterator[State]:
    """In front of a layer: an activation, perhaps pooling."""
    if not state.steps:
        yield state
        return
    wanted = layer.kind != "norm" if layer.gap is None else layer.gap > 0
    acted = state.then(habits.act()) if wanted else state
    if layer.kind == "conv" and wanted and state.side > 1 and state.side % 2 == 0:
        pooled = acted.then(Pool(), side=state.side // 2)
        likely = (layer.gap or 0) > 1 or layer.lead > 0
        yield from (pooled, acted) if likely else (acted, pooled)
        return
    yield acted


def _pooled(following: Layer) -> bool:
    """Whether a jump in the list before the next layer has room for pooling, beside activation and flattening."""
    return (following.gap or 0) > (1 if following.kind == "conv" else 2)


def _one(layer: Layer, state: State, habits: Habits, *, pooled: bool) -> Iterator[State]:
    """The states after one layer; none when its sizes do not fit."""
    if layer.kind == "norm" and layer.shape[0] == state.channels:
        yield state.then(Norm(layer.name, layer.shape[0], bool(state.side), habits.eps, layer.bias))
    elif layer.kind == "linear":
        yield from _matrix(layer, state)
    elif layer.kind == "conv" and state.side and layer.shape[1] == state.channels and layer.shape[2] == layer.shape[3]:
        plain = Conv(layer.name, layer.shape[1], layer.shape[0], layer.shape[2], bias=layer.bias)
        for step in _geometries(plain, habits, pooled=pooled):
            if (side := step.side(state.side)) > 0:
                yield state.then(step, channels=step.outputs, side=side)


def _geometries(plain: Conv, habits: Habits, *, pooled: bool) -> list[Conv]:
    """Stride and padding as they usually come with that kernel: halving, keeping, halving without padding."""
    kernel = plain.kernel
    halving = [replace(plain, stride=2, padding=(kernel - 1) // 2)] if kernel > 1 and habits.padded else []
    keeping = [replace(plain, padding=kernel // 2)] if kernel % 2 and habits.padded else []
    options = [*keeping, *halving] if pooled else [*halving, *keeping]
    return list(dict.fromkeys([*options, replace(plain, stride=2), plain]))


def _matrix(layer: Layer, state: State) -> Iterator[State]:
    """A matrix; a picture is flattened in front of it, pooled before that where the sizes ask for it."""
    steps: tuple[Step, ...] = (Linear(layer.name, layer.shape[1], layer.shape[0], layer.bias),)
    have = state.channels
    if state.side:
        steps, have = (Flatten(), *steps), state.channels * state.side ** 2
        if have == 4 * layer.shape[1]:
            steps, have = (Pool(), *steps), have // 4
    if have == layer.shape[1]:
        yield state.then(*steps, channels=layer.shape[0], side=0)
