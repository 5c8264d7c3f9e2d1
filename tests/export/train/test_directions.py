"""Directions must be found where they were planted, and measures must see what is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from export.train.glyphs.directions import ORDER, find
from export.train.glyphs.geometry import BASELINE, CAP_HEIGHT, CHARACTERS, ORIGIN, SIZE, SPREAD
from export.train.glyphs.measure import NAMES, measure, slant


def bars(width, lean):
    """An alphabet whose every letter is one bar of cap height, `width` pixels wide, leaning by a tangent."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    middle = ORIGIN + 20 + lean * (BASELINE - rows)
    across = width / 2 - np.abs(columns - middle) / np.hypot(1.0, lean)
    along = CAP_HEIGHT / 2 - np.abs(rows - (BASELINE - CAP_HEIGHT / 2))
    field = np.clip(np.minimum(across, along) / SPREAD, -1, 1).astype(np.float32)
    return np.repeat(field[None], len(CHARACTERS), 0)


@pytest.mark.parametrize("lean", [-0.06, 0.0, 0.12, 0.3])
def test_slant_is_the_tangent_of_the_stems(lean):
    assert slant(bars(8.0, lean)) == pytest.approx(lean, abs=0.021)


def test_stem_width_is_read_between_pixels():
    advances = np.full(len(CHARACTERS), 0.7, np.float32)
    for width in (5.0, 8.4, 14.0):
        weight = measure(bars(width, 0.0), advances)[NAMES.index("weight")]
        assert weight * CAP_HEIGHT == pytest.approx(width, abs=0.3)


def test_planted_directions_are_found_in_order_and_at_right_angles():
    rng = np.random.default_rng(0)
    z = rng.standard_normal((600, 16))
    measured = 0.3 * rng.standard_normal((600, len(NAMES)))
    measured[:, NAMES.index("weight")] += 2.0 * z[:, 3]
    measured[:, NAMES.index("slant")] += z[:, 5] + 0.5 * z[:, 3]
    found = find(z, measured, np.ones(600))
    assert tuple(direction.name for direction in found) == ORDER
    rows = np.stack([direction.row for direction in found])
    assert np.allclose(rows @ rows.T, np.eye(len(rows)), atol=1e-9)
    assert found[0].row[3] > 0.99
    assert found[0].correlation > 0.95
    # Slant gives up what it shares with weight, which came first.
    assert found[1].row[5] > 0.95
    assert abs(found[1].row[3]) < 0.05


def test_what_is_not_there_is_not_claimed():
    rng = np.random.default_rng(1)
    found = find(rng.standard_normal((1200, 32)), rng.standard_normal((1200, len(NAMES))), np.ones(1200))
    assert max(abs(direction.correlation) for direction in found) < 0.2
