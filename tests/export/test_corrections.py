"""Guesses as questions, and what answers change."""

from __future__ import annotations

from export.adapters.base import Detection
from export.corrections import corrections, questions_about

OPEN = ("activation", "slope", "output", "low", "high")
SEEN = Detection("vae", "decoder", "VAE", (), {"activation": "relu", "output": "none", "low": -1.0, "high": 1.0})


def test_what_is_assumed_is_asked_with_the_assumption_as_guess() -> None:
    asked = questions_about(SEEN, OPEN)
    assert [(question.name, question.guess) for question in asked] == [("activation", "relu"), ("output", "none")]
    assert all(question.guess in {option.value for option in question.options} for question in asked)


def test_an_architecture_that_lets_nothing_be_set_asks_nothing() -> None:
    assert questions_about(SEEN, ()) == ()


def test_only_what_differs_from_the_guess_is_a_setting() -> None:
    assert corrections({"activation": "relu", "name": "Faces"}, SEEN, OPEN) == {}
    assert corrections({"activation": "silu"}, SEEN, OPEN) == {"activation": "silu"}


def test_the_way_out_of_the_network_says_what_black_and_white_are() -> None:
    assert corrections({"output": "sigmoid"}, SEEN, OPEN) == {"output": "sigmoid", "low": 0.0, "high": 1.0}
