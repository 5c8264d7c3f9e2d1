"""Materials: tone and height of a seamless tile, coloured by a palette and lit by its relief."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Plan, Recipe
from engine.colors.gradient import gradient
from engine.families.base import number, sides, whole, word
from engine.families.base_picture import NEARLY_CONSTANT, nearly_constant
from engine.families.flow_controls import COLOR, HEIGHT, LARGEST_TILE, NORMAL
from engine.families.flow_layers import colored, covered, merged
from engine.families.flow_reading import Layer, Reading
from engine.families.flow_sampling import Sample, Sampler
from engine.packages.manifest import Manifest
from engine.progress import NO_PROGRESS, ProgressSink

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime

Pixels = NDArray[np.uint8]

_DEEPEST = 1.8
_SHADE = 0.5
_STEEP = 4.0


@dataclass(frozen=True)
class Surface:
    """Tone and height [2, height, width] in 0..1, and the colours of every place [height, width, 3], 0..255."""

    levels: Sample
    colors: Sample


class MaterialModel:
    """An opened package of materials. Noise, network and light all wrap around: every tile is seamless."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        self._sampler = Sampler(folder, manifest, runtime)
        self._flow = self._sampler.flow
        graph = manifest.graphs.get("reader")
        self._reader = runtime.session(folder / graph.file, graph) if graph is not None else None
        self._reading = Reading(self._sampler, manifest, self._reader)

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The tile in RGB, or one of its maps. Raises ModelError, ValueProblem, Cancelled."""
        return self._made(recipe, progress, draft=False)

    def draft(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The same tile in fewer steps."""
        return self._made(recipe, progress, draft=True)

    def plan(self, recipe: Recipe) -> Plan:
        """How the prompt is read; two materials are two tiles."""
        plan = self._sampler.plan(recipe)
        tiles = self._reading.meant(recipe, NO_PROGRESS).tiles
        return plan if plan.steps is None else replace(plan, steps=plan.steps * tiles)

    def close(self) -> None:
        """Give the memory back."""
        self._sampler.close()
        if self._reader is not None:
            self._reader.close()

    def _made(self, recipe: Recipe, progress: ProgressSink, *, draft: bool) -> Asset:
        started = time.perf_counter()
        width, height, rounded = self._size(recipe)
        surface, spent = self._surface(recipe, (height, width), progress, draft=draft)
        copies = int(word(recipe, "copies"))
        pixels = np.tile(_shown(surface, recipe), (copies, copies, 1))
        notes = (rounded,) if rounded else ()
        if nearly_constant(pixels):
            notes = (*notes, NEARLY_CONSTANT)
        total = (time.perf_counter() - started) * 1000
        return Asset(recipe, pixels, spent, total, self._sampler.provider, notes, draft=draft,
                     full=(pixels.shape[1], pixels.shape[0]) if draft else None)

    def _size(self, recipe: Recipe) -> tuple[int, int, str]:
        """Width and height that the network can take, and a word where they are not those asked for."""
        wanted = sides(recipe, "size")
        step = self._flow.multiple
        width, height = (min(max(step, round(side / step) * step), LARGEST_TILE // step * step) for side in wanted)
        told = "" if (width, height) == wanted else f"The size is rounded to {width} × {height}."
        return width, height, told

    def _surface(self, recipe: Recipe, size: tuple[int, int], progress: ProgressSink, *,
                 draft: bool) -> tuple[Surface, float]:
        """The surface of one material or two, and milliseconds in the model."""
        meant = self._reading.meant(recipe, progress)
        base, spent = self._tile(recipe, meant.base, size, progress, (0, meant.tiles), draft=draft)
        colors = gradient(meant.base.palette)
        if meant.over is None:
            return Surface(base, colors[np.rint(base[0] * 255).astype(np.uint8)].astype(np.float32)), spent
        over = base
        if not meant.drawn_once:
            over, more = self._tile(recipe, meant.over, size, progress, (1, meant.tiles), draft=draft)
            spent += more
        cover = covered(base, over, meant.share, meant.manner, whole(recipe, "seed"), self._flow.width)
        both = colors, gradient(meant.over.palette)
        return Surface(merged(base, over, cover, meant.manner), colored(base, over, cover, meant.manner, both)), spent

    def _tile(self, recipe: Recipe, layer: Layer, size: tuple[int, int], progress: ProgressSink,
              part: tuple[int, int], *, draft: bool) -> tuple[Sample, float]:
        """Tone and height of one material [2, height, width] in 0..1, and milliseconds in the model."""
        told = {"mix": layer.mix[None], **({"settings": layer.settings[None]} if self._flow.settings else {})}
        free = {**told, "mix": np.zeros_like(layer.mix)[None]}
        sample = self._sampler.sample(recipe, told, free, size, progress, part, draft=draft)
        low, high = self._sampler.image.range
        return np.asarray(np.clip((sample - low) / (high - low), 0, 1), np.float32), self._sampler.model_ms


def _shown(surface: Surface, recipe: Recipe) -> Pixels:
    """Pixels [height, width, 1 | 3]: the surface in its light, or one of its maps."""
    output = word(recipe, "output")
    tone, height = surface.levels
    if output == NORMAL:
        return _normals(height)
    if output != COLOR:
        grey: Pixels = np.rint((height if output == HEIGHT else tone) * 255).astype(np.uint8)
        return grey[:, :, None]
    relief = np.float32(number(recipe, "relief"))
    across, down = _slopes(height)
    shade = np.clip(relief * np.float32(_DEEPEST) * (across + down), -_SHADE, _SHADE)  # light from the upper left
    lit: Pixels = np.clip(np.rint(surface.colors * (1 + shade)[:, :, None]), 0, 255).astype(np.uint8)
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
