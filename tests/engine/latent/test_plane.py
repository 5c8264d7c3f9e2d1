"""The seed plane: crossings are seeds, the way between is even, no matter how far one goes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.latent.plane import SEEDS, corners, mixed, mixed_normal
from engine.rng import seeded_normal


@pytest.mark.parametrize(("x", "y", "seed"), [(0, 0, 7), (1, 0, 8), (0, 1, 107), (-1, -1, SEEDS - 94), (3, 2, 210)])
def test_a_crossing_is_one_seed(x: float, y: float, seed: int):
    assert corners(7, x, y) == [(seed, 1.0)]


def test_between_four_crossings_the_nearest_weighs_most():
    assert [seed for seed, _ in corners(7, 0.25, 0.75)] == [107, 7, 108, 8]
    assert dict(corners(7, 0.25, 0.75)) == pytest.approx({7: 0.1875, 8: 0.0625, 107: 0.5625, 108: 0.1875})
    assert dict(corners(7, -0.5, 0)) == {6: 0.5, 7: 0.5}


@given(st.integers(0, SEEDS - 1), st.floats(-1, 1), st.floats(-1, 1))
def test_weights_are_positive_and_whole(seed: int, x: float, y: float):
    found = corners(seed, x, y)
    assert 1 <= len(found) <= 4
    assert all(weight > 0 and 0 <= corner < SEEDS for corner, weight in found)
    assert sum(weight for _, weight in found) == pytest.approx(1)


@given(st.integers(0, SEEDS - 1), st.floats(0, 1))
def test_a_step_may_be_told_from_the_next_seed(seed: int, x: float):
    here, there = dict(corners(seed, x, 0)), dict(corners((seed + 1) % SEEDS, x - 1, 0))
    assert {k: round(v, 9) for k, v in here.items() if v > 1e-9} == {k: round(v, 9) for k, v in there.items()
                                                                     if v > 1e-9}


def test_mixtures_of_normal_points_stay_normal_and_of_w_stay_straight():
    points = [seeded_normal(seed, 4096) for seed in range(4)]
    weights = [0.25] * 4
    assert mixed(points, weights).std() == pytest.approx(0.5, abs=0.02)
    assert mixed_normal(points, weights).std() == pytest.approx(1.0, abs=0.03)
    assert mixed(points, weights) == pytest.approx(np.mean(points, axis=0), abs=1e-6)
    assert mixed_normal(points[:1], [1.0]).tobytes() == points[0].tobytes()
    assert mixed(points[:1], [1.0]) is points[0]
