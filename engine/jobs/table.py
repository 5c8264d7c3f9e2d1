r"""CSV tables: one picture per row, a column per control by name, an optional column `file` with the file's name.

The first line names the columns. Commas, semicolons and tabs separate, as the spreadsheet likes. An empty cell means
the default. In text cells `\n` is a new line; source pictures are paths, beside the table unless they are absolute.

    character,weight,seed,file
    A,0.5,7,a-light
    B,,7,
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import atomic
from engine.api import Control, PackageInfo, Recipe, Value
from engine.errors import FileProblem, JobProblem, ValueProblem
from engine.jobs.plan import MAX_ROWS
from engine.typed import typed

FILE_COLUMN = "file"
MAX_BYTES = 64 * 1024 * 1024
_SEPARATORS = ",;\t"


@dataclass(frozen=True)
class Table:
    """What a table says: a recipe per row, and the name of its file where the table gives one."""

    recipes: tuple[Recipe, ...]
    names: tuple[str | None, ...]


def read_table(path: Path, info: PackageInfo, base: Recipe | None = None) -> Table:
    """Read a CSV file; `base` gives the values of columns that are missing (the package's defaults otherwise).

    Raises FileProblem when it cannot be read, JobProblem naming row and column when it cannot be used.
    """
    lines = _rows(_text(path), path)
    header = next(lines, None)
    if header is None:
        raise JobProblem(f"The table “{path.name}” is empty.", "Its first line names the columns.", str(path))
    columns = _columns(header[1], info, path)
    start = base if base is not None else info.default_recipe()
    recipes, names = [], []
    for number, (line, cells) in enumerate(lines, 1):
        if number > MAX_ROWS:
            raise JobProblem(f"The table “{path.name}” has more than {MAX_ROWS} rows.", "Split it.", str(path))
        where = f"Row {number} (line {line}) of “{path.name}”"
        if len(cells) > len(columns):
            raise JobProblem(f"{where} has {len(cells)} cells, but there are {len(columns)} columns.",
                             "Put text that contains the separator in double quotes.", str(path))
        values, name = _values(cells, columns, where, path)
        recipes.append(start.with_values(values))
        names.append(name)
    return Table(tuple(recipes), tuple(names))


def _text(path: Path) -> str:
    """The file's text; spreadsheets put a mark in front of UTF-8."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise JobProblem(f"The table “{path.name}” is larger than {MAX_BYTES >> 20} MB.", "Split it.", str(path))
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise atomic.explained(error, path) from error
    except UnicodeDecodeError as error:
        raise JobProblem(f"The table “{path.name}” is not UTF-8 text.",
                         "Save it as “CSV UTF-8” in the spreadsheet.", str(path)) from error


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every line that is not empty."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise JobProblem(f"Line {reader.line_num} of the table “{path.name}” cannot be read: {error}.",
                         "Check the quotation marks there.", str(path)) from error


def _columns(header: Sequence[str], info: PackageInfo, path: Path) -> list[Control | None]:
    """The control of each column; None for the column of file names."""
    columns: list[Control | None] = []
    seen: set[str] = set()
    for place, cell in enumerate(header, 1):
        name = cell.strip()
        control = info.control(name)
        if control is None and name != FILE_COLUMN:
            known = [known.name for known in info.controls]
            near = difflib.get_close_matches(name, [*known, FILE_COLUMN], 1)
            meant = f" Did you mean “{near[0]}”?" if near else ""
            raise JobProblem(f"Column {place} of “{path.name}” is called “{name[:40]}”, which “{info.id}” does not "
                             f"know.{meant}", f"Columns can be: {', '.join([*known, FILE_COLUMN])}.", name)
        if name in seen:
            raise JobProblem(f"The column “{name}” is in “{path.name}” twice.", "Remove one of them.", name)
        seen.add(name)
        columns.append(control)
    return columns


def _values(cells: Sequence[str], columns: Sequence[Control | None], where: str,
            path: Path) -> tuple[dict[str, Value], str | None]:
    """One row's values and its file name."""
    values: dict[str, Value] = {}
    name = None
    for cell, control in zip(cells, columns, strict=False):
        if not cell.strip():
            continue
        if control is None:
            name = cell.strip()
            continue
        try:
            values[control.name] = typed(control, cell, path.parent)
        except (ValueProblem, FileProblem) as error:
            raise JobProblem(f"{where}, column “{control.name}”: {error.what}", error.remedy, str(path)) from error
    return values, name
