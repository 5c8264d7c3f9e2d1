"""What both layouts of StyleGAN2 share: reading a tensor of a known shape, or saying what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import CheckpointError
from export.checkpoint.source import Checkpoint
from export.nets.stylegan2_weights import Dense, Network

Array = NDArray[np.float32]
Shape = tuple[int | None, ...]
"""None stands for any length."""


@dataclass(frozen=True)
class Found:
    """What a layout recognised by names and shapes: which one, where its tensors are, sizes and reasons."""

    layout: str                              # words for a person: "NVIDIA's layout (stylegan2-ada-pytorch)"
    prefix: str                              # before every name: "decoder." in checkpoints of encoders
    sizes: Mapping[str, int]                 # width, height, channels, z_dim, w_dim, rows, classes, mapping_layers
    reasons: tuple[str, ...]
    guesses: tuple[str, ...] = ()


class Layout(Protocol):
    """One way to name the tensors of a generator."""

    def recognise(self, checkpoint: Checkpoint) -> Found | None:
        """By names and shapes. Raises CheckpointError for a relative that cannot be converted, by its name."""
        ...

    def read(self, checkpoint: Checkpoint, found: Found) -> Network:
        """The weights. Raises CheckpointError where one is missing or of the wrong shape."""
        ...


@dataclass(frozen=True)
class Reader:
    """Reads tensors of one checkpoint below a prefix."""

    checkpoint: Checkpoint
    prefix: str = ""

    def has(self, name: str) -> bool:
        """Whether there is a tensor of that name."""
        return self.prefix + name in self.checkpoint

    def shape(self, name: str) -> tuple[int, ...]:
        """Its shape. Raises CheckpointError where it is missing."""
        shape = self.checkpoint.shape(self.prefix + name)
        if shape is None:
            raise CheckpointError(f"The weights of this StyleGAN2 are not complete: “{name}” is missing.",
                                  "Save the checkpoint again, with the whole state of the generator.",
                                  str(self.checkpoint.path))
        return shape

    def array(self, name: str, *shapes: Shape) -> Array:
        """Its numbers as float32, in one of `shapes` (any, without `shapes`). Raises CheckpointError."""
        shape = self.shape(name)
        if shapes and not any(_fits(shape, one) for one in shapes):
            raise CheckpointError(f"“{name}” has the shape {_told(shape)}, where {_told(shapes[0])} belongs.",
                                  "The file mixes two networks or was cut: save the checkpoint again.",
                                  str(self.checkpoint.path))
        values = self.checkpoint[self.prefix + name].real()
        if not np.isfinite(values).all():
            raise CheckpointError(f"“{name}” holds numbers that are not finite.",
                                  "The training broke down there: take an earlier checkpoint.",
                                  str(self.checkpoint.path))
        return values

    def dense(self, name: str, inputs: int | None, rate: float = 1.0) -> Dense:
        """A fully connected layer `name`.weight and `name`.bias; `inputs` is the width that comes in, if known."""
        weight = self.array(f"{name}.weight", (None, inputs))
        return Dense(weight, self.array(f"{name}.bias", (len(weight),)), rate)


def reasons(constant: str, blocks: str, mapping: str, sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Why it is a StyleGAN2: names of the constant, of the blocks and of the mapping layers, with what they tell."""
    told = [f"`{constant}`: the learned constant that a picture grows from",
            f"{blocks}: {sizes['rows'] // 2} blocks, pictures of {sizes['width']} × {sizes['height']}",
            f"{mapping}: a mapping network, {sizes['z_dim']} numbers in, {sizes['w_dim']} out"]
    if sizes["classes"]:
        told.append(f"an embedding of {sizes['classes']} classes")
    return tuple(told)


def count(reader: Reader, pattern: str, first: int = 0) -> int:
    """How many of `pattern` with {} = first, first + 1 ... there are without a gap."""
    number = first
    while reader.has(pattern.format(number)):
        number += 1
    return number - first


def prefix_of(checkpoint: Checkpoint, mark: str) -> str | None:
    """What stands before the tensor whose name ends with `mark`; None where there is no such tensor."""
    return next((name[:-len(mark)] for name in checkpoint if name == mark or name.endswith("." + mark)), None)


def fir_line(kernel: Array, gain: float, subject: str) -> tuple[float, ...]:
    """The four taps of a stored filter [4, 4] whose sum is `gain`. Raises CheckpointError for any other filter."""
    line = kernel.astype(np.float64).sum(axis=0) / gain
    fits = (np.allclose(np.outer(line, line) * gain, kernel, atol=1e-5) and np.allclose(line, line[::-1], atol=1e-6)
            and abs(line.sum() - 1) < 1e-4)  # noqa: PLR2004 stored in single precision
    if not fits:
        raise CheckpointError("This StyleGAN2 was trained with a resampling filter of another kind.",
                              "Symmetric filters of four taps are known, such as the usual 1, 3, 3, 1.", subject)
    return tuple(float(tap) for tap in line / line.sum())


def _fits(shape: tuple[int, ...], wanted: Shape) -> bool:
    return len(shape) == len(wanted) and all(one in (None, length) for one, length in zip(wanted, shape, strict=True))


def _told(shape: Shape) -> str:
    return " × ".join("any" if length is None else str(length) for length in shape) or "a single number"
