"""Training of both models: a loop for each, resumable, with a log of JSON lines."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from export.train.digits.data import CLASSES, Digits, load
from export.train.digits.gan import LATENT, Critic, Generator, critic_loss, generator_loss
from export.train.digits.vae import Vae

STEPS: Final = {"vae": 3000, "gan": 6000, "judge": 800}
_BATCH: Final = 64
_KEEP: Final = 0.998
_EVERY: Final = 100


class Judge(nn.Sequential):
    """A small classifier: it says which digit a drawn picture looks like. Its 64 features measure likeness as well."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(1, 24, 5, 2, 2), nn.ReLU(), nn.Conv2d(24, 48, 5, 2, 2), nn.ReLU(), nn.Flatten(),
            nn.Dropout(0.3), nn.Linear(48 * 49, 64), nn.ReLU(), nn.Linear(64, CLASSES))

    def features(self, pictures: Tensor) -> Tensor:
        """[batch, 64], before the last matrix."""
        for layer in list(self)[:-1]:
            pictures = layer(pictures)
        return pictures


class Run:
    """One training: everything it knows is in one file, so that it may be killed and goes on where it was."""

    def __init__(self, folder: Path, name: str, parts: dict[str, Any]) -> None:
        """`parts` are modules and optimisers by name."""
        self.path, self.log_path, self.parts = folder / f"{name}.pt", folder / f"{name}.jsonl", parts
        self.step, self.cpu_seconds = 0, 0.0
        folder.mkdir(parents=True, exist_ok=True)
        if self.path.is_file():
            state = torch.load(self.path, weights_only=True)
            self.step, self.cpu_seconds = state["step"], state["cpu_seconds"]
            for key, part in parts.items():
                part.load_state_dict(state[key])

    def go(self, steps: int, one_step: Callable[[int], dict[str, Tensor]],
           held_out: Callable[[], dict[str, float]]) -> None:
        """Steps up to `steps`, each with a seed of its own; a line in the log every hundred."""
        begun = time.process_time()
        while self.step < steps:
            torch.manual_seed(self.step)
            figures = one_step(self.step)
            self.step += 1
            if self.step % _EVERY == 0 or self.step == steps:
                now = time.process_time()
                self.cpu_seconds, begun = self.cpu_seconds + now - begun, now
                self._log({name: float(value.detach()) for name, value in figures.items()} | held_out())
                self._save()

    def _log(self, figures: dict[str, float]) -> None:
        line = {"step": self.step, "cpu_seconds": round(self.cpu_seconds, 1)}
        with self.log_path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line | {name: round(value, 4) for name, value in figures.items()}) + "\n")

    def _save(self) -> None:
        """Beside the old one, then swapped: a kill at any moment leaves a file that loads."""
        draft = self.path.with_suffix(".tmp")
        torch.save({"step": self.step, "cpu_seconds": self.cpu_seconds}
                   | {name: part.state_dict() for name, part in self.parts.items()}, draft)
        draft.replace(self.path)


def train_vae(folder: Path, steps: int) -> None:
    """The autoencoder; the log holds the bound on held-out digits in nats."""
    torch.manual_seed(0)
    known, unseen = load()
    model = Vae()
    average = copy.deepcopy(model).requires_grad_(requires_grad=False)
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    run = Run(folder, "vae", {"model": model, "average": average, "optimiser": optimiser})

    def one_step(step: int) -> dict[str, Tensor]:
        loss = model.loss(*known.batch(_dice(step), _BATCH))
        _descend(optimiser, loss, 1e-3 * (1 - step / steps) + 1e-5)
        _follow(average, model, step)
        return {"loss": loss}

    run.go(steps, one_step, lambda: _bound(average, unseen))


def train_gan(folder: Path, steps: int) -> None:
    """Generator against critic, one step each; what ships is the generator's average over the last steps."""
    torch.manual_seed(0)
    known, _ = load()
    generator, critic = Generator(), Critic()
    average = copy.deepcopy(generator).requires_grad_(requires_grad=False)
    ours = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.999))
    theirs = torch.optim.Adam(critic.parameters(), 4e-4, (0.5, 0.999))
    run = Run(folder, "gan", {"generator": generator, "critic": critic, "average": average, "ours": ours,
                              "theirs": theirs})

    def one_step(step: int) -> dict[str, Tensor]:
        """The critic learns from real and drawn digits, then the generator from the critic."""
        real, labels = known.batch(_dice(step), _BATCH)
        drawn = generator.draw(torch.randn(_BATCH, LATENT), labels)
        judged = critic_loss(critic, 2 * real - 1, drawn.detach(), labels)
        _descend(theirs, judged, 4e-4 * (1 - step / steps) + 1e-6)
        lost = generator_loss(critic, drawn, labels)
        _descend(ours, lost, 2e-4 * (1 - step / steps) + 1e-6)
        _follow(average, generator, step)
        return {"critic": judged, "generator": lost}

    run.go(steps, one_step, dict)


def train_judge(folder: Path, steps: int) -> None:
    """The classifier that judges both."""
    torch.manual_seed(0)
    known, unseen = load()
    judge = Judge()
    optimiser = torch.optim.Adam(judge.parameters(), 1e-3)
    run = Run(folder, "judge", {"model": judge, "optimiser": optimiser})

    def one_step(step: int) -> dict[str, Tensor]:
        """One batch of the classifier."""
        judge.train()
        pictures, labels = known.batch(_dice(step), _BATCH)
        loss = nn.functional.cross_entropy(judge(pictures), labels)
        _descend(optimiser, loss, 1e-3 * (1 - step / steps) + 1e-5)
        return {"loss": loss}

    def right() -> dict[str, float]:
        judge.eval()
        with torch.no_grad():
            return {"right": float((judge(unseen.pictures).argmax(1) == unseen.labels).float().mean())}

    run.go(steps, one_step, right)


def _bound(model: Vae, digits: Digits) -> dict[str, float]:
    """The held-out bound and its part that is the straying, nats a digit."""
    with torch.no_grad():
        drawing, straying = model.bound(digits.pictures, digits.labels)
    return {"held_out_nats": float((drawing + straying).mean()), "held_out_kl": float(straying.mean())}


def _dice(step: int) -> torch.Generator:
    """The dice of a step: a resumed run sees the same digits as an unbroken one."""
    return torch.Generator().manual_seed(step)


def _descend(optimiser: torch.optim.Optimizer, loss: Tensor, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def _follow(average: nn.Module, model: nn.Module, step: int) -> None:
    """Move an average of the weights, and of running statistics, a little towards the newest."""
    keep = min(_KEEP, (1 + step) / (10 + step))
    with torch.no_grad():
        for kept, new in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
            if kept.is_floating_point():
                kept.lerp_(new, 1 - keep)
            else:
                kept.copy_(new)
