"""The figure everything is judged by must be the plain intersection over union."""

from __future__ import annotations

import numpy as np
import pytest

from export.train.glyphs.overlap import iou


def bar(first, last):
    """A field [8, 8] with ink in some columns."""
    field = np.full((8, 8), -1.0, np.float32)
    field[:, first:last] = 0.5
    return field


def test_equal_ink_is_one_whatever_its_depth():
    assert iou(bar(2, 5), bar(2, 5) * 0.1) == 1.0


def test_half_shared_ink_is_a_third():
    assert iou(bar(0, 2), bar(1, 3)) == pytest.approx(1 / 3)


def test_two_empty_glyphs_agree_and_one_empty_glyph_does_not():
    assert iou(bar(0, 0), bar(0, 0)) == 1.0
    assert iou(bar(0, 0), bar(1, 2)) == 0.0


def test_zero_is_outside():
    assert iou(np.zeros((4, 4), np.float32), np.full((4, 4), -1.0, np.float32)) == 1.0


def test_glyphs_of_an_alphabet_are_judged_one_by_one():
    drawn, target = np.stack([bar(0, 4), bar(0, 2)]), np.stack([bar(0, 4), bar(4, 6)])
    assert iou(drawn, target).tolist() == [1.0, 0.0]
