"""Thumbnails of documents: any program can show them, and ours reads them without a decoder."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from engine.document import thumbnail


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([3, 4]))))
def test_the_pixels_come_back(pixels: np.ndarray) -> None:
    assert (thumbnail.read(thumbnail.write(pixels)) == pixels).all()


def test_other_programs_see_the_same_pixels() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (40, 30, 4), np.uint8)
    with Image.open(io.BytesIO(thumbnail.write(pixels))) as seen:
        assert (np.asarray(seen) == pixels).all()


def test_what_another_program_wrote_is_no_thumbnail() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "PNG")
    with pytest.raises(ValueError, match="way that thumbnails are not"):
        thumbnail.read(buffer.getvalue())


@given(st.integers(0, 200), st.integers(1, 255))
def test_damage_is_told_or_harmless(at: int, flip: int) -> None:
    data = bytearray(thumbnail.write(np.arange(96, dtype=np.uint8).reshape(4, 8, 3)))
    data[at % len(data)] ^= flip
    with pytest.raises(ValueError, match="it is"):
        thumbnail.read(bytes(data))


def test_what_is_too_large_is_not_written() -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        thumbnail.write(np.zeros((241, 10, 3), np.uint8))
    with pytest.raises(ValueError, match="cannot be written"):
        thumbnail.write(np.zeros((10, 10, 1), np.uint8))
