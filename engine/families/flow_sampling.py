"""From noise to a sample: what both kinds of flow packages share.

The last two samples are kept, so that colours, and where of two materials each shows, change without a run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.api import Plan, Progress, PromptReading, Recipe
from engine.diffusion import samplers
from engine.diffusion.guidance import guided
from engine.diffusion.noise import TorchNormal
from engine.diffusion.own import own_schedule
from engine.families.base import count, number, whole, word
from engine.families.base_prompt import open_prompt_encoder
from engine.families.flow_controls import parts_of
from engine.packages.manifest import Manifest
from engine.progress import ProgressSink
from engine.prompting import wildcards

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime

Sample = NDArray[np.float32]
Told = Mapping[str, NDArray[np.generic]]
"""What the network is told besides sample and time, by role, each for a batch of one."""

DRAFT_STEPS = 5
_KEPT = 2

LED = 0.6
"""Guidance leads that far: it decides what a sample becomes; later it only hardens edges (Kynkäänniemi et al. 2024)."""


class Sampler:
    """The velocity graph and the prompt encoder of one package."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        """Load both. Raises PackageError or ModelError."""
        self.flow, self.image = parts_of(manifest)
        self._encoder = open_prompt_encoder(manifest.prompt, runtime) if manifest.prompt is not None else None
        graph = manifest.graphs["velocity"]
        self._session = runtime.session(folder / graph.file, graph)
        self._kept: dict[bytes, Sample] = {}
        self.model_ms = 0.0

    @property
    def provider(self) -> str:
        """What really runs."""
        return self._session.provider

    def meaning(self, text: str, progress: ProgressSink) -> NDArray[np.float32]:
        """[1, dim] of a text; zeros of an empty one, which is no prompt."""
        if self._encoder is None:
            return np.zeros((1, 0), np.float32)
        if not text:
            return np.zeros((1, self._encoder.dim), np.float32)
        return self._encoder.embed([text], progress)

    def text(self, recipe: Recipe) -> str:
        """The prompt as the model reads it: alternatives drawn by the seed."""
        return wildcards.draw(word(recipe, "prompt"), whole(recipe, "seed")).strip() if self._encoder else ""

    def plan(self, recipe: Recipe) -> Plan:
        """How the prompt is read, and how many steps it takes."""
        steps = count(recipe, "steps")
        if self._encoder is None:
            return Plan(steps=steps)
        text = self.text(recipe)
        tokens, limit = self._encoder.count(text), self._encoder.context
        notes = wildcards.complaints(word(recipe, "prompt"))
        if tokens > limit:
            notes = (*notes, f"Only the first {limit} tokens of the prompt are read.")
        return Plan({"prompt": PromptReading(text, tokens, limit, "", notes)}, steps)

    def sample(self, recipe: Recipe, told: Told, free: Told, size: tuple[int, int], progress: ProgressSink,
               part: tuple[int, int] = (0, 1), *, draft: bool = False) -> Sample:
        """[channels, height, width], the same for the same arguments. `free` is `told` without what was asked for.

        `size` is height and width of the sample; `part` is which of how many samples of a picture, for the progress.
        A draft takes few steps and no guidance. Raises ModelError, Cancelled.
        """
        steps = DRAFT_STEPS if draft else count(recipe, "steps")
        scale = 1.0 if draft or self.flow.guidance <= 1 else number(recipe, "guidance")
        seed = whole(recipe, "seed")
        key = repr((seed, steps, scale, size)).encode() + b"".join(value.tobytes() for value in told.values())
        self.model_ms = 0.0
        if key in self._kept:
            return self._kept[key]
        while len(self._kept) >= _KEPT:
            del self._kept[next(iter(self._kept))]
        noise = TorchNormal(seed)
        start = noise.draw((1, self.flow.channels, *size))

        def denoise(x: Sample, moment: float, step: int) -> Sample:
            done, total = part[0] * steps + step, part[1] * steps
            progress.stepped(Progress(done, total, f"Step {done + 1} of {total}"))
            led = scale > 1 and moment < LED
            answers = self._answers(x, moment, told, free if led else None, progress)
            return guided(answers[1:], answers[:1], scale) if led else answers

        schedule = own_schedule(steps, shift=self.flow.early, sampler="flow_euler" if draft else "flow_heun")
        found: Sample = samplers.run(denoise, start, schedule, noise)[0]
        self._kept[key] = found
        return found

    def close(self) -> None:
        """Give the memory back."""
        self._session.close()
        if self._encoder is not None:
            self._encoder.close()

    def _answers(self, x: Sample, moment: float, told: Told, free: Told | None, progress: ProgressSink) -> Sample:
        """The velocity as told, and behind it the one without, where it is asked for."""
        batch = 1 if free is None else 2
        feeds: dict[str, NDArray[np.generic]] = {
            "sample": np.repeat(x, batch, axis=0), "time": np.full(batch, moment, np.float32)}
        for role, value in told.items():
            feeds[role] = value if free is None else np.concatenate((value, free[role]))
        begun = time.perf_counter()
        velocity: Sample = self._session.run(feeds, progress.cancel)["velocity"]
        self.model_ms += (time.perf_counter() - begun) * 1000
        return velocity
