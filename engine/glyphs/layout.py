"""Setting text: where each letter of a specimen goes so that the whole sits well inside the picture.

Measures are cap heights until `place` turns them into pixels. x grows to the right, y downwards, baseline at y = 0.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEADING = 1.0
"""Room between lines: the line pitch is (ascent + descent) times this."""

MARGIN = 0.09
"""Of the shorter side of the picture, left free on every side."""

ALONE_MARGIN = 0.04
"""The same for one letter, whose ascent and descent keep room already."""

MAX_LINES = 40
_BLANKS = frozenset(" \u00a0\u2002\u2003\u2009\u202f\u3000")
_NARROW = frozenset("ijlftrI1.,:;!|'\"()[]-")
_BROAD = frozenset("mwMWQO@%&")
_WORTH = 1.12

_LOW = frozenset("acegmnopqrsuvwxyz.,:;_-")
_DESCENDING = frozenset("gjpqyQ,;()[]{}|@_/\\")
_CAPITAL_HEIGHT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789tij\"'*!?&%$#+=<>")
_X_HEIGHT = 0.75    # a generous one: the style's own is not known here
_OVERSHOOT = 0.03   # round letters reach a little under the baseline


@dataclass(frozen=True)
class Metrics:
    """The measures of an alphabet, in cap heights."""

    ascent: float
    descent: float
    space: float

    @property
    def pitch(self) -> float:
        """From baseline to baseline."""
        return (self.ascent + self.descent) * LEADING

    def rise(self, line: str) -> float:
        """How far the letters of a line reach above the baseline, so that text looks centred by what it shows."""
        if all(c in _LOW or is_blank(c) for c in line):
            return _X_HEIGHT
        return 1.0 if all(c in _LOW or c in _CAPITAL_HEIGHT or is_blank(c) for c in line) else self.ascent

    def fall(self, line: str) -> float:
        """How far they reach below it."""
        return self.descent if any(c in _DESCENDING or not c.isascii() for c in line) else _OVERSHOOT


@dataclass(frozen=True)
class Placed:
    """One letter: pen position (its origin on the baseline) in pixels."""

    character: str
    x: float
    y: float


@dataclass(frozen=True)
class Layout:
    """The letters of a picture and how many pixels a cap height is."""

    letters: tuple[Placed, ...]
    cap_pixels: float


def is_blank(character: str) -> bool:
    """Whether it only takes room."""
    return character in _BLANKS


@functools.lru_cache(maxsize=64)
def broken(text: str, width: int, height: int, pitch: float) -> tuple[str, ...]:
    """The lines of `text` for a picture of that shape: own new lines kept, long ones broken at blanks where that lets
    the letters grow.

    Decided on nominal widths, not on the style's own, so that lines do not jump while a slider is dragged.
    """
    given = [line.strip() for line in text.split("\n")]
    while len(given) > 1 and not given[-1]:
        given.pop()
    best, best_size = tuple(given), _size(given, width, height, pitch)
    longest = max(_nominal(line) for line in given)
    for parts in range(2, MAX_LINES + 1):
        limit = _smallest_limit(given, longest, len(given) * parts)
        lines = [piece for line in given for piece in _wrapped(line, limit)]
        size = _size(lines, width, height, pitch)
        if size > best_size * _WORTH:
            best, best_size = tuple(lines), size
        elif size < best_size / _WORTH or len(lines) < parts:
            break
    return best


def place(lines: Sequence[str], advances: Mapping[str, float], metrics: Metrics, width: int, height: int, *,
          snug: bool = True) -> Layout:
    """Fit the lines into width x height pixels, centred, as large as the margins allow.

    `snug` centres by what these letters need. Otherwise the middle of a capital is the middle of the picture, and every
    letter gets the same scale and baseline (an alphabet exported letter by letter).
    """
    half = max(metrics.ascent - 0.5, metrics.descent + 0.5)
    rise = metrics.rise(lines[0]) if snug else half + 0.5
    fall = metrics.fall(lines[-1]) if snug else half - 0.5
    margin = (MARGIN if snug else ALONE_MARGIN) * min(width, height)
    widths = [sum(_advance(c, advances, metrics) for c in line) for line in lines]
    block = (len(lines) - 1) * metrics.pitch + rise + fall
    room_x, room_y = max(width - 2 * margin, 1.0), max(height - 2 * margin, 1.0)
    cap = min(room_y / block, room_x / max(max(widths, default=0.0), 1e-3))
    top = (height - block * cap) / 2 + rise * cap
    letters = []
    for row, (line, line_width) in enumerate(zip(lines, widths, strict=True)):
        pen = (width - line_width * cap) / 2
        baseline = top + row * metrics.pitch * cap
        for character in line:
            if not is_blank(character):
                letters.append(Placed(character, pen, baseline))
            pen += _advance(character, advances, metrics) * cap
    return Layout(tuple(letters), cap)


def _advance(character: str, advances: Mapping[str, float], metrics: Metrics) -> float:
    return metrics.space if is_blank(character) else advances[character]


def _nominal(line: str) -> float:
    """A width in cap heights that no style changes."""
    return sum(0.38 if c in _NARROW or is_blank(c) else 1.15 if c in _BROAD else 0.8 for c in line)


def _size(lines: Sequence[str], width: int, height: int, pitch: float) -> float:
    """The cap height in pixels that nominal lines would get."""
    return min(height / (len(lines) * pitch), width / max(0.1, *(_nominal(line) for line in lines)))


def _smallest_limit(lines: Sequence[str], longest: float, most: int) -> float:
    """The smallest line width with which the text needs at most `most` lines."""
    low, high = 0.0, longest
    for _ in range(12):
        middle = (low + high) / 2
        if sum(len(_wrapped(line, middle)) for line in lines) <= most:
            high = middle
        else:
            low = middle
    return high


def _wrapped(line: str, limit: float) -> list[str]:
    """One line broken greedily at blanks; a single long word stays whole."""
    result: list[str] = []
    current = ""
    for word in line.split(" "):
        longer = f"{current} {word}" if current else word
        if current and _nominal(longer) > limit:
            result.append(current)
            current = word
        else:
            current = longer
    return [*result, current]
