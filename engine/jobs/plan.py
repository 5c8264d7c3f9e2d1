"""What a batch is: a package, its rows (a recipe and a file name each), the folder they go to. Plain JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.api import PackageInfo, Recipe
from engine.controls import check_recipe
from engine.errors import JobProblem
from engine.framing import plain, revive
from engine.jobs.names import check_distinct, check_name, fault_of
from engine.jobs.template import Template
from engine.wire import WireError

MAX_ROWS = 100_000
FORMAT = 1


@dataclass(frozen=True)
class Row:
    """One picture: its place in the batch (from 0), what makes it, and its file name inside the folder."""

    index: int
    recipe: Recipe
    name: str


@dataclass(frozen=True)
class JobPlan:
    """A whole batch. Everything is decided here, so that a resumed run makes exactly what an unbroken one makes."""

    package: PackageInfo
    rows: tuple[Row, ...]
    folder: str
    into: str = ""                     # the one file beside the folder that takes all rows in the end; empty: none

    @property
    def target(self) -> Path | None:
        """The one file that takes all rows, if there is one."""
        return Path(self.folder).with_name(self.into) if self.into else None

    def path(self, row: Row) -> Path:
        """Where a row's file goes."""
        return Path(self.folder) / row.name

    def fingerprint(self) -> str:
        """Sixteen hex digits: equal for plans that make the same files, wherever the folder was moved."""
        text = json.dumps([[row.name, row.recipe.canonical()] for row in self.rows], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        rows = [{"name": row.name, "recipe": row.recipe.to_dict()} for row in self.rows]
        return {"plan": FORMAT, "fingerprint": self.fingerprint(), "package": plain(self.package), "rows": rows,
                **({"into": self.into} if self.into else {})}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], folder: str) -> JobPlan:
        """Inverse of `to_dict` for the folder where the plan was found. Raises JobProblem when it is damaged."""
        try:
            rows = tuple(Row(index, Recipe.from_dict(row["recipe"]), str(row["name"]))
                         for index, row in enumerate(data["rows"]))
            plan = cls(revive(data["package"], PackageInfo), rows, folder, str(data.get("into", "")))
            # The folder may come from anywhere: a plan in it must not lead out of it either.
            safe = all(check_name(row.name, row.index, plan.package.medium) == row.name for row in rows)
            check_distinct([row.name for row in rows])
            safe = safe and not (plan.into and fault_of(plan.into))
            whole = safe and data["plan"] == FORMAT and data["fingerprint"] == plan.fingerprint()
        except (KeyError, TypeError, ValueError, AttributeError, WireError) as error:
            raise _damaged(folder) from error
        if not whole:
            raise _damaged(folder)
        return plan


def _damaged(folder: str) -> JobProblem:
    return JobProblem("The plan of the unfinished batch in this folder is damaged.",
                      "Start the batch again in a new folder.", folder)


def make_plan(info: PackageInfo, recipes: Sequence[Recipe], folder: str, template: str,
              names: Sequence[str | None] | None = None) -> JobPlan:
    """Rows for `recipes`, in that order. `names` (one for each, None where the template names it) come from a table.

    Raises JobProblem for an empty or endless batch, a template that does not fit the package, and names that leave the
    folder, are reserved or collide; ValueProblem for a recipe that the package does not take.
    """
    if not recipes:
        raise JobProblem("There is nothing to make: the batch has no rows.", "Give at least one seed or row.")
    if len(recipes) > MAX_ROWS:
        raise JobProblem(f"The batch has {len(recipes)} rows; {MAX_ROWS} is the most.", "Split it into several.")
    compiled = Template(template, info)
    checked = [check_recipe(info, recipe) for recipe in recipes]
    given = names or [None] * len(checked)
    filled = [compiled.name(recipe, index, len(checked), own)
              for index, (recipe, own) in enumerate(zip(checked, given, strict=True))]
    check_distinct(filled)
    rows = tuple(Row(index, recipe, name) for index, (recipe, name) in enumerate(zip(checked, filled, strict=True)))
    return JobPlan(info, rows, folder)
