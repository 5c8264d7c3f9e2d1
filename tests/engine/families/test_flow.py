"""The flow family on tiny graphs: what prompt, choices, sliders, colours and sizes do, and that tiles have no seam."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import paths
from engine.api import Asset, Recipe, Value
from engine.cancel import CancelToken
from engine.controls import check_recipe
from engine.errors import Cancelled, ValueProblem
from engine.families.base import Drafting, Planning
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.manifest import load_manifest
from engine.progress import NO_PROGRESS, ProgressSink
from engine.runtime.providers import Options, Runtime
from tests.fakes.flow import CLASSES, FIELD, tiny_drawing, tiny_material
from tests.fakes.sentences import tiny_encoder


class Opened:
    """A package in this process; remembers what its network was told last."""

    def __init__(self, folder: Path) -> None:
        self.info = describe(folder)
        self.model: Any = FAMILIES["flow"].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=1)))
        self.fed: list[dict[str, Any]] = []
        session = self.model._sampler._session
        run = session.run
        session.run = lambda feeds, cancel=None: (self.fed.append(dict(feeds)), run(feeds, cancel))[1]

    def recipe(self, **values: Value) -> Recipe:
        return check_recipe(self.info, self.info.default_recipe().with_values(values))

    def render(self, progress: ProgressSink = NO_PROGRESS, **values: Value) -> Asset:
        self.fed.clear()
        asset: Asset = self.model.render(self.recipe(**values), progress)
        return asset

    def told(self, role: str, **values: Value) -> list[float]:
        self.render(**values)
        row: list[float] = self.fed[0][role][0].round(4).tolist()
        return row


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder(tmp_path_factory.mktemp("encoders") / "tiny")


@pytest.fixture(autouse=True)
def bundled(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "bundled_encoders_folder", lambda: encoder.parent)


@pytest.fixture
def material(tmp_path: Path, encoder: Path) -> Opened:
    return Opened(tiny_material(tmp_path / "stuff", encoder))


@pytest.fixture
def layered(tmp_path: Path, encoder: Path) -> Opened:
    return Opened(tiny_material(tmp_path / "layers", encoder, layers=True, figures=["sand"]))


@pytest.fixture
def drawing(tmp_path: Path, encoder: Path) -> Opened:
    return Opened(tiny_drawing(tmp_path / "icons", encoder))


def test_the_prompt_says_materials_settings_and_colours(material: Opened):
    red, blue = (material.render(prompt=prompt, seed=1) for prompt in ("red house", "blue cat"))
    assert red.pixels.shape == (32, 32, 3)
    assert not np.array_equal(red.pixels, blue.pixels)
    mix = material.told("mix", prompt="red house")
    assert sum(mix) == pytest.approx(1)
    assert mix != material.told("mix", prompt="blue cat")


def test_a_setting_moves_what_the_prompt_says_and_stays_in_range(material: Opened):
    said = material.told("settings", prompt="red house")
    moved = material.told("settings", prompt="red house", wear=0.1, scale=1.0)
    assert moved == pytest.approx([1.0, min(said[1] + 0.1, 1.0)], abs=1e-3)
    assert material.told("settings", prompt="")[1] == 0.5


def test_a_chosen_material_overrides_the_prompt_and_something_grows_on_it(material: Opened):
    assert material.told("mix", prompt="red house", material="sand") == [0, 0, 1]
    blended = material.told("mix", prompt="red house", material="brick", growth="moss", blend=0.3)
    assert blended == pytest.approx([0.7, 0.3, 0])


def test_two_materials_are_made_one_by_one_and_each_keeps_its_colours(layered: Opened):
    asked = {"prompt": "red house with blue cat", "material": "brick", "growth": "moss", "relief": 0.0}
    both = layered.render(**asked, blend=0.5)
    assert {tuple(fed["mix"][0].tolist()) for fed in layered.fed} == {(1, 0, 0), (0, 1, 0)}
    assert layered.model.plan(layered.recipe(**asked)).steps == 8
    share = layered.render(**asked, blend=0.2)
    assert not layered.fed                                         # how far it is covered needs no run
    assert not np.array_equal(both.pixels, share.pixels)
    bare = layered.render(**asked, blend=0.0).pixels
    np.testing.assert_array_equal(bare, layered.render(**{**asked, "growth": "none"}).pixels)


def test_a_prompt_of_two_materials_is_split(layered: Opened):
    control = layered.info.control("growth")
    assert control is not None
    assert control.default == "prompt"
    read = layered.model._reading
    texts = {place: f"{word} thing" for word in ("red", "house", "blue", "cat", "tree", "stone", "old", "green")
             for place in (read._layer(layered.recipe(), f"{word} thing", NO_PROGRESS).main,)}
    one, other = list(texts.values())[:2]
    layered.render(prompt=f"{one} with {other}")
    places = {int(fed["mix"][0].argmax()) for fed in layered.fed}
    assert places == set(list(texts)[:2])
    assert all(sorted(fed["mix"][0].tolist()) == [0, 0, 1] for fed in layered.fed)
    layered.render(prompt=f"{one} with {other}", growth="none")
    assert len({fed["mix"][0].tobytes() for fed in layered.fed}) == 1
    assert layered.model.plan(layered.recipe(prompt=one)).steps == 4


def test_a_figure_is_printed_on_the_first_material(layered: Opened):
    meant = layered.model._reading.meant(layered.recipe(prompt="", material="brick", growth="sand"), NO_PROGRESS)
    assert (meant.manner, meant.tiles) == ("figure", 2)
    same = layered.model._reading.meant(layered.recipe(prompt="", material="sand", growth="sand"), NO_PROGRESS)
    assert (same.manner, same.tiles) == ("tones", 1)


def test_packages_of_before_draw_both_materials_at_once(material: Opened):
    control = material.info.control("growth")
    assert control is not None
    assert control.default == "none"
    assert "prompt" not in [choice.value for choice in control.choices]
    material.render(prompt="red house with blue cat")
    assert len({fed["mix"][0].tobytes() for fed in material.fed}) == 1


def test_alternatives_of_a_prompt_are_drawn_by_the_seed(material: Opened):
    seen = {tuple(material.told("mix", prompt="{red|blue} house", seed=seed)) for seed in range(12)}
    assert len(seen) == 2
    plan = material.model.plan(material.recipe(prompt="{red|blue} house", seed=3))
    assert plan.prompts["prompt"].text in {"red house", "blue house"}
    assert isinstance(material.model, Planning)
    assert plan.steps == 4


def test_colours_change_without_the_tile_being_made_again(material: Opened):
    first = material.render(prompt="red house")
    other = material.render(prompt="red house", palette="#000000 #ff0000")
    assert not material.fed
    assert not np.array_equal(first.pixels, other.pixels)
    assert other.pixels[..., 1:].max() == 0
    material.render(prompt="red house", seed=2)
    assert material.fed


def test_guidance_asks_twice_and_leads_away_from_anything(material: Opened):
    material.render(prompt="red house", guidance=2.0)
    assert material.fed[0]["mix"].shape == (2, len(CLASSES))
    assert not material.fed[0]["mix"][1].any()
    material.render(prompt="red house", guidance=1.0)
    assert material.fed[0]["mix"].shape == (1, len(CLASSES))


def test_equal_recipes_give_equal_bytes_after_anything_else(material: Opened):
    before = material.render(prompt="red house", seed=5).pixels
    material.render(prompt="blue cat", seed=6, size=(40, 24))
    np.testing.assert_array_equal(material.render(prompt="red house", seed=5).pixels, before)


def test_sizes_are_rounded_to_what_tiles_and_told(material: Opened):
    asset = material.render(size=(45, 24))
    assert asset.pixels.shape == (24, 48, 3)
    assert "48 × 24" in asset.notes[0]
    assert material.render(size=(48, 24)).notes == ()


def test_maps_and_copies(material: Opened):
    tone, height, normal = (material.render(output=output).pixels for output in ("tone", "height", "normal"))
    assert tone.shape == height.shape == (32, 32, 1)
    assert normal.shape == (32, 32, 3)
    assert np.median(normal[..., 2]) > 128
    copied = material.render(output="tone", copies="2").pixels
    np.testing.assert_array_equal(copied, np.tile(tone, (2, 2, 1)))


def test_light_falls_around_the_edges(material: Opened):
    """Relief of a rolled height is the rolled relief: a tile's light has no seam."""
    from engine.families.flow_material import _normals, _slopes

    height = np.random.default_rng(0).random((16, 24), np.float32)
    for made, moved in zip(_slopes(height), _slopes(np.roll(height, (5, 7), (0, 1))), strict=True):
        np.testing.assert_array_equal(np.roll(made, (5, 7), (0, 1)), moved)
    flat = _normals(np.zeros((8, 8), np.float32))
    assert set(flat.reshape(-1, 3)[0].tolist()) <= {128, 127, 255}


