"""How texts become numbers for a model and back: one small interface over both kinds of tokenizer files.

`tokenizer.json` is Hugging Face's form (byte pairs, word pieces, unigrams), read by their `tokenizers` library;
`characters.json` is a plain list of texts, as recurrent models of letters or words have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.errors import PackageError

MAX_BYTES = 64 << 20
CHARACTERS = "characters.json"


@dataclass(frozen=True)
class Encoded:
    """The tokens of a text, and for each the stretch of the text it stands for (start, end; equal for added ones)."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    unknown: str = ""                        # characters that the vocabulary lacks, each once

    def __len__(self) -> int:
        """How many tokens."""
        return len(self.ids)


class Tokenizer(Protocol):
    """Texts to numbers and back."""

    @property
    def size(self) -> int:
        """How many tokens there are."""
        ...

    def encode(self, text: str, *, special: bool = True) -> Encoded:
        """The tokens of `text`; `special`: with those that the model expects around every text."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, without special ones."""
        ...

    def id_of(self, token: str) -> int | None:
        """The number of the token spelled so, if there is one."""
        ...


def open_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer in a file, by its name. Raises PackageError for one that cannot be used."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PackageError(f"“{path.name}” cannot be read: {error.strerror or error}.",
                           "Get the package again.", str(path)) from error
    if len(data) > MAX_BYTES:
        raise unusable(path.name, f"it is larger than {MAX_BYTES >> 20} MB")
    return read_tokenizer(path.name, data)


def read_tokenizer(name: str, data: bytes) -> Tokenizer:
    """The tokenizer in the bytes of a file called `name`. Raises PackageError."""
    if name == CHARACTERS:
        from engine.text.characters import CharacterTokenizer

        return CharacterTokenizer.read(data)
    from engine.text.pieces import PieceTokenizer

    return PieceTokenizer.read(name, data)


def unusable(name: str, reason: str) -> PackageError:
    """The refusal of a tokenizer file."""
    return PackageError(f"“{name}” cannot be used as a tokenizer: {reason}.",
                        "Get the package again, or ask its author to correct it.", name)
