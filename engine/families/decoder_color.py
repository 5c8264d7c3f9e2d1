"""Decoders of pictures: the graph's colour or grey image, brought to 8 bits and enlarged by whole blocks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Recipe, Value
from engine.errors import PackageError
from engine.families.base import word
from engine.families.base_picture import class_index, enlarged, remarks, to_bytes, to_numbers
from engine.families.decoder_latent import LatentSpace
from engine.latent.points import packed
from engine.packages.manifest import Manifest
from engine.packages.parts import Encoder, Image
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime
    from engine.runtime.session import Session


class ColorModel:
    """An opened picture decoder."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        if manifest.image is None or manifest.latent is None:
            raise PackageError(f"The manifest of “{manifest.id}” lacks its image or latent part.",
                               "Get the package again.", str(folder))
        self._image: Image = manifest.image
        self._space = LatentSpace(folder, manifest, manifest.latent)
        self._directions = manifest.controls.directions
        self._classes = {entry.id: index for index, entry in enumerate(manifest.controls.classes)}
        graph = manifest.graphs["decoder"]
        self._session = runtime.session(folder / graph.file, graph)

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The picture as grey, RGB or RGBA. Raises ModelError, ValueProblem, Cancelled."""
        started = time.perf_counter()
        point = self._space.point(recipe)
        small, model_ms = self._decoded(recipe, point, progress)
        distance = self._space.distance(point)
        pixels = enlarged(small, int(word(recipe, "scale")))
        return Asset(recipe, pixels, model_ms, (time.perf_counter() - started) * 1000, self._session.provider,
                     remarks(small, distance), distance=distance)

    def close(self) -> None:
        """Give the session's memory back."""
        self._session.close()

    def _decoded(self, recipe: Recipe, point: NDArray[np.float32],
                 progress: ProgressSink) -> tuple[NDArray[np.uint8], float]:
        """The model's own pixels [height, width, channels], and milliseconds inside it."""
        progress.check()
        feeds: dict[str, NDArray[np.generic]] = {"latent": point[None]}
        if self._classes:
            feeds["condition"] = np.array([class_index(self._classes, word(recipe, "kind"))], np.int64)
        begun = time.perf_counter()
        picture = self._session.run(feeds, progress.cancel)["image"][0]
        spent = (time.perf_counter() - begun) * 1000
        return to_bytes(picture, self._image), spent


class SeeingModel(ColorModel):
    """A picture decoder with its encoder: a VAE both ways."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        super().__init__(folder, manifest, runtime)
        if manifest.encoder is None:
            raise PackageError(f"The manifest of “{manifest.id}” lacks its encoder part.", "Get the package again.",
                               str(folder))
        self._sight = manifest.encoder
        graph = manifest.graphs["encoder"]
        self._encoder: Session = runtime.session(folder / graph.file, graph)

    @property
    def sight(self) -> Encoder:
        """The picture that the encoder looks at."""
        return self._sight

    def encode(self, recipe: Recipe, picture: NDArray[np.uint8],
               progress: ProgressSink) -> tuple[Mapping[str, Value], NDArray[np.uint8]]:
        """The point of a picture with every slider at rest, and what the decoder makes of it."""
        progress.check()
        feeds = {"image": to_numbers(picture, self._sight, self._image)}
        mean = self._encoder.run(feeds, progress.cancel)["mean"][0]
        values: dict[str, Value] = {"point": packed("z", mean), "variety": 1.0,
                                    **{direction.id: 0.0 for direction in self._directions}}
        found = recipe.with_values(values)
        return values, self._decoded(found, self._space.point(found), progress)[0]

    def close(self) -> None:
        """Give the memory of both sessions back."""
        super().close()
        self._encoder.close()
