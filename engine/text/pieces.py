"""`tokenizer.json` by Hugging Face's `tokenizers`: this file is the library's only importer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from engine import strictjson
from engine.text.tokenizer import MAX_BYTES, Encoded, unusable

_FAULTS: tuple[type[Exception], ...] = (Exception,)
"""The library raises nothing narrower for a file that is none of its own."""


class PieceTokenizer:
    """Pieces of words: whatever the file describes. Truncation and padding that it asks for are switched off."""

    def __init__(self, tokenizer: Any) -> None:
        """`tokenizer` is a `tokenizers.Tokenizer`."""
        self._tokenizer = tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    @classmethod
    def read(cls, name: str, data: bytes) -> Self:
        """From the bytes of the file `name`. Raises PackageError."""
        from tokenizers import Tokenizer

        try:
            strictjson.parse_object(data, max_bytes=MAX_BYTES)
        except ValueError as error:
            raise unusable(name, str(error)) from error
        try:
            return cls(Tokenizer.from_str(data.decode("utf-8-sig")))
        except _FAULTS as error:
            reason = "".join(c if c.isprintable() else " " for c in str(error)[:120]).rstrip(". ")
            raise unusable(name, reason) from error

    @property
    def size(self) -> int:
        """How many tokens there are, added ones counted."""
        return int(self._tokenizer.get_vocab_size(with_added_tokens=True))

    def encode(self, text: str, *, special: bool = True) -> Encoded:
        """The tokens of `text`; `special`: with those that the file's template adds around every text."""
        found = self._tokenizer.encode(text, add_special_tokens=special)
        return Encoded(tuple(found.ids), tuple(found.offsets))

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, without special ones; a character that is not whole yet ends in U+FFFD."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))

    def id_of(self, token: str) -> int | None:
        """The number of the token spelled so, if there is one."""
        found = self._tokenizer.token_to_id(token)
        return None if found is None else int(found)
