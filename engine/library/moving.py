"""Files come and go without asking the library: which are there, and where those are that were moved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from engine.api import Progress
from engine.cancel import CancelToken
from engine.errors import FileProblem
from engine.formats import is_kept
from engine.library.database import Database
from engine.library.rows import fold, mark_of, sortable, whole_path
from engine.provenance import read_recipes

_TOLD = 20
"""Files between two tellings of how far it is."""


def files_in(folder: Path) -> list[Path]:
    """Every file below `folder` that may be a kept one, in order of names; hidden folders are passed over."""
    found: list[Path] = []
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(where, name) for name in sorted(names) if is_kept(name) and not name.startswith(".")]
    return found


def look(database: Database, ids: Sequence[int] | None) -> tuple[int, ...]:
    """Ids of those entries (None: all) whose file has gone or come back since it was last looked for."""
    rows = list(_asked(database, ids))
    changed = [(int(not missing), number) for number, path, missing in rows
               if os.path.isfile(path) is bool(missing)]  # noqa: PTH113  fifty thousand of them
    if changed:
        with database.change() as connection:
            connection.executemany("UPDATE entries SET missing = ? WHERE id = ?", changed)
    return tuple(number for _, number in changed)


def relocate(database: Database, folder: Path, on_progress: Callable[[Progress], None] | None,
             cancel: CancelToken | None) -> tuple[int, ...]:
    """Look for the missing files below `folder`; ids of those that were found, cancelled or not."""
    look(database, None)
    missing: dict[int, list[tuple[int, str]]] = {}
    for number, mark, name in database.rows("SELECT id, mark, name FROM entries WHERE missing ORDER BY id"):
        missing.setdefault(mark, []).append((number, name))
    taken = {path for path, in database.rows("SELECT path FROM entries WHERE NOT missing")}
    names = {name for entries in missing.values() for _, name in entries}
    # Files that still have their name come first: of several copies they are the likelier.
    files = sorted(files_in(folder), key=lambda path: sortable(path.name) not in names) if missing else []
    found: list[int] = []
    for done, path in enumerate(files):
        if not missing or (cancel is not None and cancel.cancelled):
            break
        if on_progress is not None and done % _TOLD == 0:
            on_progress(Progress(done, len(files)))
        number = _match(path, missing, taken)
        if number is not None:
            found.append(number)
            with database.change() as connection:
                move(connection, number, path)
    return tuple(found)


def move(connection: Connection, number: int, path: Path) -> None:
    """An entry's file lies at `path` now, perhaps under another name."""
    name = sortable(path.name)
    old, said = connection.execute("SELECT path, said FROM entries WHERE id = ?", (number,)).fetchone()
    renamed = said.removesuffix(fold(Path(old).name)) + fold(path.name)
    connection.execute("UPDATE entries SET path = ?, name = ?, said = ?, missing = 0 WHERE id = ?",
                       (whole_path(path), name, renamed, number))


def _match(path: Path, missing: dict[int, list[tuple[int, str]]], taken: set[str]) -> int | None:
    """The missing entry that this file is, which is missing no more."""
    try:
        if whole_path(path) in taken:
            return None
        mark = mark_of(read_recipes(path)[0].recipe)
    except FileProblem:
        return None
    entries = missing.get(mark, [])
    if not entries:
        return None
    same = [entry for entry in entries if entry[1] == sortable(path.name)]
    chosen = (same or entries)[0]
    entries.remove(chosen)
    if not entries:
        del missing[mark]
    return chosen[0]


def _asked(database: Database, ids: Sequence[int] | None) -> Iterator[tuple[Any, ...]]:
    """Id, path and whether it was missing."""
    if ids is None:
        yield from database.rows("SELECT id, path, missing FROM entries")
    else:
        yield from database.among("SELECT id, path, missing FROM entries WHERE id IN ({})", ids)
