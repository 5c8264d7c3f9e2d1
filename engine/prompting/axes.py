"""Prompt sliders as text: `young -> old: 0.8; calm, quiet -> wild: -0.3`, or with a name, `Mood = calm -> wild: 1`.

A slider goes from the mean of the wordings before the arrow to the mean of those behind it; 0 changes nothing, 1 is the
whole way from one to the other. The family that reads prompts says what it does with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_AXES = 12
MOST_AMOUNT = 5.0
_LONGEST = 200
_ARROWS = re.compile(r"->|→")
_NUMBER = re.compile(r"[+-−]?\s*(?:\d{1,4}(?:\.\d{0,6})?|\.\d{1,6})")
_FORBIDDEN = re.compile(r"[;:=→\x00-\x1f]|->")


@dataclass(frozen=True)
class Axis:
    """A slider between two wordings: from the mean of `minus` to the mean of `plus`, `amount` of the way."""

    minus: tuple[str, ...]
    plus: tuple[str, ...]
    amount: float = 0.0
    label: str = ""

    @property
    def name(self) -> str:
        """What the slider is called: its label, or its two ends."""
        return self.label or f"{self.minus[0]} → {self.plus[0]}"


def parse_axes(text: str) -> tuple[Axis, ...]:
    """The sliders of a text; empty text has none. Raises ValueError with a sentence for a person."""
    axes = tuple(_axis(part.strip()) for part in text.split(";") if part.strip())
    if len(axes) > MOST_AXES:
        raise ValueError(f"There are {len(axes)} prompt sliders; {MOST_AXES} is the most.")
    ends = [(axis.minus, axis.plus) for axis in axes]
    twice = next((axis for axis, both in zip(axes, ends, strict=True) if ends.count(both) > 1), None)
    if twice is not None:
        raise ValueError(f"The prompt slider “{twice.name}” is there twice.")
    return axes


def format_axes(axes: tuple[Axis, ...]) -> str:
    """The one text of these sliders: what `parse_axes` reads back. Raises ValueError for words that cannot be told."""
    return "; ".join(_told(axis) for axis in axes)


def _axis(part: str) -> Axis:
    label, equals, rest = part.partition("=")
    label, rest = (label.strip(), rest) if equals else ("", part)
    ends, colon, amount = rest.partition(":")
    sides = _ARROWS.split(ends)
    if len(sides) != 2:  # noqa: PLR2004  # from and to
        raise ValueError(f"“{part}” is no prompt slider; write it as “young -> old: 0.8”.")
    minus, plus = (tuple(word.strip() for word in side.split(",") if word.strip()) for side in sides)
    if not minus or not plus:
        raise ValueError(f"The prompt slider “{part}” needs words on both sides of the arrow.")
    if any(len(word) > _LONGEST for word in (label, *minus, *plus)):
        raise ValueError(f"A wording of a prompt slider has at most {_LONGEST} characters.")
    if any(_FORBIDDEN.search(word) for word in (label, *minus, *plus)):
        raise ValueError(f"The words of the prompt slider “{part}” may not hold “=”, “:”, “;” or an arrow.")
    return Axis(minus, plus, _amount(amount, part) if colon else 0.0, label)


def _amount(text: str, part: str) -> float:
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"“{text.strip()}” is no number; write the prompt slider as “young -> old: 0.8”.")
    value = float(text.replace("−", "-").replace(" ", ""))
    if abs(value) > MOST_AMOUNT:
        raise ValueError(f"The prompt slider “{part}” goes from -{MOST_AMOUNT:g} to {MOST_AMOUNT:g}.")
    return round(value, 3) + 0.0


def _told(axis: Axis) -> str:
    words = f"{', '.join(axis.minus)} -> {', '.join(axis.plus)}: {round(axis.amount, 3) + 0.0:g}"
    told = f"{axis.label} = {words}" if axis.label else words
    if parse_axes(told) != (Axis(axis.minus, axis.plus, round(axis.amount, 3) + 0.0, axis.label),):
        raise ValueError(f"The prompt slider “{axis.name}” holds words that cannot be written down.")
    return told
