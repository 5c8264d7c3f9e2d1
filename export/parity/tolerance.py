"""What each precision may be off by, and whether figures keep to it. An error equal to its tolerance passes."""

from __future__ import annotations

from dataclasses import dataclass

from export.parity import words
from export.proof.figures import Outcome, PartFigures


@dataclass(frozen=True)
class Tolerance:
    """The largest allowed errors; None where a precision has no such rule."""

    relative: float                          # largest error over the width of the output
    mean_relative: float | None = None       # mean error over the width of the output
    picture_mean: float | None = None        # mean visible difference of a picture, in steps of 1/255
    pictures_by_eye: bool = False            # pictures are judged by `picture_mean` alone


FP16 = Tolerance(1e-2, picture_mean=1.0)
INT8 = Tolerance(0.25, mean_relative=0.02, picture_mean=2.0, pictures_by_eye=True)
"""Single numbers of an eight-bit network jump by design: what counts is the picture, else the mean."""


INT4 = Tolerance(0.35, mean_relative=0.05)
"""Four bits lose something, and the report says how much: this only tells a rough network from a broken one."""


REDUCED = {"fp16": FP16, "int8": INT8, "int4": INT4}
LOSSY = frozenset({"int4"})
"""Precisions to be chosen by a person who knows the price; never recommended."""


def tolerance_of(precision: str, part: PartFigures) -> Tolerance:
    """What `part` may be off by in `precision`."""
    return REDUCED.get(precision, Tolerance(part.tolerance))


def complaints(outcome: Outcome, tolerance: Tolerance) -> tuple[str, ...]:
    """Why the outcome is out of tolerance, as sentences; none when it passes. NaN never passes."""
    found = list(outcome.faults)
    picture = outcome.picture.output if outcome.picture is not None else None
    if not outcome.outputs and not found:
        found.append(words.say("nothing_compared"))
    for role, figures in outcome.outputs.items():
        by_eye = role == picture and tolerance.pictures_by_eye
        if not by_eye and not figures.relative <= tolerance.relative:
            found.append(words.say("error_too_large", output=role, error=words.small(figures.relative),
                                   allowed=words.small(tolerance.relative)))
        mean = figures.mean_abs / figures.scale
        if not by_eye and tolerance.mean_relative is not None and not mean <= tolerance.mean_relative:
            found.append(words.say("mean_too_large", output=role, error=words.small(mean),
                                   allowed=words.small(tolerance.mean_relative)))
    if outcome.picture is not None and tolerance.picture_mean is not None \
            and not outcome.picture.mean <= tolerance.picture_mean:
        found.append(words.say("picture_too_different", output=outcome.picture.output,
                               steps=words.steps(outcome.picture.mean), allowed=words.steps(tolerance.picture_mean)))
    return tuple(found)
