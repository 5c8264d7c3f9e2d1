"""Alternatives in prompts: which one a seed draws, nests, weights, brackets that are meant or forgotten."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.prompting.wildcards import complaints, draw, variants

TEXTS = st.text(st.sampled_from("ab {}|\\:,0.5()"), max_size=40)


def test_a_seed_means_the_same_for_ever():
    text = "a {red|green|{dark|light} blue} {door|gate}{, rusty|}"
    assert [draw(text, seed) for seed in (0, 5, 6, 4294967295)] == PUBLISHED


PUBLISHED = ["a red gate", "a green gate, rusty", "a light blue door", "a red door, rusty"]


def test_alternatives_come_about_equally_often_and_weights_count():
    assert min(Counter(draw("{a|b|c}", seed) for seed in range(900)).values()) > 240
    drawn = Counter(draw("{0.2::a|0.8::b}", seed) for seed in range(1000))
    assert 150 < drawn["a"] < 250
    assert {draw("{0::a|b}", seed) for seed in range(50)} == {"b"}
    assert {draw("{0::a|0::b}", seed) for seed in range(50)} == {"a", "b"}


def test_two_groups_choose_for_themselves():
    drawn = {draw("{a|b}{a|b}", seed) for seed in range(50)}
    assert drawn == {"aa", "ab", "ba", "bb"}


def test_words_added_to_one_group_leave_the_choices_of_the_others():
    for seed in range(30):
        assert draw("{a|b} {c|d}", seed)[-1] == draw("{a|b|x|y} and {c|d}", seed)[-1]


@pytest.mark.parametrize(("text", "expected"), [
    ("plain words", "plain words"), ("", ""), ("{}", ""), ("{only}", "only"), ("{{{deep}}}", "deep"),
    (r"\{a\|b\}", "{a|b}"), (r"{a\|b}", "a|b"), (r"\(kept\) \\", r"\(kept\) \\"), ("a | b", "a | b"),
    ("{a", "{a"), ("a}", "a}"), ("{a {b}", "{a b"), ("{b}} c", "b} c"), ("{1.5}", "1.5"), ("{2::}", ""),
    ("trailing \\", "trailing \\"),
])
def test_what_has_one_reading(text, expected):
    assert draw(text, 3) == expected


def test_every_variant_once_and_no_more_than_asked_for():
    assert variants("a {b|{c|d}} {e|f}", 10) == ["a b e", "a b f", "a c e", "a c f", "a d e", "a d f"]
    assert variants("{a|a|b}", 10) == ["a", "b"]
    assert variants("{a|0::b}", 10) == ["a"]
    assert variants("{a|b}" * 40, 3) == ["a" * 40, "a" * 39 + "b", "a" * 38 + "ba"]
    assert variants("x", 0) == []


@pytest.mark.parametrize(("text", "count"), [("{a|b}", 0), ("{a", 1), ("a}", 1), ("}{", 2), (r"\{ \}", 0), ("", 0)])
def test_forgotten_brackets_are_remarked_on(text, count):
    assert len(complaints(text)) == count


def test_brackets_by_the_thousand_do_not_hang_or_overflow():
    assert draw("{" * 2000, 0) == "{" * 2000
    assert "a" in draw("{" * 2000 + "a" + "}" * 2000, 0)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(0, 2**32 - 1))
def test_any_text_draws_and_what_is_drawn_is_a_variant(text, seed):
    drawn = draw(text, seed)
    assert drawn == draw(text, seed)
    found = variants(text, 400)
    assert len(found) == 400 or drawn in found or "0" in text      # all weights 0 count as equal
