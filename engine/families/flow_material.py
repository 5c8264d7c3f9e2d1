"""Materials: tone and height of a seamless tile, coloured by a palette and lit by its relief."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Plan, Recipe
from engine.colors.gradient import gradient
from engine.colors.oklab import from_oklab, to_hex
from engine.families.base import number, sides, word
from engine.families.base_picture import NEARLY_CONSTANT, nearly_constant
from engine.families.flow_controls import AS_PROMPT, COLOR, HEIGHT, LARGEST_TILE, NONE, NORMAL
from engine.families.flow_sampling import Sample, Sampler
from engine.packages.manifest import Manifest
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime

Pixels = NDArray[np.uint8]

GREYS = "#15161a #55585e #94979c #c9cbcd #f4f4f2"
"""The colours of a prompt that says nothing, or of a package without a reader."""

_LEAST_SHARE = 0.12
"""What a prompt says less of than this is not in the tile."""
_DEEPEST = 1.8
_SHADE = 0.5
_STEEP = 4.0


class MaterialModel:
    """An opened package of materials. Noise, network and light all wrap around: every tile is seamless."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        self._sampler = Sampler(folder, manifest, runtime)
        self._flow = self._sampler.flow
        self._classes = {entry.id: place for place, entry in enumerate(manifest.controls.classes)}
        graph = manifest.graphs.get("reader")
        self._reader = runtime.session(folder / graph.file, graph) if graph is not None else None

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The tile in RGB, or one of its maps. Raises ModelError, ValueProblem, Cancelled."""
        return self._made(recipe, progress, draft=False)

    def draft(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The same tile in fewer steps."""
        return self._made(recipe, progress, draft=True)

    def plan(self, recipe: Recipe) -> Plan:
        """How the prompt is read."""
        return self._sampler.plan(recipe)

    def close(self) -> None:
        """Give the memory back."""
        self._sampler.close()
        if self._reader is not None:
            self._reader.close()

    def _made(self, recipe: Recipe, progress: ProgressSink, *, draft: bool) -> Asset:
        started = time.perf_counter()
        width, height, rounded = self._size(recipe)
        mix, settings, palette = self._read(recipe, progress)
        told = {"mix": mix[None], **({"settings": settings[None]} if self._flow.settings else {})}
        free = {**told, "mix": np.zeros_like(mix)[None]}
        sample = self._sampler.sample(recipe, told, free, (height, width), progress, draft=draft)
        low, high = self._sampler.image.range
        surface = np.clip((sample - low) / (high - low), 0, 1)
        copies = int(word(recipe, "copies"))
        pixels = np.tile(_shown(surface, recipe, palette), (copies, copies, 1))
        notes = (rounded,) if rounded else ()
        if nearly_constant(pixels):
            notes = (*notes, NEARLY_CONSTANT)
        total = (time.perf_counter() - started) * 1000
        return Asset(recipe, pixels, self._sampler.model_ms, total, self._sampler.provider, notes, draft=draft,
                     full=(pixels.shape[1], pixels.shape[0]) if draft else None)

    def _size(self, recipe: Recipe) -> tuple[int, int, str]:
        """Width and height that the network can take, and a word where they are not those asked for."""
        wanted = sides(recipe, "size")
        step = self._flow.multiple
        width, height = (min(max(step, round(side / step) * step), LARGEST_TILE // step * step) for side in wanted)
        told = "" if (width, height) == wanted else f"The size is rounded to {width} × {height}."
        return width, height, told

    def _read(self, recipe: Recipe, progress: ProgressSink) -> tuple[Sample, Sample, str]:
        """Shares of the materials, settings in 0..1, palette: what the prompt says and the panel changes."""
        neutral = [(each.default - each.low) / (each.high - each.low) for each in self._flow.settings]
        settings, mix = np.array(neutral, np.float32), np.zeros(len(self._classes), np.float32)
        palette, offsets = GREYS, self._reader is not None
        meaning = self._sampler.meaning(recipe, progress)
        if self._reader is not None and meaning.any():
            read = self._reader.run({"prompt": meaning}, progress.cancel)
            mix, settings = _main(read["mix"][0]), read["settings"][0].astype(np.float32)
            palette = " ".join(to_hex(from_oklab(read["palette"][0].astype(np.float64))))
        for place, setting in enumerate(self._flow.settings):
            value = np.float32(number(recipe, setting.id))
            given = settings[place] + value if offsets else (value - setting.low) / (setting.high - setting.low)
            settings[place] = np.clip(given, 0, 1)
        return self._mixed(recipe, mix), settings, word(recipe, "palette") or palette

    def _mixed(self, recipe: Recipe, mix: Sample) -> Sample:
        """The shares with the material and the growth that were chosen by hand."""
        if not self._classes:
            return mix
        chosen, growth = word(recipe, "material"), word(recipe, "growth")
        if chosen != AS_PROMPT:
            mix = np.zeros_like(mix)
            mix[self._classes[chosen]] = 1
        if growth != NONE and mix.any():
            share = np.float32(number(recipe, "blend"))
            mix = mix * (1 - share)
            mix[self._classes[growth]] += share
        return mix


def _main(mix: Sample) -> Sample:
    """The one or two materials that a prompt is mostly about."""
    kept = np.zeros_like(mix, np.float32)
    for place in np.argsort(mix)[-2:]:
        if mix[place] >= _LEAST_SHARE or place == mix.argmax():
            kept[place] = mix[place]
    return np.asarray(kept / kept.sum(), np.float32)


def _shown(surface: Sample, recipe: Recipe, palette: str) -> Pixels:
    """Pixels [height, width, 1 | 3] of tone and height [2, height, width] in 0..1."""
    output = word(recipe, "output")
    tone, height = surface
    if output == NORMAL:
        return _normals(height)
    if output != COLOR:
        grey: Pixels = np.rint((height if output == HEIGHT else tone) * 255).astype(np.uint8)
        return grey[:, :, None]
    colors: Pixels = gradient(palette)[np.rint(tone * 255).astype(np.uint8)]
    relief = np.float32(number(recipe, "relief"))
    if relief == 0:
        return colors
    across, down = _slopes(height)
    shade = np.clip(relief * np.float32(_DEEPEST) * (across + down), -_SHADE, _SHADE)  # light from the upper left
    lit: Pixels = np.clip(np.rint(colors * (1 + shade)[:, :, None]), 0, 255).astype(np.uint8)
    return lit


def _slopes(height: Sample) -> tuple[Sample, Sample]:
    """How much higher the next pixel to the right and below is, around the edges; smoothed over three pixels."""
    smooth = height
    for axis in (0, 1):
        smooth = np.asarray((np.roll(smooth, 1, axis) + 2 * smooth + np.roll(smooth, -1, axis)) / 4, np.float32)
    across, down = ((np.roll(smooth, -1, axis) - np.roll(smooth, 1, axis)) / 2 for axis in (1, 0))
    return np.asarray(across, np.float32), np.asarray(down, np.float32)


def _normals(height: Sample) -> Pixels:
    """A tangent-space normal map, green up as OpenGL has it: [height, width, 3]."""
    across, down = _slopes(height)
    normal = np.stack((-across * _STEEP, down * _STEEP, np.ones_like(height) * 0.25), axis=2)
    normal = normal / np.linalg.norm(normal, axis=2, keepdims=True)
    return np.asarray(np.rint((normal * 0.5 + 0.5) * 255), np.uint8)
