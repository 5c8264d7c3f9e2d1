"""Source pictures and masks by the key that recipes hold."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import media
from engine.errors import FileProblem
from engine.readers.media import read_media


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_ATELIER_HOME", str(tmp_path / "home"))


def stored(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return media.put(buffer.getvalue())


def test_a_picture_is_read_by_its_key_at_the_size_of_the_model():
    seen = read_media(stored(Image.new("RGB", (40, 20), (10, 20, 30))), 16, 16, 3)
    assert seen.pixels.shape == (16, 16, 3)
    assert seen.pixels[8, 8].tolist() == [10, 20, 30]
    assert "middle part" in seen.notes[0]


def test_a_mask_is_grey_and_what_is_transparent_in_it_stays_as_it_is():
    mask = Image.new("RGBA", (8, 8), (255, 255, 255, 0))
    mask.paste((255, 255, 255, 255), (0, 0, 4, 8))
    key = stored(mask)
    assert read_media(key, 8, 8, 1).pixels[0, :, 0].tolist() == [255] * 4 + [0] * 4
    assert read_media(key, 8, 8, 3).pixels.min() == 255
    assert np.array_equal(read_media(stored(Image.new("L", (8, 8), 200)), 8, 8, 1).pixels, np.full((8, 8, 1), 200))


def test_what_is_not_here_or_no_picture_is_told_without_digests():
    with pytest.raises(FileProblem, match="is not on this machine"):
        read_media("sha256:" + 64 * "0", 8, 8, 3)
    text = media.put(b"no picture at all")
    with pytest.raises(FileProblem, match="The source picture is none of the pictures") as caught:
        read_media(text, 8, 8, 3)
    assert caught.value.subject == text
    with pytest.raises(FileProblem, match="The mask is none"):
        read_media(text, 8, 8, 1)
