"""The pieces that texts are written in: letters, and pairs of pieces that often meet (Sennrich et al. 2016)."""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable, Sequence
from typing import Final

_WORD: Final = re.compile(r" ?[^ ]+")


def pieces_of(texts: Iterable[str], count: int) -> list[str]:
    """Up to `count` pieces, single letters first; a space belongs to the word behind it."""
    words = collections.Counter(word for text in texts for word in _WORD.findall(text))
    split = {word: list(word) for word in words}
    found = sorted({letter for word in words for letter in word})
    pairs: collections.Counter[tuple[str, str]] = collections.Counter()
    where: dict[tuple[str, str], set[str]] = collections.defaultdict(set)

    def count_in(word: str, times: int) -> None:
        for pair in zip(split[word], split[word][1:], strict=False):
            pairs[pair] += times
            where[pair].add(word)

    for word, times in words.items():
        count_in(word, times)
    while len(found) < count and pairs:
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        found.append("".join(best))
        for word in sorted(where.pop(best)):
            count_in(word, -words[word])
            split[word] = _merged(split[word], best)
            count_in(word, words[word])
        del pairs[best]
    return list(dict.fromkeys(found))


def cut(text: str, places: dict[str, int]) -> list[int]:
    """The numbers of a text, the longest piece each time: as the engine reads a list of texts."""
    longest = max(map(len, places))
    numbers, start = [], 0
    while start < len(text):
        size = next(size for size in range(min(longest, len(text) - start), 0, -1)
                    if text[start:start + size] in places)
        numbers.append(places[text[start:start + size]])
        start += size
    return numbers


def _merged(parts: Sequence[str], pair: tuple[str, str]) -> list[str]:
    """The parts with every such pair made one."""
    made: list[str] = []
    place = 0
    while place < len(parts):
        if tuple(parts[place:place + 2]) == pair:
            made.append(parts[place] + parts[place + 1])
            place += 2
        else:
            made.append(parts[place])
            place += 1
    return made
