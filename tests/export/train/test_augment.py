"""Changes of a face must do what they are called, and nothing at their defaults."""

from __future__ import annotations

import numpy as np
import pytest

from export.train.glyphs.geometry import BASELINE, CAP_HEIGHT, ORIGIN, SIZE, SPREAD

pytestmark = pytest.mark.torch  # OpenCV comes with the same extra as torch


def stem(width=10.0):
    """The field of an upright bar of cap height that starts four pixels right of the origin."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    across = width / 2 - np.abs(columns - (ORIGIN + 4 + width / 2))
    along = CAP_HEIGHT / 2 - np.abs(rows - (BASELINE - CAP_HEIGHT / 2))
    return np.clip(np.minimum(across, along) / SPREAD, -1, 1).astype(np.float32)


def box(field):
    """Top, bottom, left, right of the ink."""
    rows, columns = np.flatnonzero((field > 0).any(1)), np.flatnonzero((field > 0).any(0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def change(**values):
    from export.train.glyphs.augment import Change, warp

    return warp(stem(), Change(**values))


def test_no_change_changes_nothing():
    assert np.abs(change() - stem()).max() < 1e-6


def test_growth_keeps_cap_height_and_baseline():
    top, bottom, left, right = box(change(growth=1.5))
    assert abs(top - (BASELINE - CAP_HEIGHT)) <= 1
    assert abs(bottom - BASELINE) <= 1
    assert right - left == pytest.approx(13, abs=1)


def test_sideways_growth_widens_stems_alone():
    before, after = box(change()), box(change(upright=1.5))
    assert after[3] - after[2] >= before[3] - before[2] + 2
    assert abs(after[0] - before[0]) <= 1
    assert abs(after[1] - before[1]) <= 1


def test_slant_moves_the_top_to_the_right_and_leaves_the_foot():
    field = change(slant=0.2)
    top = np.flatnonzero(field[int(BASELINE - CAP_HEIGHT) + 3] > 0).mean()
    foot = np.flatnonzero(field[int(BASELINE) - 4] > 0).mean()
    assert top - foot == pytest.approx(0.2 * (CAP_HEIGHT - 7), abs=1.0)


def test_the_background_stays_background():
    assert change(growth=1.3, width=1.2)[:, -10:].max() == -1.0


def test_a_change_belongs_to_face_and_round():
    from export.train.glyphs.augment import Change, change_of

    assert change_of(5, 0) == Change()
    assert change_of(5, 2) == change_of(5, 2)
    assert change_of(5, 2) != change_of(6, 2)
