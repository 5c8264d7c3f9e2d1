"""The DCGAN of Radford, Metz and Chintala (2016) with classes (Mirza and Osindero 2014): generator and critic."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from export.train.digits.data import CLASSES

LATENT: Final = 32
_CLASS_NUMBERS: Final = 10


class Generator(nn.Module):
    """Noise and a digit to a picture, -1 paper to 1 ink."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(CLASSES, _CLASS_NUMBERS)
        self.main = nn.Sequential(
            nn.ConvTranspose2d(_CLASS_NUMBERS + LATENT, 96, 7, 1, 0, bias=False), nn.BatchNorm2d(96), nn.ReLU(),  # 7
            nn.ConvTranspose2d(96, 48, 4, 2, 1, bias=False), nn.BatchNorm2d(48), nn.ReLU(),                       # 14
            nn.ConvTranspose2d(48, 24, 4, 2, 1, bias=False), nn.BatchNorm2d(24), nn.ReLU(),                       # 28
            nn.Conv2d(24, 1, 3, 1, 1))                                         # a tanh follows
        self.apply(_as_radford)

    def draw(self, latent: Tensor, labels: Tensor) -> Tensor:
        """Pictures [batch, 1, 28, 28] of points and digits."""
        found: Tensor = self.main(torch.cat((self.embedding(labels), latent), 1)[:, :, None, None]).tanh()
        return found


class Critic(nn.Module):
    """How real a picture looks as that digit: high for real ones.

    Spectral norms (Miyato et al. 2018) keep it from running away from the generator, and the digit enters by projection
    (Miyato and Koyama 2018): the one of 2016 collapses on 1,437 pictures.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            spectral_norm(nn.Conv2d(1, 32, 4, 2, 1)), nn.LeakyReLU(0.2),       # 14 x 14
            spectral_norm(nn.Conv2d(32, 64, 4, 2, 1)), nn.LeakyReLU(0.2),      # 7 x 7
            nn.Flatten(), spectral_norm(nn.Linear(64 * 7 * 7, 128)), nn.LeakyReLU(0.2))
        self.verdict = spectral_norm(nn.Linear(128, 1))
        self.classes = spectral_norm(nn.Embedding(CLASSES, 128))

    def forward(self, pictures: Tensor, labels: Tensor) -> Tensor:
        """[batch] scores."""
        features = self.trunk(pictures)
        score: Tensor = self.verdict(features)[:, 0] + (features * self.classes(labels)).sum(1)
        return score


def critic_loss(critic: Critic, real: Tensor, drawn: Tensor, labels: Tensor) -> Tensor:
    """Real ones above 1, drawn ones below -1 (the hinge)."""
    return (functional.relu(1 - critic(real, labels)) + functional.relu(1 + critic(drawn, labels))).mean()


def generator_loss(critic: Critic, drawn: Tensor, labels: Tensor) -> Tensor:
    """The generator wants its pictures to be taken for real."""
    return -critic(drawn, labels).mean()


def _as_radford(module: nn.Module) -> None:
    """The paper's first weights: N(0, 0.02), gains around 1."""
    if isinstance(module, nn.ConvTranspose2d | nn.Conv2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
