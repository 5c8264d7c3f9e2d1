"""What weights do not show and an adapter assumes, as questions; and the answers as settings of that adapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.packages.questions import Option, Question, QuestionKind
from export.adapters.base import Detection

_ACTIVATION, _OUTPUT = "activation", "output"
_BETWEEN = (("relu", "ReLU"), ("leaky", "leaky ReLU"), ("elu", "ELU"), ("silu", "SiLU"), ("gelu", "GELU"))
_LEAVES = (("tanh", "tanh: black is -1, white is 1"), ("sigmoid", "sigmoid: black is 0, white is 1"),
           ("none", "as it is: black is -1, white is 1"))
_RANGES = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0), "none": (-1.0, 1.0)}


def questions_about(detection: Detection, allowed: tuple[str, ...]) -> tuple[Question, ...]:
    """One question for each guess that a person may know better; `allowed` names what the adapter lets one set."""
    asked = []
    for name, words, options in ((_ACTIVATION, "Which activation stands between the layers?", _BETWEEN),
                                 (_OUTPUT, "How does the picture leave the network?", _LEAVES)):
        guess = detection.sizes.get(name)
        if name in allowed and guess in dict(options):
            asked.append(Question(name, words, QuestionKind.CHOICE, str(guess),
                                  "Weights do not show it; this is usual.",
                                  tuple(Option(value, label) for value, label in options)))
    return tuple(asked)


def corrections(answers: Mapping[str, str], detection: Detection, allowed: tuple[str, ...]) -> dict[str, Any]:
    """The settings that differ from the guesses. How a picture leaves the network says what black and white are."""
    told: dict[str, Any] = {question.name: answers[question.name] for question in questions_about(detection, allowed)
                            if answers.get(question.name, question.guess) != question.guess}
    if _OUTPUT in told and told[_OUTPUT] in _RANGES and {"low", "high"} <= set(allowed):
        told["low"], told["high"] = _RANGES[told[_OUTPUT]]
    return told
