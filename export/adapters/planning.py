"""From layers to steps: how weights become a runnable plan when strides and activations cannot be seen in a file.

A search in order of likelihood: every layer offers the readings that its shape allows (convolution or transposed
convolution, the usual stride and padding of its kernel), and a plan holds only if every size fits the next layer up to
the end. What is left open is settled by habit, and said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from engine.errors import ValueProblem
from export.adapters.layers import Layer
from export.nets.steps import (
    ACTIVATIONS,
    Activation,
    ActivationWord,
    Conv,
    Crop,
    Enlarge,
    Grid,
    Linear,
    Norm,
    Step,
    Steps,
)

PICTURE_CHANNELS = (1, 3, 4)
SMALLEST_SIDE = 8
LARGEST_SIDE = 4096
MOST_PLANS = 16
MOST_ENDS = 4000  # how many combinations are looked at
_RESHAPED = 2  # an activation and the reshape: more modules than these between a matrix and a kernel enlarge
_TRANSPOSED_WORDS = ("deconv", "convt", "conv_t", "tconv", "transpose", "upconv", "up")


@dataclass(frozen=True)
class Habits:
    """What weights do not tell."""

    activation: ActivationWord = "relu"
    slope: float = 0.01
    output: ActivationWord = "none"
    eps: float = 1e-5                        # of all batch norms but one that opens the picture part
    enter: bool = True                       # an activation between the first matrix and the picture part
    padded: bool = True                      # strided kernels are padded so that sizes double; else not at all
    smooth: bool = False                     # enlarging is bilinear
    crop: tuple[int, int] | None = None      # (side, side it is cut to) after the layer that yields it
    strides: tuple[int, ...] = ()            # of the transposed convolutions in order, unpadded, in a known layout

    def act(self) -> Activation:
        """The activation between layers."""
        return Activation(self.activation, self.slope)


def set_by_hand(habits: Habits, settings: Mapping[str, Any]) -> Habits:
    """The habits with what a person set. Raises ValueProblem for an activation that is not known."""
    for name in ("activation", "output"):
        if settings.get(name, "none") not in ACTIVATIONS:
            raise ValueProblem(f"“{name}” cannot be “{settings[name]}”.", f"Known are {', '.join(ACTIVATIONS)}.", name)
    return replace(habits, **{name: settings[name] for name in ("activation", "slope", "output", "eps")
                              if name in settings})


@dataclass(frozen=True)
class Plan:
    """Steps that fit, and the picture they end in."""

    steps: Steps
    channels: int
    side: int

    def finished(self, word: ActivationWord) -> Steps:
        """The steps with the output's activation."""
        return self.steps if word == "none" else (*self.steps, Activation(word))


@dataclass(frozen=True)
class State:
    """Where a search stands: a vector of `channels` numbers (side 0) or a picture."""

    channels: int
    side: int
    steps: Steps = ()

    def then(self, *steps: Step, channels: int | None = None, side: int | None = None) -> State:
        """The state after more steps."""
        return State(self.channels if channels is None else channels, self.side if side is None else side,
                     (*self.steps, *steps))


def decoders(layers: Sequence[Layer], latent: int, habits: Habits) -> Iterator[Plan]:
    """Every plan from `latent` numbers to a picture that the layers allow, the likeliest first."""
    yield from islice(_pictures(layers, latent, habits), MOST_PLANS)


