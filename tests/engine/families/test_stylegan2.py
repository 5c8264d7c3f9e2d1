"""The StyleGAN2 family: every control moves the rows, the noise or the picture it names, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.api import Asset, ControlKind, PackageInfo, Value
from engine.cancel import CancelToken
from engine.controls import check, check_recipe
from engine.errors import Cancelled, PackageError, ValueProblem
from engine.families.base import Drafting, Encoding
from engine.families.registry import FAMILIES
from engine.families.stylegan2_model import StyleModel
from engine.latent.points import packed
from engine.packages.describe import describe
from engine.packages.manifest import load_manifest
from engine.progress import NO_PROGRESS, ProgressSink
from engine.provenance import provenance_of
from engine.runtime.providers import Options, Runtime
from engine.writers.raster import encode_png
from tests import fakes
from tests.fakes import styles
from tests.golden_support import assert_golden


class Opened:
    """A package in this process; remembers what its graphs were fed."""

    def __init__(self, folder: Path) -> None:
        self.info: PackageInfo = describe(folder)
        self.model: Any = FAMILIES["stylegan2"].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=1)))
        self.fed: dict[str, dict[str, np.ndarray]] = {}
        self.runs: list[str] = []
        for role, session in self.model._sessions.items():
            session.run = self._listening(role, session.run)

    def _listening(self, role: str, run: Any) -> Any:
        def listen(feeds: Any, cancel: Any = None) -> Any:
            self.fed[role] = dict(feeds)
            self.runs.append(role)
            return run(feeds, cancel)
        return listen

    def recipe(self, **values: Value) -> Any:
        return check_recipe(self.info, self.info.default_recipe().with_values(values))

    def render(self, **values: Value) -> Asset:
        return self.model.render(self.recipe(**values), NO_PROGRESS)

    def draft(self, **values: Value) -> Asset:
        return self.model.draft(self.recipe(**values), NO_PROGRESS)

    def rows(self, **values: Value) -> np.ndarray:
        """The rows of w+ [rows, w_dim] that the synthesis was fed."""
        self.render(**values)
        return self.fed["synthesis"]["ws"][0]

    def noise(self, **values: Value) -> dict[str, np.ndarray]:
        """The noises that the synthesis was fed."""
        self.render(**values)
        return {role: field for role, field in self.fed["synthesis"].items() if role != "ws"}


@pytest.fixture
def style(tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(fakes.tiny_style(tmp_path / "style"))
    yield opened
    opened.model.close()


@pytest.fixture
def kinds(tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(fakes.tiny_style(tmp_path / "kinds", classes=styles.CLASSES, encoder="w+"))
    yield opened
    opened.model.close()


def changed_rows(have: np.ndarray, want: np.ndarray) -> list[int]:
    return [row for row in range(len(have)) if not np.array_equal(have[row], want[row])]


def test_every_control_is_complete(kinds: Opened):
    controls = kinds.info.controls
    assert len({control.name for control in controls}) == len(controls)
    assert [control.name for control in controls] == [
        "kind", "tilt", "tint", "seed", "plane_x", "plane_y", "point", "psi", "cutoff", "mix_amount", "mix_seed",
        "mix_from", "mix_to", "noise", "noise_seed", "noise_strength", "scale"]
    for control in controls:
        assert check(control, control.default) == control.default
        if control.kind is not ControlKind.DIRECTION:
            assert control.help, control.name
            assert control.labels.get("zh_CN"), control.name
        for choice in control.choices:
            assert choice.labels.get("zh_CN"), (control.name, choice.value)
        if control.kind in (ControlKind.SLIDER, ControlKind.DIRECTION):
            assert control.low, control.name
            assert control.high, control.name
        if control.shown_when:
            other = kinds.info.control(control.shown_when[0])
            assert other is not None
            assert all(check(other, value) == value for value in control.shown_when[1])


def test_what_a_package_lacks_is_not_offered(tmp_path: Path):
    info = describe(fakes.tiny_style(tmp_path / "p", noise=False, preview=False))
    names = {control.name for control in info.controls}
    assert names.isdisjoint({"noise", "noise_seed", "noise_strength", "kind"})
    assert (info.drafts, info.encodes) == (False, False)
    opened = Opened(fakes.tiny_style(tmp_path / "q", noise=False, preview=False))
    assert opened.draft(seed=3).pixels.shape == (16, 16, 3)
    assert not opened.draft(seed=3).draft
    assert not isinstance(opened.model, Encoding)


def test_directions_tell_their_layers_and_where_they_come_from(style: Opened):
    tilt = style.info.control("tilt")
    assert tilt is not None
    assert (tilt.layers, tilt.origin, tilt.unit) == ((0, 1), "sefa", "σ")


def test_seeds_are_those_that_people_know(style: Opened):
    z = np.random.RandomState(42).randn(1, styles.Z_DIM).astype(np.float32)
    style.render(seed=42)
    assert np.array_equal(style.fed["mapping"]["z"], z)


def test_psi_zero_is_the_mean_and_minus_one_the_opposite(style: Opened):
    plain, mean = style.rows(psi=1.0), styles.mean()
    assert style.rows(psi=0.0) == pytest.approx(np.tile(mean, (styles.ROWS, 1)))
    assert style.rows(psi=-1.0) == pytest.approx(2 * mean - plain, abs=1e-6)
    assert style.rows(psi=0.5) == pytest.approx((mean + plain) / 2, abs=1e-6)
    assert np.array_equal(style.render(psi=0.0, seed=1).pixels, style.render(psi=0.0, seed=2).pixels)


def test_the_cutoff_leaves_the_finer_rows_alone(style: Opened):
    plain = style.rows(psi=1.0)
    assert changed_rows(style.rows(psi=0.3, cutoff=2.0), plain) == [0, 1]
    assert changed_rows(style.rows(psi=0.3, cutoff=0.0), plain) == []
    assert changed_rows(style.rows(psi=0.3), plain) == list(range(styles.ROWS))


def test_mixing_takes_the_rows_of_the_second_seed(style: Opened):
    mine, other = style.rows(seed=5, psi=1.0), style.rows(seed=9, psi=1.0)
    mixed = style.rows(seed=5, psi=1.0, mix_seed=9, mix_amount=1.0, mix_from=2.0, mix_to=3.0)
    assert changed_rows(mixed, mine) == [2, 3]
    assert mixed[2:4] == pytest.approx(other[2:4], abs=1e-6)
    assert np.array_equal(style.rows(seed=5, psi=1.0, mix_seed=9, mix_amount=1.0, mix_from=3.0, mix_to=2.0), mixed)
    half = style.rows(seed=5, psi=1.0, mix_seed=9, mix_amount=0.5, mix_from=0.0, mix_to=5.0)
    assert half == pytest.approx((mine + other) / 2, abs=1e-6)
    assert np.array_equal(style.rows(seed=5, psi=1.0, mix_seed=9, mix_from=2.0), mine)


def test_truncation_and_mixing_change_places_without_a_difference(style: Opened):
    values: dict[str, Value] = {"mix_seed": 9, "mix_amount": 1.0, "mix_from": 2.0, "mix_to": 5.0}
    mean = styles.mean()
    assert style.rows(psi=0.5, **values) == pytest.approx((style.rows(psi=1.0, **values) + mean) / 2, abs=1e-6)


def test_a_direction_moves_its_layers_by_sigma(style: Opened):
    plain, tilted, tinted = style.rows(), style.rows(tilt=2.0), style.rows(tint=-1.0)
    assert changed_rows(tilted, plain) == [0, 1]
    assert tilted[0] - plain[0] == pytest.approx([0.8, 0, 0, 0, 0], abs=1e-6)
    assert tinted - plain == pytest.approx(np.tile(np.array([0, -0.4, 0, 0, 0]), (6, 1)), abs=1e-6)


def test_the_seed_plane_is_nvidias(style: Opened):
    seeds = {seed: style.rows(seed=seed, psi=1.0) for seed in (7, 8, 107, 108)}
    between = style.rows(seed=7, plane_x=0.25, plane_y=0.75, psi=1.0)
    expected = 0.1875 * seeds[7] + 0.0625 * seeds[8] + 0.5625 * seeds[107] + 0.1875 * seeds[108]
    assert between == pytest.approx(expected, abs=1e-6)
    assert style.render(seed=7, plane_x=1.0).pixels.tobytes() == style.render(seed=8).pixels.tobytes()


def test_a_point_takes_the_place_of_the_seed_in_each_space(style: Opened):
    dice = np.random.default_rng(2)
    w, rows = dice.standard_normal(5).astype(np.float32), dice.standard_normal((6, 5)).astype(np.float32)
    assert np.array_equal(style.rows(point=packed("w", w), psi=1.0), np.tile(w, (6, 1)))
    assert np.array_equal(style.rows(point=packed("w+", rows), psi=1.0, seed=99, plane_x=0.5), rows)
    z = np.random.RandomState(3).randn(6).astype(np.float32)
    assert np.array_equal(style.rows(point=packed("z", z)), style.rows(seed=3))
    assert style.rows(point=packed("w+", rows), psi=0.0) == pytest.approx(np.tile(styles.mean(), (6, 1)))
    moved = style.rows(point=packed("w+", rows), psi=1.0, tilt=1.0)
    assert changed_rows(moved, rows) == [0, 1]


@pytest.mark.parametrize("point", ["w:AAAAAA==", "v:AAAAAA==", "w+", "z:" + "A" * 8, "picture.png"])
def test_a_point_of_another_model_is_refused(style: Opened, point: str):
    with pytest.raises(ValueProblem, match="point"):
        style.recipe(point=point)


def test_noise_is_stored_drawn_or_none(style: Opened):
    stored = styles.stored_noise()
    assert {role: field.shape for role, field in style.noise().items()} == {
        role: (1, 1, side, side) for role, side in styles.NOISES.items()}
    assert all(np.array_equal(field[0, 0], stored[role]) for role, field in style.noise().items())
    assert all(not field.any() for field in style.noise(noise="none").values())
    drawn, again = style.noise(noise="random", noise_seed=4), style.noise(noise="random", noise_seed=4)
    other = style.noise(noise="random", noise_seed=5)
    for role, field in drawn.items():
        assert np.array_equal(field, again[role])
        assert not np.array_equal(field, other[role])
        assert field.dtype == np.float32
    twice = style.noise(noise_strength=2.0)
    assert all(np.array_equal(field[0, 0], 2 * stored[role]) for role, field in twice.items())
    assert np.array_equal(style.render(noise_strength=0.0).pixels, style.render(noise="none").pixels)
    rows = style.rows()
    assert np.array_equal(style.rows(noise="random"), rows)


def test_the_class_reaches_the_mapping(kinds: Opened):
    pictures = [kinds.render(kind=name).pixels for name in ("0", "1", "2")]
    assert kinds.fed["mapping"]["condition"].tolist() == [2]
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[1], pictures[2])
    with pytest.raises(ValueProblem, match="kind"):
        kinds.recipe(kind="3")


def test_classes_may_have_names(tmp_path: Path):
    named = [{"id": name, "label": name.title()} for name in ("cat", "dog", "owl")]
    opened = Opened(fakes.tiny_style(tmp_path / "p", classes=3, controls={"classes": named}))
    opened.render(kind="owl")
    assert opened.fed["mapping"]["condition"].tolist() == [2]


def test_the_mapping_runs_once_for_a_seed_and_alone(style: Opened):
    style.render(seed=1)
    style.render(seed=1, psi=0.2, tilt=1.0, noise="none", scale="2")
    assert style.runs.count("mapping") == 1
    style.render(seed=1, plane_x=0.5, plane_y=0.5)
    assert style.runs.count("mapping") == 4
    assert style.fed["mapping"]["z"].shape == (1, styles.Z_DIM)
    assert style.render(seed=1).model_ms > 0


def test_a_draft_is_a_small_picture_of_the_same(style: Opened):
    draft = style.draft(seed=4, tilt=1.0, scale="4")
    assert draft.draft
    assert draft.full == (64, 64)
    assert draft.pixels.shape == (8, 8, 3)
    assert style.fed["preview"]["ws"].shape == (1, 4, 5)
    assert set(style.fed["preview"]) == {"ws", "noise_4", "noise_8"}
    final = style.render(seed=4, tilt=1.0)
    assert (final.draft, final.full, final.pixels.shape) == (False, None, (16, 16, 3))
    assert draft.distance == final.distance
    assert isinstance(style.model, Drafting)
    kept = style.noise(noise="random", noise_seed=8)
    style.draft(noise="random", noise_seed=8)
    assert np.array_equal(style.fed["preview"]["noise_8"], kept["noise_8"])


def test_the_distance_is_told_with_a_note_beyond_the_edge(style: Opened):
    near = style.render(psi=0.0)
    assert near.distance == pytest.approx(0, abs=1e-6)
    assert near.notes == ()
    far = style.render(psi=1.0, tint=3.0, tilt=3.0)
    assert far.distance is not None
    assert far.distance > 1
    assert "further out" in far.notes[0]
    steps = [style.render(psi=0.0, tint=amount).distance for amount in (1.0, 2.0, 3.0)]
    assert steps == pytest.approx([0.4 / 0.5 / 2 / 2 * amount for amount in (1, 2, 3)], rel=1e-4)


def test_equal_recipes_are_equal_bytes_in_any_order(style: Opened, tmp_path: Path):
    def bytes_of(opened: Opened, **values: Value) -> bytes:
        asset = opened.render(**values)
        return encode_png(asset, provenance_of(asset, opened.info))

    values: dict[str, Value] = {"seed": 5, "plane_x": 0.3, "noise": "random", "mix_amount": 0.7, "tilt": 1.5}
    first = bytes_of(style, **values)
    style.render(seed=6, noise="random", noise_seed=2)
    style.draft(**values)
    assert bytes_of(style, **values) == first
    assert bytes_of(Opened(fakes.tiny_style(tmp_path / "again")), **values) == first


def test_pictures_are_enlarged_by_blocks(style: Opened):
    small, large = style.render(), style.render(scale="3")
    assert large.pixels.shape == (48, 48, 3)
    assert np.array_equal(large.pixels[1::3, 2::3], small.pixels)


@pytest.mark.parametrize("space", ["w", "w+"])
def test_an_encoder_gives_a_point_with_all_sliders_at_rest(tmp_path: Path, space: str):
    opened = Opened(fakes.tiny_style(tmp_path / "p", encoder=space))
    assert isinstance(opened.model, Encoding)
    assert (opened.model.sight.width, opened.model.sight.height) == (16, 16)
    picture = opened.render(seed=3).pixels
    recipe = opened.recipe(tilt=2.0, psi=0.5, mix_amount=1.0, noise="none", scale="4")
    values, after = opened.model.encode(recipe, picture, NO_PROGRESS)
    assert str(values["point"]).startswith(f"{space}:")
    assert {name: value for name, value in values.items() if name != "point"} == {
        "psi": 1.0, "mix_amount": 0.0, "tilt": 0.0, "tint": 0.0}
    assert np.array_equal(opened.render(**{**values, "noise": "none"}).pixels, after)
    assert opened.fed["encoder"]["image"].shape == (1, 3, 16, 16)
    assert opened.fed["encoder"]["image"].max() <= 1


def test_a_cancelled_request_renders_nothing(style: Opened):
    token = CancelToken()
    token.cancel()
    for work in (style.model.render, style.model.draft):
        with pytest.raises(Cancelled):
            work(style.recipe(), ProgressSink(cancel=token))
    assert style.runs == []


@pytest.mark.parametrize(("change", "words"), [
    ({"noise_4": None}, "lacks an array"), ({"noise_8": np.zeros((8, 8))}, "float64"),
    ({"noise_8": np.zeros((4, 4), np.float32)}, r"\[8, 8\]"), ({"noise_16": np.zeros((99, 99), np.float32)}, "larger"),
    ({"noise_4": np.full((4, 4), np.nan, np.float32)}, "finite"),
    ({"noise_4": np.array([{}] * 4, dtype=object)}, "damaged")])
def test_noise_that_is_not_what_the_manifest_says_is_refused(tmp_path: Path, change: dict[str, Any], words: str):
    folder = fakes.tiny_style(tmp_path / "p")
    arrays = {role: field for role, field in {**styles.stored_noise(), **change}.items() if field is not None}
    np.savez(folder / "noise.npz", **arrays)
    with pytest.raises(PackageError, match=words):
        FAMILIES["stylegan2"].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=1)))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a zip", b"x" * 1000])
def test_a_noise_file_that_is_no_archive_is_refused(tmp_path: Path, data: bytes):
    folder = fakes.tiny_style(tmp_path / "p")
    (folder / "noise.npz").write_bytes(data)
    with pytest.raises(PackageError, match="damaged"):
        FAMILIES["stylegan2"].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=1)))


def test_the_memory_of_points_does_not_grow_without_end(style: Opened, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.families.stylegan2_model._REMEMBERED", 3)
    model: StyleModel = style.model
    first = style.render(seed=0).pixels
    for seed in range(1, 8):
        style.render(seed=seed)
    assert len(model._mapped) == 3
    assert np.array_equal(style.render(seed=0).pixels, first)


GOLDEN: dict[str, dict[str, Value]] = {
    "plain": {"seed": 3, "scale": "4"},
    "mixed": {"seed": 3, "mix_seed": 8, "mix_amount": 1.0, "mix_from": 3.0, "scale": "4"},
    "opposite-smooth": {"seed": 3, "psi": -1.0, "noise": "none", "scale": "4"},
    "grain": {"seed": 3, "noise": "random", "noise_seed": 7, "noise_strength": 2.0, "scale": "4"},
}


@pytest.mark.parametrize("name", GOLDEN)
def test_pictures_look_as_they_did(style: Opened, request: pytest.FixtureRequest, tmp_path: Path, name: str):
    assert_golden(style.render(**GOLDEN[name]).pixels, f"style-{name}", request.config, tmp_path)


def test_a_draft_looks_as_it_did(style: Opened, request: pytest.FixtureRequest, tmp_path: Path):
    assert_golden(style.draft(seed=3).pixels, "style-draft", request.config, tmp_path)
