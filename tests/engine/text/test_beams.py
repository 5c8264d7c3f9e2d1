"""Beam search against all texts there are: a tiny vocabulary, so that the best can be found by trying everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from engine.text.beams import Beams, Search
from engine.text.sampling import log_softmax

SIZE, STOP = 4, 3


class Rows:
    """Logits by a hash of the whole row."""

    def __init__(self):
        self.rows = [[]]

    def begin(self):
        self.rows = [[]]

    def read(self, tokens):
        self.rows = [row + line.tolist() for row, line in zip(self.rows, tokens, strict=True)]
        return np.stack([logits(row) for row in self.rows])

    def keep(self, rows):
        self.rows = [list(self.rows[row]) for row in rows]


def logits(row):
    return np.random.RandomState(np.array(row, np.uint32)).randn(SIZE).astype(np.float32) * 2


def total(ids):
    row, found = [0], 0.0
    for token in ids:
        found += float(log_softmax(logits(row))[token])
        row.append(token)
    return found


def everything(length):
    """All texts: those that end with the stop token, and those that are as long as may be."""
    for size in range(1, length + 1):
        for ids in itertools.product(range(SIZE), repeat=size):
            if STOP not in ids[:-1] and (ids[-1] == STOP or size == length):
                yield ids


def found(beams, length=4, **more):
    search = Search(Rows(), (0,), beams, length, frozenset({STOP}), **more)
    steps = list(search.steps())
    assert steps == list(range(1, len(steps) + 1))
    return search.finished


@pytest.mark.parametrize("penalty", [0.0, 1.0, 2.0, -1.0])
def test_enough_beams_find_the_best_texts_of_all(penalty):
    best = sorted(everything(4), key=lambda ids: -total(ids) / len(ids) ** penalty)
    hypotheses = found(Beams(160, penalty, "never"))
    assert [one.ids for one in hypotheses[:5]] == best[:5]
    assert hypotheses[0].score == pytest.approx(total(best[0]) / len(best[0]) ** penalty, rel=1e-5)


def test_one_beam_takes_the_likeliest_token_each_time():
    ids, row = [], [0]
    while len(ids) < 6 and STOP not in ids:
        ids.append(int(logits(row).argmax()))
        row.append(ids[-1])
    assert found(Beams(1, patience="early"), 6)[0].ids == tuple(ids)


def test_early_patience_stops_at_once():
    search = Search(Rows(), (0,), Beams(2, patience="early"), 40, frozenset({STOP}))
    early = list(search.steps())[-1]
    assert len(search.finished) == 2
    assert early < list(Search(Rows(), (0,), Beams(2, 3.0, "never"), 40, frozenset({STOP})).steps())[-1]


def test_texts_may_end_for_other_reasons():
    assert all(one.ids[-1] == 1 or len(one.ids) == 5 or one.ids[-1] == STOP
               for one in found(Beams(3), 5, ends=lambda ids: ids[-1] == 1))


def test_tokens_without_a_text_are_left_out():
    search = Search(Rows(), (0,), Beams(3), 3)
    list(search.steps(usable=2))
    assert {token for one in search.finished for token in one.ids} <= {0, 1}
    assert len(search.finished) == 3
