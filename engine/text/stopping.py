"""When a text is done: tokens that end it, words that end it, and its greatest length."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stops:
    """What ends a text. Neither the token nor the words become part of it."""

    tokens: frozenset[int] = frozenset()
    words: tuple[str, ...] = ()
    length: int = 64                         # tokens at most
    opening: bool = False                    # white space at the very start ends nothing: a text may open with a line

    def end_of(self, text: str) -> int | None:
        """Where the first of the words begins in `text`; None where there is none."""
        lead = len(text) - len(text.lstrip()) if self.opening else 0
        found = [place for word in self.words if word and (place := text.find(word, lead)) >= 0]
        return min(found) if found else None

    def shown(self, text: str) -> str:
        """`text` as it may be shown while it is written: without an end that may become one of the words."""
        end = self.end_of(text)
        if end is not None:
            return text[:end]
        longest = max((len(word) for word in self.words), default=1) - 1
        for size in range(min(longest, len(text)), 0, -1):
            if any(word.startswith(text[-size:]) for word in self.words):
                return text[:-size]
        return text
