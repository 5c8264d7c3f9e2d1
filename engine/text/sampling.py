"""From logits to the next token: the usual knobs, each exactly what Transformers computes under the same name.

Order as there: repetition penalty, temperature, top-k, top-p; then one draw. A draw uses one number between 0 and 1,
so that a seed means the same text everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FEW = 4096
Scores = NDArray[np.float32]
"""[vocabulary] or [batch, vocabulary] float32"""


@dataclass(frozen=True)
class Sampling:
    """How a token is chosen. Temperature 0: always the likeliest. `top_k` 0, `top_p` 1, `repetition` 1: off."""

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    repetition: float = 1.0

    @property
    def greedy(self) -> bool:
        """Whether nothing is left to chance."""
        return self.temperature <= 0.0 or self.top_k == 1


def log_softmax(logits: Scores) -> Scores:
    """Natural logarithms of probabilities along the last axis, float32."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logs: Scores = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def penalised(scores: Scores, used: Sequence[int] | NDArray[np.int64], penalty: float) -> Scores:
    """Scores [vocabulary] with those of tokens that occurred already made less likely (Keskar et al. 2019, CTRL)."""
    if penalty == 1.0 or len(used) == 0:
        return scores
    places = np.unique(np.asarray(used, np.int64))
    have = scores[places]
    changed = scores.copy()
    changed[places] = np.where(have < 0, have * np.float32(penalty), have / np.float32(penalty))
    return changed


def probabilities(logits: Scores, sampling: Sampling, used: Sequence[int] = ()) -> NDArray[np.float64]:
    """Chances [vocabulary] of the next token, summing up to 1. `used`: all tokens so far, the prompt's included."""
    ids, chances = candidates(logits, sampling, used)
    whole = np.zeros(logits.size)
    whole[ids] = chances
    return whole


def candidates(logits: Scores, sampling: Sampling,
               used: Sequence[int] = ()) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The tokens that may come next, in ascending order, and their chances, summing up to 1."""
    scores = penalised(logits, used, sampling.repetition)
    if sampling.greedy:
        return np.array([int(scores.argmax())]), np.ones(1)
    scores = scores / np.float32(sampling.temperature)
    ids = _top_k(scores, sampling.top_k)
    if sampling.top_p < 1.0:
        ids = ids[_nucleus(scores[ids], sampling.top_p)]
    kept = scores[ids].astype(np.float64)
    chances = np.exp(kept - kept.max())
    return ids, chances / chances.sum()


def choose(ids: NDArray[np.int64], chances: NDArray[np.float64], number: float) -> int:
    """The token at `number` (0 <= number < 1) of the chances laid end to end."""
    place = int(np.searchsorted(np.cumsum(chances), number * chances.sum(), side="right"))
    return int(ids[min(place, ids.size - 1)])


def _top_k(scores: Scores, count: int) -> NDArray[np.int64]:
    """Tokens that are no worse than the `count`-th best; all that are possible where `count` is 0."""
    if 0 < count < scores.size:
        least = np.partition(scores, scores.size - count)[scores.size - count]
        return np.flatnonzero((scores >= least) & (scores > -np.inf))
    return np.flatnonzero(scores > -np.inf)


def _nucleus(scores: Scores, share: float) -> NDArray[np.int64]:
    """Places of the fewest best tokens whose chances add up to `share` or more (Holtzman et al. 2020); at least one.

    Of a large vocabulary only the best few thousand are sorted where the nucleus lies among them, as it nearly always
    does: sorting fifty thousand numbers takes a good part of a step of the model.
    """
    chances = np.exp(scores - scores.max())
    chances /= chances.sum(dtype=np.float32)
    few, below = np.arange(scores.size), np.float32(0)
    if scores.size > _FEW:
        best = scores >= np.partition(scores, scores.size - _FEW)[scores.size - _FEW]
        rest = chances[~best].sum(dtype=np.float32)
        if rest <= 1.0 - share:
            few, below = np.flatnonzero(best), rest
    order = few[np.argsort(scores[few], kind="stable")]     # the least likely first
    sums = below + np.cumsum(chances[order], dtype=np.float32)
    first = min(int(np.searchsorted(sums, np.float32(1.0 - share), side="right")), order.size - 1)
    return np.sort(order[first:])
