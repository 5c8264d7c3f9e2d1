"""A small convolutional autoencoder of one distance field: its decoder draws, its encoder makes training cheap."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

CODE_CHANNELS: Final = 16
CODE_SIDE: Final = 8
CODE: Final = CODE_CHANNELS * CODE_SIDE * CODE_SIDE
"""Numbers in the code of one glyph."""


class FieldEncoder(nn.Module):
    """Field [n, 1, 128, 128] -> code [n, 1024] of about unit variance. Used in training only, never shipped."""

    def __init__(self, width: int = 32) -> None:
        """`width` is the number of channels at 32x32; it doubles at every halving."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(16, width, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
            nn.SiLU(),
            nn.Conv2d(2 * width, 4 * width, 4, stride=2, padding=1),
            nn.SiLU(),
            nn.Conv2d(4 * width, CODE_CHANNELS, 3, padding=1),
        )
        self.norm = nn.BatchNorm1d(CODE, affine=False, momentum=0.02)

    def forward(self, field: Tensor) -> Tensor:
        """Code of every field; normalised per number over the batch so that equal noise means equal harm."""
        code = self.layers(field.contiguous(memory_format=torch.channels_last))
        normed: Tensor = self.norm(code.contiguous().flatten(1))
        return normed


class FieldRenderer(nn.Module):
    """Code [n, 1024] -> field [n, 1, 128, 128] in about -1..1. Most work happens at 16x16: it is cheap there."""

    def __init__(self, width: int = 64) -> None:
        """`width` is the number of channels at 8x8 and at 16x16."""
        super().__init__()
        self.enter = nn.Conv2d(CODE_CHANNELS, width, 3, padding=1)
        self.to_16 = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.at_16 = nn.Conv2d(width // 2, width, 3, padding=1)
        self.more_16 = nn.Conv2d(width, width, 3, padding=1)
        self.to_32 = nn.Conv2d(width, 2 * width, 1)
        self.more_32 = nn.Conv2d(width // 2, width // 2, 3, padding=1)
        self.to_128 = nn.Conv2d(width // 2, 16, 3, padding=1)
        for late in (self.more_16, self.more_32):
            # Residual branches that begin silent: they may be added to a trained renderer without a jump.
            nn.init.zeros_(late.weight)
            nn.init.zeros_(late.bias)

    def forward(self, code: Tensor) -> Tensor:
        """Draw every code."""
        grid = code.reshape(-1, CODE_CHANNELS, CODE_SIDE, CODE_SIDE).contiguous(memory_format=torch.channels_last)
        x = functional.silu(self.enter(grid))
        x = functional.pixel_shuffle(functional.silu(self.to_16(x)), 2)
        x = functional.silu(self.at_16(x.contiguous(memory_format=torch.channels_last)))
        x = x + functional.silu(self.more_16(x))
        x = functional.pixel_shuffle(functional.silu(self.to_32(x)), 2)
        x = x.contiguous(memory_format=torch.channels_last)
        x = self.to_128(x + functional.silu(self.more_32(x)))
        return functional.pixel_shuffle(x, 4)
