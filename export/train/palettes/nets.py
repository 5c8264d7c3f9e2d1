"""Both networks: prompt to a mixture of colours (Bishop 1994), palette to a score (deep sets, Zaheer et al. 2017)."""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor, nn

PROMPT: Final = 384
DIM: Final = 128
MODES: Final = 8
_WIDTH: Final = 256


class Reader(nn.Module):
    """A prompt's vector [batch, 384] -> its query among the names [batch, 128], and which colours it may mean."""

    def __init__(self, axes: Tensor) -> None:
        """`axes` [384, 128] are the principal axes of the names' vectors."""
        super().__init__()
        self.register_buffer("axes", axes)
        self.trunk = nn.Sequential(nn.Linear(PROMPT, _WIDTH), nn.SiLU(), nn.Dropout(0.2), nn.Linear(_WIDTH, _WIDTH),
                                   nn.SiLU(), nn.Dropout(0.2))
        self.head = nn.Linear(_WIDTH, 7 * MODES)

    def forward(self, prompt: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Query, logits [batch, 8], OKLab means and spreads [batch, 8, 3]."""
        query = nn.functional.normalize(prompt @ self.axes, dim=1)
        told = self.head(self.trunk(prompt * math.sqrt(PROMPT)))
        means = told[:, MODES:4 * MODES].unflatten(1, (MODES, 3))
        middle = torch.tensor([0.65, 0.0, 0.0])
        spreads = nn.functional.softplus(told[:, 4 * MODES:].unflatten(1, (MODES, 3))) * 0.15 + 0.025
        return query, told[:, :MODES], means * 0.3 + middle, spreads

    def surprise(self, prompt: Tensor, lab: Tensor) -> Tensor:
        """-log p(colour | prompt) [batch], in nats."""
        _, logits, means, spreads = self(prompt)
        z = (lab[:, None] - means) / spreads
        each = logits.log_softmax(1) - 0.5 * z.square().sum(2) - spreads.log().sum(2) - 1.5 * math.log(2 * math.pi)
        return -each.logsumexp(1)


class Judge(nn.Module):
    """Palettes [batch, count, 3] in OKLab -> [batch] scores; the order of the colours does not count."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Sequential(nn.Linear(4, 64), nn.SiLU(), nn.Linear(64, 64))
        self.two = nn.Sequential(nn.Linear(10, 64), nn.SiLU(), nn.Linear(64, 64))
        self.all = nn.Sequential(nn.Linear(192, 96), nn.SiLU(), nn.Dropout(0.2), nn.Linear(96, 1))

    def forward(self, colors: Tensor) -> Tensor:
        """What each colour is, what each two are to each other, and the most of both."""
        scaled = (colors - torch.tensor([0.65, 0.0, 0.0])) * torch.tensor([3.0, 8.0, 8.0])
        chroma = scaled[..., 1:].square().sum(-1, keepdim=True).add(1e-6).sqrt()
        told = torch.cat((scaled, chroma), -1)
        count = colors.shape[1]
        left, right = told[:, :, None].expand(-1, -1, count, -1), told[:, None].expand(-1, count, -1, -1)
        apart = left - right
        along = left[..., 1:2] * right[..., 1:2] + left[..., 2:3] * right[..., 2:3]
        turn = along / (left[..., 3:] * right[..., 3:] + 0.1)
        pair = torch.cat((apart.abs(), left + right, turn, apart.square().sum(-1, keepdim=True)), -1)
        pairs = self.two(pair).flatten(1, 2)
        seen = torch.cat((self.one(told).mean(1), pairs.mean(1), pairs.amax(1)), 1)
        score: Tensor = self.all(seen)[:, 0]
        return score
