"""The icons that ship: opened as the program opens them, a prompt draws lines of one width, the seed another icon."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.api import Asset, PackageInfo
from engine.controls import check_recipe
from engine.families.base import Model
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.verify import verify
from engine.paths import bundled_packages_folder
from engine.progress import NO_PROGRESS
from engine.runtime.providers import Options, Runtime

FOLDER = bundled_packages_folder() / "icons"


@pytest.fixture(scope="module")
def info() -> PackageInfo:
    return describe(FOLDER)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    manifest = verify(FOLDER)
    opened = FAMILIES[manifest.family].open(FOLDER, manifest, Runtime(Options("cpu", threads=1)))
    yield opened
    opened.close()


def draw(model: Model, info: PackageInfo, **values: object) -> NDArray[np.bool_]:
    """Where there is ink, [192, 192]."""
    wanted = {"size": (192, 192), **values}
    recipe = check_recipe(info, info.default_recipe().with_values(wanted))  # type: ignore[arg-type]
    asset: Asset = model.render(recipe, NO_PROGRESS)
    return np.asarray(asset.colors()[..., 0] < 128)


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float((one & other).sum() / (one | other).sum())


def test_a_prompt_draws_an_icon_and_the_same_one_again(model: Model, info: PackageInfo):
    heart = draw(model, info, prompt="heart", kind="classic")
    assert 0.05 < heart.mean() < 0.45
    np.testing.assert_array_equal(heart, draw(model, info, prompt="heart", kind="classic"))
    assert overlap(heart, draw(model, info, prompt="envelope", kind="classic")) < 0.5


def test_a_seed_draws_another_icon_and_the_weight_changes_its_lines(model: Model, info: PackageInfo):
    first = draw(model, info, prompt="house", seed=1, kind="free")
    assert overlap(first, draw(model, info, prompt="house", seed=2, kind="free")) < 0.95
    bold = draw(model, info, prompt="house", seed=1, kind="free", weight=0.5)
    assert bold[first].all()
    assert bold.sum() > 1.2 * first.sum()


def test_the_usual_manner_does_not_redraw_the_known_drawing(model: Model, info: PackageInfo):
    """A lighthouse of `classic` is one that a set has; the usual manner makes another of several."""
    assert info.default_recipe().values["kind"] == "balanced"
    for seed in range(3):
        known = draw(model, info, prompt="lighthouse", kind="classic", seed=seed)
        assert overlap(known, draw(model, info, prompt="lighthouse", seed=seed)) < 0.9


def test_lines_are_sharp_at_any_size(model: Model, info: PackageInfo):
    recipe = info.default_recipe().with_values({"prompt": "envelope", "kind": "classic", "size": (1024, 1024)})
    grey = model.render(check_recipe(info, recipe), NO_PROGRESS).colors()[..., 0].astype(int)
    between = ((grey > 60) & (grey < 220)).mean()
    assert between < 0.02
