"""A contact sheet shows what the studio shows for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from engine.rng import seeded_normal

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_a_seed_of_a_sheet_is_the_seed_of_the_studio(seed: int) -> None:
    from export.train.glyphs.sheets import random_style

    assert np.allclose(random_style(seed, 128, 0.5), 0.5 * seeded_normal(seed, 128), atol=1e-6)
