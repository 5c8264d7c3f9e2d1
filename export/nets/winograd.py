"""3 x 3 convolutions with a quarter of the multiplications: Winograd's F(4 x 4, 3 x 3), in standard operators.

ONNX Runtime has no such kernel on processors, so the graph itself spells it out (Lavin and Gray 2016): tiles of 6 x 6
pixels, 4 apart, go through a small fixed transform, 36 matrix products replace the convolution, and a fixed transform
leads back to 4 x 4 pixels a tile. Measured on one core of an AVX2 machine: 512 channels at 32 x 32 in 19 ms instead of
51, 128 channels at 128 x 128 in 33 instead of 52; with 64 channels it no longer pays. On whole StyleGAN2 networks,
also with styles over four orders of magnitude, it is no further from double precision than the plain convolution is:
shorter sums make up for the transforms.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

Double = NDArray[np.float64]

TILE: Final = 4
_PATCH: Final = TILE + 2
_PLACES: Final = _PATCH * _PATCH
# Roots that belong together as x and 1 / x: a quarter of the rounding error of the textbook's 1 and 2.
_POINTS: Final = (0.0, math.sqrt(0.5), -math.sqrt(0.5), math.sqrt(2.0), -math.sqrt(2.0))
_LEAST_CHANNELS: Final = 128
_LEAST_PIXELS: Final = 256


def pays(channels: int, height: int, width: int) -> bool:
    """Whether a 3 x 3 convolution of that size is quicker this way; below, moving the tiles costs what they save."""
    fits = height % TILE == 0 and width % TILE == 0
    return fits and channels >= _LEAST_CHANNELS and height * width >= _LEAST_PIXELS


class WinogradConv(nn.Module):
    """A 3 x 3 convolution with a border of one zero; height and width are multiples of 4."""

    def __init__(self, weight: Double, height: int, width: int) -> None:
        """`weight` [out, in, 3, 3]. It stays as small in the file: the runtime transforms it while it loads."""
        super().__init__()
        self.out, self.inputs = weight.shape[:2]
        self.height, self.width = height, width
        gather, spread, collect = _transforms()
        self.weight = _single(weight.reshape(self.out * self.inputs, 9).T)                       # [9, out * in]
        self.spread = _single(np.kron(spread, spread))                                           # [36, 9]
        self.gather = _single(np.kron(gather, gather).reshape(_PLACES, 1, _PATCH, _PATCH))
        self.collect = _single(np.kron(collect, collect).T.reshape(_PLACES, 1, TILE, TILE))

    def forward(self, x: Tensor) -> Tensor:
        """X [n, in, h, w] -> [n, out, h, w]."""
        tiles = (self.height // TILE, self.width // TILE)
        kernels = (self.spread @ self.weight).reshape(_PLACES, self.out, self.inputs)
        x = functional.conv2d(x.reshape(-1, 1, self.height, self.width), self.gather, stride=TILE, padding=1)
        x = x.reshape(-1, self.inputs, _PLACES, tiles[0] * tiles[1]).transpose(1, 2)             # [n, 36, in, tiles]
        x = (kernels @ x).transpose(1, 2).reshape(-1, _PLACES, *tiles)                           # [n * out, 36, ...]
        x = functional.conv_transpose2d(x, self.collect, stride=TILE)
        return x.reshape(-1, self.out, self.height, self.width)


def _transforms() -> tuple[Double, Double, Double]:
    """Of the picture [6, 6], of the kernel [6, 3], and of the products [4, 6], along one axis.

    Toom and Cook's multiplication of polynomials, transposed. Every row of the first and every column of the last has
    length 1, so that half precision holds what passes between them; the kernels take up the difference.
    """
    def powers(count: int) -> Double:
        rows = [[point ** exponent for exponent in range(count)] for point in _POINTS]
        return np.array([*rows, [0.0] * (count - 1) + [1.0]])

    gather = np.linalg.inv(powers(_PATCH)).T
    collect = powers(TILE).T
    lengths = np.linalg.norm(gather, axis=1), np.linalg.norm(collect, axis=0)
    return gather / lengths[0][:, None], powers(3) * (lengths[0] * lengths[1])[:, None], collect / lengths[1]


def _single(values: NDArray[np.floating]) -> nn.Parameter:
    return nn.Parameter(torch.from_numpy(np.ascontiguousarray(values, np.float32)), requires_grad=False)
