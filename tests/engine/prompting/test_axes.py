"""Prompt sliders as text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.prompting.axes import Axis, format_axes, parse_axes


def test_the_example_is_read():
    assert parse_axes("young -> old: 0.8; calm, quiet -> wild: -0.3") == (
        Axis(("young",), ("old",), 0.8), Axis(("calm", "quiet"), ("wild",), -0.3))


@pytest.mark.parametrize(("text", "told"), [
    ("", ""), (" ; ", ""), ("a->b", "a -> b: 0"), ("a → b:1", "a -> b: 1"), ("Mood = a -> b: .5", "Mood = a -> b: 0.5"),
    ("a,, b -> c: −1.25", "a, b -> c: -1.25"), ("a->b:+2;", "a -> b: 2"), ("a->b:-0", "a -> b: 0"),
    ("a->b:0.00049", "a -> b: 0")])
def test_every_text_has_one_form(text, told):
    axes = parse_axes(text)
    assert format_axes(axes) == told
    assert parse_axes(told) == axes


@pytest.mark.parametrize(("text", "word"), [
    ("young", "young -> old"), ("a -> b -> c: 1", "young -> old"), ("-> b: 1", "both sides"), ("a ->: 1", "both sides"),
    ("a -> b: much", "no number"), ("a -> b: ", "no number"), ("a -> b: 9", "goes from -5 to 5"),
    ("a -> b: 1: 2", "no number"), ("a -> b: 1; a -> b: 2", "twice"), (";".join(f"a{n} -> b" for n in range(13)), "13"),
    ("x = y = a -> b: 1", "may not hold"), (f"{'a' * 201} -> b: 1", "200"), ("a -> b: nan", "no number")])
def test_what_is_no_slider_is_said(text, word):
    with pytest.raises(ValueError, match=word):
        parse_axes(text)


def test_words_that_cannot_be_written_are_refused():
    with pytest.raises(ValueError, match="hold"):
        format_axes((Axis(("a=b",), ("c",), 1.0),))


def test_a_slider_has_a_name():
    assert parse_axes("Age = young -> old")[0].name == "Age"
    assert parse_axes("young, fresh -> old")[0].name == "young → old"


WORD = st.text(st.characters(exclude_characters=";:=→,->", exclude_categories=["C"]), min_size=1,
               max_size=12).map(str.strip).filter(bool)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(WORD, WORD, st.floats(-5, 5), st.one_of(st.just(""), WORD)), max_size=4,
                unique_by=lambda axis: (axis[0], axis[1])))
def test_what_is_written_is_read_back(parts):
    axes = tuple(Axis((minus,), (plus,), round(amount, 3) + 0.0, label) for minus, plus, amount, label in parts)
    read = parse_axes(format_axes(axes))
    assert [(axis.minus, axis.plus, axis.label) for axis in read] == [(a.minus, a.plus, a.label) for a in axes]
    assert [axis.amount for axis in read] == pytest.approx([axis.amount for axis in axes], abs=1e-6)
