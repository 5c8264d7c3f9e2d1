"""The weights of a StyleGAN2 generator, whatever layout held them; numbers as stored, gains not yet applied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

EPSILON = 1e-8
"""What keeps normalisation and demodulation from dividing by zero, in both layouts."""
SLOPE = 0.2
"""Leaky ReLU; its gain is the square root of two everywhere."""
FIR = (0.125, 0.375, 0.375, 0.125)
"""[1, 3, 3, 1], sum 1: the low-pass filter of every upsampling."""


@dataclass(frozen=True)
class Dense:
    """A fully connected layer: weight [out, in], bias [out]; both are multiplied by `rate`, the learning rate's share.

    The weight is multiplied by 1 / sqrt(in) besides (equalised learning rate).
    """

    weight: Array
    bias: Array
    rate: float = 1.0


@dataclass(frozen=True)
class Modulated:
    """A modulated convolution: weight [out, in, k, k], the affine map from w to its styles, and its bias [out]."""

    weight: Array
    style: Dense
    bias: Array


@dataclass(frozen=True)
class Styled(Modulated):
    """A 3 x 3 layer with demodulation, noise and leaky ReLU; `upsample` doubles the picture first.

    `strength` multiplies the noise; None: a network trained without noise. `noise` [height, width] is the constant.
    """

    upsample: bool
    strength: float | None
    noise: Array | None


@dataclass(frozen=True)
class Block:
    """All layers of one size in pixels: an upsampling layer (not in the first block), one more, and the way to RGB."""

    height: int
    width: int
    layers: tuple[Styled, ...]
    to_rgb: Modulated


@dataclass(frozen=True)
class Network:
    """A whole generator with the skip architecture (Karras et al. 2020).

    `embed` turns a class into a vector that is normalised and set behind z. `scaled`: convolution weights are
    multiplied by 1 / sqrt(fan-in) before demodulation, which only matters beside epsilon. `clamp` bounds what every
    convolution yields.
    """

    z_dim: int
    mapping: tuple[Dense, ...]
    constant: Array                          # [channels, height, width]
    blocks: tuple[Block, ...]
    embed: Dense | None = None
    mean: Array | None = None                # w_avg [w_dim]
    clamp: float | None = None
    scaled: bool = False
    fir: tuple[float, ...] = FIR             # four taps, symmetric, sum 1

    @property
    def w_dim(self) -> int:
        """The length of w."""
        return self.mapping[-1].weight.shape[0]

    @property
    def classes(self) -> int:
        """How many classes; 0: none."""
        return 0 if self.embed is None else self.embed.weight.shape[1]

    @property
    def rows(self) -> int:
        """Rows of w+: one a layer, and one for the last way to RGB."""
        return 2 * len(self.blocks)

    @property
    def channels(self) -> int:
        """Channels of the picture."""
        return self.blocks[-1].to_rgb.weight.shape[0]

    def row_of(self, block: int, layer: int) -> int:
        """The row of w+ that drives a layer; the way to RGB counts as the layer after the last."""
        return layer if block == 0 else 2 * block - 1 + layer

    def noisy(self) -> tuple[tuple[str, Block, Styled], ...]:
        """Every layer with noise in order, with the role of its noise input and its block."""
        layers = [(block, layer) for block in self.blocks for layer in block.layers if layer.strength is not None]
        return tuple((f"noise_{number}", block, layer) for number, (block, layer) in enumerate(layers))

    def style_weights(self) -> tuple[tuple[Array, ...], ...]:
        """The style weights [channels, w_dim] that each row of w+ drives, those on the way to RGB left out.

        Colour would otherwise rule the directions of every size (SeFa; rosinality's variant).
        """
        rows: list[list[Array]] = [[] for _ in range(self.rows)]
        for number, block in enumerate(self.blocks):
            for place, layer in enumerate(block.layers):
                rows[self.row_of(number, place)].append(layer.style.weight)
        return tuple(tuple(row) for row in rows)

    def cut(self, blocks: int) -> Network:
        """The same network ended after its first blocks: a smaller picture of the same subject."""
        return Network(self.z_dim, self.mapping, self.constant, self.blocks[:blocks], self.embed, self.mean,
                       self.clamp, self.scaled, self.fir)


def mapped(network: Network, z: NDArray[np.floating], classes: NDArray[np.int64] | None = None) -> Array:
    """Z [n, z_dim] (and a class each) through the mapping network -> w [n, w_dim], in numpy."""
    x = _normalised(np.asarray(z, np.float32))
    if network.embed is not None:
        labels = np.eye(network.classes, dtype=np.float32)[np.zeros(len(z), np.int64) if classes is None else classes]
        x = np.concatenate([x, _normalised(_dense(network.embed, labels))], axis=1)
    for layer in network.mapping:
        x = _dense(layer, x)
        x = np.maximum(x, x * np.float32(SLOPE)) * np.float32(np.sqrt(2.0))
    return np.asarray(x, np.float32)


def _normalised(x: Array) -> Array:
    """Every row divided by its root mean square."""
    return np.asarray(x / np.sqrt((x * x).mean(axis=1, keepdims=True) + np.float32(EPSILON)), np.float32)


def _dense(layer: Dense, x: Array) -> Array:
    gain = np.float32(layer.rate / np.sqrt(layer.weight.shape[1]))
    return np.asarray(x @ (layer.weight.T * gain) + layer.bias * np.float32(layer.rate), np.float32)
