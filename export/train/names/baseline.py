"""What the model has to beat: letters by how often they followed the five before them (Witten and Bell 1991)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

ORDER = 5
_END = "\n"


class Letters:
    """Interpolated counts of letters behind 0 to 5 letters; a way of writing counts as a letter of its own."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self._after: dict[str, Counter[str]] = defaultdict(Counter)
        for mode, line in lines:
            text = _marked(mode, line)
            for place in range(1, len(text)):
                for size in range(min(ORDER, place) + 1):
                    self._after[text[place - size:place]][text[place]] += 1
        self._letters = len(self._after[""]) + 1

    def bits(self, mode: str, line: str) -> float:
        """Bits for the whole line and its end."""
        text = _marked(mode, line)
        return sum(-math.log2(self._chance(text[max(0, place - ORDER):place], text[place]))
                   for place in range(1, len(text)))

    def _chance(self, before: str, letter: str) -> float:
        """Shorter contexts first, each longer one that is known takes its share."""
        chance = 1 / self._letters
        for size in range(len(before) + 1):
            seen = self._after.get(before[len(before) - size:])
            if seen is None:
                break
            total, kinds = seen.total(), len(seen)
            chance = (seen[letter] + kinds * chance) / (total + kinds)
        return chance


def _marked(mode: str, line: str) -> str:
    """One letter for the way of writing, the line, its end."""
    return {"color": "\x01", "name": "\x02", "slogan": "\x03", "headline": "\x04"}[mode] + line + _END
