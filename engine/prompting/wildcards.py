"""Alternatives in a prompt, `a {red|green|{dark|light} blue} door`: the seed chooses, the same everywhere and for ever.

`{0.3::oak|0.7::pine}` weighs them, and an alternative may be empty: `{, rusty|}`. A bracket or bar that is meant stands
behind a backslash. A bracket that is never closed, or was never opened, is taken as it stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

_WEIGHT = re.compile(r"\s*(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})\s*::")
_DEEPEST = 40


@dataclass(frozen=True)
class _Group:
    """What stands in one pair of brackets: for each alternative its weight and its pieces."""

    weights: tuple[float, ...]
    options: tuple[_Pieces, ...]


_Pieces = tuple[str | _Group, ...]


def draw(text: str, seed: int) -> str:
    """The prompt with one of each alternatives, chosen by `seed`.

    Each choice depends on the seed and on its own place (which group, in which alternative), so that a word changed
    in one group leaves the choices of the others.
    """
    return _drawn(_read(text), f"{seed}")


def variants(text: str, limit: int) -> list[str]:
    """The different prompts that `draw` can yield, in the order of writing, at most `limit`."""
    return list(islice(dict.fromkeys(islice(_all(_read(text)), 50 * limit)), limit)) if limit > 0 else []


def complaints(text: str) -> tuple[str, ...]:
    """What is wrong with the brackets, a sentence each; empty when all is well."""
    depth = strays = 0
    for mark, _ in _marks(text):
        depth += (mark == "{") - (mark == "}")
        strays += depth < 0
        depth = max(depth, 0)
    found = ["The bracket { is never closed."] if depth else []
    return (*found, "The bracket } was never opened.") if strays else tuple(found)


def _marks(text: str) -> Iterator[tuple[str, int]]:
    """Each bracket or bar that is not behind a backslash, and where it stands."""
    place = 0
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] in "{|}":
            yield text[place], place
        place += 1


def _pairs(text: str) -> dict[int, int]:
    """Where each closed bracket opens -> where it closes."""
    found: dict[int, int] = {}
    open_at: list[int] = []
    for mark, place in _marks(text):
        if mark == "{":
            open_at.append(place)
        elif mark == "}" and open_at:
            found[open_at.pop()] = place
    return found


def _read(text: str) -> _Pieces:
    """The whole prompt as pieces."""
    pairs = _pairs(text)
    return _pieces(text, 0, len(text), pairs, [place for _, place in _marks(text)], 0)


def _pieces(text: str, start: int, end: int, pairs: dict[int, int], marks: list[int], depth: int) -> _Pieces:
    """The stretch from `start` to `end`: plain words and groups in turn."""
    pieces: list[str | _Group] = []
    place = start
    for mark in marks:
        close = pairs.get(mark)
        if place <= mark < end and close is not None and depth < _DEEPEST:
            inside = [other for other in marks if mark < other < close]
            pieces += [_plain(text[place:mark]), _group(text, mark, close, pairs, inside, depth + 1)]
            place = close + 1
    pieces.append(_plain(text[place:end]))
    return tuple(piece for piece in pieces if piece != "")


def _group(text: str, start: int, end: int, pairs: dict[int, int], marks: list[int], depth: int) -> _Group:
    """What stands between the bracket at `start` and the one at `end`."""
    bars, behind = [], start
    for mark in marks:
        if mark < behind:
            continue                         # inside a bracket of its own
        if mark in pairs:
            behind = pairs[mark] + 1
        elif text[mark] == "|":
            bars.append(mark)
    edges = [start, *bars, end]
    weights, options = [], []
    for left, right in pairwise(edges):
        said = _WEIGHT.match(text, left + 1, right)
        weights.append(float(said[1]) if said else 1.0)
        options.append(_pieces(text, said.end() if said else left + 1, right, pairs, marks, depth))
    if not any(weights):
        weights = [1.0] * len(options)
    return _Group(tuple(weights), tuple(options))


def _plain(text: str) -> str:
    r"""Words without the backslashes of `\{ \| \}`; those before round and square brackets are for the weights."""
    return re.sub(r"\\([{|}])", r"\1", text)


def _drawn(pieces: _Pieces, path: str) -> str:
    words, number = [], 0
    for piece in pieces:
        if isinstance(piece, str):
            words.append(piece)
            continue
        chosen = _chosen(piece.weights, f"{path}/{number}")
        words.append(_drawn(piece.options[chosen], f"{path}/{number}.{chosen}"))
        number += 1
    return "".join(words)


def _chosen(weights: tuple[float, ...], path: str) -> int:
    """Which alternative the hash of the path falls on."""
    point = int.from_bytes(hashlib.blake2b(path.encode(), digest_size=8).digest()) / 2.0**64 * sum(weights)
    for number, weight in enumerate(weights):
        point -= weight
        if point < 0:
            return number
    return max(number for number, weight in enumerate(weights) if weight)


def _all(pieces: _Pieces) -> Iterator[str]:
    """Every prompt that the pieces can become; alternatives of weight 0 are left out."""
    if not pieces:
        yield ""
        return
    first, rest = pieces[0], pieces[1:]
    heads = (first,) if isinstance(first, str) else (
        head for weight, option in zip(first.weights, first.options, strict=True) if weight for head in _all(option))
    for head in heads:
        for tail in _all(rest):
            yield head + tail
