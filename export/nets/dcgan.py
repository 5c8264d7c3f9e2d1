"""Generators that know classes: the class's own vector beside the latent numbers (cGAN) or multiplied in (ACGAN).

Mirza and Osindero (2014); Odena, Olah and Shlens (2017).
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

Way = Literal["beside", "times"]


class ClassDecoder(nn.Module):
    """Latent [batch, dim] and condition [batch] -> (image [batch, channels, side, side],)."""

    def __init__(self, stack: nn.Module, embedding: Tensor, way: Way) -> None:
        """`embedding` is [classes, numbers]; "beside" puts it in front of the latent numbers."""
        super().__init__()
        self.stack = stack
        self.embedding = nn.Embedding.from_pretrained(embedding)
        self.way = way

    def forward(self, latent: Tensor, condition: Tensor) -> tuple[Tensor]:
        """Draw every latent point as its class."""
        vector = self.embedding(condition)
        mixed = vector * latent if self.way == "times" else torch.cat((vector, latent), dim=1)
        return (self.stack(mixed),)
