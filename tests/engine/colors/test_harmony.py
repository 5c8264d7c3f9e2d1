"""Schemes of hues, contrast, and colours brought back onto the screen."""

from __future__ import annotations

import numpy as np
import pytest

from engine.colors.harmony import SCHEMES, schemed, shown, spread
from engine.colors.oklab import from_hex, from_oklab, to_oklab

LAB = to_oklab(from_hex(["#803020", "#20a040", "#3050c0", "#c0b030", "#a02080"]))
NONE_FIXED = np.zeros(5, bool)


def hues(lab):
    return np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360


def unrest(lab, scheme):
    """The largest distance of a hue to a scheme that stands as well as it can."""
    turns = np.arange(0, 360, 1.0)[:, None, None]
    gaps = np.abs((hues(lab)[None, :, None] - turns - np.array(SCHEMES[scheme]) + 180) % 360 - 180).min(axis=2)
    return gaps.max(axis=1).min()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_brings_hues_nearer_to_itself_and_nothing_else(scheme):
    found = schemed(LAB, scheme, NONE_FIXED)
    assert unrest(found, scheme) < max(0.75 * unrest(LAB, scheme), 3)
    np.testing.assert_allclose(found[:, 0], LAB[:, 0])
    np.testing.assert_allclose(np.hypot(found[:, 1], found[:, 2]), np.hypot(LAB[:, 1], LAB[:, 2]))


def test_fixed_colours_stay_and_say_how_the_scheme_stands():
    fixed = np.array([False, False, True, False, False])
    found = schemed(LAB, "one", fixed)
    np.testing.assert_allclose(found[2], LAB[2])
    gap = np.abs((hues(found) - hues(LAB)[2] + 180) % 360 - 180)
    assert gap.max() <= 46, "a quarter of at most half a circle"


def test_contrast_pulls_lightness_apart_and_strength_zero_is_grey():
    assert np.ptp(spread(LAB, 1.5, 1.0)[:, 0]) > 1.3 * np.ptp(LAB[:, 0])
    assert np.ptp(spread(LAB, 0.3, 1.0)[:, 0]) == pytest.approx(0.3 * np.ptp(LAB[:, 0]))
    assert not spread(LAB, 1.0, 0.0)[:, 1:].any()


def test_colours_that_no_screen_has_keep_lightness_and_hue():
    strong = LAB * np.array([1.0, 3.0, 3.0])
    assert (from_oklab(strong) < 0).any()
    srgb = shown(strong)
    assert srgb.min() >= 0
    assert srgb.max() <= 1
    found = to_oklab(srgb)
    np.testing.assert_allclose(found[:, 0], strong[:, 0], atol=0.01)
    np.testing.assert_allclose(hues(found), hues(strong), atol=2.5)


def test_colours_within_the_screen_stay_as_they_are():
    np.testing.assert_allclose(shown(LAB), from_oklab(LAB), atol=1e-9)
