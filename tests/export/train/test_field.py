"""Distances of shapes whose distances are known without a program."""

from __future__ import annotations

import numpy as np
import pytest

from export.train.glyphs.geometry import OVERSAMPLE, SIZE, SPREAD

pytestmark = pytest.mark.torch  # OpenCV comes with the same extra as torch


def distance_field(ink, top, left):
    """Imported late: this module must be collected where the extra is missing."""
    from export.train.glyphs import field

    return field.distance_field(ink, top, left)


def centres():
    """Coordinates of field pixel centres, in field pixels."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    return rows, columns


def test_a_disc_has_the_distances_of_a_circle():
    radius, middle = 20.0, 64.0
    fine = (np.arange(60 * OVERSAMPLE) + 0.5) / OVERSAMPLE - 30.0
    ink = np.hypot(fine[:, None], fine[None, :]) < radius
    field = distance_field(ink, int((middle - 30) * OVERSAMPLE), int((middle - 30) * OVERSAMPLE))
    rows, columns = centres()
    exact = np.clip((radius - np.hypot(rows - middle, columns - middle)) / SPREAD, -1, 1)
    assert field.shape == (SIZE, SIZE)
    assert np.abs(field - exact).max() * SPREAD < 0.3
    assert abs(int((field > 0).sum()) - np.pi * radius**2) < 12


def test_a_rectangle_on_the_grid_is_exact_at_its_edge():
    ink = np.ones((16 * OVERSAMPLE, 8 * OVERSAMPLE), np.bool_)
    field = distance_field(ink, 40 * OVERSAMPLE, 50 * OVERSAMPLE)
    assert np.array_equal(np.argwhere(field > 0).min(0), [40, 50])
    assert np.array_equal(np.argwhere(field > 0).max(0), [55, 57])
    assert field[48, 50] * SPREAD == pytest.approx(0.5, abs=1e-5)
    assert field[48, 49] * SPREAD == pytest.approx(-0.5, abs=1e-5)


def test_a_hairline_thinner_than_a_field_pixel_is_not_lost_when_it_meets_a_centre():
    ink = np.ones((20 * OVERSAMPLE, 2), np.bool_)
    field = distance_field(ink, 40 * OVERSAMPLE, 60 * OVERSAMPLE + 1)
    assert (field[45:55, 60] > 0).all()


def test_ink_beyond_the_frame_is_cut_and_nothing_else_moves():
    ink = np.ones((10 * OVERSAMPLE, 40 * OVERSAMPLE), np.bool_)
    field = distance_field(ink, 60 * OVERSAMPLE, 110 * OVERSAMPLE)
    assert (field[62:68, 112:] > 0).all()
    assert (field[:, :95] == -1.0).all()


def test_bytes_keep_a_field_within_half_a_step():
    from export.train.glyphs.field import from_bytes, to_bytes

    field = np.linspace(-1, 1, 999, dtype=np.float32)
    assert np.abs(from_bytes(to_bytes(field)) - field).max() <= 0.5 / 127 + 1e-6
