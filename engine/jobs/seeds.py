"""Seed lists: "7", "1, 5, 9", "10..20", and mixtures; or a first seed and a count."""

from __future__ import annotations

import re

from engine.api import Medium, PackageInfo, Recipe
from engine.controls import SEED_LIMIT
from engine.errors import ValueProblem
from engine.jobs.plan import MAX_ROWS

_RANGE = re.compile(r"([0-9]{1,10})(?:\.\.|-)([0-9]{1,10})")
_SPACED_RANGE = re.compile(r"\s*(?:\.\.\.?|…|–)\s*")
_EXAMPLE = "Write for example 7, or 1, 5, 9, or 10..20."


def parse_seeds(text: str) -> list[int]:
    """The seeds in the order written; ranges include both ends. Raises ValueProblem naming the faulty piece."""
    seeds: list[int] = []
    for piece in re.split(r"[,;\s]+", _SPACED_RANGE.sub("..", text).strip(" ,;\t\r\n")):
        first, last = _ends(piece)
        if len(seeds) + last - first + 1 > MAX_ROWS:
            raise ValueProblem(f"“{piece}” makes more than {MAX_ROWS} seeds.", "Use a shorter range.", "seed")
        seeds.extend(range(first, last + 1))
    return seeds


def stride(info: PackageInfo, recipe: Recipe) -> int:
    """How far apart seeds must lie for rows that have nothing in common.

    Texts have a seed for each card: five cards of seed 1 are those of the seeds 1 to 5.
    """
    cards = recipe.values.get("count") if info.medium is Medium.TEXT else None
    return max(1, round(cards)) if isinstance(cards, int | float) else 1


def seeds_from(first: int, count: int, step: int = 1) -> list[int]:
    """`count` seeds from `first` on, `step` apart. Raises ValueProblem when they leave the range of seeds."""
    if not 1 <= count <= MAX_ROWS:
        raise ValueProblem(f"{count} is not a possible number of pictures.", f"Allowed is 1 to {MAX_ROWS}.", "count")
    last = first + (count - 1) * step
    if first < 0 or last >= SEED_LIMIT:
        raise ValueProblem(f"Seeds {first} to {last} are not all allowed.",
                           f"Allowed is 0 to {SEED_LIMIT - 1}.", "seed")
    return list(range(first, last + 1, step))


def _ends(piece: str) -> tuple[int, int]:
    matched = _RANGE.fullmatch(piece)
    if matched:
        first, last = int(matched[1]), int(matched[2])
    elif piece.isascii() and piece.isdigit() and len(piece) <= len(str(SEED_LIMIT)):
        first = last = int(piece)
    else:
        raise ValueProblem(f"“{piece[:40]}” is not a seed or a range of seeds.", _EXAMPLE, "seed")
    if last < first:
        raise ValueProblem(f"The range {piece} runs backwards.", f"Write {last}..{first}.", "seed")
    if last >= SEED_LIMIT:
        raise ValueProblem(f"The seed {last} is too large.", f"Allowed is 0 to {SEED_LIMIT - 1}.", "seed")
    return first, last
