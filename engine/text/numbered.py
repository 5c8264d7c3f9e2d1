"""Tokens of which nobody says what they stand for: shown, and typed, as numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.text.tokenizer import Encoded

_NUMBER = re.compile(r"\d{1,7}")


class NumberTokenizer:
    """“12 5 88” are three tokens."""

    def __init__(self, size: int) -> None:
        self._size = size

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return self._size

    def encode(self, text: str, *, special: bool = True) -> Encoded:
        """The numbers in `text` that are tokens; there are no templates, so `special` changes nothing."""
        del special
        found = [match for match in _NUMBER.finditer(text) if int(match[0]) < self._size]
        unknown = " ".join(dict.fromkeys(word for word in text.split()
                                         if not (word.isascii() and word.isdecimal() and int(word) < self._size)))
        return Encoded(tuple(int(match[0]) for match in found), tuple(match.span() for match in found), unknown)

    def decode(self, ids: Sequence[int]) -> str:
        """The numbers, each behind a space."""
        return "".join(f" {number}" for number in ids)

    def id_of(self, token: str) -> int | None:
        """The number itself."""
        return int(token) if _NUMBER.fullmatch(token) and int(token) < self._size else None