def test_a_draft_takes_fewer_steps_and_says_so(material: Opened):
    assert isinstance(material.model, Drafting)
    draft = material.model.draft(material.recipe(steps=40.0), NO_PROGRESS)
    assert draft.draft
    assert draft.full == (32, 32)
    assert len(material.fed) < 10


def test_cancelling_between_steps(material: Opened):
    token = CancelToken()
    sink = ProgressSink(lambda step: token.cancel() if step.done == 1 else None, token)
    with pytest.raises(Cancelled):
        material.render(sink)
    assert len(material.fed) <= 3


def test_a_package_without_a_prompt_has_plain_sliders(tmp_path: Path):
    plain = Opened(tiny_material(tmp_path / "plain", None))
    assert plain.info.control("prompt") is None
    assert plain.told("mix") == [1, 0, 0]
    assert plain.told("settings", wear=0.9) == pytest.approx([0.5, 0.9])
    with pytest.raises(ValueProblem):
        plain.recipe(material="prompt")


def test_a_drawing_is_sharp_at_any_size_and_weight(drawing: Opened):
    small, large = (drawing.render(prompt="red house", size=size).colors() for size in ((48, 48), (960, 960)))
    ink = [float((picture.mean(axis=2) < 128).mean()) for picture in (small, large)]
    assert ink[0] == pytest.approx(ink[1], abs=0.02)
    grey = (large.mean(axis=2) > 60) & (large.mean(axis=2) < 220)
    assert grey.mean() < 0.01
    bold, thin = (drawing.render(prompt="red house", weight=weight).pixels.mean() for weight in (1.0, -0.5))
    assert bold > thin


def test_a_drawing_follows_prompt_manner_and_seed(drawing: Opened):
    pictures = [drawing.render(**values).pixels.tobytes() for values in (
        {"prompt": "red house"}, {"prompt": "blue cat"}, {"prompt": "red house", "kind": "bold"})]
    assert len(set(pictures)) == 3
    assert drawing.info.control("guidance") is None


def test_colours_of_a_drawing(drawing: Opened):
    clear = drawing.render(paper="none").colors()
    assert clear.shape[2] == 4
    assert clear[0, 0, 3] == 0
    told = drawing.render(palette="#ffeecc #112233 #445566").colors()
    assert told[0, 0].tolist() == [0xFF, 0xEE, 0xCC]
    assert told[told.shape[0] // 2, told.shape[1] // 2].tolist() == [0x11, 0x22, 0x33]
    assert told.shape[0] > FIELD
    ink = drawing.info.control("ink")
    assert ink is not None
    assert ink.shown_when == ("palette", ("",))                    # a palette's darkest colour draws instead
