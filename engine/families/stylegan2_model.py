"""An opened StyleGAN2 package: mapping, synthesis, a quick draft of it, perhaps an encoder."""

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
from engine.families.stylegan2_noise import Grain
from engine.families.stylegan2_space import StyleSpace
from engine.latent.points import packed
from engine.latent.rows import Rows
from engine.packages.check_families import NOISE
from engine.packages.manifest import Manifest
from engine.packages.parts import Encoder, Image
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime
    from engine.runtime.session import Session

_REMEMBERED = 256
"""Points of w kept, about a kilobyte or two each: a drag over the seed plane meets the same four seeds again."""


class StyleModel:
    """Mapping runs for one z at a time, so that the same seed is the same w, whatever else was asked before."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        """Load the graphs. Raises PackageError or ModelError."""
        if manifest.image is None or manifest.stylegan2 is None:
            raise PackageError(f"The manifest of “{manifest.id}” lacks its image or stylegan2 part.",
                               "Get the package again.", str(folder))
        self._image: Image = manifest.image
        self._space = StyleSpace(folder, manifest)
        self._grain = Grain(folder / NOISE, manifest.stylegan2.noise)
        names = [entry.id for entry in manifest.controls.classes] or map(str, range(manifest.stylegan2.classes))
        self._classes = {name: index for index, name in enumerate(names)}
        self._preview_rows = manifest.stylegan2.preview_rows
        graphs = manifest.graphs
        self._sessions: dict[str, Session] = {
            role: runtime.session(folder / graphs[role].file, graphs[role])
            for role in ("mapping", "synthesis", "preview") if role in graphs}
        self._noisy = {role: frozenset(graphs[role].inputs) - {"ws"} for role in self._sessions}
        self._mapped: dict[tuple[bytes, int | None], NDArray[np.float32]] = {}

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The picture as grey, RGB or RGBA. Raises ModelError, ValueProblem, Cancelled."""
        return self._asset(recipe, "synthesis", progress)

    def draft(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The smaller picture of the first layers, where the package has such a graph; else the picture itself."""
        return self._asset(recipe, "preview" if "preview" in self._sessions else "synthesis", progress)

    def close(self) -> None:
        """Give the sessions' memory back."""
        for session in self._sessions.values():
            session.close()

    def _asset(self, recipe: Recipe, role: str, progress: ProgressSink) -> Asset:
        started = time.perf_counter()
        rows, mapping_ms = self._rows(recipe, progress)
        small, synthesis_ms = self._drawn(recipe, rows, role, progress)
        scale = int(word(recipe, "scale"))
        draft = role == "preview"
        distance = self._space.distance(rows)
        return Asset(recipe, small if draft else enlarged(small, scale), mapping_ms + synthesis_ms,
                     (time.perf_counter() - started) * 1000, self._sessions[role].provider, remarks(small, distance),
                     draft=draft, full=(self._image.width * scale, self._image.height * scale) if draft else None,
                     distance=distance)

    def _rows(self, recipe: Recipe, progress: ProgressSink) -> tuple[Rows, float]:
        """Rows of w+ [rows, w_dim], and milliseconds inside the mapping."""
        kind = class_index(self._classes, word(recipe, "kind")) if self._classes else None
        spent = 0.0

        def mapping(z: NDArray[np.float32]) -> NDArray[np.float32]:
            """The w [w_dim] of z [z_dim], from memory where it was mapped before."""
            nonlocal spent
            key = (z.tobytes(), kind)
            if key not in self._mapped:
                begun = time.perf_counter()
                feeds: dict[str, NDArray[np.generic]] = {"z": z[None]}
                if kind is not None:
                    feeds["condition"] = np.array([kind], np.int64)
                point = self._sessions["mapping"].run(feeds, progress.cancel)["w"][0]
                while len(self._mapped) >= _REMEMBERED:
                    del self._mapped[next(iter(self._mapped))]
                self._mapped[key] = point
                spent += (time.perf_counter() - begun) * 1000
            return self._mapped[key]

        progress.check()
        return self._space.rows(recipe, mapping), spent

    def _drawn(self, recipe: Recipe, rows: Rows, role: str, progress: ProgressSink) -> tuple[NDArray[np.uint8], float]:
        """The pixels [height, width, channels] of one of the two synthesis graphs, and milliseconds inside it."""
        progress.check()
        taken = rows[:self._preview_rows] if role == "preview" else rows
        feeds = {"ws": taken[None], **self._grain.feeds(recipe, self._noisy[role])}
        begun = time.perf_counter()
        picture = self._sessions[role].run(feeds, progress.cancel)["image"][0]
        spent = (time.perf_counter() - begun) * 1000
        return to_bytes(picture, self._image), spent


class SeeingStyleModel(StyleModel):
    """A StyleGAN2 package with an encoder for pictures of its domain (such as pSp or e4e)."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        """Load the encoder as well. Raises PackageError or ModelError."""
        super().__init__(folder, manifest, runtime)
        if manifest.encoder is None:
            raise PackageError(f"The manifest of “{manifest.id}” lacks its encoder part.", "Get the package again.",
                               str(folder))
        self._sight = manifest.encoder
        graph = manifest.graphs["encoder"]
        self._sessions["encoder"] = runtime.session(folder / graph.file, graph)

    @property
    def sight(self) -> Encoder:
        """The picture that the encoder looks at."""
        return self._sight

    def encode(self, recipe: Recipe, picture: NDArray[np.uint8],
               progress: ProgressSink) -> tuple[Mapping[str, Value], NDArray[np.uint8]]:
        """The point of a picture in w or w+ with every slider at rest, and what the synthesis makes of it."""
        progress.check()
        feeds = {"image": to_numbers(picture, self._sight, self._image)}
        mean = self._sessions["encoder"].run(feeds, progress.cancel)["mean"][0]
        values: dict[str, Value] = {"point": packed("w" if mean.ndim == 1 else "w+", mean), **self._space.resting()}
        found = recipe.with_values(values)
        rows, _ = self._rows(found, progress)
        return values, self._drawn(found, rows, "synthesis", progress)[0]
