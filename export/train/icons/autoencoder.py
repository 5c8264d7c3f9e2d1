"""Fields to small latents and back: what the flow learns in, and the decoder that is shipped."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

CHANNELS: Final = 16
GRID: Final = 6
_WIDE, _MIDDLE, _FINE = 192, 96, 32


class Block(nn.Module):
    """Two convolutions and a sum; norm over each channel group keeps the first steps calm."""

    def __init__(self, channels: int) -> None:
        """Random weights; the last convolution starts at zero."""
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        return x + self.second(functional.silu(self.first(functional.silu(self.norm(x)))))


class Encoder(nn.Module):
    """Field [batch, 1, 48, 48] -> latent [batch, 16, 6, 6], each channel of unit variance over the training set."""

    def __init__(self) -> None:
        """Random weights."""
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(4), nn.Conv2d(16, _MIDDLE, 3, padding=1), Block(_MIDDLE),
            nn.PixelUnshuffle(2), nn.Conv2d(4 * _MIDDLE, _WIDE, 1), Block(_WIDE), nn.GroupNorm(8, _WIDE), nn.SiLU(),
            nn.Conv2d(_WIDE, CHANNELS, 1), nn.BatchNorm2d(CHANNELS, affine=False, momentum=0.02),
        )  # fmt: skip

    def forward(self, field: Tensor) -> Tensor:
        """The latent."""
        return self.body(field)


class Decoder(nn.Module):
    """Latent [batch, 16, 6, 6] -> field [batch, 1, 48, 48] in units of the spread, positive inside."""

    def __init__(self) -> None:
        """Random weights."""
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(CHANNELS, _WIDE, 3, padding=1), Block(_WIDE), Block(_WIDE),
            nn.Conv2d(_WIDE, 4 * _MIDDLE, 1), nn.PixelShuffle(2), Block(_MIDDLE), Block(_MIDDLE),
            nn.Conv2d(_MIDDLE, 4 * _FINE, 3, padding=1), nn.PixelShuffle(2), Block(_FINE), nn.SiLU(),
            nn.Conv2d(_FINE, 4, 3, padding=1), nn.PixelShuffle(2),
        )  # fmt: skip

    def forward(self, latent: Tensor) -> Tensor:
        """The field, clamped to -1..1."""
        return self.body(latent).clamp(-1.0, 1.0)


class Autoencoder(nn.Module):
    """Both halves."""

    def __init__(self) -> None:
        """Random weights; channels last, which is three times as fast here."""
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()
        self.to(memory_format=torch.channels_last)

    def forward(self, field: Tensor, noise: Tensor) -> Tensor:
        """The field again, through a latent with some noise."""
        return self.decoder.body(self.encoder(field) + noise)


def field_loss(drawn: Tensor, field: Tensor, spread: float) -> Tensor:
    """Absolute error, six times heavier at the edge, and how wrong the ink is where it is nearly sure of itself."""
    near = torch.exp(-(field * spread / 2.2).square())
    edge = ((1.0 + 5.0 * near) * (drawn - field).abs()).mean()
    sharp = 2.0 * spread
    target = torch.sigmoid(sharp * field)
    return edge + 0.2 * functional.binary_cross_entropy_with_logits(sharp * drawn, target)


def overlap(drawn: Tensor, field: Tensor) -> Tensor:
    """Intersection over union of the ink, [batch]; both upsampled, as they will be drawn."""
    ours, theirs = (functional.interpolate(x, scale_factor=4.0, mode="bicubic") > 0 for x in (drawn, field))
    return (ours & theirs).sum((1, 2, 3)) / (ours | theirs).sum((1, 2, 3)).clamp_min(1)
