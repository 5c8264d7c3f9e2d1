"""Points: truncation and arcs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.latent.space import slerp, truncated
from engine.rng import seeded_normal


def test_truncation_ends_at_the_mean_and_at_the_point():
    point, mean = seeded_normal(3, 8), np.full(8, 2, np.float32)
    assert truncated(point, 0.0, mean) == pytest.approx(mean)
    assert truncated(point, 1.0, mean) == pytest.approx(point)
    assert truncated(point, 0.5) == pytest.approx(point / 2)
    assert truncated(point, 1.5).dtype == np.float32


@given(st.integers(0, 1000), st.integers(0, 1000), st.floats(0, 1))
def test_an_arc_keeps_between_the_lengths_of_its_ends(a: int, b: int, t: float):
    start, end = seeded_normal(a, 16), seeded_normal(b, 16)
    point = slerp(start, end, t)
    lengths = sorted((float(np.linalg.norm(start)), float(np.linalg.norm(end))))
    assert lengths[0] - 1e-3 <= np.linalg.norm(point) <= lengths[1] + 1e-3
    assert point.dtype == np.float32


def test_an_arc_meets_its_ends_and_halves_the_angle():
    x, y = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    assert slerp(x, y, 0) == pytest.approx(x)
    assert slerp(x, y, 1) == pytest.approx(y)
    assert slerp(x, y, 0.5) == pytest.approx([np.sqrt(0.5)] * 2)


@pytest.mark.parametrize("end", [[1, 0], [2, 0], [-1, 0], [0, 0]])
def test_where_no_arc_is_defined_the_line_is_taken(end: list[float]):
    start = np.array([1, 0], np.float32)
    assert slerp(start, np.array(end, np.float32), 0.5) == pytest.approx((start + end) / 2)
