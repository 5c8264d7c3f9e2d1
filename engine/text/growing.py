"""A text that grows token by token: half characters are held back until the rest of their bytes is there."""

from __future__ import annotations

from collections.abc import Sequence

from engine.text.tokenizer import Tokenizer

_HALF = "\ufffd"


class GrowingText:
    """What has been written so far. Decoding looks at the last few tokens only, however long the text is.

    Tokens of byte-level vocabularies end inside of characters, and many decoders treat a text's first token apart. So
    each stretch is decoded together with the stretch before it, and counts once it ends in a whole character.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._text = ""
        self._before = 0                     # where the stretch begins that was shown last
        self._shown = 0                      # where the tokens begin that are not shown yet

    @property
    def ids(self) -> Sequence[int]:
        """The tokens so far."""
        return self._ids

    @property
    def text(self) -> str:
        """Whole characters only."""
        return self._text

    def push(self, token: int) -> str:
        """Add a token; the text that it completed, often none."""
        self._ids.append(token)
        known = self._tokenizer.decode(self._ids[self._before:self._shown])
        grown = self._tokenizer.decode(self._ids[self._before:])
        if len(grown) <= len(known) or grown.endswith(_HALF):
            return ""
        self._before, self._shown = self._shown, len(self._ids)
        self._text += grown[len(known):]
        return grown[len(known):]
