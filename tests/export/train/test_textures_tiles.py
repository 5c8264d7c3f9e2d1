"""The tiles that textures are learned from: they close at the edges, follow their settings, and never change."""

from __future__ import annotations

import numpy as np
import pytest

from export.train.textures.classes import CLASSES, Settings, cells_along
from export.train.textures.dataset import drawn, lot
from export.train.textures.tile import draw, grown

PLAIN = Settings(scale=0.4, distortion=0.0, fill=0.6, wear=0.0, roughness=0.0)
SIDE = 64


def jump(plane: np.ndarray, axis: int) -> float:
    """The mean step over the edge, in units of the greatest mean step between any two neighbours inside."""
    steps = np.abs(np.diff(plane, axis=axis, append=np.take(plane, [0], axis=axis))).mean(axis=1 - axis)
    return float(steps[-1] / (steps[:-1].max() + 1e-9))


@pytest.mark.parametrize("material", CLASSES)
def test_every_material_closes_at_its_edges(material: str):
    tile = draw(material, PLAIN, (SIDE, SIDE), 3)
    assert tile.shape == (2, SIDE, SIDE)
    assert 0 <= tile.min() < tile.max() <= 1
    assert max(jump(plane, axis) for plane in tile for axis in (0, 1)) <= 1.3


def test_tiles_are_the_same_for_ever_and_differ_by_seed():
    np.testing.assert_array_equal(draw("brick", PLAIN, (SIDE, SIDE), 1), draw("brick", PLAIN, (SIDE, SIDE), 1))
    assert not np.array_equal(draw("brick", PLAIN, (SIDE, SIDE), 1), draw("brick", PLAIN, (SIDE, SIDE), 2))
    assert lot(77) == lot(77)
    assert drawn(lot(77), SIDE).shape == (2, SIDE, SIDE)


def test_a_straight_lattice_repeats_itself():
    """Cells along a side are even in number, and dots stand on them exactly."""
    tile = draw("dots", PLAIN, (SIDE, SIDE), 1)[0]
    cells = cells_along(SIDE, 8.0 * 2 ** (2.1 * 0.4))
    assert cells % 2 == 0
    assert SIDE % cells == 0
    np.testing.assert_allclose(np.roll(tile, 2 * SIDE // cells, axis=0), tile, atol=1e-6)


def test_fullness_makes_dots_larger_and_wear_takes_from_the_height():
    thin, full = (draw("dots", Settings(0.4, 0, fill, 0, 0), (SIDE, SIDE), 1)[0].mean() for fill in (0.1, 0.9))
    assert full > thin + 0.1
    new, worn = (draw("tiles", Settings(0.4, 0, 0.6, wear, 0), (SIDE, SIDE), 1)[1].mean() for wear in (0.0, 1.0))
    assert worn < new


def test_what_grows_covers_what_was_asked_for():
    base, over = np.zeros((2, SIDE, SIDE), np.float32), np.ones((2, SIDE, SIDE), np.float32)
    for amount in (0.2, 0.6):
        mixed = grown(base, over, amount, 0.4, np.random.default_rng(1))
        assert mixed[1].mean() == pytest.approx(amount, abs=0.05)


def test_shares_of_a_lot_sum_to_one_and_the_order_is_of_growing():
    lots = [lot(number) for number in range(300)]
    assert all(each.mix().sum() == pytest.approx(1) for each in lots)
    assert all(each.base <= each.over for each in lots)
    assert 0.2 < np.mean([each.amount > 0 for each in lots]) < 0.5
