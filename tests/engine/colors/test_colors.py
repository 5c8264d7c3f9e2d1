"""OKLab against published values, and palettes over tones."""

from __future__ import annotations

import numpy as np
import pytest

from engine.colors.gradient import gradient
from engine.colors.oklab import from_hex, from_oklab, to_hex, to_oklab


def test_published_pairs():
    lab = to_oklab(from_hex(["#ffffff", "#ff0000", "#0000ff"]))
    expected = [[1.0, 0.0, 0.0], [0.62796, 0.22486, 0.12585], [0.45201, -0.03246, -0.31153]]
    np.testing.assert_allclose(lab, expected, atol=2e-4)


def test_there_and_back():
    colors = np.random.default_rng(0).random((500, 3))
    np.testing.assert_allclose(from_oklab(to_oklab(colors)), colors, atol=1e-6)
    assert to_hex(from_hex(["#0a141e", "#ff8000"])) == ("#0a141e", "#ff8000")


def test_a_gradient_runs_from_dark_to_light_whatever_the_order():
    entries = gradient("#ffffff #000000 #808080")
    assert entries[0].tolist() == [0, 0, 0]
    assert entries[-1].tolist() == [255, 255, 255]
    assert np.all(np.diff(entries[:, 0].astype(int)) >= 0)
    np.testing.assert_array_equal(entries, gradient("#000000 #808080 #ffffff"))


def test_one_colour_gives_its_shades():
    entries = gradient("#b04030").astype(int)
    assert entries[0].sum() < entries[128].sum() < entries[-1].sum()
    assert abs(entries[127] - [0xb0, 0x40, 0x30]).max() < 6


def test_no_colour_is_no_palette():
    with pytest.raises(ValueError, match="without colours"):
        gradient(" ")
