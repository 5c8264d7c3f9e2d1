"""Weights in prompts as the well-known web interfaces read them, and the keys that change them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.prompting.weighting import LEAST, MOST, complaints, nudge, parse_weights, weighted, words


def pairs(text):
    return [(span.text, pytest.approx(span.weight)) for span in parse_weights(text)]


@pytest.mark.parametrize(("text", "expected"), [
    ("plain", [("plain", 1)]), ("", []), ("(a)", [("a", 1.1)]), ("((a))", [("a", 1.21)]), ("[a]", [("a", 1 / 1.1)]),
    ("(a:1.5) b", [("a", 1.5), (" b", 1)]), ("(a: -0.5)", [("a", -0.5)]), ("(a (b:2) c:0.5)", [("a ", .5), ("b", 1),
                                                                                            (" c", .5)]),
    (r"\(a\) \[b\] \\", [("(a) [b] \\", 1)]), (r"(\(a\):1.3)", [("(a)", 1.3)]), ("a:1.5", [("a:1.5", 1)]),
    ("(a", [("a", 1.1)]), ("[a (b", [("a ", 1 / 1.1), ("b", 1)]), ("a)", [("a)", 1)]), ("a:1.2) b", [("a:1.2) b", 1)]),
    ("[a:2)", [("a:2)", 1 / 1.1)]), ("()", []), ("a\nb", [("a\nb", 1)]), ("(a:99999)", [("a", MOST)]),
    ("trailing \\", [("trailing \\", 1)]), ("(a:1)(b)", [("a", 1), ("b", 1.1)]),
])
def test_weights_are_read(text, expected):
    assert pairs(text) == expected


def test_a_prompt_with_brackets_of_no_effect_is_not_weighted():
    assert not weighted("a (b:1) \\(c\\)")
    assert weighted("a (b)")
    assert words("a ((b:1.2) [c]) \\(d\\)") == "a b c (d)"


@pytest.mark.parametrize(("text", "count"), [
    ("(a) [b] (c:1.2)", 0), ("(a", 1), ("a)", 1), ("a:1.2)", 1), ("[a", 1), ("(a [b", 2), (r"\( \)", 0), ("]", 1)])
def test_forgotten_brackets_are_remarked_on(text, count):
    assert len(complaints(text)) == count


@pytest.mark.parametrize(("text", "start", "end", "step", "expected"), [
    ("a red fox", 3, 3, 0.1, "a (red:1.1) fox"), ("a red fox", 2, 9, 0.1, "a (red fox:1.1)"),
    ("a (red:1.1) fox", 4, 4, 0.1, "a (red:1.2) fox"), ("a (red:1.1) fox", 4, 4, -0.1, "a red fox"),
    ("a (red:1.1) fox", 9, 9, 0.1, "a (red:1.2) fox"), ("a (red:1.1) fox", 2, 11, 0.1, "a (red:1.2) fox"),
    ("a (red) fox", 4, 4, 0.1, "a (red:1.2) fox"), ("a red fox", 5, 2, -0.1, "a (red:0.9) fox"),
    ("a red, fox", 4, 4, 0.05, "a (red:1.05), fox"), ("", 0, 0, 0.1, ""), ("a  b", 2, 2, 0.1, "a  b"),
    ("(red fox:1.3)", 10, 10, 0.1, "(red fox:1.4)"), ("red", -5, 99, 0.1, "(red:1.1)"),
    ("(a b:1.2) (c (d:2):3)", 16, 16, 0.5, "(a b:1.2) (c (d:2.5):3)"), ("   ", 0, 3, 0.1, "   "),
    (" red ", 0, 5, 0.1, " (red:1.1) "),
])
def test_keys_change_the_weight(text, start, end, step, expected):
    assert nudge(text, start, end, step)[0] == expected


def test_the_selection_stays_on_the_words_and_steps_back_to_the_beginning():
    text, start, end = "a red fox", 2, 5
    for step in (0.1, 0.1, -0.1, -0.1):
        text, start, end = nudge(text, start, end, step)
        assert text[start:end] == "red"
    assert (text, start, end) == ("a red fox", 2, 5)


def test_weights_have_ends():
    text, start, end = "red", 0, 3
    for _ in range(30):
        text, start, end = nudge(text, start, end, 1.0)
    assert text == f"(red:{MOST:g})"
    assert nudge("red", 0, 3, -99)[0] == f"(red:{LEAST:g})"


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab ()[]\\:1.2,"), max_size=30))
def test_any_text_is_read_and_no_letter_is_lost(text):
    found = parse_weights(text)
    assert "".join(span.text for span in found).count("a") == text.count("a")
    assert all(LEAST <= span.weight <= MOST for span in found)
    complaints(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab ()[]\\:1.2,"), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_any_selection_can_be_nudged(text, start, end):
    changed, first, last = nudge(text, start, end, 0.1)
    assert 0 <= first <= last <= len(changed)
    assert changed.count("a") == text.count("a")
