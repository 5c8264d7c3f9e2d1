"""Text set well: centred, inside the margins, sensibly broken, steady under the slider."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.glyphs.layout import MARGIN, Metrics, broken, is_blank, place

METRICS = Metrics(ascent=1.15, descent=0.35, space=0.33)
ADVANCES = dict.fromkeys(string.printable, 0.8)


def lines_of(text: str, width: int = 1024, height: int = 512) -> tuple[str, ...]:
    return broken(text, width, height, METRICS.pitch)


def test_a_word_is_centred_and_keeps_the_margins():
    layout = place(("Hgx",), ADVANCES, METRICS, 1000, 400)
    first, last = layout.letters[0], layout.letters[-1]
    right = last.x + 0.8 * layout.cap_pixels
    assert first.x == pytest.approx(1000 - right)
    margin = MARGIN * 400
    assert first.x >= margin - 1e-6
    top, bottom = first.y - layout.cap_pixels * 1.0, first.y + layout.cap_pixels * 0.35
    assert top == pytest.approx(400 - bottom)
    assert top >= margin - 1e-6


def test_the_letters_are_as_large_as_width_or_height_allow():
    tall = place(("H",), ADVANCES, METRICS, 4000, 400)
    assert tall.cap_pixels * 1.03 == pytest.approx(400 * (1 - 2 * MARGIN))
    wide = place(("H" * 20,), ADVANCES, METRICS, 1000, 800)
    assert wide.cap_pixels * 16 == pytest.approx(1000 - 2 * MARGIN * 800)


def test_blanks_take_room_and_are_not_drawn():
    layout = place(("a b",), ADVANCES, METRICS, 500, 100)
    assert [letter.character for letter in layout.letters] == ["a", "b"]
    gap = layout.letters[1].x - layout.letters[0].x
    assert gap == pytest.approx((0.8 + 0.33) * layout.cap_pixels)


def test_one_letter_at_a_time_shares_scale_and_baseline():
    alone = [place((c,), ADVANCES, METRICS, 256, 256, snug=False) for c in "Hgx."]
    ((cap, baseline),) = {(layout.cap_pixels, layout.letters[0].y) for layout in alone}
    assert baseline - cap / 2 == pytest.approx(128)


@given(st.text(string.ascii_letters + " \n", max_size=120), st.integers(16, 3000), st.integers(16, 3000))
def test_breaking_loses_no_letter_and_keeps_own_lines(text: str, width: int, height: int):
    lines = broken(text, width, height, METRICS.pitch)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert len(lines) >= 1
    layout = place(lines, ADVANCES, METRICS, width, height)
    assert layout.cap_pixels > 0
    assert all(-1e-6 <= letter.x <= width for letter in layout.letters)


def test_a_sentence_is_broken_into_even_lines_and_a_word_is_not():
    lines = lines_of("The quick brown fox jumps over the lazy dog and runs away")
    assert 3 <= len(lines) <= 6
    lengths = [len(line) for line in lines]
    assert min(lengths) > max(lengths) / 2
    assert lines_of("Hamburgefonstiv") == ("Hamburgefonstiv",)
    assert lines_of("two words", 2000, 200) == ("two words",)


def test_own_lines_stay_and_blank_ends_go():
    assert lines_of("one\ntwo\n\nfour\n\n") == ("one", "two", "", "four")
    assert lines_of("") == ("",)
    assert lines_of("  a  ") == ("a",)


def test_lines_do_not_depend_on_the_style():
    """Breaking knows no advances at all: dragging a slider cannot make lines jump."""
    assert lines_of.__code__.co_varnames[:3] == ("text", "width", "height")


def test_blanks_of_many_kinds():
    assert all(is_blank(c) for c in " \u00a0\u3000\u2009")
    assert not is_blank("a")
