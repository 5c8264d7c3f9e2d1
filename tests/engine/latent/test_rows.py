"""Rows of w+: who is touched and who is not."""

from __future__ import annotations

import numpy as np
import pytest

from engine.latent.rows import chosen, crossed, pulled, shifted, spread

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)
OTHER = -ROWS
MEAN = np.array([1, 1, 1], np.float32)


def test_one_point_is_spread_over_fresh_rows():
    point = np.array([1, 2, 3], np.float32)
    point.flags.writeable = False
    rows = spread(point, 4)
    assert rows.tolist() == [[1, 2, 3]] * 4
    rows += 1
    kept = spread(ROWS, 4)
    assert np.array_equal(kept, ROWS)
    assert kept is not ROWS


@pytest.mark.parametrize(("layers", "rows"), [(None, [0, 1, 2, 3]), ((1, 2), [1, 2]), ((2, 1), [1, 2]), ((3, 3), [3]),
                                              ((-5, 0), [0]), ((2, 99), [2, 3])])
def test_ranges_count_both_ends_in_any_order(layers: tuple[int, int] | None, rows: list[int]):
    assert list(range(4))[chosen(layers, 4)] == rows


def test_mixing_touches_its_rows_only():
    half = crossed(ROWS, OTHER, (1, 2), 0.5)
    assert half.tolist() == [ROWS[0].tolist(), [0, 0, 0], [0, 0, 0], ROWS[3].tolist()]
    assert np.array_equal(crossed(ROWS, OTHER, (0, 3), 1.0), OTHER)
    assert np.array_equal(crossed(ROWS, OTHER, (0, 3), 0.0), ROWS)


def test_truncation_ends_at_the_cutoff():
    assert pulled(ROWS, MEAN, 0.0, 2).tolist() == [[1, 1, 1], [1, 1, 1], ROWS[2].tolist(), ROWS[3].tolist()]
    assert pulled(ROWS, MEAN, -1.0, 4) == pytest.approx(2 - ROWS)
    assert pulled(ROWS, MEAN, 1.0, 4) is ROWS
    assert np.array_equal(pulled(ROWS, MEAN, 0.0, 0), ROWS)


def test_a_direction_moves_its_layers_only():
    moved = shifted(ROWS, np.array([0, 1, 0], np.float32), 2.0, (2, 3))
    assert (moved - ROWS).tolist() == [[0, 0, 0], [0, 0, 0], [0, 2, 0], [0, 2, 0]]
    assert shifted(ROWS, MEAN, 0.0, None) is ROWS
    assert ROWS[2, 1] == 7
