"""Entries of the library as rows for people and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.library.records import Entry, Found

LONGEST = 60
"""Letters of what an entry is about that a row shows."""


def entry_rows(found: Sequence[Found], *, ranked: bool) -> list[tuple[str, ...]]:
    """A head and a row per entry; with `ranked` how alike it is to the question."""
    rows = [("ID", *(("ALIKE",) if ranked else ()), "RATED", "MODEL", "TAGS", "ABOUT", "FILE")]
    for one in found:
        entry = one.entry
        about = " ".join(entry.words.split())
        rows.append((str(entry.id), *((f"{one.alike:.2f}",) if ranked else ()), str(entry.rating or "-"),
                     entry.recipe.package, ", ".join(entry.tags) or "-",
                     about if len(about) <= LONGEST else about[:LONGEST - 1] + "…",
                     str(entry.path) + (" (missing)" if entry.missing else "")))
    return rows


def entry_document(entry: Entry) -> dict[str, Any]:
    """An entry as plain JSON."""
    return {"id": entry.id, "path": str(entry.path), "kind": entry.medium.value, "model": entry.recipe.package,
            "model_name": entry.package_name, "words": entry.words, "texts": list(entry.texts),
            "colors": list(entry.colors), "rating": entry.rating, "tags": list(entry.tags),
            "kept": entry.kept.isoformat(), "parent": entry.parent, "missing": entry.missing,
            "recipe": entry.recipe.to_dict()}
