"""The flow network: a tile on its way from noise to a material; what it should become, in; the velocity, out.

Flow matching (Lipman et al. 2023) on the straight path. Patches of eight pixels, gated depthwise blocks on three levels
(ConvNeXt, Liu et al. 2022) with scale, shift and gate from the hint (adaLN-zero, Peebles and Xie 2023). Every
convolution wraps around the edges and every norm looks at one place only, so any multiple of 32 pixels is a seamless tile.
"""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from export.train.textures.classes import CLASSES, SETTINGS

CHANNELS: Final = 2
PATCH: Final = 8
MULTIPLE: Final = 4 * PATCH
"""Sides of a tile: two halvings below the patches."""

_WIDTHS: Final = (160, 224, 320)
_BLOCKS: Final = (2, 3, 2)
_HINT: Final = 256
_WAVES: Final = 32
_KERNEL: Final = 5
_SMALL: Final = 1e-6


def rms(x: Tensor) -> Tensor:
    """[batch, channels, height, width] with each place brought to power 1."""
    return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + _SMALL)


class Block(nn.Module):
    """Norm, a depthwise look around, two products over the channels, a gate that starts shut."""

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
        return x + gate * self.narrow(functional.silu(self.wide(y)))


class TextureFlow(nn.Module):
    """sample [b, 2, h, w], time [b], mix [b, classes], settings [b, 5] in 0..1 -> velocity like sample.

    A mix of zeros is "anything": what guidance leads away from.
    """

    waves: Tensor

    def __init__(self, widths: tuple[int, ...] = _WIDTHS, blocks: tuple[int, ...] = _BLOCKS) -> None:
        """Random weights; small `widths` for tests."""
        super().__init__()
        self.enter = nn.Conv2d(CHANNELS * PATCH * PATCH, widths[0], 1)
        self.leave = nn.Conv2d(widths[0], CHANNELS * PATCH * PATCH, 1)
        self.kind = nn.Linear(len(CLASSES), _HINT)
        self.setting = nn.Sequential(nn.Linear(len(SETTINGS), _HINT), nn.SiLU(), nn.Linear(_HINT, _HINT))
        self.moment = nn.Linear(2 * _WAVES, _HINT)
        self.mixer = nn.Sequential(nn.SiLU(), nn.Linear(_HINT, _HINT), nn.SiLU())
        self.down = nn.ModuleList(nn.Conv2d(4 * a, b, 1) for a, b in zip(widths, widths[1:], strict=False))
        self.up = nn.ModuleList(nn.Conv2d(b, 4 * a, 1) for a, b in zip(widths, widths[1:], strict=False))
        self.before = nn.ModuleList(nn.ModuleList(Block(w) for _ in range(n))
                                    for w, n in zip(widths, blocks, strict=True))
        self.after = nn.ModuleList(nn.ModuleList(Block(w) for _ in range(n))
                                   for w, n in zip(widths[:-1], blocks[:-1], strict=True))
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)   # type: ignore[arg-type]
        self.register_buffer("waves", torch.exp(torch.linspace(0.0, math.log(200.0), _WAVES)))

    def forward(self, sample: Tensor, time: Tensor, mix: Tensor, settings: Tensor) -> Tensor:
        """The velocity."""
        angles = time[:, None] * self.waves[None]
        moment = self.moment(torch.cat((angles.sin(), angles.cos()), dim=1))
        hint = self.mixer(moment + self.kind(mix) + self.setting(settings * 2.0 - 1.0))
        x = self.enter(functional.pixel_unshuffle(sample, PATCH))
        kept = []
        for level, blocks in enumerate(self.before):
            for block in blocks:                                           # type: ignore[union-attr]
                x = block(x, hint)
            if level < len(self.down):
                kept.append(x)
                x = self.down[level](functional.pixel_unshuffle(x, 2))
        for level in range(len(self.down) - 1, -1, -1):
            x = kept[level] + functional.pixel_shuffle(self.up[level](x), 2)
            for block in self.after[level]:                                # type: ignore[union-attr]
                x = block(x, hint)
        return functional.pixel_shuffle(self.leave(rms(x)), PATCH)
