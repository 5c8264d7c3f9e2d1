"""The reader: what a prompt means, as materials, settings and colours; a small network behind the sentence encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from export.train.textures.captions import COLORS, Caption
from export.train.textures.classes import CLASSES, SETTINGS

PROMPT: Final = 384
_WIDTH: Final = 512
_SHAKEN: Final = 0.04


class Reader(nn.Module):
    """prompt [batch, 384], unit vectors -> mix [batch, classes], settings [batch, 5], OKLab palette [batch, 5, 3]."""

    def __init__(self, width: int = _WIDTH) -> None:
        """Random weights."""
        super().__init__()
        self.body = nn.Sequential(nn.Linear(PROMPT, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.kind = nn.Linear(width, len(CLASSES))
        self.setting = nn.Linear(width, len(SETTINGS))
        self.color = nn.Linear(width, 3 * COLORS)

    def forward(self, prompt: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The meaning."""
        x = self.body(prompt * PROMPT**0.5)
        return self.kind(x).softmax(1), self.setting(x).sigmoid(), self.color(x).view(-1, COLORS, 3)


@dataclass(frozen=True)
class Meanings:
    """Captions as arrays: vectors [n, 384], mix, settings, colours, and whether a colour was named."""

    vectors: NDArray[np.float32]
    mix: NDArray[np.float32]
    settings: NDArray[np.float32]
    colors: NDArray[np.float32]
    named: NDArray[np.bool_]


def meanings(captions: list[Caption], vectors: NDArray[np.float32]) -> Meanings:
    """The captions with their vectors."""
    return Meanings(vectors, np.stack([each.mix for each in captions]), np.stack([each.settings for each in captions]),
                    np.stack([each.colors for each in captions]), np.array([each.named for each in captions]))


def train_reader(taught: Meanings, epochs: int, rate: float = 1e-3, batch: int = 256) -> Reader:
    """A reader of `taught`; the same for the same arguments."""
    torch.manual_seed(0)
    model = Reader()
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.05)
    rng = np.random.default_rng(3)
    total = epochs * (len(taught.mix) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=total, pct_start=0.1)
    for _ in range(total):
        places = rng.integers(0, len(taught.mix), batch)
        vectors = taught.vectors[places] + _SHAKEN * rng.standard_normal((batch, PROMPT), dtype=np.float32)
        mix, settings, colors = model(torch.from_numpy(vectors))
        loss = -(torch.from_numpy(taught.mix[places]) * mix.clamp_min(1e-6).log()).sum(1).mean()
        loss = loss + 4.0 * functional.mse_loss(settings, torch.from_numpy(taught.settings[places]))
        loss = loss + 60.0 * functional.mse_loss(colors, torch.from_numpy(taught.colors[places]))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
    return model.eval()


def examine(model: Reader, held: Meanings) -> dict[str, float]:
    """How well captions are read: right first material, right among two, settings told, colours near (OKLab)."""
    with torch.inference_mode():
        mix, settings, colors = (value.numpy() for value in model(torch.from_numpy(held.vectors)))
    wanted, order = held.mix.argmax(1), np.argsort(-mix, axis=1)
    apart = np.linalg.norm(colors - held.colors, axis=2).mean(1)
    neutral = np.median(held.settings, axis=0)
    told = held.settings != neutral                              # an adjective was given
    right = np.sign(settings - neutral) == np.sign(held.settings - neutral)
    blended = (held.mix > 0).sum(1) > 1
    both = np.array([set(np.flatnonzero(row)) == set(top[:2]) for row, top in zip(held.mix[blended], order[blended],
                                                                                strict=True)])
    return {"first": float((order[:, 0] == wanted).mean()),
            "among_two": float((order[:, :2] == wanted[:, None]).any(1).mean()),
            "both_of_two": float(both.mean()), "setting_side": float(right[told].mean()),
            "color_apart_named": float(apart[held.named].mean()), "color_apart": float(apart.mean())}
