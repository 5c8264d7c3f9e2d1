"""The two textbook models that ship: every digit is drawn, and the VAE finds the hand of a digit it is shown."""

from __future__ import annotations

import numpy as np
import pytest

from engine.api import Asset
from engine.controls import check_recipe
from engine.families.base import Encoding
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.verify import verify
from engine.paths import bundled_packages_folder
from engine.progress import NO_PROGRESS
from engine.runtime.providers import Options, Runtime


class Opened:
    """A package as the program opens it."""

    def __init__(self, name: str) -> None:
        folder = bundled_packages_folder() / name
        self.info, manifest = describe(folder), verify(folder)
        self.model = FAMILIES[manifest.family].open(folder, manifest, Runtime(Options("cpu", threads=1)))

    def recipe(self, **values: object):
        wanted = {"scale": "1", **values}
        return check_recipe(self.info, self.info.default_recipe().with_values(wanted))  # type: ignore[arg-type]

    def draw(self, **values: object) -> Asset:
        return self.model.render(self.recipe(**values), NO_PROGRESS)


@pytest.fixture(scope="module", params=["digits-vae", "digits-gan"])
def opened(request):
    found = Opened(request.param)
    yield found
    found.model.close()


def test_the_choice_of_a_digit_is_called_so_in_both_languages(opened):
    kind = opened.info.control("kind")
    assert (kind.label, kind.labels["zh_CN"]) == ("Digit", "数字")


def ink(asset: Asset):
    return asset.colors()[..., 0].astype(np.float64) / 255


def test_each_digit_has_a_shape_of_its_own_in_every_hand(opened):
    hands = np.stack([[ink(opened.draw(kind=str(digit), seed=seed)) for seed in range(6)] for digit in range(10)])
    assert hands.shape == (10, 6, 28, 28)
    assert (hands.max(axis=(2, 3)) > 0.7).all()
    means = hands.mean(axis=1)
    for digit in range(10):
        nearest = [int(((means - hand) ** 2).sum(axis=(1, 2)).argmin()) for hand in hands[digit]]
        assert nearest.count(digit) >= 3, digit
    assert hands.std(axis=1).mean() > 0.02, "a seed is a hand"


def test_the_vae_finds_the_hand_of_a_digit():
    vae = Opened("digits-vae")
    assert isinstance(vae.model, Encoding)
    shown = vae.draw(kind="8", seed=11).colors()
    values, drawn = vae.model.encode(vae.recipe(kind="8"), shown, NO_PROGRESS)
    assert np.abs(drawn.astype(float) - shown).mean() < 20
    again = vae.draw(**{**values, "kind": "8"}).colors()
    np.testing.assert_array_equal(again, drawn)
    vae.model.close()
