"""SeFa finds what was planted, in order, with signs that stay."""

from __future__ import annotations

import numpy as np
import pytest

from export.directions.naming import Group, joined, layer_groups
from export.directions.sefa import factors, sefa_first_layer, sefa_layers, signed


def planted(random, channels: int, dim: int, *, strength: float = 3.0):
    """Random style weights in which one direction is stronger than all others."""
    direction = random.standard_normal(dim)
    direction /= np.linalg.norm(direction)
    weight = random.standard_normal((channels, dim)) + strength * random.standard_normal((channels, 1)) * direction
    return weight.astype(np.float32), direction


def test_a_planted_direction_comes_first():
    weight, direction = planted(np.random.default_rng(0), 400, 48)
    found = factors([weight], 5)
    assert abs(float(found.rows[0] @ direction)) > 0.98
    assert found.shares[0] > 2 * found.shares[1]
    assert np.all(np.diff(found.shares) <= 0)
    assert np.allclose(found.rows @ found.rows.T, np.eye(5), atol=1e-5)


def test_the_factors_are_the_eigenvectors_of_the_normalised_weights():
    weight = np.random.default_rng(1).standard_normal((60, 12))
    scaled = weight / np.linalg.norm(weight, axis=1, keepdims=True)
    _, values, rows = np.linalg.svd(scaled)
    found = factors([weight[:20], weight[20:]], 12)
    assert np.allclose(found.shares, values ** 2 / (values ** 2).sum(), atol=1e-6)
    assert np.allclose(np.abs((found.rows * rows).sum(axis=1)), 1.0, atol=1e-4)


def test_a_loud_channel_counts_no_more_than_a_quiet_one():
    weight, direction = planted(np.random.default_rng(2), 300, 24)
    weight[7] *= 1e4
    assert abs(float(factors([weight], 1).rows[0] @ direction)) > 0.95


def test_signs_do_not_depend_on_the_solver():
    rows = factors([planted(np.random.default_rng(3), 100, 16)[0]], 6).rows
    flips = np.array([1, -1, -1, 1, -1, 1], np.float32)[:, None]
    assert np.array_equal(signed(rows * flips), rows)
    assert np.all(rows[np.arange(6), np.abs(rows).argmax(axis=1)] > 0)


def test_equal_magnitudes_are_decided_by_the_first():
    assert np.array_equal(signed(np.array([[-0.5, 0.5 + 1e-9], [0.6, -0.6 - 1e-9]])),
                          np.array([[0.5, -0.5 - 1e-9], [0.6, -0.6 - 1e-9]], np.float32))


@pytest.mark.parametrize(("rows", "expected"), [
    (4, {"coarse": (0, 3)}), (8, {"coarse": (0, 3), "middle": (4, 7)}),
    (14, {"coarse": (0, 3), "middle": (4, 7), "fine": (8, 13)}), (2, {"coarse": (0, 1)}),
])
def test_rows_are_grouped_as_the_paper_does(rows, expected):
    assert {group.key: group.layers for group in layer_groups(rows)} == expected


def test_every_group_speaks_of_its_own_layers():
    random = np.random.default_rng(4)
    coarse, first = planted(random, 200, 16, strength=6.0)
    middle, second = planted(random, 200, 16, strength=6.0)
    samples = random.standard_normal((500, 16)).astype(np.float32) * 2.0
    found = sefa_layers([[coarse]] * 4 + [[middle]] * 3 + [[]], layer_groups(8), samples)
    leading = {entry["id"]: found.rows[entry["row"]] for entry in found.entries}
    assert abs(leading["sefa_coarse_1"] @ first) > 0.98
    assert abs(leading["sefa_middle_1"] @ second) > 0.98
    entry = found.entries[6]
    assert (entry["label"], entry["labels"]) == ("Middle 1", {"zh_CN": "中等 1"})
    assert entry["layers"] == [4, 7]
    assert (entry["space"], entry["origin"]) == ("w", "sefa")
    assert entry["sigma"] == pytest.approx((samples @ leading["sefa_middle_1"]).std(), rel=1e-4)
    assert [each["row"] for each in found.entries] == list(range(12))


@pytest.mark.parametrize("axis", [0, 1])
def test_a_first_layer_gives_directions_in_z(axis):
    weight, direction = planted(np.random.default_rng(5), 16 * 16, 20)
    shaped = weight.T.reshape(20, 16, 4, 4) if axis == 0 else weight
    found = sefa_first_layer(shaped, axis, count=3)
    assert abs(float(found.rows[0] @ direction)) > 0.98
    assert [entry["id"] for entry in found.entries] == ["sefa_overall_1", "sefa_overall_2", "sefa_overall_3"]
    assert all(entry["space"] == "z" and entry["sigma"] == 1.0 and "layers" not in entry for entry in found.entries)


def test_more_directions_than_dimensions_are_never_told():
    assert len(sefa_first_layer(np.eye(3), 1, count=8).entries) == 3


def test_joined_sets_keep_each_entry_with_its_row():
    random = np.random.default_rng(6)
    one = sefa_first_layer(random.standard_normal((30, 8)), 1, count=2)
    two = sefa_layers([[random.standard_normal((30, 8))]], [Group("coarse", "Coarse", "粗略", 3, (0, 0))],
                      random.standard_normal((50, 8)))
    both = joined([one, two])
    assert [entry["row"] for entry in both.entries] == [0, 1, 2, 3, 4]
    assert np.array_equal(both.rows[2:], two.rows)
    assert two.entries[0]["row"] == 0
