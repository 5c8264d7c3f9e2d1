"""What the found directions are called, in the words a designer uses; only directions named here can be shipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Words:
    """Label, Chinese label, help sentence, words for the two ends, what was measured, and how far it holds."""

    label: str
    chinese: str
    help: str
    low: str
    high: str
    measured: str
    range: tuple[float, float] = (-3.0, 3.0)


WORDS: Final[dict[str, Words]] = {
    "weight": Words("Weight", "字重", "Thin to heavy stems", "Thin", "Heavy", "stem width of l, I, n", (-2.0, 3.0)),
    "slant": Words("Slant", "倾斜", "Upright to leaning", "Upright", "Leaning", "best shear of the stems"),
    "width": Words("Width", "字宽", "Narrow to wide letters", "Narrow", "Wide", "ink width of n o b p H O D E"),
    "contrast": Words(
        "Contrast", "粗细对比", "Even strokes to thick stems with hairlines", "Even", "Contrasted",
        "sides over top and bottom of o",
    ),
    "serif": Words("Serif", "衬线", "Plain feet to serifs", "Sans", "Serif", "ink at the feet of I n h m i"),
    "x_height": Words("x-height", "x 字高", "Small to tall lower case", "Small", "Tall", "height of x over H"),
    "spacing": Words("Spacing", "字距", "Tight to loose setting", "Tight", "Loose", "advance minus ink width"),
    "mono": Words(
        "Even widths", "等宽感", "Natural widths to the even widths of a typewriter", "Natural", "Typewriter",
        "width of i l j t over m w M W",
    ),
    "square": Words("Squareness", "方圆", "Round to squared bowls", "Round", "Square", "box filled by o"),
    "descent": Words("Descenders", "下伸", "Short to long descenders", "Short", "Long", "depth of p"),
    "ascent": Words("Ascenders", "上伸", "Short to tall ascenders", "Short", "Tall", "height of d over H"),
}  # fmt: skip
