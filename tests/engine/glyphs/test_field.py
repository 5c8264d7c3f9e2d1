"""Coverage from distance: areas, edges, thin lines, places."""

from __future__ import annotations

import numpy as np
import pytest

from engine.glyphs.color import palette
from engine.glyphs.field import Fields, Stamp, oversampling, paint

SIZE, SPREAD = 64, 6.0


def disc(radius: float = 18.0, centre: float = 32.0) -> np.ndarray:
    y, x = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    return np.clip((radius - np.hypot(x - centre, y - centre)) / SPREAD, -1, 1).astype(np.float32)


def stroke(width: float) -> np.ndarray:
    """A vertical line of that width in field pixels."""
    _, x = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    return np.clip((width / 2 - np.abs(x - 32.3)) / SPREAD, -1, 1).astype(np.float32)


def drawn(field: np.ndarray, scale: float, x: float = 0.0, y: float = 0.0, size: int | None = None) -> np.ndarray:
    side = size or int(np.ceil(SIZE * scale)) + 4
    return paint(Fields(field[None]), [Stamp(0, x, y)], scale, SPREAD, side, side)[0]


@pytest.mark.parametrize("scale", [0.15, 0.3, 0.6, 1.0, 1.37, 4.0, 16.0])
def test_a_disc_has_the_area_of_a_disc_at_any_size(scale: float):
    area = drawn(disc(), scale).sum() / 255
    assert area == pytest.approx(np.pi * (18 * scale) ** 2, rel=0.01 if scale >= 0.6 else 0.04)


@pytest.mark.parametrize("scale", [1.0, 4.0, 16.0])
def test_edges_are_about_one_pixel_soft_at_any_size(scale: float):
    picture = drawn(disc(18.3, 32.1), scale)
    row = picture[int(32 * scale)]
    soft = int(((row > 12) & (row < 243)).sum())
    assert 1 <= soft <= 4
    assert row.max() == 255
    assert row[0] == 0


@pytest.mark.parametrize("width", [0.8, 1.5, 3.0])
@pytest.mark.parametrize("scale", [0.2, 0.33, 0.5])
def test_a_hairline_keeps_its_grey_when_it_gets_thinner_than_a_pixel(width: float, scale: float):
    ink = drawn(stroke(width), scale)[int(20 * scale)].sum() / 255
    assert ink == pytest.approx(width * scale, rel=0.35, abs=0.03)


def test_a_shift_by_half_a_pixel_moves_the_middle_by_half_a_pixel():
    def middle(x: float) -> float:
        picture = drawn(disc(), 2.0, x=x, size=140).astype(float)
        return float((picture.sum(axis=0) * np.arange(140)).sum() / picture.sum())

    assert middle(3.5) - middle(3.0) == pytest.approx(0.5, abs=0.01)
    assert middle(3.125) - middle(3.0) == pytest.approx(0.125, abs=0.01)


def test_a_whole_pixel_shift_moves_the_very_same_picture():
    a, b = drawn(disc(), 1.3, x=2.25, size=100), drawn(disc(), 1.3, x=7.25, size=100)
    assert np.array_equal(a[:, :90], b[:, 5:95])


@pytest.mark.parametrize("steepness", [0.65, 1.0, 1.8])
def test_a_learned_field_of_wrong_steepness_has_the_same_edge(steepness: float):
    true, learned = drawn(disc(18.3), 4.0), drawn(np.clip(disc(18.3) * steepness, -1, 1).astype(np.float32), 4.0)
    assert np.abs(learned.astype(int) - true).mean() < 0.2
    soft = ((learned > 12) & (learned < 243)).sum(axis=1)
    assert soft[130] <= 4


def test_letters_unite_and_are_cut_at_the_picture_edge():
    stack = np.stack([disc(), stroke(4.0)])
    both = paint(Fields(stack), [Stamp(0, 0, 0), Stamp(1, 0, 0)], 1.0, SPREAD, SIZE, SIZE)[0]
    one, two = (paint(Fields(stack), [Stamp(k, 0, 0)], 1.0, SPREAD, SIZE, SIZE)[0] for k in (0, 1))
    assert np.array_equal(both, np.maximum(one, two))
    stamps = [Stamp(0, -30, -30), Stamp(0, 50, 50), Stamp(0, 500, 0), Stamp(1, 0, -500)]
    cut, rows = paint(Fields(stack), stamps, 1.0, SPREAD, 64, 64)
    assert cut[0, 0] == 255
    assert cut.shape == (64, 64)
    assert rows == (0, 20)


