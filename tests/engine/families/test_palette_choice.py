"""How palettes are chosen: phrases, proposals, many drawn, the best kept."""

from __future__ import annotations

import numpy as np
import pytest

from engine.colors.oklab import from_hex, to_oklab
from engine.families import palette_choice as choice

LAB = to_oklab(from_hex([f"#{red:02x}{green:02x}{blue:02x}" for red in (20, 120, 240) for green in (20, 120, 240)
                         for blue in (20, 120, 240)] * 3))


BELIEF = choice.Mixture(np.zeros(2), np.array([[0.5, 0.0, 0.0], [0.6, 0.05, 0.05]]), np.full((2, 3), 0.1))


def proposals(count=40):
    dice = np.random.default_rng(3)
    return choice.Proposals(dice.uniform(0, 1, (count, 3)) * [0.8, 0.2, 0.2] + [0.1, -0.1, -0.1], dice.random(count),
                            np.zeros((count, 1), bool))


@pytest.mark.parametrize(("prompt", "phrases"), [
    ("calm", ("calm",)),
    ("coral reef", ("coral reef", "coral", "reef")),
    ("desert clay and sage", ("desert clay and sage", "desert clay", "sage")),
    ("fog, moss & stone", ("fog, moss & stone", "fog", "moss", "stone")),
    ("the sandcastle", ("the sandcastle",)),
])
def test_the_phrases_of_a_prompt(prompt, phrases):
    assert choice.phrases_of(prompt) == phrases


def test_every_phrase_proposes_and_the_likeliest_colour_fits_best():
    dice = np.random.default_rng(1)
    likeness = dice.uniform(0, 0.5, (3, len(LAB)))
    likeness[:, 7] = 0.9
    found = choice.proposed(likeness, LAB, np.zeros(len(LAB)))
    assert found.phrases.shape == (len(found.fit), 2)
    np.testing.assert_allclose(found.lab[found.fit.argmax()], LAB[7])
    assert found.phrases[found.fit.argmax()].all()


def test_drawn_palettes_hold_no_colour_twice_and_all_that_are_kept():
    rows = choice.drawn(proposals(), 5, 2, seed=4, daring=0.5)
    assert rows.shape == (choice.DRAWN, 5)
    assert (rows[:, 3:] == [38, 39]).all()
    assert all(len(set(row)) == 5 for row in rows.tolist())


def test_the_same_seed_gives_the_same_and_another_seed_another():
    found = proposals()
    def best(seed):
        rows = choice.drawn(found, 5, 0, seed, 0.5)
        return choice.weighed(found, rows, np.zeros(len(rows)), seed, 0.5, BELIEF).tolist()
    assert best(1) == best(1)
    assert len({tuple(best(seed)) for seed in range(8)}) > 4


def test_the_judge_has_a_say():
    found = proposals()
    rows = choice.drawn(found, 5, 0, 0, 0.0)
    liked = np.zeros(len(rows))
    liked[17] = 100
    assert choice.weighed(found, rows, liked, 0, 0.0, BELIEF).tolist() == rows[17].tolist()


def test_colours_that_look_alike_are_avoided():
    twins = choice.Proposals(np.repeat([[0.3, 0.0, 0.1], [0.5, 0.1, 0.0], [0.8, 0.0, 0.0]], 2, axis=0), np.ones(6),
                             np.zeros((6, 1), bool))
    rows = choice.drawn(twins, 3, 0, 0, 0.3)
    best = choice.weighed(twins, rows, np.zeros(len(rows)), 0, 0.0, BELIEF)
    assert sorted((best // 2).tolist()) == [0, 1, 2]


def test_the_density_of_one_normal_distribution():
    found = choice.density(np.array([[0.5, 0.0, 0.0], [0.6, 0.0, 0.0]]), np.zeros(1), np.array([[0.5, 0.0, 0.0]]),
                           np.array([[0.1, 0.1, 0.1]]))
    assert found[0] - found[1] == pytest.approx(0.5)


def test_the_reader_proposes_the_named_colours_nearest_to_its_belief():
    belief = choice.Mixture(np.array([0.0, -40.0]), np.array([LAB[5], LAB[20]]), np.full((2, 3), 1e-4))
    own = choice.own_colours(belief, seed=3)
    np.testing.assert_allclose(own, np.broadcast_to(LAB[5], own.shape), atol=1e-3)
    likeness = np.linspace(0.1, 0.9, len(LAB))[None]
    found = choice.proposed(likeness, LAB, np.zeros(len(LAB)), LAB[:1] + 0.001)
    alone = choice.proposed(likeness, LAB, np.zeros(len(LAB)))
    assert len(found.fit) == len(alone.fit) + 1
    np.testing.assert_allclose(found.lab[-1], LAB[0])


def test_a_palette_covers_what_the_reader_believes_in():
    lab = np.array([[0.3, 0.0, 0.0], [0.5, 0.1, 0.1], [0.8, 0.0, 0.0], [0.55, -0.2, 0.1]])
    found = choice.Proposals(lab, np.ones(4), np.zeros((4, 1), bool))
    rows = np.array([[0, 1, 2], [0, 3, 2]])
    for place, other in ((1, 0), (3, 1)):
        belief = choice.Mixture(np.zeros(3), lab[[0, place, 2]], np.full((3, 3), 1e-3))
        assert choice.weighed(found, rows, np.zeros(2), 0, 0.0, belief).tolist() == rows[other].tolist()
