"""The hold-out must be blind and must keep relatives together."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.torch  # fontTools comes with the same extra as torch


@pytest.mark.parametrize(
    ("family", "root"),
    [("Noto Sans Display", "noto"), ("NotoSerif-CondensedBold", "noto"), ("IBM Plex Mono", "ibm"), ("Light", "light")],
)
def test_relatives_have_one_root(family, root):
    from export.train.glyphs.collect import family_root

    assert family_root(family) == root


def test_lookalikes_under_other_names_are_one_group():
    from export.train.glyphs.split import merge_lookalikes

    rng = np.random.default_rng(0)
    inks = (rng.random((4, 500)) < 0.4).astype(np.float32)
    inks[2] = inks[0]
    assert merge_lookalikes(["vera", "bitter", "arev", "lato"], inks) == ["arev", "bitter", "arev", "lato"]


def test_the_choice_follows_from_names_alone():
    from export.train.glyphs.split import HELD_OUT_FAMILIES, held_out_groups

    groups = [f"family{number}" for number in range(200)]
    chosen = held_out_groups(groups)
    assert len(chosen) == HELD_OUT_FAMILIES
    assert chosen == held_out_groups(groups[::-1] + groups)
