"""Losses on distance fields."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from export.train.glyphs.geometry import SPREAD

_EDGE_PIXELS: Final = 2.2
_SOFT_PIXELS: Final = 0.7


def edge_loss(drawn: Tensor, target: Tensor) -> Tensor:
    """Mean absolute error, weighted up to six times near the target's edge so that hairlines survive."""
    weight = 1.0 + 5.0 * torch.exp(-((target * (SPREAD / _EDGE_PIXELS)) ** 2))
    return (weight * (drawn - target).abs()).mean()


def soft_iou_loss(drawn: Tensor, target: Tensor) -> Tensor:
    """1 - IoU of soft inside masks, a glyph at a time: a hairline counts as much as a slab. Fields [n, h, w]."""
    scale = SPREAD / _SOFT_PIXELS
    one, two = torch.sigmoid(drawn * scale), torch.sigmoid(target * scale)
    # Smaller over larger, not product over sum: only this form is 0 when both are equal.
    shared = torch.minimum(one, two).sum((-2, -1))
    total = torch.maximum(one, two).sum((-2, -1))
    return 1.0 - ((shared + 1.0) / (total + 1.0)).mean()


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL from N(0, I) in nats, averaged over the batch."""
    return 0.5 * (mean**2 + log_variance.exp() - 1.0 - log_variance).sum(1).mean()


def metrics_loss(guess: Tensor, target: Tensor) -> Tensor:
    """Smooth L1 of advances and middles in cap heights."""
    return functional.smooth_l1_loss(guess, target, beta=0.05)
