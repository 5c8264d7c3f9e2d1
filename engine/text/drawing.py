"""Writing by chance: several texts at once from one beginning, each with a seed of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.text.growing import GrowingText
from engine.text.sampling import Sampling, Scores, candidates, choose, log_softmax
from engine.text.stopping import Stops
from engine.text.tokenizer import Tokenizer


class Reader(Protocol):
    """A language model that remembers what it read."""

    def begin(self) -> None:
        """Forget everything: one row, nothing read."""
        ...

    def read(self, tokens: NDArray[np.int64]) -> Scores:
        """Read [batch, time] more tokens; the logits [batch, vocabulary] of what comes next. Raises Cancelled."""
        ...

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only, in that order; a row may be taken several times."""
        ...


class Card:
    """One text in the making."""

    def __init__(self, tokenizer: Tokenizer, stops: Stops, seed: Sequence[int]) -> None:
        """`seed` are one or more whole numbers 0 .. 2**32 - 1 that stand for this text."""
        self._growing = GrowingText(tokenizer)
        self._tokenizer = tokenizer
        self._stops = stops
        self._dice = np.random.RandomState(np.array(seed, np.uint32))
        self._sum = 0.0
        self._judged = 0
        self.done = False
        self.ended = False                   # by a token or a word, not because it grew too long

    @property
    def ids(self) -> Sequence[int]:
        """The tokens of the text, without the one that ended it."""
        return self._growing.ids

    @property
    def likelihood(self) -> float:
        """The mean natural logarithm of the chance of each token, the ending one included; 0 before the first."""
        return self._sum / self._judged if self._judged else 0.0

    @property
    def shown(self) -> str:
        """What may be seen while it is being written: whole characters, no half stop word."""
        return self._stops.shown(self._growing.text)

    @property
    def text(self) -> str:
        """The text, as far as it goes: up to the word that ended it."""
        whole = self._tokenizer.decode(self.ids).rstrip("\ufffd")
        end = self._stops.end_of(whole)
        return whole if end is None else whole[:end]

    def chosen(self, logits: Scores, sampling: Sampling, before: Sequence[int]) -> int:
        """Draw the next token from logits [vocabulary]; `before` are the tokens of the beginning."""
        used = (*before, *self.ids) if sampling.repetition != 1.0 else ()
        ids, chances = candidates(logits, sampling, used)
        token = int(ids[0]) if sampling.greedy else choose(ids, chances, self._dice.random_sample())
        self.take(token, float(log_softmax(logits)[token]))
        return token

    def take(self, token: int, log_chance: float) -> None:
        """Add a token, or end with it."""
        self._sum += log_chance
        self._judged += 1
        if token in self._stops.tokens:
            self.done = self.ended = True
            return
        fresh = self._growing.push(token)
        if fresh and self._stops.words and self._stops.end_of(self._growing.text) is not None:
            self.done = self.ended = True
        self.done = self.done or len(self.ids) >= self._stops.length


def drawing(reader: Reader, beginning: Sequence[int], cards: Sequence[Card], sampling: Sampling,
            usable: int | None = None) -> Iterator[int]:
    """Write all cards to their ends; yields how many tokens each that still grows has, after every step.

    `beginning` holds at least one token. `usable`: tokens from this number on mean nothing and are never drawn.
    """
    before = tuple(beginning)
    reader.begin()
    logits = reader.read(np.array([before], np.int64))
    rows = list(range(len(cards)))           # which card each row of the model writes
    if len(cards) > 1:
        reader.keep([0] * len(cards))
        logits = np.repeat(logits, len(cards), axis=0)
    step = 0
    while True:
        if usable is not None:
            logits[:, usable:] = -np.inf
        # A row whose card is done reads on, and nobody listens: taking rows out costs a copy of everything remembered.
        tokens = [0 if cards[card].done else cards[card].chosen(row, sampling, before)
                  for card, row in zip(rows, logits, strict=True)]
        step += 1
        yield step
        alive = [row for row, card in enumerate(rows) if not cards[card].done]
        if not alive:
            return
        if 2 * len(alive) <= len(rows):
            reader.keep(alive)
            tokens, rows = [tokens[row] for row in alive], [rows[row] for row in alive]
        logits = reader.read(np.array(tokens, np.int64)[:, None])
