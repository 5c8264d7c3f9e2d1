"""Pictures that were looked at once: letters, boxes for what is missing, transparency, small sizes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.api import Asset, PackageInfo, Value
from engine.controls import check_recipe
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.manifest import load_manifest
from engine.progress import NO_PROGRESS
from engine.runtime.providers import Options, Runtime
from tests import fakes
from tests.golden_support import WORST, assert_golden, difference


def rendered(folder: Path, **values: Value) -> Asset:
    info: PackageInfo = describe(folder)
    model = FAMILIES[info.family].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=1)))
    asset = model.render(check_recipe(info, info.default_recipe().with_values(values)), NO_PROGRESS)
    model.close()
    return asset


PICTURES: dict[str, dict[str, Value]] = {
    "line": {"size": (480, 160)},
    "heavy-transparent": {"size": (400, 160), "weight": 2.0, "paper": "none", "ink": "#a01020"},
    "lines-with-missing": {"size": (320, 240), "text": "HI 你好\nnoOo T1."},
    "letter-64": {"size": (64, 64), "mode": "character", "character": "A", "variety": 0.0},
    "letter-16": {"size": (16, 16), "mode": "character", "character": "o", "variety": 0.0},
    "wrapped": {"size": (240, 240), "text": "no no Hoo Tool An 11 loon" .replace("l", "I")},
}


@pytest.mark.parametrize("name", PICTURES)
def test_letters_look_as_they_did(tmp_path: Path, request: pytest.FixtureRequest, name: str):
    asset = rendered(fakes.tiny_glyphs(tmp_path / "p"), **PICTURES[name])
    assert_golden(asset.colors(), f"glyphs-{name}", request.config, tmp_path)


def test_colours_look_as_they_did(tmp_path: Path, request: pytest.FixtureRequest):
    asset = rendered(fakes.tiny_color(tmp_path / "p"), kind="stripes", scale="2", seed=3)
    assert_golden(asset.pixels, "color-stripes", request.config, tmp_path)


def test_the_comparer_can_fail():
    picture = np.zeros((20, 30, 3), np.uint8)
    assert difference(picture, picture.copy()) == ""
    spot, veil = picture.copy(), picture.copy()
    spot[4, 7, 1] = WORST + 1
    veil[:] = 1
    assert "x=7 y=4" in difference(spot, picture)
    assert "mean" in difference(veil, picture)
    assert "shape" in difference(picture[:, :-1], picture)


def test_a_missing_golden_picture_fails(tmp_path: Path, request: pytest.FixtureRequest):
    if request.config.getoption("renew_golden", default=False):
        pytest.skip("the pictures are being renewed")
    with pytest.raises(AssertionError, match="no golden picture"):
        assert_golden(np.zeros((2, 2, 3), np.uint8), "never-made", request.config, tmp_path)
