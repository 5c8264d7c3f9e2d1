"""Where a pattern is drawn: lattice coordinates of every pixel, bent by the distortion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from export.train.textures.classes import Field, Settings, cells_along, period
from export.train.textures.noise import Size, spectral

HEXAGON = 0.8660254
"""Rows of hexagons are that much closer than their columns."""


@dataclass(frozen=True)
class Canvas:
    """A tile to be drawn; `u` counts cells across, `v` down, `x` and `y` are the same in pixels."""

    rng: np.random.Generator
    size: Size
    settings: Settings
    cell: float          # wanted pixels of a cell
    columns: int         # cells across
    rows: int            # cells down
    honeycomb: int       # rows of hexagons
    x: Field
    y: Field

    @property
    def u(self) -> Field:
        """Cells across."""
        return np.asarray(self.x * np.float32(self.columns / self.size[1]), np.float32)

    @property
    def v(self) -> Field:
        """Cells down."""
        return np.asarray(self.y * np.float32(self.rows / self.size[0]), np.float32)

    def fbm(self, waves: float, slope: float = 1.6, *, long: float = 1.0) -> Field:
        """Spectral noise whose longest waves are `waves` cells, and `long` times that across."""
        return spectral(self.rng, self.size, (waves * self.cell, waves * self.cell * long), slope)

    def each(self, row: Field, column: Field, columns: int) -> Field:
        """A number 0..1 for each body of a lattice, by its row and column."""
        table = self.rng.random((self.rows, columns)).astype(np.float32)
        return np.asarray(table[np.mod(row, self.rows).astype(np.intp), np.mod(column, columns).astype(np.intp)])

    def edge(self, distance: Field) -> Field:
        """1 inside, 0 outside, one pixel of blend; `distance` in cells, positive inside."""
        return np.clip(np.asarray(distance * np.float32(self.cell) + 0.5), 0, 1)


def canvas(rng: np.random.Generator, size: Size, settings: Settings) -> Canvas:
    """The canvas of these settings."""
    height, width = size
    cell = period(settings.scale)
    y, x = np.mgrid[:height, :width].astype(np.float32) + np.float32(0.5)
    bend = settings.distortion**1.5 * 0.24 * cell
    waves = (3.0 * cell, 3.0 * cell)
    x = x + np.float32(bend) * spectral(rng, size, waves, 3.0)
    y = y + np.float32(bend) * spectral(rng, size, waves, 3.0)
    columns, rows = cells_along(width, cell), cells_along(height, cell)
    return Canvas(rng, size, settings, cell, columns, rows, cells_along(height, cell * HEXAGON), x, y)
