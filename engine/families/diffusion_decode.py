"""From a latent to pixels: in one run, or tile by tile where the picture is large or goes on over its edges."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from engine.diffusion import tiles
from engine.families.base_picture import to_bytes
from engine.families.diffusion_controls import diffusion_of
from engine.packages.manifest import Manifest
from engine.packages.parts import Image
from engine.progress import ProgressSink
from engine.runtime.pool import Pool

Numbers = NDArray[np.float32]
WORK = 5200
"""Bytes that a decoder takes for each pixel, about (measured): several times 128 and 256 channels at full size."""

_TILES = tiles.Tiling(64, 16)
_WHOLE = 96                                  # cells of the largest latent that is decoded in one run


class Darkroom:
    """The decoder of one package; without one (DDPM) the latent is the picture."""

    def __init__(self, manifest: Manifest, pool: Pool) -> None:
        diffusion = diffusion_of(manifest)
        self._pool = pool
        self._graph = manifest.graphs.get("vae_decoder")
        self._factor, self._scale = diffusion.factor, np.float32(diffusion.scale)
        self.image = manifest.image or Image(diffusion.side, diffusion.side,
                                             1 if diffusion.kind == "ddpm" and diffusion.channels == 1 else 3)
        self.spent_ms = 0.0

    def developed(self, latent: Numbers, wrap: tuple[bool, bool], progress: ProgressSink) -> NDArray[np.uint8]:
        """[height, width, channels] of a scaled latent [1, channels, h, w]. Raises ModelError, Cancelled."""
        if self._graph is None:
            return to_bytes(latent[0], self.image)
        plain = latent / self._scale
        if any(wrap) or max(plain.shape[2:]) > _WHOLE:
            picture = tiles.decode_tiled(lambda part: self._run(part, progress), plain, _TILES, wrap)
        else:
            picture = self._run(plain, progress)
        return to_bytes(picture[0], self.image)

    def work(self, width: int, height: int) -> int:
        """Bytes that decoding a picture takes beside the weights."""
        if max(width, height) > _WHOLE * self._factor:
            width, height = (min(side, _TILES.side * self._factor) for side in (width, height))
        return WORK * width * height if self._graph is not None else 0

    def _run(self, latent: Numbers, progress: ProgressSink) -> Numbers:
        graph = self._graph
        if graph is None:
            raise ValueError("there is no decoder")
        progress.check()
        height, width = (side * self._factor for side in latent.shape[2:])
        session = self._pool.session("vae_decoder", WORK * width * height)
        begun = time.perf_counter()
        role = next(iter(graph.inputs))
        answer = session.run({role: latent.astype(graph.inputs[role].dtype, copy=False)}, progress.cancel)
        self.spent_ms += (time.perf_counter() - begun) * 1000
        picture: Numbers = answer[next(iter(graph.outputs))]
        return picture
