"""The recipe inside a text: a key of JSON, a column of CSV, a comment anywhere else.

A comment is one or more lines `# latent_atelier: ...` that belong together (some readers of palettes choke on long
lines), or one `/* latent_atelier: ... */`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine import strictjson
from engine.api import Swatch
from engine.provenance.record import KEYWORD, Provenance, damaged, to_json

MAX_FILE = 64 << 20
"""Bytes of a text that is looked at."""

COLUMN = KEYWORD
"""The column of a table that holds the recipe, in the first line of each asset."""

ROWS = "rows"
"""The key of a JSON document that gathers several assets."""

PALETTE = "GIMP Palette"
"""How a palette of GIMP begins."""

_HASH = f"# {KEYWORD}: "
_BLOCK = re.compile(rf"/\* {KEYWORD}: (.*?) \*/", re.DOTALL)
_CHANNELS = re.compile(r"^ *(\d{1,3}) +(\d{1,3}) +(\d{1,3})\t(.*)$", re.MULTILINE)
_PROPERTY = re.compile(r"^ *--([\w-]+): (#[0-9a-f]{6});$", re.MULTILINE)
_LINE = 160


def hash_lines(provenance: Provenance) -> list[str]:
    """The recipe as comment lines of a modest length, ASCII only."""
    text = _ascii(to_json(provenance))
    lines: list[str] = []
    while text:
        at = _LINE
        while text[at - 1:at] == " ":  # an editor that cuts off spaces at the end of lines shall find none
            at -= 1
        lines.append(_HASH + text[:at])
        text = text[at:]
    return lines


def block_comment(provenance: Provenance) -> str:
    """The recipe as one comment of CSS."""
    return f"/* {KEYWORD}: {_ascii(to_json(provenance)).replace('*/', '*' + chr(92) + '/')} */"


def find_all(data: bytes, path: Path) -> Iterator[dict[str, Any]]:
    """Every recipe in a text, as JSON objects. Raises FileProblem for one that is damaged."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    try:
        if text.lstrip()[:1] == "{":
            yield from _in_json(data)
        elif (commented := _commented(text)) is not None:
            yield strictjson.parse_object(commented.encode(), max_bytes=MAX_FILE)
        else:
            yield from _in_table(text)
    except ValueError as error:
        raise damaged(path, str(error)) from error


def texts_in(data: bytes) -> tuple[str, ...]:
    """The cards of a kept text, of all its rows; nothing for anything else."""
    try:
        text = data.decode("utf-8-sig")
        if text.lstrip()[:1] == "{":
            document = strictjson.parse_object(data, max_bytes=MAX_FILE)
            rows = document.get(ROWS)
            holders = [document, *(rows if isinstance(rows, list) else [])]
            found = [card for holder in holders if isinstance(holder, dict) for card in _list(holder.get("texts"))]
            return tuple(card for card in found if isinstance(card, str))
        if _HASH in text and not text.startswith(PALETTE):
            return tuple(line for line in text.partition(_HASH)[0].splitlines() if line)
        table = csv.DictReader(io.StringIO(text, newline=""))
        return tuple(line["text"] or "" for line in table) if {COLUMN, "text"} <= {*(table.fieldnames or ())} else ()
    except (ValueError, csv.Error):  # UnicodeDecodeError is a ValueError
        return ()


def swatches_in(data: bytes) -> tuple[Swatch, ...]:
    """The colours of a palette that was kept as JSON, for GIMP or as CSS; nothing for anything else."""
    try:
        text = data.decode("utf-8-sig")
        if text.lstrip()[:1] != "{":
            return tuple(_swatches_of_lines(text))
        colors = _list(strictjson.parse_object(data, max_bytes=MAX_FILE).get("colors"))
    except ValueError:  # UnicodeDecodeError is one
        return ()
    return tuple(Swatch(str(color["hex"]), str(color.get("name", ""))) for color in colors
                 if isinstance(color, dict) and "hex" in color)


def _swatches_of_lines(text: str) -> Iterator[Swatch]:
    """Colours as our writers put them: `  1  22 333<tab>name` below GIMP's head, `--name: #rrggbb;` in CSS."""
    if not text.startswith(PALETTE):
        yield from (Swatch(found[2], found[1]) for found in _PROPERTY.finditer(text))
        return
    for found in _CHANNELS.finditer(text):
        channels = [int(number) for number in found.groups()[:3]]
        if max(channels) < 256:  # noqa: PLR2004 - a byte
            yield Swatch("#" + bytes(channels).hex(), found[4])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _in_json(data: bytes) -> Iterator[dict[str, Any]]:
    document = strictjson.parse_object(data, max_bytes=MAX_FILE)
    rows = document.get(ROWS)
    for holder in [document, *(rows if isinstance(rows, list) else [])]:
        found = holder.get(KEYWORD) if isinstance(holder, dict) else None
        if isinstance(found, dict):
            yield found


def _commented(text: str) -> str | None:
    """What stands in the comments, put together; None without any."""
    block = _BLOCK.search(text)
    if block is not None:
        return block[1]
    lines = [line[len(_HASH):] for line in text.splitlines() if line.startswith(_HASH)]
    return "".join(lines) if lines else None


def _in_table(text: str) -> Iterator[dict[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = next(reader, [])
        if COLUMN not in header:
            return
        place = header.index(COLUMN)
        for cells in reader:
            if len(cells) > place and cells[place].strip():
                yield strictjson.parse_object(cells[place].encode(), max_bytes=MAX_FILE)
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _ascii(text: str) -> str:
    """JSON text with every other letter escaped, so that no reader has to guess the encoding."""
    return "".join(letter if " " <= letter <= "~" else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at:at + 2].hex()}" for at in range(0, len(units), 2))
