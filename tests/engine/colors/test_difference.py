"""CIEDE2000 against the pairs that its authors published for programs (Sharma, Wu and Dalal 2005, table 1)."""

from __future__ import annotations

import numpy as np
import pytest

from engine.colors.difference import difference, to_cielab
from engine.colors.oklab import from_hex

PAIRS = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082)]


@pytest.mark.parametrize(("one", "other", "expected"), PAIRS)
def test_the_published_pairs(one, other, expected):
    assert difference(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)
    assert difference(np.array(other), np.array(one)) == pytest.approx(expected, abs=1e-4)


def test_cielab_of_white_black_and_red():
    lab = to_cielab(from_hex(["#ffffff", "#000000", "#ff0000"]))
    np.testing.assert_allclose(lab, [[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20]], atol=0.02)


def test_many_at_once_are_as_each_alone():
    one, other = np.array([pair[0] for pair in PAIRS]), np.array([pair[1] for pair in PAIRS])
    np.testing.assert_allclose(difference(one, other), [pair[2] for pair in PAIRS], atol=1e-4)
    assert difference(one[:, None], other).shape == (9, 9)
