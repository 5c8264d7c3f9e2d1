"""Closed paths: through their keys, smooth over the seam, no frame twice."""

from __future__ import annotations

import numpy as np
import pytest

from engine.latent.loops import circle, frames, spline


def test_no_frame_comes_twice():
    at = frames(4)
    assert at.tolist() == [0, 0.25, 0.5, 0.75]
    keys = np.random.default_rng(0).standard_normal((3, 5)).astype(np.float32)
    path = spline(keys, frames(12))
    assert len(np.unique(path.round(5), axis=0)) == 12
    assert np.allclose(spline(keys, np.array([1.0, 1.25])), spline(keys, np.array([0.0, 0.25])), atol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_the_path_goes_through_its_keys_in_any_shape(count: int):
    keys = np.random.default_rng(count).standard_normal((count, 4, 6)).astype(np.float32)
    path = spline(keys, frames(count))
    assert path.shape == keys.shape
    assert path == pytest.approx(keys, abs=1e-6)


@pytest.mark.parametrize("seam", [0.0, 0.2, 0.6])
def test_speed_and_bend_do_not_jump_at_a_key(seam: float):
    keys = np.random.default_rng(1).standard_normal((5, 3)).astype(np.float32)
    away = np.array([0.0, 1.0, 2.0, 3.0])  # four places tell a cubic
    before = np.polyfit(-away, spline(keys, seam - away * 0.06).astype(np.float64), 3)
    after = np.polyfit(away, spline(keys, seam + away * 0.06).astype(np.float64), 3)
    assert after[2] == pytest.approx(before[2], abs=1e-4)  # speed
    assert after[1] == pytest.approx(before[1], abs=1e-4)  # bend
    assert np.abs(after[0] - before[0]).max() > 1e-3       # two cubics, not one


def test_a_spline_of_a_circle_is_nearly_one():
    angle = 2 * np.pi * frames(8)
    keys = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    path = spline(keys, frames(100))
    assert np.abs(np.linalg.norm(path, axis=1) - 1).max() < 0.002


def test_the_circle_is_round_whatever_the_axes():
    center = np.full(16, 0.5, np.float32)
    dice = np.random.default_rng(3)
    one, other = dice.standard_normal((2, 16)).astype(np.float32)
    path = circle(center, one, one + 0.3 * other, 4.0, frames(60))
    assert np.linalg.norm(path - center, axis=1) == pytest.approx(np.full(60, 4.0), rel=1e-5)
    steps = np.linalg.norm(path - np.roll(path, 1, axis=0), axis=1)
    assert steps == pytest.approx(np.full(60, steps[0]), rel=1e-4)


def test_axes_that_span_no_plane_are_refused():
    one = np.ones(4, np.float32)
    with pytest.raises(ValueError, match="parallel"):
        circle(one, one, -2 * one, 1.0, frames(3))
    with pytest.raises(ValueError, match="no direction"):
        circle(one, one * 0, one, 1.0, frames(3))
