"""Training of reader and judge: minutes on one core; each has a log of JSON lines, and held-out figures at its end."""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.colors.oklab import from_hex, to_oklab
from export.train.palettes.nets import DIM, Judge, Reader

Net = TypeVar("Net", bound=nn.Module)
READER_STEPS, JUDGE_STEPS = 1500, 1500
HELD_OUT: Final = 10
COLOURS: Final = 5
"""Of a palette to learn from: nearly all have as many."""
_EVERY: Final = 250
_BATCH, _NOISE = 256, 0.04


def axes_of(vectors: np.ndarray) -> Tensor:
    """[384, 128]: the principal axes of the names' vectors, about the origin, so that likeness stays a cosine."""
    _, _, rows = np.linalg.svd(vectors.T @ vectors / len(vectors))
    return torch.tensor(rows[:DIM].T.copy(), dtype=torch.float32)


@dataclass(frozen=True)
class Shown:
    """Palettes with their prompts: what each means in some wordings [count, wordings, 384], OKLab [count, 5, 3]."""

    meanings: Tensor
    lab: Tensor
    share: float                             # of each batch

    def batch(self, dice: torch.Generator) -> tuple[Tensor, Tensor]:
        """Its share of a batch: prompts, each with one colour of its palette."""
        many = int(_BATCH * self.share)
        rows = torch.randint(len(self.lab), (many,), generator=dice)
        wordings = torch.randint(self.meanings.shape[1], (many,), generator=dice)
        return (self.meanings[rows, wordings],
                self.lab[rows, torch.randint(self.lab.shape[1], (many,), generator=dice)])


def train_reader(vectors: np.ndarray, colors: list[str], shown: Sequence[Shown], run: Path) -> Reader:
    """The reader, taught with nine of ten names and with palettes; noise on a vector stands for alike words."""
    torch.manual_seed(0)
    prompts = torch.tensor(vectors, dtype=torch.float32)
    lab = torch.tensor(to_oklab(from_hex(colors)), dtype=torch.float32)
    unseen = torch.arange(len(lab)) % HELD_OUT == 0
    known = (~unseen).nonzero()[:, 0]
    model = Reader(axes_of(vectors))
    named = _BATCH - sum(int(_BATCH * source.share) for source in shown)

    def loss(step: int) -> Tensor:
        """Mean surprise, in nats, at one batch: named colours and, after them, those that were shown."""
        dice = torch.Generator().manual_seed(step)
        rows = known[torch.randint(len(known), (named,), generator=dice)]
        asked, wanted = zip((prompts[rows], lab[rows]), *(source.batch(dice) for source in shown), strict=True)
        meant = torch.cat(asked)
        return model.surprise(functional.normalize(meant + _NOISE * torch.randn_like(meant), dim=1),
                              torch.cat(wanted)).mean()

    def held_out(kept: Reader) -> dict[str, float]:
        return {"held_out_nats": float(kept.surprise(prompts[unseen], lab[unseen]).mean())}

    return _trained(model, loss, held_out, READER_STEPS, 1e-3, run / "reader.jsonl")


def train_judge(palettes: Tensor, run: Path) -> Judge:
    """The judge [count, 5, 3]: palettes that people made against colours thrown together, and palettes disturbed."""
    torch.manual_seed(0)
    unseen = torch.arange(len(palettes)) % HELD_OUT == 0
    known, held = palettes[~unseen], palettes[unseen]
    model = Judge()

    def loss(step: int) -> Tensor:
        dice = torch.Generator().manual_seed(step)
        many = int(torch.randint(3, 6, (1,), generator=dice))
        real = known[torch.randint(len(known), (96,), generator=dice)][:, torch.randperm(5, generator=dice)[:many]]
        return _told_apart(model, turned(real, dice), thrown(known, 96, many, dice))

    def held_out(kept: nn.Module) -> dict[str, float]:
        dice = torch.Generator().manual_seed(99)
        real, other = kept(held), kept(thrown(held, 400, 5, dice))
        return {"held_out_told_apart": float((real[:, None] > other).float().mean())}

    return _trained(model, loss, held_out, JUDGE_STEPS, 1e-3, run / "judge.jsonl")


def thrown(palettes: Tensor, batch: int, many: int, dice: torch.Generator) -> Tensor:
    """What nobody made: colours of different palettes thrown together."""
    rows = torch.randint(len(palettes), (batch, many), generator=dice)
    return palettes[rows, torch.randint(palettes.shape[1], (batch, many), generator=dice)]


def turned(palettes: Tensor, dice: torch.Generator) -> Tensor:
    """The same palettes a little lighter or darker, stronger or weaker: a thousand are few."""
    light = 0.04 * torch.randn(len(palettes), 1, 1, generator=dice)
    strong = (0.15 * torch.randn(len(palettes), 1, 1, generator=dice)).exp()
    return torch.cat((palettes[..., :1] + light, palettes[..., 1:] * strong), 2)


def _told_apart(model: Judge, real: Tensor, other: Tensor) -> Tensor:
    return functional.softplus(-model(real)).mean() + functional.softplus(model(other)).mean()


def _trained(model: Net, loss: Callable[[int], Tensor], held_out: Callable[[Net], dict[str, float]],
                             steps: int, rate: float, log: Path) -> Net:
    """A cosine to nothing; what comes back is the average of the last weights."""
    optimiser = torch.optim.AdamW(model.parameters(), rate, weight_decay=0.02)
    average = copy.deepcopy(model).eval().requires_grad_(requires_grad=False)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)              # the log of one training, not of all
    begun = time.process_time()
    for step in range(steps):
        torch.manual_seed(step)
        for group in optimiser.param_groups:
            group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * step / steps)) * min(1.0, (step + 1) / 50)
        found = loss(step)
        optimiser.zero_grad()
        found.backward()
        optimiser.step()
        keep = min(0.995, (1 + step) / (10 + step))
        with torch.no_grad():
            for kept, new in zip(average.parameters(), model.parameters(), strict=True):
                kept.lerp_(new, 1 - keep)
        if (step + 1) % _EVERY == 0:
            with torch.no_grad():
                figures = held_out(average)
            line = {"step": step + 1, "cpu_seconds": round(time.process_time() - begun, 1),
                    "loss": round(float(found.detach()), 4)}
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line | {name: round(value, 4) for name, value in figures.items()}) + "\n")
    return average
