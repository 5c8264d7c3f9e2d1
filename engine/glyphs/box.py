"""The empty box that stands for a letter the model does not have."""

from __future__ import annotations

import numpy as np

from engine.glyphs.field import FieldImage

WIDTH, STROKE, BEARING = 0.6, 0.07, 0.1
"""In cap heights: outer width, line, room on either side."""


def missing_letter(shape: tuple[int, int], cap_height: float, baseline: float, origin: float,
                   spread: float) -> tuple[FieldImage, float]:
    """Field [height, width] of a frame one cap height tall in the model's measures, and its advance (cap heights)."""
    rows, columns = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32) + 0.5
    left, right = origin + BEARING * cap_height, origin + (BEARING + WIDTH) * cap_height
    # Signed distance to a rectangle's inside, then a band of one stroke along its inner edge.
    top = baseline - cap_height
    inside = np.minimum(np.minimum(columns - left, right - columns), np.minimum(rows - top, baseline - rows))
    stroke = STROKE * cap_height
    field = np.minimum(inside, stroke - inside) / spread
    return np.clip(field, -1, 1).astype(np.float32), WIDTH + 2 * BEARING
