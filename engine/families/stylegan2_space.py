"""From a recipe to the rows of w+ that the synthesis reads: start, mixing, truncation, directions, in this order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.api import Recipe
from engine.errors import PackageError
from engine.families.base import count, number, whole, word
from engine.latent.cloud import Cloud, load_cloud
from engine.latent.directions import Directions, load_directions
from engine.latent.plane import corners, mixed
from engine.latent.points import FROM_SEED, unpacked
from engine.latent.rows import Rows, crossed, pulled, shifted, spread
from engine.packages.check import CLOUD, DIRECTIONS
from engine.packages.manifest import Manifest
from engine.packages.parts import Direction, Latent, StyleGAN2
from engine.rng import seeded_normal

Mapping = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""z [dim] -> w [w_dim], for the class that the recipe chose."""


class StyleSpace:
    """The latent space of one package, without its graphs."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Read directions and cloud. Raises PackageError."""
        latent, sizes = manifest.latent, manifest.stylegan2
        if latent is None or sizes is None or latent.mean is None:
            raise PackageError(f"The manifest of “{manifest.id}” lacks its latent or stylegan2 part.",
                               "Get the package again.", str(folder))
        self._latent: Latent = latent
        self._sizes: StyleGAN2 = sizes
        self._mean = np.array(latent.mean, np.float32)
        self._named: tuple[Direction, ...] = manifest.controls.directions
        rows = max((direction.row for direction in self._named), default=-1) + 1
        self._directions: Directions = (load_directions(folder / DIRECTIONS, sizes.w_dim, rows) if rows
                                        else np.zeros((0, sizes.w_dim), np.float32))
        self._cloud: Cloud | None = (None if latent.cloud is None
                                     else load_cloud(folder / CLOUD, sizes.w_dim, latent.cloud.far))

    def rows(self, recipe: Recipe, mapping: Mapping) -> Rows:
        """[rows, w_dim]: what all controls of style, seed and mixing make together."""
        rows = spread(self._start(recipe, mapping), self._sizes.rows)
        if self._sizes.rows > 1 and (amount := number(recipe, "mix_amount")):
            other = spread(mapping(self._seeded(whole(recipe, "mix_seed"))), self._sizes.rows)
            rows = crossed(rows, other, (count(recipe, "mix_from"), count(recipe, "mix_to")), amount)
        rows = pulled(rows, self._mean, number(recipe, "psi"), count(recipe, "cutoff"))
        for named in self._named:
            rows = shifted(rows, self._directions[named.row], number(recipe, named.id) * named.sigma, named.layers)
        return rows

    def distance(self, rows: Rows) -> float | None:
        """How far out the farthest row is, where the package knows its training cloud; 1.0 is the edge."""
        return None if self._cloud is None else self._cloud.distance(rows)

    def resting(self) -> dict[str, float]:
        """The values with which nothing is added to a starting point."""
        mixing = {"mix_amount": 0.0} if self._sizes.rows > 1 else {}
        return {"psi": 1.0, **mixing, **{named.id: 0.0 for named in self._named}}

    def _start(self, recipe: Recipe, mapping: Mapping) -> NDArray[np.float32]:
        """[w_dim] or [rows, w_dim]: the point of the recipe if it holds one, else its place between the seeds."""
        text = word(recipe, "point")
        if text == FROM_SEED:
            near = corners(whole(recipe, "seed"), number(recipe, "plane_x"), number(recipe, "plane_y"))
            return mixed([mapping(self._seeded(seed)) for seed, _ in near], [weight for _, weight in near])
        space, numbers = unpacked(text)
        if space == "z":
            return mapping(numbers)
        return numbers.reshape(self._sizes.rows, -1) if space == "w+" else numbers

    def _seeded(self, seed: int) -> NDArray[np.float32]:
        return seeded_normal(seed, self._latent.dim)
