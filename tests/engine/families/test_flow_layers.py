"""Where the second of two materials shows: as much as asked for, without a seam, each in its own colours."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.diffusion.noise import TorchNormal
from engine.families.flow_layers import Cover, colored, covered, merged, spectral
from engine.families.flow_phrases import Manner

SIZE = (48, 64)
RED, GREEN = np.tile(np.uint8([200, 0, 0]), (256, 1)), np.tile(np.uint8([0, 160, 0]), (256, 1))


def tile(seed: int) -> NDArray[np.float32]:
    """Smooth tone and height in 0..1 that close at the edges."""
    noise = TorchNormal(seed)
    return np.stack([np.clip(0.5 + 0.2 * spectral(noise.draw(SIZE), 16), 0, 1) for _ in range(2)])


BASE, OVER = tile(1), tile(2)


def cover(share: float, manner: Manner = Manner.PATCHES, seed: int = 3) -> Cover:
    return covered(BASE, OVER, share, manner, seed, 32)


@pytest.mark.parametrize("manner", list(Manner))
def test_more_covers_more_from_nothing_to_all(manner: Manner):
    none, little, half, everything = (cover(share, manner).mask for share in (0.0, 0.3, 0.6, 1.0))
    assert none.max() == 0
    assert everything.min() == 1
    assert 0 < little.mean() < half.mean() < 1
    assert np.all(half >= little - 1e-6)         # it grows; it does not wander


def test_patches_cover_the_share_that_is_asked_for():
    assert cover(0.4).mask.mean() == pytest.approx(0.4, abs=0.04)


@pytest.mark.parametrize("manner", list(Manner))
def test_no_seam(manner: Manner):
    mask = cover(0.4, manner).mask
    for axis in (0, 1):
        steps = np.abs(np.diff(mask, axis=axis, append=np.take(mask, [0], axis=axis))).mean(axis=1 - axis)
        assert steps[-1] <= steps[:-1].max()


def test_the_seed_says_where():
    np.testing.assert_array_equal(cover(0.4).mask, cover(0.4).mask)
    assert not np.array_equal(cover(0.4).mask, cover(0.4, seed=4).mask)


@pytest.mark.parametrize("manner", list(Manner))
def test_each_keeps_its_own_colours(manner: Manner):
    """Beside the soft edge a place is red or green, and never the brown between them."""
    spread = cover(0.5, manner)
    shown = colored(BASE, OVER, spread, manner, (RED, GREEN))
    first, second = spread.mask == 0, spread.mask == 1
    assert first.mean() > 0.2
    assert second.mean() > 0.02
    assert shown[first][:, 1].max() == 0
    assert shown[first][:, 0].min() > 200 * 0.6                  # the shadow at the foot
    np.testing.assert_array_equal(shown[second], np.broadcast_to([0, 160, 0], shown[second].shape))


def test_what_grows_stands_higher_and_what_eats_in_lies_lower():
    flat = np.full((2, *SIZE), 0.5, np.float32)
    grown, eaten = (covered(flat, OVER, 0.4, manner, 3, 32) for manner in (Manner.PATCHES, Manner.HOLLOWS))
    assert merged(flat, flat, grown, Manner.PATCHES)[1].max() == pytest.approx(0.6)
    low = merged(flat, OVER, eaten, Manner.HOLLOWS)[1]
    assert low.max() == 0.5
    assert low[eaten.mask == 1].mean() < 0.45
    print_ = merged(flat, OVER, eaten, Manner.FIGURE)
    np.testing.assert_array_equal(print_[1], flat[1])
