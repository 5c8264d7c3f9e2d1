"""Seeds keep their meaning for ever."""

from __future__ import annotations

import numpy as np
import pytest

from engine.rng import seeded_normal


def test_seed_zero_is_the_published_point():
    assert seeded_normal(0, 5) == pytest.approx([1.7640524, 0.4001572, 0.978738, 2.2408931, 1.867558], abs=1e-6)


def test_the_greatest_seed_works_and_differs():
    last = seeded_normal(2**32 - 1, 16)
    assert last.shape == (16,)
    assert last.dtype == np.float32
    assert not np.array_equal(last, seeded_normal(0, 16))


def test_points_are_shared_and_therefore_locked():
    with pytest.raises(ValueError, match="read-only"):
        seeded_normal(1, 4)[0] = 0
