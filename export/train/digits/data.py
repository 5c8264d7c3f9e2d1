"""The digits: 1,797 of them, 8 x 8 pixels of 17 greys (Alpaydin and Kaynak 1998), enlarged to 28 x 28."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

SIDE: Final = 28
_MARGIN: Final = 1
"""White pixels of the set put around each digit."""
CLASSES: Final = 10
_STEEPNESS: Final = 6.0
_SHIFT, _TURN, _SIZE, _SLANT = 0.06, 0.12, 0.08, 0.15


@dataclass(frozen=True)
class Digits:
    """Pictures float32 [count, 1, 28, 28] from 0 (paper) to 1 (ink), and which digit each one is."""

    pictures: Tensor
    labels: Tensor

    def batch(self, dice: torch.Generator, size: int) -> tuple[Tensor, Tensor]:
        """`size` digits at random, each moved, turned, sized and slanted a little."""
        chosen = torch.randint(len(self.labels), (size,), generator=dice)
        return moved(self.pictures[chosen], dice), self.labels[chosen]


def load() -> tuple[Digits, Digits]:
    """Digits to learn from and digits held out: every fifth one."""
    from sklearn.datasets import load_digits

    found = load_digits()
    pictures = sharpened(torch.tensor(found.images, dtype=torch.float32)[:, None] / 16)
    labels = torch.tensor(found.target)
    held_out = torch.arange(len(labels)) % 5 == 0
    return Digits(pictures[~held_out], labels[~held_out]), Digits(pictures[held_out], labels[held_out])


def sharpened(small: Tensor) -> Tensor:
    """[count, 1, 8, 8] to 28 x 28: smooth between the pixels, then a steep tone curve makes a pen's edge of it.

    The digits of the set fill their frame from edge to edge; here they get a margin, or they could not be moved about.
    """
    framed = functional.pad(small, (_MARGIN,) * 4)
    large = functional.interpolate(framed, (SIDE, SIDE), mode="bicubic", align_corners=False)
    return ((large - 0.5) * _STEEPNESS).sigmoid()


def moved(pictures: Tensor, dice: torch.Generator) -> Tensor:
    """The same pictures, each by an affine map of its own: 1,437 digits are few, and a hand never repeats itself."""
    count = len(pictures)
    shift, turn, size, slant = (
        limit * (2 * torch.rand(count, 2, generator=dice) - 1) for limit in (_SHIFT, _TURN, _SIZE, _SLANT))
    cosine, sine = turn[:, 0].cos(), turn[:, 0].sin()
    across = torch.stack((cosine * (1 + size[:, 0]), slant[:, 0] - sine, shift[:, 0]), 1)
    down = torch.stack((sine, cosine * (1 + size[:, 1]), shift[:, 1]), 1)
    grid = functional.affine_grid(torch.stack((across, down), 1), list(pictures.shape), align_corners=False)
    return functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False).clamp(0, 1)
