"""The variational autoencoder of Kingma and Welling (2014), told which digit to draw (Kingma et al. 2014, M2)."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from export.train.digits.data import CLASSES, SIDE

LATENT: Final = 12
_CLASS_NUMBERS: Final = 10
_PIXELS: Final = SIDE * SIDE
_BETA: Final = 2.0
"""How much straying counts (Higgins et al. 2017). At 1 every fifth digit drawn at random was no digit at all: the
encoder, which is not told the digit, keeps each kind in a place of its own, and the places between them are empty."""


class Vae(nn.Module):
    """Encoder: picture to mean and log variance. Decoder: a point and a digit to the chance of ink in each pixel.

    The encoder is not told which digit it sees. As the decoder is, the latent numbers have no need to say it: they
    learn what is left, which is the hand.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 4, 2, 1), nn.ReLU(),                              # 14 x 14
            nn.Conv2d(32, 64, 4, 2, 1), nn.ReLU(),                             # 7 x 7
            nn.Flatten(), nn.Linear(64 * 7 * 7, 128), nn.ReLU())
        self.fc_mu = nn.Linear(128, LATENT)
        self.fc_var = nn.Linear(128, LATENT)
        self.embedding = nn.Embedding(CLASSES, _CLASS_NUMBERS)
        self.decoder = nn.Sequential(
            nn.Linear(_CLASS_NUMBERS + LATENT, 64 * 7 * 7), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
            nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(),                    # 14 x 14
            nn.ConvTranspose2d(32, 32, 4, 2, 1), nn.ReLU(),                    # 28 x 28
            nn.Conv2d(32, 1, 3, 1, 1))                                         # a sigmoid follows

    def encode(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance [batch, LATENT] of where each picture lies."""
        features = self.encoder(pictures)
        return self.fc_mu(features), self.fc_var(features)

    def logits(self, latent: Tensor, labels: Tensor) -> Tensor:
        """The decoder before its sigmoid: the loss is steadier there."""
        found: Tensor = self.decoder(torch.cat((self.embedding(labels), latent), 1))
        return found

    def draw(self, latent: Tensor, labels: Tensor) -> Tensor:
        """Pictures [batch, 1, 28, 28] of points and digits."""
        return self.logits(latent, labels).sigmoid()

    def bound(self, pictures: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """The two terms of the evidence bound in nats a picture, [batch] each: drawing anew, straying from N(0, I).

        Their sum bounds -log p(picture | digit) from above.
        """
        mean, log_variance = self.encode(pictures)
        latent = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        drawing = functional.binary_cross_entropy_with_logits(self.logits(latent, labels), pictures, reduction="none")
        straying = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)
        return drawing.flatten(1).sum(1), straying.sum(1)

    def loss(self, pictures: Tensor, labels: Tensor) -> Tensor:
        """The bound with straying made dearer, for a pixel on average: the rate need not know the size."""
        drawing, straying = self.bound(pictures, labels)
        return (drawing + _BETA * straying).mean() / _PIXELS
