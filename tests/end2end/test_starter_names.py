"""The names that ship: opened as the program opens them, each way of writing yields cards of its kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.api import Medium, PackageInfo
from engine.controls import check_recipe
from engine.families.base import Model
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.verify import verify
from engine.paths import bundled_packages_folder
from engine.progress import NO_PROGRESS
from engine.runtime.providers import Options, Runtime

FOLDER = bundled_packages_folder() / "names"


@pytest.fixture(scope="module")
def info() -> PackageInfo:
    return describe(FOLDER)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    manifest = verify(FOLDER)
    opened = FAMILIES[manifest.family].open(FOLDER, manifest, Runtime(Options("cpu", threads=1)))
    yield opened
    opened.close()


def cards(model: Model, info: PackageInfo, **values: object) -> tuple[str, ...]:
    recipe = check_recipe(info, info.default_recipe().with_values({"count": 12, "prompt": "", **values}))  # type: ignore[arg-type]
    return model.render(recipe, NO_PROGRESS).texts


def test_there_are_four_ways_of_writing(info):
    assert info.medium is Medium.TEXT
    mode = info.control("mode")
    assert mode is not None
    assert [choice.value for choice in mode.choices] == ["color", "name", "slogan", "headline"]
    assert all(choice.labels["zh_CN"] for choice in mode.choices)


def test_names_are_short_and_slogans_are_sentences(model, info):
    names, slogans = cards(model, info, mode="name"), cards(model, info, mode="slogan")
    assert all(0 < len(card) < 32 and card[0].isupper() and not card.endswith(".") for card in names)
    assert sum(card.endswith((".", "!", "?")) for card in slogans) >= len(slogans) - 1
    assert sum(map(len, slogans)) / len(slogans) > 1.3 * sum(map(len, names)) / len(names)
    assert "<" not in "".join((*names, *slogans))


def test_a_beginning_is_gone_on_from(model, info):
    found = cards(model, info, mode="color", prompt="Winter")
    assert len(set(found)) > 5
    assert all(card.startswith("Winter") for card in found)


def test_the_same_recipe_gives_the_same_and_the_seed_another(model, info):
    assert cards(model, info, mode="headline", seed=5) == cards(model, info, mode="headline", seed=5)
    assert set(cards(model, info, mode="headline", seed=5)) != set(cards(model, info, mode="headline", seed=600))
