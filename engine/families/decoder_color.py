"""Decoders of pictures: the graph's colour or grey image, brought to 8 bits and enlarged by whole blocks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Recipe
from engine.errors import PackageError, ValueProblem
from engine.families.base import word
from engine.families.decoder_latent import LatentSpace
from engine.packages.manifest import Manifest
from engine.packages.parts import Image
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime


class ColorModel:
    """An opened picture decoder."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        if manifest.image is None or manifest.latent is None:
            raise PackageError(f"The manifest of “{manifest.id}” lacks its image or latent part.",
                               "Get the package again.", str(folder))
        self._image: Image = manifest.image
        self._space = LatentSpace(folder, manifest, manifest.latent)
        self._classes = {entry.id: index for index, entry in enumerate(manifest.controls.classes)}
        graph = manifest.graphs["decoder"]
        self._session = runtime.session(folder / graph.file, graph)

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The picture as grey, RGB or RGBA. Raises ModelError, ValueProblem, Cancelled."""
        started = time.perf_counter()
        progress.check()
        feeds: dict[str, NDArray[np.generic]] = {"latent": self._space.point(recipe)[None]}
        if self._classes:
            feeds["condition"] = np.array([self._class(word(recipe, "kind"))], np.int64)
        begun = time.perf_counter()
        picture = self._session.run(feeds, progress.cancel)["image"][0]
        model_ms = (time.perf_counter() - begun) * 1000
        pixels = enlarged(to_bytes(picture, self._image), int(word(recipe, "scale")))
        notes = ("The picture is nearly constant: nothing can be seen in it.",) if nearly_constant(pixels) else ()
        return Asset(recipe, pixels, model_ms, (time.perf_counter() - started) * 1000, self._session.provider, notes)

    def close(self) -> None:
        """Give the session's memory back."""
        self._session.close()

    def _class(self, name: str) -> int:
        if name not in self._classes:
            raise ValueProblem(f"“kind” cannot be “{name}”.", f"Allowed is one of {', '.join(self._classes)}.", "kind")
        return self._classes[name]


def to_bytes(picture: NDArray[np.generic], image: Image) -> NDArray[np.uint8]:
    """[height, width, channels] uint8 of one picture in the layout and range that the manifest states."""
    low, high = image.range
    levels = (picture.astype(np.float32) - np.float32(low)) * np.float32(255 / (high - low))
    whole = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(whole.transpose(1, 2, 0) if image.layout == "NCHW" else whole)


def enlarged(pixels: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """Every pixel as a block of scale x scale."""
    return pixels if scale == 1 else pixels.repeat(scale, axis=0).repeat(scale, axis=1)


def nearly_constant(pixels: NDArray[np.uint8]) -> bool:
    """Whether no channel spans more than two of its 256 steps."""
    flat = pixels.reshape(-1, pixels.shape[-1])
    return bool((flat.max(axis=0) - flat.min(axis=0)).max() <= 2)  # noqa: PLR2004 - the docstring says it
