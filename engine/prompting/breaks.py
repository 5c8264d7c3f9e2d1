"""The word BREAK in a prompt, as the well-known web interfaces have it: what follows is read by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.prompting.weighting import Span

_BREAK = re.compile(r"\s*\bBREAK\b\s*")


def parted(spans: Iterable[Span]) -> tuple[tuple[Span, ...], ...]:
    """The stretches between the BREAKs, in order, each as spans of one weight; at least one, and any may be empty."""
    parts: list[list[Span]] = [[]]
    for span in spans:
        for number, text in enumerate(_BREAK.split(span.text)):
            if number:
                parts.append([])
            if text:
                parts[-1].append(Span(text, span.weight))
    return tuple(tuple(part) for part in parts)


def joined(parts: Iterable[Iterable[Span]]) -> tuple[Span, ...]:
    """The stretches as one again, a space in place of each BREAK: for models that read no more than one."""
    found: list[Span] = []
    for number, part in enumerate(parts):
        found += [Span(" ", 1.0), *part] if number else part
    return tuple(found)
