r"""How much each part of a prompt counts, written as the well-known web interfaces have it.

`(word)` counts 1.1 times, `((word))` 1.21, `[word]` 1 / 1.1, `(word:1.4)` as it says; `\(` and `\[` are brackets that
are meant. A bracket that is never closed counts to the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STEP = 1.1
"""What one bracket multiplies by."""

LEAST, MOST = -10.0, 10.0
_TOKEN = re.compile(r"\\[()\[\]\\]|\\|[([\])]|:\s*([+-]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6}))\s*\)|[^\\()\[\]:]+|:")
_WORD = re.compile(r"[^\s,;()\[\]{}|]+")
_SAID = re.compile(r":\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*$")


@dataclass(frozen=True)
class Span:
    """A stretch of a prompt without its brackets, and what it counts."""

    text: str
    weight: float


def parse_weights(text: str) -> tuple[Span, ...]:
    """The prompt in stretches of one weight each, in order; together their texts are the words without the brackets."""
    spans: list[Span] = []
    open_at: dict[str, list[int]] = {"(": [], "[": []}
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in open_at:
            open_at[word].append(len(spans))
        elif token[1] is not None and open_at["("]:
            _multiply(spans, open_at["("].pop(), float(token[1]))
        elif word == ")" and open_at["("]:
            _multiply(spans, open_at["("].pop(), STEP)
        elif word == "]" and open_at["["]:
            _multiply(spans, open_at["["].pop(), 1 / STEP)
        else:
            spans.append(Span(word[1:] if len(word) > 1 and word[0] == "\\" else word, 1.0))
    for start in open_at["("]:
        _multiply(spans, start, STEP)
    for start in open_at["["]:
        _multiply(spans, start, 1 / STEP)
    return _joined(spans)


def words(text: str) -> str:
    """The prompt without weights and their brackets."""
    return "".join(span.text for span in parse_weights(text))


def weighted(text: str) -> bool:
    """Whether any part of the prompt counts more or less than another."""
    return any(span.weight != 1.0 for span in parse_weights(text))


def complaints(text: str) -> tuple[str, ...]:
    """What is wrong with the brackets, a sentence each; empty when all is well."""
    depth, strays = {"(": 0, "[": 0}, []
    for token in _TOKEN.finditer(text):
        if token[0] in depth:
            depth[token[0]] += 1
            continue
        opening = "(" if token[0] == ")" or token[1] is not None else "[" if token[0] == "]" else ""
        if opening and depth[opening]:
            depth[opening] -= 1
        elif opening:
            strays.append(f"The bracket {token[0][-1]} was never opened.")
    never = [f"The bracket {opening} is never closed." for opening, count in depth.items() if count]
    return tuple(dict.fromkeys(never + strays))


def nudge(text: str, start: int, end: int, step: float) -> tuple[str, int, int]:
    """The weight of what is selected (or of the word at the cursor) changed by `step`, for Ctrl+Up and Ctrl+Down.

    Gives the new text and the new selection, which lies on the same words; a weight of 1 needs no brackets. Where
    there is no word, nothing changes.
    """
    start, end = sorted((max(0, min(start, len(text))), max(0, min(end, len(text)))))
    start, end = _trimmed(text, start, end) if start < end else _word_at(text, start)
    if start == end:
        return text, start, end
    outer = _around(text, start, end)
    if outer is None:
        before, after, weight, inside = start, end, 1.0, text[start:end]
    else:
        before, after, weight, inside = outer
    weight = min(max(round(weight + step, 4), LEAST), MOST)
    if weight == 1.0:
        return text[:before] + inside + text[after:], before, before + len(inside)
    put = f"({inside}:{weight:g})"
    return text[:before] + put + text[after:], before + 1, before + 1 + len(inside)


def _multiply(spans: list[Span], start: int, by: float) -> None:
    by = min(max(by, LEAST), MOST)
    spans[start:] = [Span(span.text, min(max(span.weight * by, LEAST), MOST)) for span in spans[start:]]


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Neighbours of one weight are one span."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].weight == span.weight:
            found[-1] = Span(found[-1].text + span.text, span.weight)
        elif span.text:
            found.append(span)
    return tuple(found)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The selection without spaces at its ends; empty where there is nothing else."""
    chosen = text[start:end]
    begin = start + len(chosen) - len(chosen.lstrip())
    return begin, max(begin, start + len(chosen.rstrip()))


def _word_at(text: str, place: int) -> tuple[int, int]:
    """Where the words of the round bracket around the cursor begin and end, or else the word at the cursor."""
    open_at: list[int] = []
    for token in _TOKEN.finditer(text):
        if token[0] == "(":
            open_at.append(token.start())
        elif open_at and (token[0] == ")" or token[1] is not None):
            start = open_at.pop()
            if start < place <= token.end() - 1:
                return _trimmed(text, start + 1, token.start())
    word = next((word for word in _WORD.finditer(text) if word.start() <= place <= word.end()), None)
    return (word.start(), word.end()) if word else (place, place)


def _around(text: str, start: int, end: int) -> tuple[int, int, float, str] | None:
    """The bracket right around the selection: where it begins and ends, its weight, what is in it."""
    if text[start] == "(" and text[end - 1] == ")":
        start, end = start + 1, end - 1
        said = _SAID.search(text, start, end)
        end = said.start() if said else end
    opening = start - 1
    closing = re.compile(r"(?::\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*)?\)").match(text, end)
    escaped = text[max(opening - 1, 0):opening] == "\\"
    if opening < 0 or text[opening] != "(" or escaped or closing is None:
        return None
    return opening, closing.end(), float(closing[1]) if closing[1] else STEP, text[start:end]
