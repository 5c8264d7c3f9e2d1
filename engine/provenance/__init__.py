"""How an asset was made, inside the file that was kept: a chunk of a PNG, a key of JSON, a column, a comment.

Reading is from untrusted files: sizes capped, checksums compared, JSON strict, no image library involved.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine import strictjson
from engine.errors import FileProblem
from engine.provenance import inside_png, inside_text
from engine.provenance.record import (
    ANOTHER,
    KEYWORD,
    SOFTWARE,
    VERSION,
    NoRecipe,
    Provenance,
    Source,
    damaged,
    from_dict,
    provenance_of,
    to_json,
    to_xmp,
)
from engine.reading import open_regular

__all__ = ["KEYWORD", "SOFTWARE", "VERSION", "NoRecipe", "Provenance", "Source", "provenance_of", "read_recipe",
           "read_recipes", "to_json", "to_xmp"]


def read_recipe(path: Path) -> Provenance:
    """The provenance inside a kept file. Raises FileProblem that says why there is none, or not just one."""
    found = read_recipes(path)
    if len(found) > 1:
        raise FileProblem(f"“{path.name}” gathers {len(found)} recipes.",
                          "Choose a file of one of them, or run its batch again.", str(path))
    return found[0]


def read_recipes(path: Path) -> tuple[Provenance, ...]:
    """Everything that a kept file says of itself, at least one. Raises FileProblem that says why there is nothing."""
    try:
        found = tuple(from_dict(one, path) for one in _objects(path))
    except OSError as error:
        if isinstance(error, FileProblem):
            raise
        raise FileProblem(f"“{path.name}” cannot be read: {error.strerror or error}.",
                          "Check the name and that the file may be read.", str(path)) from error
    if not found:
        raise NoRecipe(f"“{path.name}” carries no recipe.", ANOTHER, str(path))
    return found


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects in a file. Raises FileProblem, OSError."""
    with open_regular(path) as file:
        if file.read(len(inside_png.SIGNATURE)) == inside_png.SIGNATURE:
            text = inside_png.find_text(file, path)
            if text is not None:
                yield _parsed(text, path)
            return
        file.seek(0)
        data = file.read(inside_text.MAX_FILE + 1)
    if KEYWORD.encode() in data:
        yield from inside_text.find_all(data, path)


def _parsed(text: bytes, path: Path) -> dict[str, Any]:
    try:
        return strictjson.parse_object(text, max_bytes=inside_png.MAX_TEXT)
    except ValueError as error:
        raise damaged(path, str(error)) from error
