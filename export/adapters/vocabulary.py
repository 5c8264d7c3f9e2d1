"""The texts of a vocabulary, where a training script saved them beside the weights."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

CHARACTERS = "characters.json"
_DEPTH = 3
_STARTS = ("<bos>", "<sos>", "<s>", "<start>", "[BOS]", "<|startoftext|>")
_STOPS = ("<eos>", "</s>", "<end>", "[EOS]", "<|endoftext|>")


def texts_of(settings: Mapping[str, Any], count: int) -> tuple[str, ...] | None:
    """The text of each of `count` tokens; None where the settings hold no table that gives one for each."""
    for value in _tables(settings, 0):
        texts = _texts(value, count)
        if texts is not None:
            return texts
    return None


def as_file(texts: tuple[str, ...]) -> bytes:
    """characters.json: a JSON list of texts, a token's number is its place."""
    return json.dumps(list(texts), ensure_ascii=False).encode()


def start_and_stop(texts: tuple[str, ...]) -> tuple[int | None, tuple[int, ...]]:
    """The token that begins a text, and those that end one, by the usual spellings."""
    places = {text: number for number, text in enumerate(texts)}
    start = next((places[word] for word in _STARTS if word in places), None)
    return start, tuple(places[word] for word in _STOPS if word in places)


def _tables(settings: Mapping[str, Any], depth: int) -> Iterator[Any]:
    """Everything in the settings that could be a vocabulary."""
    for value in settings.values():
        yield value
        if isinstance(value, Mapping) and depth < _DEPTH:
            yield from _tables(value, depth + 1)


def _texts(value: Any, count: int) -> tuple[str, ...] | None:
    """A text of that many characters, a list of texts, text -> number or number -> text."""
    if isinstance(value, str | list | tuple) and len(value) == count:
        return _distinct(list(value))
    if not isinstance(value, Mapping) or len(value) != count:
        return None
    pairs = [(number, text) for text, number in value.items()]
    if all(isinstance(text, str) for text in value.values()):
        pairs = [(int(number), text) for number, text in value.items() if str(number).isdecimal()]
    if any(isinstance(number, bool) or not isinstance(number, int) for number, _ in pairs):
        return None
    by_number = dict(pairs)
    return _distinct([by_number[number] for number in range(count)]) if set(by_number) == set(range(count)) else None


def _distinct(texts: list[Any]) -> tuple[str, ...] | None:
    """The texts, if they are texts and all different."""
    fine = all(isinstance(text, str) for text in texts) and len(set(texts)) == len(texts)
    return tuple(texts) if fine else None
