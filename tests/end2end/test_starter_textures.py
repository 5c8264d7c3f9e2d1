"""The textures that ship: a prompt says material and colour, tiles have no seam at any size, seeds differ."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.api import Asset, PackageInfo, Value
from engine.colors.oklab import to_oklab
from engine.controls import check_recipe
from engine.families.base import Model
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.verify import verify
from engine.paths import bundled_packages_folder
from engine.progress import NO_PROGRESS
from engine.runtime.providers import Options, Runtime

FOLDER = bundled_packages_folder() / "textures"
QUICK: dict[str, Value] = {"size": (96, 96), "steps": 4.0}


@pytest.fixture(scope="module")
def info() -> PackageInfo:
    return describe(FOLDER)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    manifest = verify(FOLDER)
    opened = FAMILIES[manifest.family].open(FOLDER, manifest, Runtime(Options("cpu", threads=1)))
    yield opened
    opened.close()


def draw(model: Model, info: PackageInfo, **values: Value) -> NDArray[np.uint8]:
    recipe = check_recipe(info, info.default_recipe().with_values({**QUICK, **values}))
    asset: Asset = model.render(recipe, NO_PROGRESS)
    return asset.colors()


def hue(pixels: NDArray[np.uint8]) -> tuple[float, float]:
    """Mean a (green to red) and b (blue to yellow) in OKLab."""
    lab = to_oklab(pixels.reshape(-1, 3).astype(np.float64) / 255)
    return float(lab[:, 1].mean()), float(lab[:, 2].mean())


def test_a_prompt_says_the_colour(model: Model, info: PackageInfo):
    red, green, blue = (hue(draw(model, info, prompt=f"{name} brick wall", relief=0.0))
                        for name in ("red", "green", "blue"))
    assert red[0] > 0.03 > -0.02 > green[0]
    assert blue[1] < -0.02 < red[1]


def test_a_prompt_says_the_material(model: Model, info: PackageInfo):
    """Stripes lie across: what changes from row to row does not change along a row; dots do both."""
    stripes, dots = (draw(model, info, prompt=prompt, output="tone")[:, :, 0].astype(float)
                     for prompt in ("black and white stripes", "red polka dots"))
    along, down = stripes.mean(axis=0).std(), stripes.mean(axis=1).std()
    assert down > 4 * along
    assert dots.std(axis=1).mean() > 2 * stripes.std(axis=1).mean()


def test_the_same_recipe_gives_the_same_bytes_and_a_seed_another_tile(model: Model, info: PackageInfo):
    first = draw(model, info, prompt="mossy cobblestone", seed=1)
    assert not np.array_equal(first, draw(model, info, prompt="mossy cobblestone", seed=2))
    np.testing.assert_array_equal(first, draw(model, info, prompt="mossy cobblestone", seed=1))


@pytest.mark.parametrize("size", [(64, 64), (160, 96)])
def test_no_seam_at_any_size(model: Model, info: PackageInfo, size: tuple[int, int]):
    tone = draw(model, info, prompt="pebbles", size=size, output="tone")[:, :, 0].astype(float)
    assert tone.shape == size[::-1]
    for axis in (0, 1):
        steps = np.abs(np.diff(tone, axis=axis, append=np.take(tone, [0], axis=axis))).mean(axis=1 - axis)
        assert steps[-1] < 2 * steps[:-1].mean()
        assert steps[-1] <= 1.2 * steps[:-1].max()


def test_two_materials_keep_their_own_colours(model: Model, info: PackageInfo):
    """Red bricks and green moss, not a brown of both; the slider says how much of each."""
    shares = []
    for blend in (0.0, 0.5, 1.0):
        lab = to_oklab(draw(model, info, prompt="red brick with green moss", relief=0.0, blend=blend, seed=3)
                       .reshape(-1, 3).astype(np.float64) / 255)
        shares.append([(lab[:, 1] > 0.04).mean(), (lab[:, 1] < -0.02).mean()])
    bare, half, full = shares
    assert bare[0] > 0.7
    assert bare[1] < 0.02
    assert min(half) > 0.25
    assert full[1] > 0.7
    assert full[0] < 0.02


def test_veins_and_joints_have_a_colour_of_their_own(model: Model, info: PackageInfo):
    lab = to_oklab(draw(model, info, prompt="white marble with gold veins", relief=0.0).astype(np.float64) / 255)
    gold = lab[..., 2] > 0.06
    assert 0.02 < gold.mean() < 0.3
    assert lab[..., 0][~gold].mean() > 0.8
    assert np.abs(lab[..., 1:][~gold]).mean() < 0.02
    assert draw(model, info, prompt="blue tiles with white grout")[..., 0].max() > 200


@pytest.mark.parametrize("prompt", ["red brick with green moss", "white marble with gold veins", "concrete with rust"])
def test_two_materials_have_no_seam(model: Model, info: PackageInfo, prompt: str):
    red = draw(model, info, prompt=prompt, size=(128, 96))[..., 0].astype(float)
    for axis in (0, 1):
        steps = np.abs(np.diff(red, axis=axis, append=np.take(red, [0], axis=axis))).mean(axis=1 - axis)
        assert steps[-1] <= 1.2 * steps[:-1].max()
