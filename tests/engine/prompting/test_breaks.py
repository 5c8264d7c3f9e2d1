"""BREAK: where a prompt is parted, and where the same letters are only a word."""

from __future__ import annotations

import pytest

from engine.prompting.breaks import joined, parted
from engine.prompting.weighting import Span, parse_weights


def texts(prompt: str) -> list[list[tuple[str, float]]]:
    return [[(span.text, round(span.weight, 3)) for span in part] for part in parted(parse_weights(prompt))]


@pytest.mark.parametrize(("prompt", "wanted"), [
    ("a cat", [[("a cat", 1.0)]]),
    ("a cat BREAK a dog", [[("a cat", 1.0)], [("a dog", 1.0)]]),
    ("a cat,\nBREAK\n a (dog:1.5) BREAK", [[("a cat,", 1.0)], [("a ", 1.0), ("dog", 1.5)], []]),
    ("(a BREAK b:1.2) c", [[("a", 1.2)], [("b", 1.2), (" c", 1.0)]]),
    ("BREAK a", [[], [("a", 1.0)]]),
    ("a break, BREAKFAST, Break", [[("a break, BREAKFAST, Break", 1.0)]]),
    ("", [[]]),
])
def test_a_prompt_is_parted_at_the_word_alone(prompt: str, wanted: list[list[tuple[str, float]]]):
    assert texts(prompt) == wanted


def test_parts_are_joined_by_a_space():
    parts = parted(parse_weights("a BREAK (b:2) BREAK c"))
    assert joined(parts) == (Span("a", 1), Span(" ", 1), Span("b", 2), Span(" ", 1), Span("c", 1))
