"""A batch of texts as one table or JSON document: its rows are kept one by one beside it until the last is there.

So such a batch survives what every batch survives; the one file appears whole, at the end.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from engine import atomic
from engine.api import Medium
from engine.errors import FileProblem
from engine.jobs.plan import JobPlan, Row
from engine.provenance import Provenance, read_recipe
from engine.provenance.inside_text import texts_in
from engine.writers import cards

ENDINGS = (".csv", ".json")
_ROW = ".json"


def can_gather(target: Path, medium: Medium) -> bool:
    """Whether a batch can go into this one file."""
    return medium is Medium.TEXT and target.suffix.lower() in ENDINGS and not target.is_dir()


def rows_folder(target: Path) -> Path:
    """Where the rows lie until the last one is there."""
    return target.with_name(f".{target.name}.rows")


def gathering(plan: JobPlan) -> JobPlan:
    """The same batch with the rows' own files, whatever names they had."""
    width = len(str(len(plan.rows)))
    rows = tuple(replace(row, name=f"{row.index + 1:0{width}}{_ROW}") for row in plan.rows)
    return replace(plan, rows=rows)


def check_target(target: Path) -> None:
    """Raise FileProblem when `target` is a file that this batch has not begun."""
    if target.exists() and not rows_folder(target).is_dir():
        raise FileProblem(f"“{target.name}” already exists in {target.parent}.", "Choose another name.", str(target))


def gather(plan: JobPlan, target: Path) -> int:
    """Write `target` from the rows that are there, and take them away when all are; how many. Raises FileProblem."""
    made = [row for row in plan.rows if plan.path(row).is_file()]
    rows = list(_read(plan, made))
    data = cards.gathered_json(rows) if target.suffix.lower() == _ROW else cards.table_of(rows)
    atomic.write_file(target, data, overwrite=True)
    if len(made) == len(plan.rows):
        for row in made:
            plan.path(row).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # somebody else's file in it keeps the folder, which is no harm
            Path(plan.folder).rmdir()
    return len(made)


def _read(plan: JobPlan, rows: Sequence[Row]) -> Iterator[tuple[tuple[str, ...], Provenance]]:
    for row in rows:
        path = plan.path(row)
        try:
            yield texts_in(path.read_bytes()), read_recipe(path)
        except OSError as error:
            if isinstance(error, FileProblem):
                raise
            raise atomic.explained(error, path) from error
