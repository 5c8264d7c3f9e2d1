"""From a recipe's style controls to the latent point that a decoder reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.api import Recipe
from engine.families.base import number, whole
from engine.latent.directions import Directions, load_directions, moved
from engine.latent.space import truncated
from engine.packages.manifest import Manifest
from engine.packages.parts import Direction, Latent
from engine.rng import seeded_normal


class LatentSpace:
    """Seed, variety and named directions of one package."""

    def __init__(self, folder: Path, manifest: Manifest, latent: Latent) -> None:
        self._dim = latent.dim
        self._mean = None if latent.mean is None else np.array(latent.mean, np.float32)
        self._named: tuple[Direction, ...] = manifest.controls.directions
        rows = max((direction.row for direction in self._named), default=-1) + 1
        self._directions: Directions = (load_directions(folder / "directions.npy", latent.dim, rows) if rows
                                        else np.zeros((0, latent.dim), np.float32))

    def point(self, recipe: Recipe) -> NDArray[np.float32]:
        """[dim]: the seed's point pulled to the mean by variety, then moved along the directions in sigma."""
        start = truncated(seeded_normal(whole(recipe, "seed"), self._dim), number(recipe, "variety"), self._mean)
        steps = [(named.row, number(recipe, named.id) * named.sigma) for named in self._named]
        return moved(start, self._directions, steps)
