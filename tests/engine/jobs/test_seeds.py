"""Seed lists."""

from __future__ import annotations

import pytest

from engine.errors import ValueProblem
from engine.jobs.seeds import parse_seeds, seeds_from


@pytest.mark.parametrize(("text", "seeds"), [
    ("7", [7]), ("1, 5, 9", [1, 5, 9]), ("10..13", [10, 11, 12, 13]), ("10 .. 12, 3", [10, 11, 12, 3]),
    ("5-7;1", [5, 6, 7, 1]), ("1 2\n3", [1, 2, 3]), ("4…5", [4, 5]), ("4–5,", [4, 5]), ("9,9", [9, 9]),
    ("4294967295", [4294967295])])
def test_lists(text: str, seeds: list[int]):
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize(("text", "words"), [
    ("", "not a seed"), ("x", "“x”"), ("1,,x", "“x”"), ("-5", "“-5”"), ("9..1", "backwards"),
    ("4294967296", "too large"), ("1..99999999", "more than"),
    ("1.5", "“1.5”"), ("٣", "not a seed"), ("1..", "not a seed")])
def test_nonsense_is_named(text: str, words: str):
    with pytest.raises(ValueProblem, match=words):
        parse_seeds(text)


def test_first_and_count():
    assert seeds_from(10, 3) == [10, 11, 12]
    assert seeds_from(10, 3, 12) == [10, 22, 34]
    assert seeds_from(2**32 - 5, 2, 4) == [2**32 - 5, 2**32 - 1]
    with pytest.raises(ValueProblem, match="4294967291 to 4294967296"):
        seeds_from(2**32 - 5, 2, 5)
    for first, count in ((0, 0), (-1, 2), (2**32 - 1, 2), (0, 10**9)):
        with pytest.raises(ValueProblem):
            seeds_from(first, count)
