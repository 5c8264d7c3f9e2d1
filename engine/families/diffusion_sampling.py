"""The way from the first noise to a latent: guidance, inpainting, seamless edges, told step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.cancel import CancelToken
from engine.diffusion import guidance, tiles
from engine.diffusion.noise import TorchNormal
from engine.diffusion.samplers import SAMPLERS
from engine.diffusion.schedules import Schedule, make_schedule
from engine.errors import PackageError
from engine.families.diffusion_controls import diffusion_of, guidance_port
from engine.families.diffusion_job import Job
from engine.families.diffusion_net import Denoiser
from engine.families.diffusion_source import Beginning
from engine.families.diffusion_words import Told
from engine.packages.manifest import Manifest
from engine.packages.onnxfile import survey

Numbers = NDArray[np.float32]
_SCORES = {"sd1": (1, 8), "sd2": (1, 5), "sdxl": (2, 10), "ddpm": (1, 0)}
"""Kind -> by how much the sides of the largest attention are smaller than the latent's, and its heads."""

_FUSED = ("MultiHeadAttention", "Attention", "GroupQueryAttention")
_CELL = 45_000
"""Bytes of work for each cell of the latent beside attention scores; 180 MB were measured at 64 x 64 cells."""


class Sampling:
    """Runs a schedule over the denoiser.

    A seamless picture is a torus: before each step the latent is rolled by another amount (along the edges that go
    on) and the answer is rolled back, so that the network's own edges fall elsewhere every time and no place is the
    seam; the decoder then sees cells of the other side beyond each edge (`Darkroom`).
    """

    def __init__(self, folder: Path, manifest: Manifest, denoiser: Denoiser) -> None:
        """Raises PackageError for a scheduler that cannot be followed."""
        operators = survey(folder / manifest.graphs["unet"].file).operators
        self._fused = any(name in operators for name in _FUSED)    # then the scores of all pairs never lie in memory
        self._diffusion = diffusion_of(manifest)
        self._denoiser = denoiser
        port = guidance_port(manifest)
        self._width = port.shape[-1] if port is not None and isinstance(port.shape[-1], int) else 256
        self.guided_by_input = port is not None
        self._config = {**self._diffusion.scheduler, "prediction_type": self._diffusion.prediction}
        self._name = manifest.name
        self._made("euler", 1, 1.0)

    def schedule(self, job: Job) -> Schedule:
        """The steps of a job."""
        return self._made(job.sampler, job.steps, job.source.strength if job.source is not None else 1.0)

    def noise(self, job: Job) -> TorchNormal:
        """The stream of random numbers that the seed names."""
        return TorchNormal(job.seed)

    def run(self, job: Job, schedule: Schedule, beginning: Beginning, told: tuple[Told | None, Told | None],
            noise: TorchNormal, look: Callable[[int, Numbers], None], cancel: CancelToken) -> Numbers:
        """The finished latent [1, channels, height, width]. Raises ModelError, Cancelled."""
        if beginning.clean is not None and job.source is not None and job.source.strength == 0:
            return beginning.clean
        extra = self._extra(job)
        heard = [told[0]] if not job.guided or self.guided_by_input or told[1] is None else [told[1], told[0]]
        work = self.work(job)

        def network(sample: Numbers, moment: float, step: int) -> Numbers:
            """What the network says, guided."""
            del step
            answers = self._denoiser.answers(sample, moment, heard, extra, work, cancel)
            return answers[0] if len(answers) == 1 else guidance.guided(answers[0], answers[1], job.guidance)

        seamless = tiles.around(network, job.wrap)

        def denoise(x: Numbers, moment: float, step: int) -> Numbers:
            """The same of x and what an inpainting network sees beside it."""
            return seamless(x if beginning.seen is None else np.concatenate((x, beginning.seen), axis=1), moment, step)

        def on_step(step: int, x: Numbers, clean: Numbers) -> Numbers | None:
            """Put back what the mask leaves, as noisy as the rest."""
            look(step, clean)
            if beginning.anew is None or beginning.clean is None:
                return None
            left = schedule.noised(beginning.clean, beginning.first, step + 1)
            return beginning.anew * x + (np.float32(1) - beginning.anew) * left

        return SAMPLERS[schedule.sampler](denoise, beginning.x, schedule, noise, on_step)

    def work(self, job: Job) -> int:
        """Bytes that one run of the denoiser takes beside its weights, about: scores of attention, and all the rest."""
        smaller, heads = _SCORES[self._diffusion.kind]
        cells = (job.width // self._diffusion.factor) * (job.height // self._diffusion.factor)
        scores = 0 if self._fused else 2 * 4 * heads * (cells // smaller**2) ** 2
        return scores + _CELL * cells

    def _extra(self, job: Job) -> dict[str, Numbers]:
        """Inputs that stay the same for a whole run, [1, ...] each."""
        extra: dict[str, Numbers] = {}
        if self.guided_by_input:
            extra["timestep_cond"] = guidance.embedded(job.guidance, self._width)
        if self._denoiser.takes("time_ids"):
            extra["time_ids"] = np.array([[job.height, job.width, 0, 0, job.height, job.width]], np.float32)
        if job.condition is not None:
            extra["condition"] = np.array([job.condition], np.float32)
        return extra

    def _made(self, sampler: str, steps: int, strength: float) -> Schedule:
        try:
            return make_schedule(self._config, sampler, steps, strength)
        except (ValueError, TypeError) as error:
            raise PackageError(f"The scheduler of “{self._name}” cannot be followed: {error}",
                               "Ask the author of the package to correct scheduler_config.json.", self._name) from error
