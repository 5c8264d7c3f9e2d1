"""The decoder family: controls as data, pictures as their recipe says, the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.api import Asset, Control, ControlKind, PackageInfo, Progress, Value
from engine.cancel import CancelToken
from engine.controls import check, check_recipe
from engine.errors import Cancelled, ModelError, PackageError, ValueProblem
from engine.families.base import Model
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.manifest import load_manifest
from engine.progress import NO_PROGRESS, ProgressSink
from engine.provenance import provenance_of
from engine.runtime.providers import Options, Runtime
from engine.writers.raster import encode_png
from tests import fakes
from tests.fakes import packages


class Opened:
    """A package in this process, with its description."""

    def __init__(self, folder: Path) -> None:
        self.info: PackageInfo = describe(folder)
        manifest = load_manifest(folder)
        self.model: Model = FAMILIES["decoder"].open(folder, manifest, Runtime(Options("cpu", threads=1)))

    def render(self, progress: ProgressSink = NO_PROGRESS, **values: Value) -> Asset:
        return self.model.render(check_recipe(self.info, self.info.default_recipe().with_values(values)), progress)


@pytest.fixture
def glyphs(tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(fakes.tiny_glyphs(tmp_path / "glyphs"))
    yield opened
    opened.model.close()


@pytest.fixture
def color(tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(fakes.tiny_color(tmp_path / "color"))
    yield opened
    opened.model.close()


def test_a_letter_stands_where_its_middle_says(tmp_path: Path, glyphs: Opened):
    """A pen at the column 2 and ink 0.5 cap heights right of it is a middle at that column, whatever the letter."""
    cap, pen = packages.CAP_HEIGHT, packages.ORIGIN
    middles = np.linspace(0.1, 0.6, len(fakes.CHARACTERS), dtype=np.float32)
    plain = glyphs.render(text="HAn")
    for moved, middle in ((0, np.full_like(middles, 0.5)), (1, middles)):
        folder = fakes.tiny_glyphs(tmp_path / f"centred-{moved}", middles=middle,
                                   glyphs={**packages.GLYPHS, "origin": pen + 0.5 * cap})
        opened = Opened(folder)
        pixels = opened.render(text="HAn").pixels
        opened.model.close()
        assert np.array_equal(pixels, plain.pixels) == (not moved)


@pytest.mark.parametrize("build", [fakes.tiny_glyphs, fakes.tiny_color])
def test_every_control_is_complete(tmp_path: Path, build: object):
    controls: tuple[Control, ...] = describe(build(tmp_path / "p")).controls  # type: ignore[operator]
    assert len({control.name for control in controls}) == len(controls)
    for control in controls:
        assert check(control, control.default) == control.default
        assert control.group in ("Text", "Style", "Seed", "Neighbours", "Picture")
        assert control.help
        assert control.label
        assert control.labels.get("zh_CN"), control.name
        for choice in control.choices:
            assert choice.labels.get("zh_CN"), (control.name, choice.value)
        if control.kind in (ControlKind.SLIDER, ControlKind.DIRECTION):
            assert control.low
            assert control.high
            assert control.step == 0.01
        if control.shown_when:
            other, values = control.shown_when
            assert any(c.name == other and ({choice.value for choice in c.choices} >= set(values)
                       or c.kind is ControlKind.LATENT) for c in controls)


def test_directions_are_sliders_in_sigma(glyphs: Opened):
    weight = glyphs.info.control("weight")
    assert weight is not None
    assert (weight.kind, weight.minimum, weight.maximum, weight.unit) == (ControlKind.DIRECTION, -3, 3, "σ")
    assert (weight.low, weight.high, weight.labels["zh_CN"]) == ("Thin", "Heavy", "字重")


def test_the_package_may_choose_its_first_picture(tmp_path: Path):
    folder = fakes.tiny_glyphs(tmp_path / "p", controls={"defaults": {"seed": 12, "paper": "none", "size": "640x320"}})
    recipe = describe(folder).default_recipe()
    assert (recipe.values["seed"], recipe.values["paper"], recipe.values["size"]) == (12, "none", (640, 320))


@pytest.mark.parametrize(("defaults", "words"), [
    ({"sead": 1}, "sead"), ({"seed": -1}, "seed"), ({"ink": "none"}, "ink"),
])
def test_an_unusable_default_is_refused(tmp_path: Path, defaults: dict[str, object], words: str):
    with pytest.raises(PackageError, match=words):
        describe(fakes.tiny_glyphs(tmp_path / "p", controls={"defaults": defaults}))


@pytest.mark.parametrize("size", [(1024, 512), (16, 16), (300, 17), (2048, 64)])
def test_pictures_have_the_size_that_was_asked_for(glyphs: Opened, size: tuple[int, int]):
    asset = glyphs.render(size=size)
    assert asset.colors().shape == (size[1], size[0], 3)
    assert asset.colors().dtype == np.uint8
    assert asset.provider == "CPUExecutionProvider"
    assert asset.model_ms > 0
    assert asset.total_ms >= asset.model_ms
    assert asset.notes == ()


def test_ink_and_paper_are_exact(glyphs: Opened):
    pixels = glyphs.render(ink="#102030", paper="#f0e0d0", text="H").colors().reshape(-1, 3).tolist()
    assert [0x10, 0x20, 0x30] in pixels
    assert pixels[0] == [0xF0, 0xE0, 0xD0]


def test_transparent_paper_carries_the_ink_everywhere(glyphs: Opened):
    pixels = glyphs.render(ink="#102030", paper="none").colors()
    assert pixels.shape[2] == 4
    assert (pixels[..., :3] == [0x10, 0x20, 0x30]).all()
    assert set(np.unique(pixels[..., 3])) >= {0, 255}


def test_each_style_control_changes_the_picture(glyphs: Opened):
    plain = glyphs.render().colors()
    for change in ({"weight": 1.0}, {"slant": -1.0}, {"width": 1.0}, {"seed": 1}, {"variety": 0.2}, {"text": "AH"}):
        assert not np.array_equal(glyphs.render(**change).colors(), plain), change


def test_weight_is_ink_and_variety_zero_forgets_the_seed(glyphs: Opened):
    thin, heavy = (int(glyphs.render(weight=w, variety=0.0, paper="none").colors()[..., 3].sum()) for w in (-1.0, 1.5))
    assert heavy > 1.2 * thin
    assert np.array_equal(glyphs.render(variety=0.0, seed=1).pixels, glyphs.render(variety=0.0, seed=2).pixels)


def test_equal_recipes_are_equal_bytes_in_any_order(glyphs: Opened, tmp_path: Path):
    def bytes_of(opened: Opened, **values: Value) -> bytes:
        asset = opened.render(**values)
        return encode_png(asset, provenance_of(asset, opened.info))

    first = bytes_of(glyphs, seed=5)
    glyphs.render(seed=6, text="A")
    glyphs.render(seed=5, text="AHI")
    assert bytes_of(glyphs, seed=5) == first
    assert bytes_of(glyphs, seed=5) == first
    assert bytes_of(Opened(fakes.tiny_glyphs(tmp_path / "again")), seed=5) == first


def test_a_change_of_colour_or_size_does_not_run_the_model(glyphs: Opened):
    glyphs.render()
    assert glyphs.render(ink="#ff0000").model_ms == 0
    assert glyphs.render(size=(100, 50)).model_ms == 0
    assert glyphs.render(seed=9).model_ms > 0


def test_each_distinct_letter_is_decoded_once(glyphs: Opened, monkeypatch: pytest.MonkeyPatch):
    counts = []
    session = glyphs.model._session  # type: ignore[attr-defined]
    run = session.run

    def counted(feeds: dict[str, np.ndarray], cancel: CancelToken) -> dict[str, np.ndarray]:
        counts.append(len(feeds["condition"]))
        return run(feeds, cancel)

    monkeypatch.setattr(session, "run", counted)
    glyphs.render(text="Anna nAnn AAA nn")
    assert counts == [3 - 1]  # A, n; the small a is none of its letters


def test_missing_letters_are_named_and_drawn_as_boxes(glyphs: Opened):
    asset = glyphs.render(text="A你好B")
    assert len(asset.notes) == 1
    assert "你 好 B" in asset.notes[0]
    assert asset.colors().min() < 50
    only = glyphs.render(text="你")
    assert "你" in only.notes[0]
    assert only.colors().min() < 50
    assert only.model_ms == 0


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_no_text_is_a_note_not_a_failure(glyphs: Opened, text: str):
    asset = glyphs.render(text=text)
    assert asset.notes == ("There is no text to draw.",)
    assert len(np.unique(asset.colors().reshape(-1, 3), axis=0)) == 1


def test_one_letter_mode_ignores_the_text(glyphs: Opened):
    one = glyphs.render(mode="character", character="H", text="AAAA", size=(200, 200))
    assert np.array_equal(one.pixels, glyphs.render(mode="character", character="H", text="n", size=(200, 200)).pixels)
    assert not np.array_equal(one.pixels, glyphs.render(mode="character", character="n", size=(200, 200)).pixels)


def test_a_blank_field_is_told(tmp_path: Path):
    asset = Opened(fakes.constant_output(tmp_path / "p")).render()
    assert "nearly constant" in asset.notes[0]


def test_invalid_numbers_are_an_error_and_the_model_goes_on(tmp_path: Path):
    opened = Opened(fakes.nan_output(tmp_path / "p"))
    for _ in range(2):
        with pytest.raises(ModelError, match="invalid numbers"):
            opened.render()


def test_a_cancelled_request_renders_nothing(glyphs: Opened):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        glyphs.render(ProgressSink(cancel=token))
    assert glyphs.render().model_ms > 0


def test_an_unchecked_recipe_is_refused_by_name(glyphs: Opened):
    recipe = glyphs.info.default_recipe()
    with pytest.raises(ValueProblem, match="size"):
        glyphs.model.render(type(recipe)(recipe.package, recipe.digest, {"seed": 1}), NO_PROGRESS)


def test_colour_pictures_follow_class_seed_and_scale(color: Opened):
    small, large = color.render(), color.render(scale="4")
    assert small.pixels.shape == (32, 32, 3)
    assert np.array_equal(large.pixels[::4, ::4], small.pixels)
    assert np.array_equal(large.pixels[3::4, 3::4], small.pixels)
    for change in ({"kind": "bars"}, {"seed": 2}, {"warmth": 2.0}):
        assert not np.array_equal(color.render(**change).pixels, small.pixels)


def test_the_word_for_progress_is_asked(glyphs: Opened):
    seen: list[Progress] = []
    glyphs.render(ProgressSink(seen.append))
    assert seen == []  # one run: nothing to count
