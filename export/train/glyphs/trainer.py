"""The training loop: cosine schedule, averaged weights, atomic resumable checkpoints, a log of JSON lines."""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn


class Stage(Protocol):
    """What a stage of the recipe tells the loop."""

    name: str
    model: nn.Module

    def parameters(self) -> list[nn.Parameter]:
        """The weights this stage trains."""
        ...

    def loss(self, step: int) -> tuple[Tensor, dict[str, float]]:
        """Loss of the batch that belongs to this step, and figures for the log."""
        ...

    def evaluate(self) -> dict[str, float]:
        """Held-out figures of the model as it stands."""
        ...

    def state(self) -> dict[str, float]:
        """Numbers besides weights that a resumed run needs."""
        ...

    def restore(self, state: dict[str, float]) -> None:
        """Take back what `state` gave."""
        ...


@dataclass(frozen=True)
class Plan:
    """How long and how fast: the cosine ends at `steps`; a longer plan simply bends the curve anew."""

    steps: int
    rate: float
    warm_up: int = 100
    floor: float = 0.02
    average: float = 0.998
    clip: float = 1.0
    decay: float = 0.01
    save_every: int = 500
    log_every: int = 50
    evaluate_every: int = 500

    def rate_at(self, step: int) -> float:
        """Learning rate: linear warm-up, then a cosine down to `floor` times the peak."""
        if step < self.warm_up:
            return self.rate * (step + 1) / self.warm_up
        share = min((step - self.warm_up) / max(self.steps - self.warm_up, 1), 1.0)
        return self.rate * (self.floor + (1.0 - self.floor) * 0.5 * (1.0 + math.cos(math.pi * share)))


class Trainer:
    """Runs one stage; everything it knows is in one checkpoint file."""

    def __init__(self, stage: Stage, plan: Plan, folder: Path) -> None:
        """`folder` receives <stage>.pt and <stage>.jsonl."""
        self.stage, self.plan, self.folder = stage, plan, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.weights = stage.parameters()
        self.optimiser = torch.optim.AdamW(
            self.weights, lr=plan.rate, betas=(0.9, 0.99), weight_decay=plan.decay, foreach=True
        )
        self.average = {name: value.detach().clone() for name, value in self._floats()}
        self.step, self.cpu_seconds = 0, 0.0

    @property
    def path(self) -> Path:
        """The checkpoint."""
        return self.folder / f"{self.stage.name}.pt"

    def _floats(self) -> list[tuple[str, Tensor]]:
        """Weights and running statistics, by name."""
        return [(name, value) for name, value in self.stage.model.state_dict().items() if value.is_floating_point()]

    def save(self) -> None:
        """Write the checkpoint beside the old one, then swap: a kill at any moment leaves one that loads."""
        state = {
            "step": self.step,
            "cpu_seconds": self.cpu_seconds,
            "model": self.stage.model.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "stage": self.stage.state(),
        }
        draft = self.path.with_suffix(".tmp")
        torch.save(state, draft)
        draft.replace(self.path)

    def resume(self) -> bool:
        """Continue from the checkpoint, if there is one."""
        if not self.path.is_file():
            return False
        state: dict[str, Any] = torch.load(self.path, weights_only=True)
        self.stage.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimiser.load_state_dict(state["optimiser"])
        self.stage.restore(state["stage"])
        self.step, self.cpu_seconds = state["step"], state["cpu_seconds"]
        return True

    def run(self, until: int | None = None) -> None:
        """Train to the end of the plan, or only to step `until`."""
        last = min(until or self.plan.steps, self.plan.steps)
        sums: defaultdict[str, float] = defaultdict(float)
        started, count = time.process_time(), 0
        while self.step < last:
            for name, value in self._one_step().items():
                sums[name] += value
            count += 1
            if self.step % self.plan.log_every == 0 or self.step == last:
                now = time.process_time()
                self.cpu_seconds += now - started
                per_step = (now - started) / count
                self._log({name: total / count for name, total in sums.items()} | {"cpu_per_step": per_step})
                sums.clear()
                started, count = now, 0
            if self.step % self.plan.evaluate_every == 0 or self.step == last:
                self._log(self.evaluate_average())
            if self.step % self.plan.save_every == 0 or self.step == last:
                self.save()

    def _one_step(self) -> dict[str, float]:
        """Forward, backward, update, average."""
        self.stage.model.train()
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(self.step)
        loss, figures = self.stage.loss(self.step)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.weights, self.plan.clip, foreach=True)
        self.optimiser.step()
        # A young average must forget quickly, or it would remember the random start.
        keep = min(self.plan.average, (1.0 + self.step) / (10.0 + self.step))
        names = self._floats()
        with torch.no_grad():
            torch._foreach_lerp_([self.average[name] for name, _ in names], [value for _, value in names], 1.0 - keep)
        self.step += 1
        return figures | {"loss": float(loss.detach()), "norm": float(norm)}

    def evaluate_average(self) -> dict[str, float]:
        """Held-out figures of the averaged weights; the training weights are put back afterwards."""
        own = {name: value.clone() for name, value in self.stage.model.state_dict().items()}
        self.stage.model.load_state_dict(self.average, strict=False)
        self.stage.model.eval()
        with torch.inference_mode():
            figures = {f"held_out_{name}": value for name, value in self.stage.evaluate().items()}
        self.stage.model.load_state_dict(own)
        return figures

    def _log(self, figures: dict[str, float]) -> None:
        """One JSON line."""
        line = {"step": self.step, "cpu_minutes": round(self.cpu_seconds / 60, 2), "time": time.strftime("%H:%M:%S")}
        line |= {"rate": round(self.plan.rate_at(self.step), 7)}
        line |= {name: round(value, 5) for name, value in figures.items()}
        with (self.folder / f"{self.stage.name}.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
