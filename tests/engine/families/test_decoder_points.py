"""Decoders of pictures: the seed plane, points, the encoder and the way back, how far out a picture lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.api import Asset, PackageInfo, Value
from engine.cancel import CancelToken
from engine.controls import check_recipe
from engine.errors import Cancelled, PackageError, ValueProblem
from engine.families.base import Drafting, Encoding
from engine.families.registry import FAMILIES
from engine.latent.points import packed, unpacked
from engine.packages.describe import describe
from engine.packages.manifest import load_manifest
from engine.progress import NO_PROGRESS, ProgressSink
from engine.rng import seeded_normal
from engine.runtime.providers import Options, Runtime
from tests import fakes
from tests.fakes.styles import VAE_DIM, VAE_SIDE
from tests.golden_support import assert_golden


class Opened:
    """A package in this process."""

    def __init__(self, folder: Path) -> None:
        self.info: PackageInfo = describe(folder)
        self.model: Any = FAMILIES["decoder"].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=1)))

    def recipe(self, **values: Value) -> Any:
        return check_recipe(self.info, self.info.default_recipe().with_values(values))

    def render(self, **values: Value) -> Asset:
        return self.model.render(self.recipe(**values), NO_PROGRESS)

    def point(self, **values: Value) -> np.ndarray:
        return self.model._space.point(self.recipe(**values))


@pytest.fixture
def vae(tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(fakes.tiny_vae(tmp_path / "vae"))
    yield opened
    opened.model.close()


def test_letters_keep_their_recipes(tmp_path: Path):
    names = {control.name for control in describe(fakes.tiny_glyphs(tmp_path / "p")).controls}
    assert names.isdisjoint({"point", "plane_x", "plane_y"})


def test_a_package_tells_whether_it_looks_at_pictures(vae: Opened, tmp_path: Path):
    assert (vae.info.encodes, vae.info.drafts) == (True, False)
    assert isinstance(vae.model, Encoding)
    assert not isinstance(vae.model, Drafting)
    color = Opened(fakes.tiny_color(tmp_path / "p"))
    assert not color.info.encodes
    assert not isinstance(color.model, Encoding)


def test_a_seed_alone_is_its_own_point(vae: Opened):
    assert vae.point(seed=9, variety=1.0).tobytes() == seeded_normal(9, VAE_DIM).tobytes()
    assert vae.point(seed=9, variety=1.0, plane_x=-1.0) == pytest.approx(seeded_normal(8, VAE_DIM))


def test_between_seeds_the_character_stays_full(vae: Opened):
    corners = [seeded_normal(seed, VAE_DIM) for seed in (9, 10, 109, 110)]
    between = vae.point(seed=9, variety=1.0, plane_x=0.5, plane_y=0.5)
    assert between == pytest.approx(np.sum(corners, axis=0) / 2, abs=1e-6)  # not / 4: that would be pale


def test_a_point_takes_the_place_of_the_seed(vae: Opened):
    place = np.linspace(-1, 1, VAE_DIM, dtype=np.float32)
    text = packed("z", place)
    assert np.array_equal(vae.point(point=text, variety=1.0, seed=77, plane_x=0.4), place)
    assert vae.point(point=text, variety=0.5) == pytest.approx(place / 2)
    assert vae.point(point=text, variety=1.0, glow=2.0) == pytest.approx(place + 2 * np.eye(VAE_DIM)[1])
    with pytest.raises(ValueProblem, match="another model"):
        vae.recipe(point=packed("z", place[:-1]))
    with pytest.raises(ValueProblem, match="“w”"):
        vae.recipe(point=packed("w", place))


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_picture_is_found_again(tmp_path: Path, channels: int):
    vae = Opened(fakes.tiny_vae(tmp_path / "vae", channels=channels))
    picture = vae.render(seed=4, variety=0.8).pixels
    assert picture.shape == (VAE_SIDE, VAE_SIDE, channels)
    values, after = vae.model.encode(vae.recipe(glow=3.0, variety=0.1, scale="4"), picture, NO_PROGRESS)
    assert {name: value for name, value in values.items() if name != "point"} == {"variety": 1.0, "glow": 0.0}
    assert unpacked(str(values["point"]))[1] == pytest.approx(0.8 * seeded_normal(4, VAE_DIM), abs=0.15)
    assert np.abs(after.astype(int) - picture).max() <= 2
    assert np.array_equal(vae.render(**values).pixels, after)


def test_a_cancelled_look_is_no_look(vae: Opened):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        vae.model.encode(vae.recipe(), vae.render().pixels, ProgressSink(cancel=token))


def test_how_far_out_a_picture_lies(vae: Opened, tmp_path: Path):
    assert vae.render(variety=0.0).distance == 0
    assert vae.render(variety=0.0).notes == ("The picture is nearly constant: nothing can be seen in it.",)
    straight = vae.render(variety=0.0, glow=3.0)
    assert straight.distance == pytest.approx(3 / np.sqrt(VAE_DIM) / 1.6)
    assert straight.notes == ()
    far = packed("z", np.full(VAE_DIM, 2.0, np.float32))
    assert "further out" in vae.render(point=far, variety=1.0).notes[0]
    unknown = Opened(fakes.tiny_vae(tmp_path / "plain", cloud=False)).render(point=far, variety=1.0)
    assert (unknown.distance, unknown.notes) == (None, ())


def test_a_cloud_that_is_not_there_as_promised_is_refused(tmp_path: Path):
    folder = fakes.tiny_vae(tmp_path / "p")
    np.save(folder / "cloud.npy", np.zeros((3, 4), np.float32))
    with pytest.raises(PackageError, match="training cloud"):
        FAMILIES["decoder"].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=1)))


def test_a_point_looks_as_it_did(vae: Opened, request: pytest.FixtureRequest, tmp_path: Path):
    place = packed("z", np.linspace(-1.5, 1.5, VAE_DIM, dtype=np.float32))
    assert_golden(vae.render(point=place, variety=1.0, scale="4").pixels, "vae-point", request.config, tmp_path)
