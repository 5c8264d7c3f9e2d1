"""Figures that can be stated beside two pictures."""

from __future__ import annotations

import numpy as np
import pytest

from engine.resemblance import HIGHEST_DB, figures

GREY = np.full((8, 8, 3), 100, np.uint8)


def test_equal_pictures_are_as_alike_as_can_be():
    assert figures(GREY, GREY) == {"psnr": HIGHEST_DB, "mean_difference": 0.0}


def test_a_difference_counts_in_both_directions():
    for other in (GREY + 10, GREY - 10):
        assert figures(GREY, other) == {"psnr": pytest.approx(20 * np.log10(255 / 10)), "mean_difference": 10.0}
    assert figures(np.zeros_like(GREY), np.full_like(GREY, 255)) == {"psnr": 0.0, "mean_difference": 255.0}


def test_many_small_differences_weigh_less_than_one_large():
    spot = GREY.copy()
    spot[0, 0, 0] += 96
    spread = GREY.copy()
    spread[0] += 4
    assert figures(GREY, spot)["mean_difference"] == figures(GREY, spread)["mean_difference"]
    assert figures(GREY, spot)["psnr"] < figures(GREY, spread)["psnr"]
