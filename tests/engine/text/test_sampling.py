"""Choosing a token: each knob by hand on small numbers; the draw against its own chances."""

from __future__ import annotations

import numpy as np
import pytest

from engine.text.sampling import Sampling, candidates, choose, log_softmax, penalised, probabilities

LOGITS = np.log(np.array([0.5, 0.2, 0.15, 0.1, 0.05], np.float32))


def test_temperature_one_leaves_the_chances():
    assert np.allclose(probabilities(LOGITS, Sampling()), [0.5, 0.2, 0.15, 0.1, 0.05], atol=1e-6)


def test_temperature_sharpens_and_flattens():
    cold, hot = (probabilities(LOGITS, Sampling(temperature)) for temperature in (0.5, 2.0))
    assert np.allclose(cold, np.array([0.5, 0.2, 0.15, 0.1, 0.05]) ** 2 / 0.325, atol=1e-6)
    assert cold[0] > 0.5 > hot[0]


@pytest.mark.parametrize("sampling", [Sampling(0.0), Sampling(1.3, top_k=1)])
def test_no_chance_left_takes_the_likeliest(sampling):
    assert probabilities(LOGITS, sampling).tolist() == [1, 0, 0, 0, 0]


def test_top_k_keeps_the_best_and_their_equals():
    assert np.flatnonzero(probabilities(LOGITS, Sampling(top_k=2))).tolist() == [0, 1]
    equal = np.array([1.0, 3.0, 2.0, 2.0, 0.0], np.float32)
    assert np.flatnonzero(probabilities(equal, Sampling(top_k=2))).tolist() == [1, 2, 3]
    assert np.count_nonzero(probabilities(LOGITS, Sampling(top_k=99))) == 5


@pytest.mark.parametrize(("share", "kept"), [(0.4, 1), (0.6, 2), (0.71, 3), (0.9, 4), (1.0, 5), (0.001, 1)])
def test_top_p_keeps_the_fewest_that_reach_the_share(share, kept):
    assert np.count_nonzero(probabilities(LOGITS, Sampling(top_p=share))) == kept


@pytest.mark.parametrize(("spread", "share"), [(4.0, 0.9), (4.0, 0.99), (0.2, 0.95), (9.0, 0.3)])
def test_top_p_of_a_large_vocabulary_is_that_of_sorting_all(spread, share):
    """Whether the few best hold the share (a wide spread) or not."""
    logits = (np.random.RandomState(5).randn(20_000) * spread).astype(np.float32)
    order = np.argsort(-logits)
    chances = np.exp((logits - logits.max()).astype(float))[order]
    sums = np.cumsum(chances / chances.sum())
    wanted = np.sort(order[:np.searchsorted(sums, share) + 1])
    found = np.flatnonzero(probabilities(logits, Sampling(top_p=share)))
    assert np.setxor1d(found, wanted).size <= 1, "float32 sums, as Transformers has them, may miss one"


def test_tokens_that_occurred_become_less_likely_whatever_their_sign():
    scores = np.array([2.0, -2.0, 1.0], np.float32)
    assert penalised(scores, [0, 1, 1], 2.0).tolist() == [1.0, -4.0, 1.0]
    assert scores.tolist() == [2.0, -2.0, 1.0], "the given scores stay"


def test_impossible_tokens_are_never_candidates():
    ids, chances = candidates(np.array([0.0, -np.inf, 1.0], np.float32), Sampling(top_k=3, top_p=0.99))
    assert ids.tolist() == [0, 2]
    assert chances.sum() == pytest.approx(1.0)


def test_the_draw_takes_each_token_as_often_as_its_chance_says():
    ids, chances = np.array([3, 5, 9]), np.array([0.2, 0.7, 0.1])
    drawn = [choose(ids, chances, number) for number in (np.arange(1000) + 0.5) / 1000]
    assert [drawn.count(token) for token in ids] == [200, 700, 100]
    assert choose(ids, chances, 0.0) == 3
    assert choose(ids, chances, np.nextafter(1.0, 0.0)) == 9


def test_logarithms_of_chances():
    logs = log_softmax(np.array([[1000.0, 1000.0], [0.0, -np.inf]], np.float32))
    assert np.allclose(logs, [[np.log(0.5), np.log(0.5)], [0.0, -np.inf]])
