"""What a model reads of a prompt: wildcards drawn, the mode's words around it, as tokens, cut to the context."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import PromptReading
from engine.packages.parts import Mode, TextModel
from engine.prompting.wildcards import complaints, draw
from engine.text.tokenizer import CHARACTERS, Encoded, Tokenizer

SEEDS = 2**32


@dataclass(frozen=True)
class Beginning:
    """What a card grows from. `lead` is the part that the card shows; `reading` is told before anything runs."""

    tokens: tuple[int, ...]
    lead: str
    reading: PromptReading


class PromptReader:
    """Prompts of one package."""

    def __init__(self, text: TextModel, tokenizer: Tokenizer) -> None:
        self._text = text
        self._tokenizer = tokenizer

    def beginning(self, prompt: str, seed: int, mode: Mode, length: int) -> Beginning:
        """What the card of `seed` grows from, with room for `length` more tokens (or half of the context)."""
        drawn = draw(prompt, seed)
        encoded = self._tokenizer.encode(f"{mode.before}{drawn}{mode.after}")
        tokens = tuple(token for token in encoded.ids if token < self._text.vocabulary)
        spans = [span for token, span in zip(encoded.ids, encoded.spans, strict=True)
                 if token < self._text.vocabulary]
        start = self._start(tokens)
        limit = self._limit(length)
        left = len(start) + len(tokens) - limit if limit is not None else 0
        cut = ""
        if left > 0:      # what stands furthest back counts least for what comes next, but the mode's words stay
            first = sum(end <= len(mode.before) for _, end in spans) if mode.before else 0
            begin, end = spans[first][0], max(end for _, end in spans[first:first + left])
            cut = f"{mode.before}{drawn}{mode.after}"[begin:end]
            tokens = (*tokens[:first], *tokens[first + left:])
        tokens = (*start, *tokens)
        reading = PromptReading(drawn, len(tokens), limit, cut, self._notes(prompt, encoded, cut))
        return Beginning(tokens, "" if mode.after else drawn, reading)

    def room(self, beginning: Beginning, length: int) -> int:
        """How many tokens can be written after it, at most `length`."""
        return length if self._text.context is None else min(length, self._text.context - len(beginning.tokens))

    def _limit(self, length: int) -> int | None:
        """How many tokens a prompt may have."""
        context = self._text.context
        return None if context is None else max(1, context - min(length, context // 2))

    def _start(self, tokens: tuple[int, ...]) -> tuple[int, ...]:
        """The token that begins every text where the tokenizer does not add it; any that will do before nothing."""
        start = self._text.start
        if self._text.tokenizer != CHARACTERS and tokens:
            return ()                        # the file's template says what stands in front
        if start is not None:
            return () if tokens[:1] == (start,) else (start,)
        if tokens:
            return ()
        line = self._tokenizer.id_of("\n")   # after one line comes another
        return (line if line is not None else self._text.stop[0] if self._text.stop else 0,)

    def _notes(self, prompt: str, encoded: Encoded, cut: str) -> tuple[str, ...]:
        """Remarks on the prompt."""
        notes = [*complaints(prompt)]
        if encoded.unknown:
            notes.append(f"The model does not know: {encoded.unknown}")
        if cut:
            notes.append("The prompt is too long: its beginning is left out.")
        return tuple(notes)
