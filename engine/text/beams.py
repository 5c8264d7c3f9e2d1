"""Beam search: the likeliest whole texts instead of likely next tokens. Gives what Transformers 5 gives.

Log chances and their sums are float32 there, so they are here. Sums are divided by length ** penalty once a text ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.text.drawing import Reader
from engine.text.sampling import Scores, log_softmax, penalised


@dataclass(frozen=True)
class Beams:
    """`count` texts are followed at once. `patience`: when to stop looking for a better one, once enough have ended.

    "early": at once. "usual": when the best that still grows is no better than the worst that ended, by its score so
    far. "never": when it could not become better however it goes on.
    """

    count: int
    length_penalty: float = 1.0
    patience: Literal["early", "usual", "never"] = "usual"
    repetition: float = 1.0


@dataclass(frozen=True)
class Hypothesis:
    """A text and its score: the sum of its log chances, over its length to the power of the penalty once it ended."""

    ids: tuple[int, ...]
    score: float
    total: float                             # the sum itself


class Search:
    """One beam search; `finished` is sorted, best first, when it is over."""

    def __init__(self, reader: Reader, beginning: Sequence[int], beams: Beams, length: int,
                 stop: frozenset[int] = frozenset(), ends: Callable[[tuple[int, ...]], bool] | None = None) -> None:
        """At most `length` tokens each; `stop` tokens end a text and count; `ends` may end one for another reason."""
        self._reader = reader
        self._beginning = tuple(beginning)
        self._beams = beams
        self._length = length
        self._stop = stop
        self._ends = ends
        self.running: list[Hypothesis] = [Hypothesis((), 0.0, 0.0)]
        self.finished: list[Hypothesis] = []

    def steps(self, usable: int | None = None) -> Iterator[int]:
        """Search to the end; yields the length so far after every step."""
        self._reader.begin()
        logits = self._reader.read(np.array([self._beginning], np.int64))
        length = 0
        while True:
            if usable is not None:
                logits[:, usable:] = -np.inf
            rows = self._grow(logits)
            length += 1
            yield length
            if not rows or self._over(length):
                return
            if rows != list(range(len(logits))):
                self._reader.keep(rows)
            logits = self._reader.read(np.array([[one.ids[-1]] for one in self.running], np.int64))

    def _grow(self, logits: Scores) -> list[int]:
        """One more token: ended texts are put away, the best others go on; which row each of them came from."""
        sums = self._sums(logits)
        vocabulary = logits.shape[1]
        kept = max(2, 1 + len(self._stop)) * self._beams.count
        best = _largest(sums.reshape(-1), kept)
        going: list[tuple[Hypothesis, int]] = []
        ended: list[Hypothesis] = []
        for place, index in enumerate(best.tolist()):
            row, token = divmod(index, vocabulary)
            ids, total = (*self.running[row].ids, token), float(sums[row, token])
            if len(ids) < self._length and token not in self._stop and not (self._ends and self._ends(ids)):
                going.append((Hypothesis(ids, total, total), row))
            elif place < self._beams.count:      # the others were only looked at in case that these end
                score = np.float32(total) / np.float32(len(ids) ** self._beams.length_penalty)
                ended.append(Hypothesis(ids, float(score), total))
        self.finished = sorted(self.finished + ended, key=lambda one: -one.score)[:self._beams.count]
        going = going[:self._beams.count]
        self.running = [one for one, _ in going]
        return [row for _, row in going]

    def _sums(self, logits: Scores) -> Scores:
        """What each text would score with each next token [running, vocabulary]."""
        logs = log_softmax(logits)
        if self._beams.repetition != 1.0:
            logs = np.stack([penalised(row, (*self._beginning, *one.ids), self._beams.repetition)
                             for row, one in zip(logs, self.running, strict=True)])
        totals = np.array([one.total for one in self.running], np.float32)
        sums: Scores = logs + totals[:, None]
        return sums

    def _over(self, length: int) -> bool:
        """Whether enough texts ended and no better one is to be expected."""
        if len(self.finished) < self._beams.count:
            return False
        if self._beams.patience == "early":
            return True
        penalty = self._beams.length_penalty
        reach = self._length if self._beams.patience == "never" and penalty > 0 else length
        hoped = np.float32(self.running[0].score) / np.float32(reach ** penalty)
        return bool(hoped <= np.float32(self.finished[-1].score))


def _largest(values: Scores, count: int) -> NDArray[np.int64]:
    """Places of the `count` largest numbers, the largest first, earlier places first among equals."""
    count = min(count, int(np.count_nonzero(values > -np.inf)))
    if count < 1:
        return np.zeros(0, np.int64)
    least = np.partition(values, values.size - count)[values.size - count]
    places = np.flatnonzero(values >= least)
    return places[np.argsort(-values[places], kind="stable")][:count]
