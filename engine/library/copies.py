"""Daily copies of the library, and the way back to one: ratings and tags stand nowhere else."""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from engine.atomic import PART_PREFIX, PART_SUFFIX, explained
from engine.errors import FileProblem
from engine.library.database import Damaged, Database, set_aside
from engine.library.schema import LIBRARY

KEPT = 3
"""So many copies, of different days, are kept."""

_AGAIN = "Add the folders with your files again."
_DAY = re.compile(r"-(\d{4}-\d{2}-\d{2})\.db")


def opened(path: Path) -> tuple[Database, tuple[str, ...]]:
    """The library at `path`, and what a person must be told of it.

    A damaged one is set aside, never removed, and the newest sound copy takes its place, or an empty one. Raises
    FileProblem.
    """
    try:
        return Database(path, LIBRARY), ()
    except Damaged:
        aside = set_aside(path, datetime.now(UTC).strftime("%Y%m%d-%H%M%S"))
    day = _restore(path)
    if day is None:
        told = f"The library was damaged and begins anew; the damaged file is “{aside}” now. {_AGAIN}"
    else:
        told = (f"The library was damaged; it is again as it was on {day}, and the damaged file is “{aside}” now. "
                f"{_AGAIN}")
    return Database(path, LIBRARY), (told,)


def back_up(database: Database) -> Path | None:
    """Today's copy, unless there is one. Raises FileProblem."""
    path = database.path
    today = datetime.now(UTC).date()
    target = _folder(path) / f"{path.stem}-{today.isoformat()}.db"
    if target.exists():
        return None
    part = target.with_name(f"{PART_PREFIX}{secrets.token_hex(8)}{PART_SUFFIX}")
    try:
        target.parent.mkdir(exist_ok=True)
        try:
            database.copy(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        for _, old in _copies(path)[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise explained(error, target) from error
    return target


def _restore(path: Path) -> date | None:
    """Put the newest sound copy in the library's place; of which day it is."""
    for day, copy in _copies(path):
        part = path.with_name(f"{PART_PREFIX}{secrets.token_hex(8)}{PART_SUFFIX}")
        try:
            shutil.copyfile(copy, part)
            Database(part, LIBRARY).close()
            part.replace(path)
        except FileProblem:
            continue
        except OSError as error:
            raise explained(error, path) from error
        finally:
            for ending in ("", "-journal", "-doubt"):
                Path(f"{part}{ending}").unlink(missing_ok=True)
        return day
    return None


def _folder(path: Path) -> Path:
    return path.with_name(f"{path.stem}-copies")


def _copies(path: Path) -> list[tuple[date, Path]]:
    """The copies, newest first."""
    found = []
    for copy in _folder(path).glob(f"{path.stem}-*.db"):
        named = _DAY.search(copy.name)
        with contextlib.suppress(ValueError):
            found += [(date.fromisoformat(named[1]), copy)] if named else []
    return sorted(found, reverse=True)
