"""Questions about a file that does not say enough of itself, as data: a screen or a terminal asks, a maker reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Answers = Mapping[str, str]
"""Question name -> answer as text; what is missing is answered by the question's guess."""


class QuestionKind(StrEnum):
    """What sort of answer fits; the screen picks the field from it."""

    CHOICE = "choice"    # the value of one of `options`
    TEXT = "text"        # free text; empty only where `required` is false
    NUMBER = "number"    # a whole number of at least 1


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """One thing that a person knows and the file does not say; `guess` is what we would answer, `why` is our reason."""

    name: str                                # stable key in the answers: "picture", "latent", "range", "license" ...
    words: str                               # "Which output is the picture?"
    kind: QuestionKind
    guess: str = ""
    why: str = ""                            # "image is [batch, 3, 64, 64]: three planes of 64 × 64"
    options: tuple[Option, ...] = ()
    required: bool = True
