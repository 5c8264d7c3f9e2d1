"""How a run begins: from noise alone, from a picture with noise in it, or from a picture with a part to paint anew.

The random numbers are drawn in the order in which diffusers' pipelines draw them: the latent of the source, the first
noise, the latent of what the mask leaves. So a published seed gives the published picture here as well.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.cancel import CancelToken
from engine.diffusion import masks
from engine.diffusion.noise import TorchNormal, slerp
from engine.diffusion.schedules import Schedule
from engine.families.diffusion_controls import INPAINT, diffusion_of
from engine.families.diffusion_job import Job, Source
from engine.packages.manifest import Manifest
from engine.readers.media import read_media
from engine.runtime.pool import Pool

Numbers = NDArray[np.float32]
_LEAST, _MOST = -30.0, 20.0                  # of the logarithm of a variance, as diffusers clamps it


@dataclass(frozen=True)
class Kept:
    """The source picture on its canvas, and how much of each pixel is made anew."""

    pixels: NDArray[np.uint8]                # [height, width, 3]
    hard: Numbers                            # [height, width], 0 or 1
    soft: Numbers                            # [height, width], 0 .. 1: with feathered edges
    masked: bool                             # whether anything is to be kept
    notes: tuple[str, ...] = ()

    def restored(self, made: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The new picture with everything that the mask leaves taken from the source again."""
        mixed = masks.blended(self.pixels.astype(np.float32), made.astype(np.float32), self.soft)
        return np.rint(mixed).astype(np.uint8)


@dataclass(frozen=True)
class Beginning:
    """What sampling starts with."""

    x: Numbers                               # [1, channels, height, width]
    first: Numbers                           # the noise that x was made with
    clean: Numbers | None = None             # the source as a latent
    anew: Numbers | None = None              # [1, 1, height, width] how much of each cell is painted anew
    seen: Numbers | None = None              # what an inpainting denoiser sees beside the sample: mask, masked latent


class Studio:
    """Pictures to latents, and the first noise."""

    def __init__(self, manifest: Manifest, pool: Pool) -> None:
        diffusion = diffusion_of(manifest)
        self._pool = pool
        self._graph = manifest.graphs.get("vae_encoder")
        self._channels, self._factor, self._scale = diffusion.channels, diffusion.factor, np.float32(diffusion.scale)
        self._inpaints = diffusion.in_channels == INPAINT
        self.spent_ms = 0.0

    def begin(self, job: Job, kept: Kept | None, schedule: Schedule, noise: TorchNormal,
              cancel: CancelToken) -> Beginning:
        """The first sample. Raises ModelError, Cancelled."""
        shape = (1, self._channels, job.height // self._factor, job.width // self._factor)
        source = job.source
        if kept is None or source is None:
            first = self._first(job, shape, noise)
            seen = self._unseen(shape) if self._inpaints else None
            return Beginning(schedule.pure(first), first, seen=seen)
        whole = kept.masked and source.strength >= 1
        picture = _numbers(kept.pixels)
        clean = None if self._inpaints and whole else self._latent(picture, noise, job.seed, cancel)
        first = self._first(job, shape, noise)
        x = schedule.pure(first) if whole or clean is None else schedule.noised(clean, first)
        if self._inpaints:
            hard = masks.to_latent(kept.hard, *shape[2:])
            left = self._latent(picture * (kept.hard < 0.5), noise, job.seed, cancel)  # noqa: PLR2004 - half
            return Beginning(x, first, seen=np.concatenate((hard, left), axis=1))
        if kept.masked:
            noise.draw(shape)                # diffusers looks at what the mask leaves here too, without using it
        anew = masks.to_latent(kept.soft, *shape[2:]) if kept.masked else None
        return Beginning(x, first, clean, anew)

    def _first(self, job: Job, shape: tuple[int, ...], noise: TorchNormal) -> Numbers:
        """The seed's noise, perhaps part of the way to that of another seed."""
        drawn = noise.draw(shape)
        return slerp(drawn, TorchNormal(job.variation_seed).draw(shape), job.variation) if job.variation else drawn

    def _unseen(self, shape: tuple[int, ...]) -> Numbers:
        """No picture at all, and all of it to be painted."""
        _, _, height, width = shape
        return np.concatenate((np.ones((1, 1, height, width), np.float32), np.zeros(shape, np.float32)), axis=1)

    def _latent(self, picture: Numbers, noise: TorchNormal, seed: int, cancel: CancelToken) -> Numbers:
        """[1, channels, height, width] scaled, one draw from what the encoder tells."""
        graph = self._graph
        if graph is None:
            raise ValueError("a package without an encoder has no controls for pictures")
        drawn = "latent_sample" in graph.outputs and "mean" not in graph.outputs
        # A graph that draws by itself goes on where it stopped: loaded anew with a seed, it draws the same again.
        session = self._pool.session("vae_encoder", _WORK * picture.size, seed=seed if drawn else None)
        begun = time.perf_counter()
        role = next(iter(graph.inputs))
        answer = session.run({role: picture.astype(graph.inputs[role].dtype, copy=False)}, cancel)
        self.spent_ms += (time.perf_counter() - begun) * 1000
        if drawn:
            made: Numbers = answer["latent_sample"] * self._scale
            return made
        if "latent_parameters" in answer:
            mean, spread = np.split(answer["latent_parameters"], 2, axis=1)
        else:
            mean, spread = answer["mean"], answer["logvar"]
        deviation = np.exp(np.float32(0.5) * np.clip(spread, _LEAST, _MOST))
        latent: Numbers = (mean + deviation * noise.draw(mean.shape)) * self._scale
        return latent


_WORK = 1200
"""Bytes that an encoder takes for each number of its picture, about: the first layers hold 128 channels."""


def kept_of(source: Source, width: int, height: int) -> Kept:
    """The source picture and its mask on a canvas of that size. Raises FileProblem."""
    inner = source.inner
    picture = read_media(source.image, *inner, 3)
    pixels = picture.pixels
    hard = np.zeros(inner[::-1], np.float32)
    if source.mask:
        grey = read_media(source.mask, *inner, 1).pixels[:, :, 0]
        hard = masks.hard(grey.astype(np.float32) / np.float32(255))
    masked = bool(source.mask) or any(source.expand)
    if any(source.expand):
        left, top = source.expand[:2]
        edges = masks.Edges(left, top, width - inner[0] - left, height - inner[1] - top)
        canvas, fresh = masks.outpainted(pixels.astype(np.float32), edges, source.feather)
        hard = np.maximum(np.pad(hard, ((edges.top, edges.bottom), (edges.left, edges.right))), fresh)
        pixels = np.rint(canvas).astype(np.uint8)
    if not masked:
        hard = np.ones_like(hard)
    soft = masks.feathered(hard, source.feather) if masked and source.feather else hard
    return Kept(pixels, hard, soft, masked, picture.notes)


def _numbers(pixels: NDArray[np.uint8]) -> Numbers:
    """[1, 3, height, width] in -1 .. 1."""
    return np.ascontiguousarray((pixels.astype(np.float32) / np.float32(255) * 2 - 1).transpose(2, 0, 1)[None])
