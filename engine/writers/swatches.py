"""Palettes to files that other programs read, each with its recipe inside: GIMP and Inkscape, CSS, JSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from engine.api import Swatch
from engine.provenance import KEYWORD, Provenance, to_json
from engine.provenance.inside_text import PALETTE, ROWS, block_comment, hash_lines
from engine.writers.cards import MARK, as_json

TABLE = ("row", "color", "prompt", "hex", "red", "green", "blue", "name", KEYWORD)
"""Columns of a table of colours: rows and colours count from 1, the recipe stands in the first line of each row."""

Row = tuple[Sequence[Swatch], Provenance]
"""The colours of one palette and how it was made."""

_GAP = re.compile(r"[^\w]+|_+")
_LONGEST = 80


def gimp_of(swatches: Sequence[Swatch], provenance: Provenance) -> bytes:
    """A .gpl palette: what GIMP, Inkscape, Krita and others read."""
    lines = [PALETTE, f"Name: {title_of(provenance)}", f"Columns: {len(swatches)}", *hash_lines(provenance)]
    for swatch in swatches:
        red, green, blue = rgb_of(swatch)
        lines.append(f"{red:3} {green:3} {blue:3}\t{_line(swatch.name) or swatch.color}")
    return ("\n".join(lines) + "\n").encode()


def css_of(swatches: Sequence[Swatch], provenance: Provenance) -> bytes:
    """Custom properties on :root, named after the colours."""
    lines = [f"  --{name}: {swatch.color};" for name, swatch in zip(_idents(swatches), swatches, strict=True)]
    return "\n".join([block_comment(provenance), ":root {", *lines, "}", ""]).encode()


def json_of(swatches: Sequence[Swatch], provenance: Provenance) -> bytes:
    """One JSON object: name, colours, recipe."""
    return as_json(_plain(swatches, provenance))


def gathered_json(rows: Iterable[Row]) -> bytes:
    """One JSON object for many palettes."""
    return as_json({ROWS: [_plain(swatches, provenance) for swatches, provenance in rows]})


def table_of(rows: Iterable[Row]) -> bytes:
    """A CSV table of one palette or many, a line for each colour."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(TABLE)
    for number, (swatches, provenance) in enumerate(rows, 1):
        prompt = provenance.recipe.values.get("prompt", "")
        writer.writerows((number, place, prompt, swatch.color, *rgb_of(swatch), swatch.name,
                          to_json(provenance) if place == 1 else "") for place, swatch in enumerate(swatches, 1))
    return (MARK + buffer.getvalue()).encode()


def rgb_of(swatch: Swatch) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    red, green, blue = (int(swatch.color[at:at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def title_of(provenance: Provenance) -> str:
    """What a palette is called: its prompt, or the model."""
    prompt = _line(str(provenance.recipe.values.get("prompt", "")))[:_LONGEST]
    return prompt or _line(provenance.package.name or provenance.package.id)


def _plain(swatches: Sequence[Swatch], provenance: Provenance) -> dict[str, Any]:
    colors = [{"hex": swatch.color, "rgb": list(rgb_of(swatch)), "name": swatch.name} for swatch in swatches]
    return {"name": title_of(provenance), "colors": colors, KEYWORD: provenance.to_dict()}


def _line(text: str) -> str:
    """A text on one line, without what a reader of lines could take for something else."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _idents(swatches: Sequence[Swatch]) -> list[str]:
    """A name for each colour that CSS takes, no two alike."""
    found: list[str] = []
    for number, swatch in enumerate(swatches, 1):
        name = _GAP.sub("-", swatch.name.lower()).strip("-")
        name = name if name and not name[0].isdigit() else f"color-{name or number}"
        found.append(name if name not in found else f"{name}-{number}")
    return found
