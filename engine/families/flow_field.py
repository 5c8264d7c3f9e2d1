"""Drawings of one ink: a latent becomes a distance field, which is drawn sharp at any size and line weight."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Plan, Recipe
from engine.colors.gradient import colors_of
from engine.colors.oklab import from_hex, to_oklab
from engine.controls import TRANSPARENT
from engine.errors import PackageError
from engine.families.base import number, sides, word
from engine.families.base_picture import NEARLY_CONSTANT, class_index
from engine.families.flow_sampling import Sample, Sampler
from engine.glyphs.color import palette
from engine.glyphs.field import Fields, Stamp, paint
from engine.packages.manifest import Manifest
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime

_GRID = 24.0
_STROKE = 2.0
"""Icons are drawn on a grid of 24 with lines of 2."""


class FieldModel:
    """An opened package of icons."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        if manifest.field is None:
            raise PackageError(f"The manifest of “{manifest.id}” lacks its field part.", "Get the package again.",
                               str(folder))
        self._sampler = Sampler(folder, manifest, runtime)
        self._flow = self._sampler.flow
        self._spread = manifest.field.spread
        self._classes = {entry.id: place for place, entry in enumerate(manifest.controls.classes)}
        graph = manifest.graphs["decoder"]
        self._decoder = runtime.session(folder / graph.file, graph)
        flow = self._flow
        self._numbers = tuple(np.array(row, np.float32).reshape(-1, 1, 1) for row in (flow.scale, flow.shift))

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The icon by palette, RGB or RGBA on transparent paper. Raises ModelError, ValueProblem, Cancelled."""
        started = time.perf_counter()
        width, height = sides(recipe, "size")
        field, model_ms = self._field(recipe, progress)
        high, wide = field.shape
        field = field + np.float32(number(recipe, "weight") * _STROKE * high / (2 * _GRID * self._spread))
        scale = min(width / wide, height / high)
        place = Stamp(0, (width - wide * scale) / 2, (height - high * scale) / 2)
        coverage, rows = paint(Fields(field[None]), [place], scale, self._spread, width, height)
        notes = () if rows[1] > rows[0] else (NEARLY_CONSTANT,)
        total = (time.perf_counter() - started) * 1000
        return Asset(recipe, coverage[:, :, None], model_ms, total, self._sampler.provider, notes, _colors(recipe),
                     rows=rows)

    def plan(self, recipe: Recipe) -> Plan:
        """How the prompt is read."""
        return self._sampler.plan(recipe)

    def close(self) -> None:
        """Give the memory back."""
        self._sampler.close()
        self._decoder.close()

    def _field(self, recipe: Recipe, progress: ProgressSink) -> tuple[Sample, float]:
        """[height, width], 1 is `spread` field pixels inside; and milliseconds in the model."""
        told: dict[str, NDArray[np.generic]] = {}
        meaning = self._sampler.meaning(self._sampler.text(recipe), progress)
        if meaning.size:
            told["prompt"] = meaning
        if self._classes:
            told["condition"] = np.array([class_index(self._classes, word(recipe, "kind"))], np.int64)
        free = {**told, "prompt": np.zeros_like(meaning)} if meaning.size else told
        sample = self._sampler.sample(recipe, told, free, (self._flow.height, self._flow.width), progress)
        scale, shift = self._numbers
        begun = time.perf_counter()
        decoded = self._decoder.run({"latent": (sample * scale + shift)[None]}, progress.cancel)["image"][0]
        spent = self._sampler.model_ms + (time.perf_counter() - begun) * 1000
        low, high = self._sampler.image.range
        return np.asarray((decoded[0] - (low + high) / 2) * (2 / (high - low)), np.float32), spent


def _colors(recipe: Recipe) -> NDArray[np.uint8]:
    """Ink and paper, or the darkest and lightest colour of the palette; transparent paper stays transparent."""
    ink, paper = word(recipe, "ink"), word(recipe, "paper")
    given = colors_of(word(recipe, "palette"))
    if given:
        order = np.argsort(to_oklab(from_hex(given))[:, 0], kind="stable")
        ink, light = given[int(order[0])], given[int(order[-1])]
        paper = light if paper != TRANSPARENT and len(given) > 1 else paper
    return palette(ink, None if paper == TRANSPARENT else paper)