def test_a_field_without_ink_and_a_text_without_letters_draw_nothing():
    empty = np.full((1, SIZE, SIZE), -1, np.float32)
    for fields, stamps in ((Fields(empty), [Stamp(0, 0, 0)]), (Fields(empty[:0]), [])):
        canvas, rows = paint(fields, stamps, 2.0, SPREAD, 80, 80)
        assert not canvas.any()
        assert rows == (0, 0)


def test_the_inked_rows_are_those_with_anything_but_paper():
    fields = Fields(np.stack([disc(9.0), disc(5.0)]))
    canvas, rows = paint(fields, [Stamp(0, 3.4, 20.3), Stamp(1, 60.1, -4.7)], 1.2, SPREAD, 140, 120)
    inked = np.flatnonzero(canvas.any(axis=1))
    assert rows == (inked[0], inked[-1] + 1)


def test_the_box_of_ink_is_exact_for_each_letter_of_each_stack():
    letters = np.full((3, 20, 30), -1, np.float32)
    letters[0, 4:9, 7:30] = letters[2, 0, 5] = letters[2, 19, 2] = 0.5
    fields = Fields(letters[:2], letters[2:])
    assert fields.ink(0.0, [0, 1, 2, 0]) == [(4, 9, 7, 30), (0, 0, 0, 0), (0, 20, 2, 6), (4, 9, 7, 30)]
    assert fields.ink(0.5, [0]) == [(0, 0, 0, 0)]


def test_very_large_letters_are_drawn_in_bands_without_a_seam(monkeypatch: pytest.MonkeyPatch):
    whole = drawn(disc(), 5.0)
    monkeypatch.setattr("engine.glyphs.field._BAND", 37)
    assert np.abs(drawn(disc(), 5.0).astype(int) - whole).max() <= 1


def test_only_shrinking_is_oversampled():
    assert [oversampling(scale) for scale in (4.0, 1.0, 0.9, 0.5, 0.34, 0.01)] == [1, 1, 2, 2, 3, 8]


def test_colours_are_exact_at_both_ends_and_mixed_in_between():
    some = [0, 128, 255]
    assert palette("#ff0000", "#0000ff")[some].tolist() == [[0, 0, 255], [128, 0, 127], [255, 0, 0]]
    assert palette("#10e0f0", None)[some].tolist() == [[16, 224, 240, 0], [16, 224, 240, 128], [16, 224, 240, 255]]


def test_transparent_over_a_colour_equals_that_colour_as_paper():
    clear = palette("#201005", None).astype(float)
    alpha = clear[:, 3:] / 255
    over = np.rint(clear[:, :3] * alpha + np.array([250, 248, 243]) * (1 - alpha))
    assert np.abs(over - palette("#201005", "#faf8f3")).max() <= 1


@pytest.mark.parametrize("together", [1, 9000])
def test_letters_worked_on_together_are_the_letters_one_by_one(monkeypatch: pytest.MonkeyPatch, together: int):
    stack = np.stack([disc(), stroke(4.0), disc(5.0, 20.0), np.full((SIZE, SIZE), 1, np.float32)])
    stamps = [Stamp(k % 4, 33.4 * k, 7.3 * (k % 3) - 20) for k in range(9)]
    stamps.append(Stamp(3, 299.0, 0))  # one column of it: no neighbours on both sides
    for scale in (0.4, 1.0, 1.7):
        whole = paint(Fields(stack), stamps, scale, SPREAD, 300, 90)[0]
        with monkeypatch.context() as patch:
            patch.setattr("engine.glyphs.field._TOGETHER", together)
            assert np.array_equal(paint(Fields(stack), stamps, scale, SPREAD, 300, 90)[0], whole)
