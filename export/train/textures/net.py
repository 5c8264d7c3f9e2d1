"""The flow network: a tile on its way from noise to a material; what it should become, in; the velocity, out.

Flow matching (Lipman et al. 2023) on the straight path. Patches of four pixels, gated depthwise blocks on three levels
(ConvNeXt, Liu et al. 2022) with scale, shift and gate from the hint. Every convolution wraps around the edges and every
norm looks at one place only, so any multiple of 16 pixels is a tile without a seam.

Two things make it learn from few tiles. It draws the tile itself, from which the velocity follows: noise need not pass
through it (Li and He 2025). And it is told where each place lies in a lattice that closes on the tile, as sines and
cosines: a brick or a hexagon is then a matter of its neighbourhood, and keeps its order at every size.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from export.train.textures.canvas import HEXAGON
from export.train.textures.classes import CLASSES, OCTAVES, SETTINGS, SMALLEST

CHANNELS: Final = 2
PATCH: Final = 4
MULTIPLE: Final = 4 * PATCH
"""Sides of a tile: two halvings below the patches."""

_WIDTHS: Final = (64, 128, 256)
_BLOCKS: Final = (2, 2, 4)
_HINT: Final = 256
_WAVES: Final = 32
_KERNEL: Final = 5
_SMALL: Final = 1e-6
_PHASES: Final = 12
_FINE: Final = 48
_LAST: Final = 0.05
"""The rest of the way below which a velocity is no longer taken as larger."""


def rms(x: Tensor) -> Tensor:
    """[batch, channels, height, width] with each place brought to power 1."""
    return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + _SMALL)


def phases(scale: Tensor, height: int, width: int, moved: tuple[int, int] = (0, 0)) -> Tensor:
    """[batch, 12, height / 4, width / 4]: where each patch lies in the lattice of its tile, whatever the tile's size.

    Sine and cosine over one and two cells, across, down, and down in rows of hexagons; `scale` is [batch] in 0..1,
    `moved` is how far a tile was rolled down and across.
    """
    cell = SMALLEST * torch.exp2(OCTAVES * scale)
    down, across = (torch.arange(PATCH // 2, side, PATCH, dtype=scale.dtype) - shift
                    for side, shift in zip((height, width), moved, strict=True))
    planes = []
    for place, side, wide in ((across, width, 1.0), (down, height, 1.0), (down, height, HEXAGON)):
        cells = torch.clamp(2.0 * torch.round(side / (2.0 * wide * cell)), min=2.0)
        angle = (math.pi / side) * cells[:, None] * place[None]
        waves = torch.stack((angle.sin(), angle.cos(), (2.0 * angle).sin(), (2.0 * angle).cos()), dim=1)
        planes.append(waves[:, :, None, :] if place is across else waves[:, :, :, None])
    size = (-1, -1, height // PATCH, width // PATCH)
    return torch.cat([plane.expand(size) for plane in planes], dim=1)


class Block(nn.Module):
    """Norm, a depthwise look around, two products over the channels, a gate."""

    def __init__(self, width: int) -> None:
        """Random weights."""
        super().__init__()
        self.around = nn.Conv2d(width, width, _KERNEL, padding=_KERNEL // 2, padding_mode="circular", groups=width)
        self.hint = nn.Linear(_HINT, 3 * width)
        self.wide = nn.Conv2d(width, 2 * width, 1)
        self.narrow = nn.Conv2d(2 * width, width, 1)
        nn.init.zeros_(self.hint.weight)
        nn.init.zeros_(self.hint.bias)

    def forward(self, x: Tensor, hint: Tensor) -> Tensor:
        """[batch, width, h, w] and [batch, hint] -> [batch, width, h, w]."""
        scale, shift, gate = self.hint(hint)[:, :, None, None].chunk(3, dim=1)
        y = rms(self.around(x)) * (1.0 + scale) + shift
        return x + (1.0 + gate) * self.narrow(functional.silu(self.wide(y)))


class Lattice(nn.Module):
    """What a material makes of a place in its lattice, before any noise is looked at."""

    def __init__(self, width: int) -> None:
        """Random weights, but silent at first."""
        super().__init__()
        self.read = nn.Conv2d(_PHASES, 2 * width, 1)
        self.hint = nn.Linear(_HINT, 4 * width)
        self.bend = nn.Conv2d(2 * width, 2 * width, 1)
        self.write = nn.Conv2d(2 * width, width, 1)
        nn.init.zeros_(self.write.weight)
        nn.init.zeros_(self.write.bias)

    def forward(self, place: Tensor, hint: Tensor) -> Tensor:
        """[batch, 12, h, w] and [batch, hint] -> [batch, width, h, w]."""
        scale, shift = self.hint(hint)[:, :, None, None].chunk(2, dim=1)
        y = self.bend(functional.silu(self.read(place))) * (1.0 + scale) + shift
        return self.write(functional.silu(y))


class Fine(nn.Module):
    """The last look, at patches of two pixels: patches of four cannot tell the finest grain from noise."""

    def __init__(self, width: int) -> None:
        """Random weights, but silent at first: an older network goes on from where it was."""
        super().__init__()
        self.look = nn.Conv2d(2 * CHANNELS * 4, width, 3, padding=1, padding_mode="circular")
        self.hint = nn.Linear(_HINT, 2 * width)
        self.write = nn.Conv2d(width, CHANNELS * 4, 3, padding=1, padding_mode="circular")
        for part in (self.hint, self.write):
            nn.init.zeros_(part.weight)
            nn.init.zeros_(part.bias)

    def forward(self, tile: Tensor, sample: Tensor, hint: Tensor) -> Tensor:
        """The tile as drawn so far and the sample, both [batch, 2, h, w] -> the tile."""
        scale, shift = self.hint(hint)[:, :, None, None].chunk(2, dim=1)
        y = self.look(functional.pixel_unshuffle(torch.cat((tile, sample), dim=1), 2))
        return tile + functional.pixel_shuffle(self.write(functional.silu(y * (1.0 + scale) + shift)), 2)


class TextureFlow(nn.Module):
    """sample [b, 2, h, w], time [b], mix [b, classes], settings [b, 5] in 0..1 -> velocity like sample.

    A mix of zeros is "anything": what guidance leads away from.
    """

    waves: Tensor

    def __init__(self, widths: tuple[int, ...] = _WIDTHS, blocks: tuple[int, ...] = _BLOCKS) -> None:
        """Random weights; small `widths` for tests."""
        super().__init__()
        self.enter = nn.Conv2d(CHANNELS * PATCH * PATCH + _PHASES, widths[0], 1)
        self.lattice = Lattice(widths[0])
        self.leave = nn.Conv2d(widths[0], CHANNELS * PATCH * PATCH, 1)
        self.fine = Fine(_FINE)
        self.kind = nn.Linear(len(CLASSES), _HINT)
        self.setting = nn.Sequential(nn.Linear(len(SETTINGS), _HINT), nn.SiLU(), nn.Linear(_HINT, _HINT))
        self.moment = nn.Linear(2 * _WAVES, _HINT)
        self.mixer = nn.Sequential(nn.SiLU(), nn.Linear(_HINT, _HINT), nn.SiLU())
        self.down = nn.ModuleList(nn.Conv2d(4 * a, b, 1) for a, b in pairwise(widths))
        self.up = nn.ModuleList(nn.Conv2d(b, 4 * a, 1) for a, b in pairwise(widths))
        self.before = nn.ModuleList(nn.ModuleList(Block(w) for _ in range(n))
                                    for w, n in zip(widths, blocks, strict=True))
        self.after = nn.ModuleList(nn.ModuleList(Block(w) for _ in range(n))
                                   for w, n in zip(widths[:-1], blocks[:-1], strict=True))
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)
        self.register_buffer("waves", torch.exp(torch.linspace(0.0, math.log(200.0), _WAVES)))

    def forward(self, sample: Tensor, time: Tensor, mix: Tensor, settings: Tensor,
                moved: tuple[int, int] = (0, 0), *, mirrored: bool = False) -> Tensor:
        """The velocity; `moved` and `mirrored` tell what was done to the tiles in training."""
        angles = time[:, None] * self.waves[None]
        moment = self.moment(torch.cat((angles.sin(), angles.cos()), dim=1))
        hint = self.mixer(moment + self.kind(mix) + self.setting(settings * 2.0 - 1.0))
        place = phases(settings[:, 0], sample.shape[2], sample.shape[3], moved)
        place = place.flip(3) if mirrored else place
        x = self.enter(torch.cat((functional.pixel_unshuffle(sample, PATCH), place), dim=1)) + self.lattice(place, hint)
        kept = []
        for level, blocks in enumerate(self.before):
            for block in blocks:
                x = block(x, hint)
            if level < len(self.down):
                kept.append(x)
                x = self.down[level](functional.pixel_unshuffle(x, 2))
        for level in range(len(self.down) - 1, -1, -1):
            x = kept[level] + functional.pixel_shuffle(self.up[level](x), 2)
            for block in self.after[level]:
                x = block(x, hint)
        tile = self.fine(functional.pixel_shuffle(self.leave(rms(x)), PATCH), sample, hint)
        return (tile - sample) / torch.clamp(1.0 - time, min=_LAST)[:, None, None, None]