def square(numbers: int, channels: int) -> int:
    """The side of the square that `numbers` make with that many channels; 0 where they make none."""
    side = math.isqrt(numbers // channels) if channels else 0
    return side if side and channels * side * side == numbers else 0


def _pictures(layers: Sequence[Layer], latent: int, habits: Habits) -> Iterator[Plan]:
    """The ends of the search that are pictures."""
    for state in islice(_decode(layers, 0, State(latent, 0), habits), MOST_ENDS):
        if state.side:
            if state.channels in PICTURE_CHANNELS and state.side >= SMALLEST_SIDE:
                yield Plan(state.steps, state.channels, state.side)
            continue
        for channels in PICTURE_CHANNELS:
            side = square(state.channels, channels)
            if side >= SMALLEST_SIDE:
                yield Plan((*state.steps, Grid(channels, side)), channels, side)
                break


def _decode(layers: Sequence[Layer], number: int, state: State, habits: Habits) -> Iterator[State]:
    """The states after all layers from `number` on."""
    if number == len(layers):
        yield state
        return
    for entered in _between(layers, number, state, habits):
        for after in _one(layers[number], entered, habits):
            yield from _decode(layers, number + 1, _cut(after, habits), habits)


def _between(layers: Sequence[Layer], number: int, state: State, habits: Habits) -> Iterator[State]:
    """What may stand in front of a layer: nothing, an activation, an enlargement."""
    layer = layers[number]
    if not state.steps:
        yield state
        return
    unseen = layer.gap
    opening = layer.kind == "conv" and not state.side
    if opening and unseen is not None:
        unseen -= 1  # the reshape itself is a member of the list
    if isinstance(state.steps[-1], Norm) and isinstance(state.steps[-2], Grid) and unseen == 1:
        yield state.then(Enlarge(habits.smooth), side=2 * state.side)  # a norm opens the picture part: no activation
        return
    acted = _acted(layer, state, habits, unseen, opening=opening)
    if layer.kind == "conv" and state.side and (layer.lead or (unseen or 0) > 1 or _enlarged_unseen(layers, unseen)):
        yield acted.then(Enlarge(habits.smooth), side=2 * state.side)
    yield acted


def _acted(layer: Layer, state: State, habits: Habits, unseen: int | None, *, opening: bool) -> State:
    """With the activation where one belongs: never between a layer and its own norm, unless the list has a gap."""
    if unseen is None:
        only_matrix = all(isinstance(step, Linear | Grid) for step in state.steps)
        wanted = layer.kind != "norm" and (habits.enter or not (opening or only_matrix))
    else:
        wanted = unseen > 0
    return state.then(habits.act()) if wanted else state


def _enlarged_unseen(layers: Sequence[Layer], unseen: int | None) -> bool:
    """Whether plain convolutions outside any list must have been enlarged in between by the program."""
    return unseen is None and not any(layer.name.rpartition(".")[2].isdecimal() for layer in layers)


def _one(layer: Layer, state: State, habits: Habits) -> Iterator[State]:
    """The states after one layer; none when its sizes do not fit."""
    if layer.kind == "linear":
        if not state.side and layer.shape[1] == state.channels:
            yield state.then(Linear(layer.name, layer.shape[1], layer.shape[0], layer.bias), channels=layer.shape[0])
    elif layer.kind == "norm":
        yield from _normed(layer, state, habits)
    elif layer.kind == "conv" and layer.shape[2] == layer.shape[3]:
        for entered, transposed in _orientations(layer, state):
            enlarged = not state.side and not transposed and (layer.gap or 0) > _RESHAPED
            opened = entered.then(Enlarge(habits.smooth), side=2 * entered.side) if enlarged else entered
            yield from _conv(layer, opened, habits, transposed=transposed)


def _normed(layer: Layer, state: State, habits: Habits) -> Iterator[State]:
    """A batch norm of what there is; where a vector is longer than it, the picture part begins in front of it."""
    channels = layer.shape[0]
    if channels == state.channels:
        yield state.then(Norm(layer.name, channels, bool(state.side), habits.eps, layer.bias))
    elif not state.side and (side := square(state.channels, channels)):
        opened = state.then(Grid(channels, side), channels=channels, side=side)
        yield opened.then(Norm(layer.name, channels, picture=True, affine=layer.bias))


def _orientations(layer: Layer, state: State) -> Iterator[tuple[State, bool]]:
    """How a kernel can be read, the likelier reading first: (the state as a picture, transposed or not)."""
    first, second, kernel = layer.shape[:3]
    words = layer.name.lower().split(".")
    by_name = any(word.startswith(_TRANSPOSED_WORDS) for word in words) or (words[0], words[-1]) == ("final_layer", "0")
    readings = [(first, True), (second, False)]
    if first == second and kernel % 2 and not by_name:
        readings.reverse()
    for inputs, transposed in readings:
        if state.side and inputs == state.channels:
            yield state, transposed
        elif not state.side and (side := square(state.channels, inputs)):
            yield state.then(Grid(inputs, side), channels=inputs, side=side), transposed


def _conv(layer: Layer, state: State, habits: Habits, *, transposed: bool) -> Iterator[State]:
    """The usual geometries of a kernel in a decoder."""
    first, second, kernel = layer.shape[:3]
    inputs, outputs = (first, second) if transposed else (second, first)
    plain = Conv(layer.name, inputs, outputs, kernel, transposed=transposed, bias=layer.bias)
    place = sum(isinstance(step, Conv) for step in state.steps)
    for step in _geometries(plain, state.side, habits, place):
        side = step.side(state.side)
        if 0 < side <= LARGEST_SIDE:
            yield state.then(step, channels=outputs, side=side)


def _geometries(plain: Conv, side: int, habits: Habits, place: int) -> list[Conv]:
    """Stride and padding as they usually come with that kernel, at that place of the convolutions."""
    kernel = plain.kernel
    if place < len(habits.strides):
        return [replace(plain, stride=habits.strides[place])]
    if not plain.transposed:
        return [replace(plain, padding=kernel // 2)] if kernel % 2 else []
    if kernel == 1 or (side == 1 and kernel > 2):  # noqa: PLR2004 - two doubles, a larger kernel opens the picture
        return [plain]
    if not habits.padded:
        return [replace(plain, stride=2)]
    doubling = replace(plain, stride=2, padding=(kernel - 1) // 2, extra=kernel % 2)
    return [doubling, replace(plain, padding=kernel // 2)] if kernel % 2 else [doubling]


def _cut(state: State, habits: Habits) -> State:
    """With the crop that a habit knows of."""
    if habits.crop and state.side == habits.crop[0]:
        return state.then(Crop(habits.crop[1]), side=habits.crop[1])
    return state
