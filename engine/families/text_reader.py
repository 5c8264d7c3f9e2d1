"""The package's graph as `engine.text` wants it: what was read is remembered, and foreign graphs get what they ask for.

Besides tokens and their memory, graphs made by other exporters take a mask of what may be looked at, the positions of
the tokens, and whether anything is remembered yet. A graph without a memory reads everything anew each time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.cancel import CancelToken
from engine.packages.parts import Graph, TextModel
from engine.runtime.binding import StatefulSession
from engine.text.sampling import Scores

QUICK_S = 0.02
"""A step behind one that took less than this is not stopped half-way: between two is soon enough, and costs nothing."""
TOKENS, MASK, POSITIONS, CACHED = "tokens", "mask", "positions", "cached"


def remembered(graph: Graph, text: TextModel) -> int:
    """Bytes that a cache holds for each token of a row; of a state, those it holds at all."""
    return sum(math.prod(size for size in graph.inputs[role].shape if isinstance(size, int))
               * np.dtype(graph.inputs[role].dtype).itemsize for role in text.state)


class SessionReader:
    """A language model on the device; counts the time inside."""

    def __init__(self, session: StatefulSession, graph: Graph, text: TextModel) -> None:
        """`session` remembers what `text.state` says."""
        self._session = session
        self._ports = graph.inputs
        self._forgetful = not text.state
        self._single = text.single
        self._known = 0                      # tokens that each row has read
        self._rows = np.zeros((1, 0), np.int64)     # what they were, where the graph forgets
        self._quick = False
        self.cancel: CancelToken | None = None
        self.seconds = 0.0

    def begin(self) -> None:
        """Forget everything: one row, nothing read."""
        self._session.reset()
        self._known, self._quick = 0, False
        self._rows = np.zeros((1, 0), np.int64)

    def read(self, tokens: NDArray[np.int64]) -> Scores:
        """Read [batch, time] more; logits [batch, vocabulary] after the last. Raises ModelError, Cancelled."""
        begun = time.perf_counter()
        if self.cancel is not None:
            self.cancel.check()
        if self._forgetful:
            self._rows = np.concatenate((self._rows, tokens), axis=1)
            self._known = 0
            logits = self._stepped(self._rows)
        elif self._single:
            for column in tokens.T:
                logits = self._stepped(column[:, None])
        else:
            logits = self._stepped(tokens)
        spent = time.perf_counter() - begun
        self._quick = spent < QUICK_S
        self.seconds += spent
        return logits

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only, in that order."""
        self._rows = self._rows[list(rows)] if self._forgetful else self._rows
        self._session.keep(rows)

    def _stepped(self, tokens: NDArray[np.int64]) -> Scores:
        """One run of the graph."""
        batch, count = tokens.shape
        total = self._known + count
        feeds: dict[str, NDArray[np.generic]] = {TOKENS: tokens}
        if MASK in self._ports:
            feeds[MASK] = np.ones((batch, total), np.int64)
        if POSITIONS in self._ports:
            feeds[POSITIONS] = np.tile(np.arange(self._known, total), (batch, 1))
        if CACHED in self._ports:
            feeds[CACHED] = np.array([self._known > 0])
        typed = {role: value.astype(self._ports[role].dtype, copy=False) for role, value in feeds.items()}
        logits: Scores = self._session.step(typed, None if self._quick else self.cancel)["logits"][:, -1]
        self._known = total
        return logits
