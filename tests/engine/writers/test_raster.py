"""Kept pictures: whole, repeatable, never blank, never over another file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.api import Asset, PackageInfo, Recipe
from engine.errors import FileProblem, ModelError
from engine.provenance import provenance_of, read_recipe
from engine.writers.files import write_asset
from engine.writers.raster import encode_png, is_constant

INFO = PackageInfo("tiny", "Tiny", "1.0", "decoder", "sha256:aa", "", "CC0-1.0", "", "", ())
RECIPE = Recipe("tiny", "sha256:aa", {"seed": 7, "weight": 0.1 + 0.2, "text": "字 “q”", "size": (64, 32), "on": True})


def asset(pixels: np.ndarray | None = None) -> Asset:
    picture = np.arange(32 * 64 * 3, dtype=np.uint8).reshape(32, 64, 3) if pixels is None else pixels
    return Asset(RECIPE, picture, 1.0, 2.0, "CPUExecutionProvider")


def test_the_answer_describes_the_file(tmp_path: Path):
    written = write_asset(asset(), tmp_path / "a.png", INFO)
    data = (tmp_path / "a.png").read_bytes()
    assert written.bytes == len(data)
    assert written.sha256 == hashlib.sha256(data).hexdigest()
    assert read_recipe(tmp_path / "a.png").recipe == RECIPE


def test_the_same_asset_gives_the_same_bytes_whatever_it_took():
    slow = Asset(RECIPE, asset().pixels, 99.0, 100.0, "CPUExecutionProvider", ("note",))
    assert encode_png(asset(), provenance_of(asset(), INFO)) == encode_png(slow, provenance_of(slow, INFO))


@pytest.mark.parametrize("channels", [3, 4])
def test_a_palette_gives_the_bytes_of_the_colours_it_stands_for(tmp_path: Path, channels: int):
    rng = np.random.default_rng(channels)
    rows = rng.integers(0, 256, (21, 34, 1), np.uint8)
    palette = rng.integers(0, 256, (256, channels), np.uint8)
    plain, indexed = asset(palette[rows[:, :, 0]]), replace(asset(rows), palette=palette)
    assert np.array_equal(indexed.colors(), plain.colors())
    assert indexed.colors().shape == (21, 34, channels)
    write_asset(plain, tmp_path / "plain.png", INFO)
    write_asset(indexed, tmp_path / "indexed.png", INFO)
    assert (tmp_path / "indexed.png").read_bytes() == (tmp_path / "plain.png").read_bytes()
    assert encode_png(indexed, provenance_of(indexed, INFO)) == encode_png(plain, provenance_of(plain, INFO))


def test_a_palette_of_one_colour_is_a_blank_picture(tmp_path: Path):
    rows = np.arange(32 * 64, dtype=np.uint8).reshape(32, 64, 1)
    with pytest.raises(ModelError, match="blank"):
        write_asset(replace(asset(rows), palette=np.full((256, 3), 9, np.uint8)), tmp_path / "a.png", INFO)


def test_another_file_is_never_replaced_unasked(tmp_path: Path):
    (tmp_path / "a.png").write_bytes(b"mine")
    with pytest.raises(FileProblem, match="already exists"):
        write_asset(asset(), tmp_path / "a.png", INFO)
    assert (tmp_path / "a.png").read_bytes() == b"mine"
    write_asset(asset(), tmp_path / "a.png", INFO, overwrite=True)
    assert (tmp_path / "a.png").read_bytes() != b"mine"


VEIL = np.full((500, 500, 1), 9, np.uint8) + (np.arange(500) % 3)[:, None, None].astype(np.uint8)


@pytest.mark.parametrize("pixels", [np.full((8, 8, 3), 77, np.uint8), np.zeros((8, 8, 4), np.uint8), VEIL])
def test_a_blank_picture_is_refused_with_a_remedy(tmp_path: Path, pixels: np.ndarray):
    assert is_constant(pixels)
    with pytest.raises(ModelError, match="blank") as caught:
        write_asset(asset(pixels), tmp_path / "a.png", INFO)
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_one_visible_pixel_is_no_blank_picture():
    pixels = np.zeros((100, 100, 4), np.uint8)
    pixels[50, 50, 3] = 200
    assert not is_constant(pixels)


def test_only_png_names_are_taken(tmp_path: Path):
    with pytest.raises(FileProblem, match="is no name for a picture"):
        write_asset(asset(), tmp_path / "a.jpg", INFO)
