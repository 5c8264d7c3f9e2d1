"""CLIP's way of reading a prompt: 77 tokens with weights, and an honest word on what did not fit.

Radford et al. (2021). The tokenizer is a `tokenizer.json`; its padding says what fills a sentence up. Longer prompts
are read in stretches of 77, cut where the well-known web interface cuts them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.text.tokenizer import read_tokenizer, unusable

LENGTH = 77
_START, _END, _COMMA = "<|startoftext|>", "<|endoftext|>", ",</w>"
_NEAR = 20
"""How many tokens a stretch may be shorter, so that it ends where a thought or a word does."""


@dataclass(frozen=True)
class Tokens:
    """One prompt as its encoder takes it."""

    ids: NDArray[np.int64]                   # [77]
    weights: NDArray[np.float32]             # [77], 1 where nothing was said
    count: int                               # tokens of the whole text, without its start and end
    cut: str = ""                            # the end of the text that is beyond the limit

    @property
    def key(self) -> bytes:
        """Equal for equal encodings."""
        return self.ids.tobytes() + self.weights.tobytes()


@dataclass(frozen=True)
class _Piece:
    """One token of a text, and where a stretch may end."""

    id: int
    weight: float
    start: int                               # its place in the text
    begins: bool                             # a word after a space
    comma: bool


class ClipTokenizer:
    """Texts to `Tokens`. Not for two threads at once."""

    limit = LENGTH - 2
    """Tokens that a prompt may have; the other two are its start and its end."""

    def __init__(self, definition: bytes, subject: str = "tokenizer") -> None:
        """`definition` is a tokenizer.json. Raises PackageError when it is none."""
        self._tokenizer = read_tokenizer("tokenizer.json", definition)
        start, end = (self._tokenizer.id_of(token) for token in (_START, _END))
        if start is None or end is None:
            raise unusable(subject, "it is not one of a CLIP text encoder")
        self._start, self._end = start, end
        padding = json.loads(definition).get("padding")
        fill = padding.get("pad_id") if isinstance(padding, dict) else None
        self._comma = self._tokenizer.id_of(_COMMA)
        self._fill = fill if isinstance(fill, int) else end

    @property
    def size(self) -> int:
        """Numbers that tokens can be, added ones included."""
        return self._tokenizer.size

    def read(self, spans: Iterable[tuple[str, float]]) -> Tokens:
        """The tokens of text with weights, one piece after the other, as far as they fit."""
        text, pieces = self._pieces(spans)
        cut = text[pieces[self.limit].start:].strip() if len(pieces) > self.limit else ""
        return self._tokens(pieces[:self.limit], len(pieces), cut)

    def read_all(self, parts: Iterable[Iterable[tuple[str, float]]]) -> tuple[Tokens, ...]:
        """All of it in as many stretches as it takes, at least one; each of `parts` begins a new one.

        A stretch ends after a comma, else before a word, where one of them is among its last twenty tokens.
        """
        found: list[Tokens] = []
        for part in parts:
            pieces = self._pieces(part)[1]
            ends = _ends(pieces, self.limit)
            found += [self._tokens(pieces[start:end], end - start) for start, end in pairwise((0, *ends, len(pieces)))]
        if len(found) > 1 and not found[-1].count:
            found.pop()                      # nothing follows the last break
        return tuple(found)

    def _pieces(self, spans: Iterable[tuple[str, float]]) -> tuple[str, list[_Piece]]:
        """The whole text, and its tokens."""
        text, end = "", 0
        pieces: list[_Piece] = []
        for words, weight in spans:
            read = self._tokenizer.encode(words, special=False)
            before, text = len(text), text + words
            for number, (start, stop) in zip(read.ids, read.spans, strict=True):
                begins = any(letter.isspace() for letter in text[end:before + start])
                pieces.append(_Piece(number, weight, before + start, begins, number == self._comma))
                end = before + stop
        return text, pieces

    def _tokens(self, pieces: Sequence[_Piece], count: int, cut: str = "") -> Tokens:
        """Begun, ended and filled up."""
        numbers = np.full(LENGTH, self._fill, np.int64)
        numbers[:len(pieces) + 2] = [self._start, *(piece.id for piece in pieces), self._end]
        weights = np.ones(LENGTH, np.float32)
        weights[1:len(pieces) + 1] = [piece.weight for piece in pieces]
        return Tokens(numbers, weights, count, cut)


def _ends(pieces: Sequence[_Piece], limit: int) -> list[int]:
    """Where all stretches but the last one end."""
    ends: list[int] = []
    start = 0
    while len(pieces) - start > limit:
        start += _end(pieces[start:start + limit + 1])
        ends.append(start)
    return ends


def _end(pieces: Sequence[_Piece]) -> int:
    """How many of these, of which one is too many, make a stretch."""
    limit = len(pieces) - 1
    near = range(limit, limit - _NEAR - 1, -1)
    if pieces[limit].comma:
        return limit
    commas = (place + 1 for place in near if pieces[place].comma)
    words = (place for place in near if pieces[place].begins)
    return next(commas, next(words, limit))


def weighted(hidden: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors [77, width] times their weights, the mean of all numbers kept, as the well-known web interface does."""
    if bool((weights == 1).all()):
        return hidden
    before = float(hidden.mean(dtype=np.float64))
    scaled = hidden * weights[:, None]
    after = float(scaled.mean(dtype=np.float64))
    return scaled * np.float32(before / after) if after else scaled
