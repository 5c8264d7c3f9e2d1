"""The auto-encoder of latent diffusion in two halves, without the drawing of random numbers (Rombach et al. 2022)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

_LEAST, _MOST = -30.0, 20.0      # of the logarithm of the variance, as diffusers clamps it


class PictureDecoder(nn.Module):
    """Latent, as it is outside of the denoiser (divided by its scale), to picture."""

    def __init__(self, network: Any) -> None:
        """`network` is an AutoencoderKL; only its second half is kept."""
        super().__init__()
        self.post_quant_conv = network.post_quant_conv
        self.decoder = network.decoder

    def forward(self, latent: torch.Tensor) -> tuple[torch.Tensor]:
        """Latent [batch, channels, height, width] -> image [batch, 3, factor × height, factor × width] in -1 .. 1."""
        return (self.decoder(latent if self.post_quant_conv is None else self.post_quant_conv(latent)),)


class PictureEncoder(nn.Module):
    """Picture to the latent's mean and the logarithm of its variance."""

    def __init__(self, network: Any) -> None:
        """`network` is an AutoencoderKL; only its first half is kept."""
        super().__init__()
        self.encoder = network.encoder
        self.quant_conv = network.quant_conv

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Image [batch, 3, height, width] in -1 .. 1 -> mean and logvar, each [batch, channels, h / factor, ...]."""
        moments = self.encoder(image)
        if self.quant_conv is not None:
            moments = self.quant_conv(moments)
        mean, logvar = moments.chunk(2, dim=1)
        return mean, logvar.clamp(_LEAST, _MOST)
