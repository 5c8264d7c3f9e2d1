"""The encoder of a VAE as a graph of its own: a trunk of plain steps and two heads."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.nets.stack import Stack


class Encoder(nn.Module):
    """Picture [batch, channels, side, side] -> (mean [batch, dim], log variance [batch, dim])."""

    def __init__(self, trunk: Stack, mean: Stack, spread: Stack | None, factor: float = 1.0) -> None:
        """Without `spread` the mean's layer yields both, mean first; `factor` makes a log variance of its number."""
        super().__init__()
        self.trunk = trunk
        self.mean = mean
        self.spread = spread
        self.factor = factor

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Where every picture lies in the latent space, and how surely."""
        features = self.trunk(image)
        if self.spread is None:
            mean, spread = torch.chunk(self.mean(features), 2, dim=1)
        else:
            mean, spread = self.mean(features), self.spread(features)
        return mean, spread * self.factor
