"""An opened diffusion package: words, a beginning, the way from noise to a latent, and its picture."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Plan, Progress, Recipe
from engine.errors import PackageError
from engine.families.base_picture import enlarged, remarks
from engine.families.diffusion_controls import INPAINT, controls_of, diffusion_of
from engine.families.diffusion_decode import Darkroom
from engine.families.diffusion_job import Job, job_of
from engine.families.diffusion_net import Denoiser
from engine.families.diffusion_plan import planned
from engine.families.diffusion_preview import Looks
from engine.families.diffusion_sampling import Sampling
from engine.families.diffusion_source import Kept, Studio, kept_of
from engine.families.diffusion_words import UNBROKEN, Told, Words
from engine.packages.manifest import Manifest
from engine.progress import ProgressSink
from engine.runtime.pool import Pool

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime

Numbers = NDArray[np.float32]


class DiffusionModel:
    """Graphs are loaded when they are needed, in the order of a run, under the pool's budget."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        """Read what is small. Raises PackageError for a package that cannot work."""
        self._manifest = manifest
        self._diffusion = diffusion_of(manifest)
        if self._diffusion.in_channels == INPAINT and "vae_encoder" not in manifest.graphs:
            raise PackageError(f"“{manifest.name}” fills in parts of pictures, but lacks the graph that reads them "
                               "(vae_encoder).", "Bring the model again with that part.", str(folder))
        self._pool = Pool(runtime, folder, manifest.graphs)
        on_cpu = runtime.device.actual == "CPUExecutionProvider"
        self._words = Words(folder, manifest, self._pool) if self._diffusion.kind != "ddpm" else None
        self._studio = Studio(manifest, self._pool)
        # On a processor two runs of one are as quick as one run of two, and take half of the memory.
        self._denoiser = Denoiser(manifest, self._pool, together=not on_cpu)
        self._darkroom = Darkroom(manifest, self._pool)
        self._sampling = Sampling(folder, manifest, self._denoiser)
        self._looks = Looks(self._diffusion.kind, self._diffusion.channels)
        kinds = next((control.choices for control in controls_of(manifest) if control.name == "kind"), ())
        self._classes = {choice.value: index for index, choice in enumerate(kinds)}
        self._provider = runtime.device.actual

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The picture. Raises ModelError, PackageError, ValueProblem, FileProblem, Cancelled."""
        started, before = time.perf_counter(), self._spent()
        job = job_of(recipe, self._manifest, self._classes)
        schedule = self._sampling.schedule(job)
        progress.stepped(Progress(0, schedule.steps, "Reading the prompt" if self._words else "Starting"))
        kept = kept_of(job.source, job.width, job.height) if job.source else None
        told = self._told(job, progress)
        noise = self._sampling.noise(job)
        beginning = self._studio.begin(job, kept, schedule, noise, progress.cancel)

        def look(step: int, clean: Numbers) -> None:
            """Tell a step, and show it to whoever watches."""
            progress.stepped(Progress(step + 1, schedule.steps, f"Step {step + 1} of {schedule.steps}"))
            if progress.watched and step + 1 < schedule.steps:
                pixels = self._looks.of(clean, job.width, job.height)
                progress.show(Asset(recipe, pixels, partial=True, full=(job.width, job.height)))

        latent = self._sampling.run(job, schedule, beginning, told, noise, look, progress.cancel)
        pixels = self._pixels(job, latent, kept, progress)
        return Asset(recipe, pixels, self._spent() - before, (time.perf_counter() - started) * 1000, self._provider,
                     (*job.notes, *(kept.notes if kept else ()), *self._cut(job), *remarks(pixels, None)))

    def plan(self, recipe: Recipe) -> Plan:
        """What a run would be. Raises ValueProblem."""
        job = job_of(recipe, self._manifest, self._classes)
        return planned(job, self._sampling.schedule(job), self._words, self._pool,
                       {"unet": self._sampling.work(job), "vae_decoder": self._darkroom.work(job.width, job.height)})

    def close(self) -> None:
        """Give the sessions' memory back."""
        self._pool.close()

    def _told(self, job: Job, progress: ProgressSink) -> tuple[Told | None, Told | None]:
        """What the denoiser hears: the prompt, and what it is guided away from (None where it is not)."""
        if self._words is None:
            return None, None
        prompt = self._words.told(job.prompt, job.axes, progress.cancel)
        if not job.guided or self._sampling.guided_by_input:
            return prompt, None
        if not job.negative and self._diffusion.kind == "sdxl" and self._diffusion.force_zeros_for_empty_prompt:
            return prompt, prompt.silent()
        negative = self._words.told(job.negative, (), progress.cancel)
        prompt, negative = self._words.even((prompt, negative), progress.cancel)
        return prompt, negative

    def _pixels(self, job: Job, latent: Numbers, kept: Kept | None, progress: ProgressSink) -> NDArray[np.uint8]:
        pixels = self._darkroom.developed(latent, job.wrap, progress)
        self._looks.learn(latent, pixels)
        if kept is not None and kept.masked and job.source is not None and job.source.restore:
            pixels = kept.restored(pixels)
        return enlarged(pixels, job.enlarge)

    def _cut(self, job: Job) -> tuple[str, ...]:
        """Words about what no longer fitted."""
        if self._words is None:
            return ()
        read = {"prompt": self._words.reading(job.prompt), "negative prompt": self._words.reading(job.negative)}
        cut = [f"The {name} is longer than the model reads; left out: “{said.cut}”." for name, said in read.items()
               if said.cut]
        return (*cut, *([UNBROKEN] if any(UNBROKEN in said.notes for said in read.values()) else []))

    def _spent(self) -> float:
        """Milliseconds inside ONNX Runtime so far."""
        words = self._words.spent_ms if self._words is not None else 0.0
        return words + self._studio.spent_ms + self._denoiser.spent_ms + self._darkroom.spent_ms
