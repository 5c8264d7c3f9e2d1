"""Between entries and the rows of the tables: what is stored of a kept file, and how it becomes an `Entry` again."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from engine.api import Medium, Recipe
from engine.errors import FileProblem
from engine.library.database import Database
from engine.library.records import Entry, Keepsake
from engine.meaning import meaning_of

LONGEST = 4000
"""Letters of a file's texts that are remembered, and searched."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WIDE = 12
_PROMPTS = ("prompt", "text")
_log = logging.getLogger(__name__)

_INSERT = """INSERT INTO entries (path, name, said, mark, wording, package, package_name, medium, kept, parent)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT id FROM entries WHERE id = ?))"""
_SELECT = """SELECT id, path, package_name, medium, rating, kept, parent, missing, recipe, texts, colors, words
    FROM entries JOIN contents ON entry = id WHERE id IN ({})"""
_TAGS = "SELECT entry, name FROM tagged JOIN tags ON id = tag WHERE entry IN ({}) ORDER BY folded"


def fold(text: str) -> str:
    """In which texts are the same for a person who searches: upper and lower case, wide and composed letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def sortable(name: str) -> str:
    """A file name as people sort them: without case, numbers by their value."""
    return re.sub(r"[0-9]+", lambda number: number[0].lstrip("0").zfill(_WIDE), fold(name))


def number_of(text: str) -> int:
    """64 bits, signed, that stand for a text: small enough for an index, and never the same for two in practice."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def mark_of(recipe: Recipe) -> int:
    """The number that stands for a recipe."""
    return number_of(recipe.canonical())


def whole_path(path: Path) -> str:
    """How a path is written in the library. Raises FileProblem for a name that is no text."""
    written = os.path.abspath(path)  # noqa: PTH100  takes `..` away and follows no link
    try:
        written.encode()
    except UnicodeEncodeError as error:
        shown = written.encode(errors="replace").decode()
        raise FileProblem(f"The name of “{shown}” is not UTF-8 text.", "Give the file another name.", shown) from error
    return written


def insert(connection: Connection, keepsake: Keepsake) -> int:
    """A new entry; its id."""
    path = whole_path(keepsake.path)
    texts = _clipped(keepsake.texts)
    words = meaning_of(keepsake.recipe, keepsake.package_name, texts)
    row = (path, sortable(Path(path).name), said_by(keepsake, texts), mark_of(keepsake.recipe), number_of(words),
           keepsake.recipe.package, keepsake.package_name or keepsake.recipe.package, keepsake.medium.value,
           _microseconds(keepsake.kept), keepsake.parent)
    entry = connection.execute(_INSERT, row).lastrowid or 0
    connection.execute("INSERT INTO contents VALUES (?, ?, ?, ?, ?)",
                       (entry, keepsake.recipe.canonical(), _json(texts), _json(keepsake.colors), words))
    return entry


def said_by(keepsake: Keepsake, texts: Sequence[str]) -> str:
    """All that a word may be found in: prompts, texts, colours, the model, the file's name."""
    values = keepsake.recipe.values
    told = [str(values[name]) for name in _PROMPTS if name in values]
    parts = (*told, *texts, *keepsake.colors, keepsake.package_name, keepsake.recipe.package, keepsake.path.name)
    return fold("\n".join(parts)).replace("\0", " ")


def read(database: Database, ids: Sequence[int]) -> dict[int, Entry]:
    """The entries of these ids, those that there are. Raises FileProblem."""
    found: dict[int, Entry] = {}
    tags: dict[int, list[str]] = {}
    for number, name in database.among(_TAGS, ids):
        tags.setdefault(number, []).append(name)
    for row in database.among(_SELECT, ids):
        try:
            found[row[0]] = _entry(row, tuple(tags.get(row[0], ())))
        except (ValueError, KeyError, TypeError, OverflowError) as error:   # a newer version's recipe, say
            _log.warning("entry %d of the library cannot be read: %s", row[0], error)
    return found


def _entry(row: tuple[Any, ...], tags: tuple[str, ...]) -> Entry:
    number, path, name, medium, rating, kept, parent, missing, recipe, texts, colors, words = row
    return Entry(number, Path(path), Recipe.from_dict(json.loads(recipe)), name, Medium(medium),
                 tuple(json.loads(texts)), tuple(json.loads(colors)), words, rating, tags,
                 _EPOCH + timedelta(microseconds=kept), parent, bool(missing))


def _clipped(texts: Sequence[str]) -> tuple[str, ...]:
    """As much of the texts as is remembered."""
    room, kept = LONGEST, []
    for text in texts:
        if room <= 0:
            break
        kept.append(text[:room])
        room -= len(text)
    return tuple(kept)


def _microseconds(when: datetime | None) -> int:
    moment = when if when is not None else datetime.now(UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _json(value: Sequence[str]) -> str:
    return json.dumps(list(value), ensure_ascii=False)
