"""Texts to files: one card a line, a table, or JSON, each with its recipe inside. Equal assets are equal bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from engine.provenance import KEYWORD, Provenance, to_json
from engine.provenance.inside_text import ROWS, hash_lines

TABLE = ("row", "card", "prompt", "text", KEYWORD)
"""Columns of a table of cards: rows and cards count from 1, the recipe stands in the first line of each row."""

Row = tuple[Sequence[str], Provenance]
"""The cards of one asset and how it was made."""

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""In front of a table, by which spreadsheets know UTF-8."""


def text_of(cards: Sequence[str], provenance: Provenance) -> bytes:
    """One card a line (with a line between where a card has several), then the recipe as comment lines."""
    gap = "\n\n" if any("\n" in card for card in cards) else "\n"
    return (gap.join(cards) + "\n\n" + "\n".join(hash_lines(provenance)) + "\n").encode()


def table_of(rows: Iterable[Row]) -> bytes:
    """A CSV table of one asset or many."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(TABLE)
    for number, (cards, provenance) in enumerate(rows, 1):
        prompt = provenance.recipe.values.get("prompt", "")
        writer.writerows((number, place, prompt, card, to_json(provenance) if place == 1 else "")
                         for place, card in enumerate(cards, 1))
    return (MARK + buffer.getvalue()).encode()


def json_of(cards: Sequence[str], provenance: Provenance) -> bytes:
    """One JSON object: the cards and the recipe."""
    return as_json(_plain(cards, provenance))


def gathered_json(rows: Iterable[Row]) -> bytes:
    """One JSON object for many assets."""
    return as_json({ROWS: [_plain(cards, provenance) for cards, provenance in rows]})


def as_json(document: dict[str, Any]) -> bytes:
    """JSON that people can read, in one form."""
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _plain(cards: Sequence[str], provenance: Provenance) -> dict[str, Any]:
    return {"texts": list(cards), KEYWORD: provenance.to_dict()}
