"""A kept PNG is everyone's PNG."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from engine.writers import png


def noise(shape: tuple[int, int, int]) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, shape, np.uint8)


def flat(shape: tuple[int, int, int]) -> np.ndarray:
    pixels = np.zeros(shape, np.uint8)
    pixels[: shape[0] // 2] = 200
    return pixels


@pytest.mark.parametrize("make", [noise, flat])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(("height", "width"), [(33, 57), (1, 1), (1, 40), (40, 1), (300, 2)])
def test_another_reader_sees_the_same_pixels(make: object, channels: int, height: int, width: int):
    pixels = make((height, width, channels))  # type: ignore[operator]
    with Image.open(io.BytesIO(png.encode(pixels, []))) as image:
        image.load()
        assert np.array_equal(np.array(image).reshape(pixels.shape), pixels)
        assert image.info["srgb"] == 0


def test_texts_come_before_the_pixels_and_keep_every_character():
    data = png.encode(noise((4, 4, 3)), [("latent_atelier", "字重 “x” \n é")])
    with Image.open(io.BytesIO(data)) as image:
        assert image.info["latent_atelier"] == "字重 “x” \n é"
    assert data.index(b"iTXt") < data.index(b"IDAT")


def test_equal_pictures_are_equal_bytes():
    assert png.encode(noise((9, 9, 4)), [("a", "b")]) == png.encode(noise((9, 9, 4)), [("a", "b")])
