"""Centring a glyph: the shape stays, the middle is told, moving back restores it."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="needs the train extra")

from export.train.glyphs.geometry import CAP_HEIGHT, ORIGIN, SIZE, SPREAD
from export.train.glyphs.middle import MIDDLE, centred, ink_middle, moved


def bar(left: float, right: float) -> np.ndarray:
    """An upright bar's field with edges at two columns."""
    columns = np.arange(SIZE) + 0.5
    inside = np.minimum(columns - left, right - columns)
    return np.broadcast_to(np.clip(inside / SPREAD, -1, 1), (SIZE, SIZE)).astype(np.float32).copy()


@pytest.mark.parametrize(("left", "right"), [(30.0, 40.0), (22.3, 58.9), (70.25, 72.0)])
def test_the_ink_comes_to_stand_in_the_middle(left: float, right: float):
    field, middle = centred(bar(left, right))
    assert middle == pytest.approx(((left + right) / 2 - ORIGIN) / CAP_HEIGHT, abs=1e-3)
    assert ink_middle(field) == pytest.approx(MIDDLE, abs=0.05)
    half = (right - left) / 2
    assert np.abs(field - bar(MIDDLE - half, MIDDLE + half)).max() < 0.06  # the ridge between pixels is cut a little


def test_no_ink_stays_where_it_is():
    field = np.full((SIZE, SIZE), -1, np.float32)
    assert centred(field)[1] == 0.0
    assert ink_middle(field) is None


def test_background_comes_in_from_beyond():
    assert (moved(np.ones((SIZE, SIZE), np.float32), 3.0)[:, :3] == -1).all()
