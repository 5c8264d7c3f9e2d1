"""The materials, the five settings, and how a setting of scale becomes a lattice that closes on a tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.floating[Any]]
"""[height, width] numbers of one tile."""

CLASSES: Final = (
    "brick", "tiles", "hexagons", "weave", "knit", "plaid", "stripes", "zigzag", "waves", "scales", "dots",
    "wood", "marble", "terrazzo", "cells", "camouflage", "clouds", "cracks", "grain", "rust", "moss",
)  # fmt: skip
"""In the order of growing: of two that are blended the later one grows over the earlier one."""

SETTINGS: Final = ("scale", "distortion", "fill", "wear", "roughness")
"""All 0..1: fine to coarse, strict to bent, thin to full bodies, new to worn, smooth to rough."""

SMALLEST, OCTAVES = 8.0, 2.1
"""Pixels of a cell at scale 0, and how often it doubles up to scale 1."""


@dataclass(frozen=True)
class Settings:
    """One value of each setting, 0..1."""

    scale: float
    distortion: float
    fill: float
    wear: float
    roughness: float

    def row(self) -> tuple[float, ...]:
        """In the order of `SETTINGS`."""
        return self.scale, self.distortion, self.fill, self.wear, self.roughness


def period(scale: float) -> float:
    """Pixels of a cell."""
    return float(SMALLEST * 2 ** (OCTAVES * scale))


def cells_along(side: int, cell: float) -> int:
    """How many cells fit on a side: an even number, so that every second row may be shifted."""
    return max(2, 2 * round(side / (2 * cell)))
