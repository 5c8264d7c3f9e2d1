"""From a recipe's style controls to the latent point that a decoder reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.api import Recipe
from engine.families.base import number, whole, word
from engine.latent.cloud import Cloud, load_cloud
from engine.latent.directions import Directions, load_directions, moved
from engine.latent.plane import corners, mixed_normal
from engine.latent.points import FROM_SEED, unpacked
from engine.latent.space import truncated
from engine.packages.check import CLOUD, DIRECTIONS
from engine.packages.manifest import Manifest
from engine.packages.parts import Direction, Latent
from engine.rng import seeded_normal


class LatentSpace:
    """Seed, neighbours, a point, variety and named directions of one package."""

    def __init__(self, folder: Path, manifest: Manifest, latent: Latent) -> None:
        self._dim = latent.dim
        self._plain = manifest.glyphs is not None   # an alphabet's recipe has a seed and nothing beside it
        self._mean = None if latent.mean is None else np.array(latent.mean, np.float32)
        self._named: tuple[Direction, ...] = manifest.controls.directions
        rows = max((direction.row for direction in self._named), default=-1) + 1
        self._directions: Directions = (load_directions(folder / DIRECTIONS, latent.dim, rows) if rows
                                        else np.zeros((0, latent.dim), np.float32))
        self._cloud: Cloud | None = (None if latent.cloud is None
                                     else load_cloud(folder / CLOUD, latent.dim, latent.cloud.far))

    def point(self, recipe: Recipe) -> NDArray[np.float32]:
        """[dim]: the start pulled to the mean by variety, then moved along the directions in sigma."""
        start = truncated(self._start(recipe), number(recipe, "variety"), self._mean)
        steps = [(named.row, number(recipe, named.id) * named.sigma) for named in self._named]
        return moved(start, self._directions, steps)

    def distance(self, point: NDArray[np.float32]) -> float | None:
        """How far out the point is, where the package knows its training cloud; 1.0 is the edge."""
        return None if self._cloud is None else self._cloud.distance(point)

    def _start(self, recipe: Recipe) -> NDArray[np.float32]:
        """The point of the recipe if it holds one, else its place between the seeds."""
        if self._plain:
            return seeded_normal(whole(recipe, "seed"), self._dim)
        text = word(recipe, "point")
        if text != FROM_SEED:
            return unpacked(text)[1]
        near = corners(whole(recipe, "seed"), number(recipe, "plane_x"), number(recipe, "plane_y"))
        return mixed_normal([seeded_normal(seed, self._dim) for seed, _ in near], [weight for _, weight in near])
