"""What a plain feed-forward network does, step by step, as data: planned from names and shapes, built by `stack`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActivationWord = Literal["relu", "leaky", "elu", "silu", "gelu", "sigmoid", "tanh", "none"]
ACTIVATIONS: tuple[ActivationWord, ...] = ("relu", "leaky", "elu", "silu", "gelu", "sigmoid", "tanh", "none")


@dataclass(frozen=True)
class Linear:
    """[batch, inputs] -> [batch, outputs]."""

    name: str
    inputs: int
    outputs: int
    bias: bool = True


@dataclass(frozen=True)
class Conv:
    """A square convolution or transposed convolution; `extra` is torch's output_padding."""

    name: str
    inputs: int
    outputs: int
    kernel: int
    stride: int = 1
    padding: int = 0
    extra: int = 0
    transposed: bool = False
    bias: bool = True

    def side(self, side: int) -> int:
        """The side of the result for a picture of that side; not positive where it does not fit."""
        if self.transposed:
            return (side - 1) * self.stride - 2 * self.padding + self.kernel + self.extra
        return (side + 2 * self.padding - self.kernel) // self.stride + 1


@dataclass(frozen=True)
class Norm:
    """Batch normalisation with stored averages, of vectors or pictures."""

    name: str
    channels: int
    picture: bool
    eps: float = 1e-5
    affine: bool = True


@dataclass(frozen=True)
class Activation:
    """An elementwise function; `slope` is for "leaky"."""

    word: ActivationWord
    slope: float = 0.01


@dataclass(frozen=True)
class Grid:
    """[batch, channels * side * side] -> [batch, channels, side, side]."""

    channels: int
    side: int


@dataclass(frozen=True)
class Flatten:
    """[batch, channels, side, side] -> [batch, channels * side * side]."""


@dataclass(frozen=True)
class Enlarge:
    """Twice the width and height."""

    smooth: bool = False                     # bilinear; otherwise every pixel becomes a block


@dataclass(frozen=True)
class Pool:
    """Half the width and height, the largest of every block of four."""


@dataclass(frozen=True)
class Crop:
    """The upper left square of that side."""

    side: int


Step = Linear | Conv | Norm | Activation | Grid | Flatten | Enlarge | Pool | Crop
Steps = tuple[Step, ...]
