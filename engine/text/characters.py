"""`characters.json`: a list of texts, a token's number is its place. Letters, words or anything between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Self

from engine import strictjson
from engine.text.tokenizer import CHARACTERS, MAX_BYTES, Encoded, unusable

_MARK = re.compile(r"<[^<>\s]{1,40}>|\[[A-Z]{2,10}\]|<\|[^<>\s]{1,40}\|>")
_UNKNOWN = ("<unk>", "[UNK]", "<UNK>")
_MAX_TOKENS = 1_000_000
_WORDS = re.compile(r"\s+")


class CharacterTokenizer:
    """The longest token that fits is taken each time; of a list of words, the words between spaces.

    Texts such as `<eos>` are marks: they are never shown. What the list lacks becomes its unknown token where it has
    one, and is left out (and told) where it has none.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """`texts` are all different."""
        self._texts = tuple(texts)
        self._places = {text: number for number, text in enumerate(texts)}
        self._marks = frozenset(number for number, text in enumerate(texts) if _MARK.fullmatch(text) or not text)
        plain = [text for number, text in enumerate(texts) if number not in self._marks]
        self._longest = max((len(text) for text in texts), default=1)
        # A list without any space, most of it longer than a letter, is one of whole words.
        self._words = (not any(_WORDS.search(text) for text in plain if text not in ("\n", "\r", "\t"))
                       and 2 * sum(len(text) > 1 for text in plain) > len(plain))
        self._unknown = next((self._places[text] for text in _UNKNOWN if text in self._places), None)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """From the bytes of the file. Raises PackageError."""
        try:
            texts = strictjson.parse(data, max_bytes=MAX_BYTES, max_depth=2)
        except ValueError as error:
            raise unusable(CHARACTERS, str(error)) from error
        if not isinstance(texts, list) or not 1 < len(texts) <= _MAX_TOKENS or not all(
                isinstance(text, str) for text in texts) or len(set(texts)) != len(texts):
            raise unusable(CHARACTERS, "it is no list of different texts")
        return cls(texts)

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return len(self._texts)

    def encode(self, text: str, *, special: bool = True) -> Encoded:
        """The tokens of `text`; there are no templates, so `special` changes nothing."""
        del special
        ids: list[int] = []
        spans: list[tuple[int, int]] = []
        unknown: dict[str, None] = {}
        for start, end in self._cut(text):
            found = self._places.get(text[start:end], self._unknown)
            if text[start:end] not in self._places:
                unknown[text[start:end]] = None
            if found is not None:
                ids.append(found)
                spans.append((start, end))
        return Encoded(tuple(ids), tuple(spans), " ".join(unknown))

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, without marks; words are set apart by spaces."""
        texts = [self._texts[number] for number in ids if number not in self._marks]
        return " ".join(texts) if self._words else "".join(texts)

    def id_of(self, token: str) -> int | None:
        """The number of the token spelled so, if there is one."""
        return self._places.get(token)

    def _cut(self, text: str) -> list[tuple[int, int]]:
        """Where each token begins and ends; one character where none fits."""
        if self._words:
            return [found.span() for found in re.finditer(r"\S+|\n", text)
                    if found[0] != "\n" or "\n" in self._places]
        stretches = []
        start = 0
        while start < len(text):
            end = next((start + size for size in range(min(self._longest, len(text) - start), 0, -1)
                        if text[start:start + size] in self._places), start + 1)
            stretches.append((start, end))
            start = end
        return stretches
