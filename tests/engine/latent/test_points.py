"""A point as text: one form, and nothing that is not one gets through."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as shapes

from engine.latent.points import packed, unpacked

numbers = shapes.arrays(np.float32, st.integers(1, 20), elements=st.floats(width=32, allow_nan=False,
                                                                           allow_infinity=False))


@given(st.sampled_from(["z", "w", "w+"]), numbers)
def test_a_point_comes_back_as_it_went(space: str, point: np.ndarray):
    text = packed(space, point)
    assert unpacked(text)[0] == space
    assert np.array_equal(unpacked(text)[1], point)
    assert packed(*unpacked(text)) == text


def test_rows_are_written_one_after_the_other_little_endian():
    text = packed("w+", np.array([[1, 2], [3, 4]], np.float32))
    assert np.frombuffer(base64.b64decode(text[3:]), "<f4").tolist() == [1, 2, 3, 4]
    assert packed("z", np.array([-0.0], np.float32)) == packed("z", np.array([0.0], np.float32))


@pytest.mark.parametrize(("text", "words"), [
    ("", "space"), ("AAAA", "space"), ("z:", "short"), ("z:AAAA", "short"), ("z:AAAAA", "base64"),
    ("z:AA AA AAA=", "base64"), ("z:äöü", "base64"), ("z:AADAfw==", "finite"), ("z:AACAfw==", "finite"),
    ("z:AAAAAA==\n", "base64"), ("z:AAAAAA", "base64")])
def test_anything_else_is_refused(text: str, words: str):
    with pytest.raises(ValueError, match=words):
        unpacked(text)
