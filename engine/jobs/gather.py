"""A batch of texts or palettes as one table or JSON document: its rows are kept one by one until the last is there.

So such a batch survives what every batch survives; the one file appears whole, at the end.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from engine import atomic
from engine.api import Medium
from engine.errors import AtelierError, FileProblem, JobProblem
from engine.jobs.journal import unfinished
from engine.jobs.names import fault_of
from engine.jobs.plan import JobPlan, Row
from engine.provenance import Provenance, read_recipe
from engine.provenance.inside_text import swatches_in, texts_in
from engine.writers import cards, swatches

ENDINGS = (".csv", ".json")
_ROW = ".json"
_ROWS_FOLDER = ".*.rows"
_GATHERED = frozenset({Medium.TEXT, Medium.PALETTE})
_Found = TypeVar("_Found")


def can_gather(target: Path, medium: Medium) -> bool:
    """Whether a batch can go into this one file."""
    return medium in _GATHERED and target.suffix.lower() in ENDINGS and not target.is_dir()


def rows_folder(target: Path) -> Path:
    """Where the rows lie until the last one is there."""
    return target.with_name(f".{target.name}.rows")


def gathering(plan: JobPlan, target: Path) -> JobPlan:
    """The same batch into one file; the rows' own files lie beside it, whatever names they had."""
    width = len(str(len(plan.rows)))
    rows = tuple(replace(row, name=f"{row.index + 1:0{width}}{_ROW}") for row in plan.rows)
    return replace(plan, rows=rows, folder=str(rows_folder(target)), into=target.name)


def target_in(folder: Path, name: str, usual: str, ending: str) -> Path:
    """A file in `folder`: as it is named, or where it is not the first free one after `usual`. Raises JobProblem."""
    if name:
        whole = name if name.lower().endswith(ending) else name + ending
        reason = fault_of(whole)
        if reason:
            raise JobProblem(f"The file name “{whole}” {reason}.", "Choose another name.", whole)
        return folder / whole
    taken = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    number = 1
    while {file := f"{usual}{f'-{number}' if number > 1 else ''}{ending}", rows_folder(folder / file).name} & taken:
        number += 1
    return folder / file


def check_target(target: Path) -> None:
    """Raise FileProblem when `target` is a file that this batch has not begun."""
    if target.exists() and not rows_folder(target).is_dir():
        raise FileProblem(f"“{target.name}” already exists in {target.parent}.", "Choose another name.", str(target))


def unfinished_beside(folder: Path) -> JobPlan | None:
    """An unfinished batch whose one file will lie in `folder`, if there is one."""
    for rows in sorted(folder.glob(_ROWS_FOLDER)):
        with contextlib.suppress(AtelierError):    # a damaged one is told when its file is asked for
            plan = unfinished(str(rows))
            if plan is not None and plan.target is not None:
                return plan
    return None


def gather(plan: JobPlan) -> int:
    """Write the plan's one file from the rows that are there; how many. Raises FileProblem, ValueError without one."""
    target = plan.target
    if target is None:
        raise ValueError("this batch does not go into one file")
    made = [row for row in plan.rows if plan.path(row).is_file()]
    table = target.suffix.lower() != _ROW
    if plan.package.medium is Medium.PALETTE:
        palettes = list(_read(plan, made, swatches_in))
        data = swatches.table_of(palettes) if table else swatches.gathered_json(palettes)
    else:
        texts = list(_read(plan, made, texts_in))
        data = cards.table_of(texts) if table else cards.gathered_json(texts)
    atomic.write_file(target, data, overwrite=True)
    return len(made)


def clear(plan: JobPlan) -> None:
    """Take the rows of a gathered batch away. Raises FileProblem."""
    for row in plan.rows:
        try:
            plan.path(row).unlink(missing_ok=True)
        except OSError as error:
            raise atomic.explained(error, plan.path(row)) from error


def leave(plan: JobPlan) -> None:
    """Take the empty folder of the rows away; somebody else's file in it keeps it, which is no harm."""
    with contextlib.suppress(OSError):
        Path(plan.folder).rmdir()


def _read(plan: JobPlan, rows: Sequence[Row], look: Callable[[bytes], _Found]) -> Iterator[tuple[_Found, Provenance]]:
    for row in rows:
        path = plan.path(row)
        try:
            yield look(path.read_bytes()), read_recipe(path)
        except OSError as error:
            if isinstance(error, FileProblem):
                raise
            raise atomic.explained(error, path) from error
