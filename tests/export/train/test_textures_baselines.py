"""What textures are measured against: noise with the same spectrum, quilts of copied patches; eyes that tell them."""

from __future__ import annotations

import numpy as np
import pytest

from export.train.textures.baselines import quilted, random_phase
from export.train.textures.classes import Settings
from export.train.textures.features import found_again
from export.train.textures.shapes import shapes
from export.train.textures.tile import Tile, draw

SIZE = (64, 64)


def tile(name: str, seed: int = 1) -> Tile:
    return draw(name, Settings(0.3, 0.1, 0.5, 0.05, 0.1), SIZE, seed)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_random_phase_keeps_tones_and_spectrum_and_nothing_else():
    source = tile("moss")
    made = random_phase(source, rng())
    np.testing.assert_array_equal(np.sort(made, axis=None), np.sort(source, axis=None))
    powers = [np.abs(np.fft.rfft2(part[0] - part[0].mean())).ravel() for part in (source, made)]
    assert np.corrcoef(*powers)[0, 1] > 0.9
    assert abs(np.corrcoef(source[0].ravel(), made[0].ravel())[0, 1]) < 0.5
    assert not np.array_equal(made, random_phase(source, rng(1)))
    np.testing.assert_array_equal(made, random_phase(source, rng()))


@pytest.mark.parametrize("name", ["brick", "moss"])
def test_a_quilt_is_the_tile_in_other_places_and_closes(name: str):
    source = tile(name)
    made = quilted(source, rng(3))
    known = {row.tobytes() for row in source.reshape(2, -1).T.copy()}
    assert {row.tobytes() for row in made.reshape(2, -1).T.copy()} <= known
    assert not np.array_equal(made, quilted(source, rng(4)))
    steps = np.abs(np.diff(made[0], axis=1, append=made[0][:, :1])).mean(axis=0)
    assert steps[-1] <= steps[:-1].max()


def test_patches_of_a_tile_are_found_again_and_those_of_another_are_not():
    source, other = tile("cells"), tile("cells", 2)
    assert found_again(np.roll(source, (6, 40), (1, 2)), source[None]) > 0.95
    assert found_again(other, source[None]) < 0.9


def test_shapes_tell_a_wall_from_noise_with_its_spectrum():
    """Two walls are more alike than a wall and its own noise; where the tile begins makes no difference."""
    walls = np.stack([tile("brick"), tile("brick", 2)])
    found = shapes(np.stack([*walls, random_phase(walls[0], rng()), np.roll(walls[0], (8, 24), (1, 2))]))
    apart = np.linalg.norm(found - found[0], axis=1)
    assert apart[2] > 1.5 * apart[1]
    assert apart[3] < 0.2 * apart[1]
