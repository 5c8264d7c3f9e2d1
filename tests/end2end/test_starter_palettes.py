"""The palettes that ship: opened as the program opens them, prompts become colours that fit, with names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from engine.api import Asset, Medium, PackageInfo
from engine.colors.oklab import from_hex, to_oklab
from engine.controls import check_recipe
from engine.families.base import Model
from engine.families.palette import Palettes
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.verify import verify
from engine.paths import bundled_packages_folder
from engine.progress import NO_PROGRESS
from engine.runtime.providers import Options, Runtime

FOLDER = bundled_packages_folder() / "palettes"


@pytest.fixture(scope="module")
def info() -> PackageInfo:
    return describe(FOLDER)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    manifest = verify(FOLDER)
    opened = FAMILIES[manifest.family].open(FOLDER, manifest, Runtime(Options("cpu", threads=1)))
    yield opened
    opened.close()


def make(model: Model, info: PackageInfo, **values: object) -> Asset:
    recipe = check_recipe(info, info.default_recipe().with_values(values))  # type: ignore[arg-type]
    return model.render(recipe, NO_PROGRESS)


def lab(asset: Asset):
    return to_oklab(from_hex([swatch.color for swatch in asset.swatches]))


def test_a_prompt_becomes_named_colours_from_dark_to_light(model, info):
    found = make(model, info, prompt="autumn leaves")
    assert found.medium is info.medium is Medium.PALETTE
    assert len({swatch.color for swatch in found.swatches}) == len({swatch.name for swatch in found.swatches}) == 5
    assert all(swatch.name for swatch in found.swatches)
    assert (np.diff(lab(found)[:, 0]) >= 0).all()
    assert found.pixels.shape == (256, 1024, 3)
    assert found.pixels[0, 0].tolist() == list(bytes.fromhex(found.swatches[0].color[1:]))


@pytest.mark.parametrize(("prompt", "axis", "sign"), [
    ("deep forest after rain", 1, -1), ("cherry blossom", 1, 1), ("mountain lake", 2, -1), ("honey", 2, 1)])
def test_colours_are_those_of_the_words(model, info, prompt, axis, sign):
    found = [lab(make(model, info, prompt=prompt, seed=seed))[:, axis].mean() for seed in range(4)]
    assert sign * np.mean(found) > 0.01


def test_the_same_recipe_gives_the_same_and_the_seed_another(model, info):
    first = make(model, info, prompt="spice market", seed=3)
    assert make(model, info, prompt="spice market", seed=3).swatches == first.swatches
    assert len({make(model, info, prompt="spice market", seed=seed).swatches for seed in range(6)}) > 3


@pytest.mark.parametrize("count", [3, 5, 8])
def test_kept_colours_are_in_it(model, info, count):
    found = make(model, info, prompt="winter coast", keep="#e4002b #00205b", count=count, contrast=1.7, harmony="triad")
    colors = [swatch.color for swatch in found.swatches]
    assert len(colors) == count
    assert {"#e4002b", "#00205b"} <= set(colors)


def test_the_sliders_do_what_they_say(model, info):
    plain = lab(make(model, info, prompt="coral reef"))
    assert np.abs(lab(make(model, info, prompt="coral reef", strength=0.0))[:, 1:]).max() < 0.01
    assert np.ptp(lab(make(model, info, prompt="coral reef", contrast=0.3))[:, 0]) < 0.5 * np.ptp(plain[:, 0])
    one = lab(make(model, info, prompt="carnival in Rio", harmony="one"))
    hues = np.exp(1j * np.arctan2(one[:, 2], one[:, 1]))
    wild = lab(make(model, info, prompt="carnival in Rio"))
    assert abs(hues.mean()) > abs(np.exp(1j * np.arctan2(wild[:, 2], wild[:, 1])).mean())


def test_the_prompt_is_read_with_its_alternatives(model, info):
    assert isinstance(model, Palettes)
    recipe = check_recipe(info, info.default_recipe().with_values({"prompt": "{fog|mist} over moss"}))
    reading = model.plan(recipe).prompts["prompt"]
    assert reading.text in ("fog over moss", "mist over moss")
    assert reading.tokens > 3


def test_the_files_tell_nothing_of_the_machine_that_made_them():
    for path in FOLDER.glob("*.onnx"):
        data = path.read_bytes()
        assert b".py" not in data, path.name
        assert b"site-packages" not in data, path.name
