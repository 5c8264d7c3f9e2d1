"""From a file or a seed list to a plan: the three ways to say what a batch makes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.api import PackageInfo, Recipe
from engine.errors import JobProblem, ValueProblem
from engine.jobs.plan import JobPlan, make_plan
from engine.jobs.sweep import read_sweep
from engine.jobs.table import read_table
from engine.jobs.template import DEFAULT_TEMPLATE

_SEED = "seed"


def package_named_by(path: Path) -> str | None:
    """The package that a job file asks for (an id or a folder); None for a table, which names none."""
    return read_sweep(path).package if path.suffix.lower() == ".toml" else None


def plan_from_file(path: Path, info: PackageInfo, folder: str, template: str | None = None,
                   base: Recipe | None = None) -> JobPlan:
    """The plan of a job file (.toml) or table (.csv, .tsv, .txt).

    `template` goes before the file's own; `base` gives a table the values of its missing columns. Raises JobProblem,
    ValueProblem, FileProblem.
    """
    match path.suffix.lower():
        case ".toml":
            sweep = read_sweep(path)
            return make_plan(info, sweep.recipes(info), folder, _first(template, sweep.template))
        case ".csv" | ".tsv" | ".txt":
            table = read_table(path, info, base)
            return make_plan(info, table.recipes, folder, _first(template), table.names)
        case suffix:
            raise JobProblem(f"“{path.name}” is neither a job file nor a table ({suffix or 'no ending'}).",
                             "Use a .toml file or a .csv table.", str(path))


def plan_from_seeds(info: PackageInfo, recipe: Recipe, seeds: Sequence[int], folder: str,
                    template: str = DEFAULT_TEMPLATE) -> JobPlan:
    """One picture per seed, everything else as in `recipe`. Raises JobProblem, ValueProblem."""
    if info.control(_SEED) is None:
        raise ValueProblem(f"“{info.id}” has no seed to vary.", "Use a table or a job file.", _SEED)
    return make_plan(info, [recipe.with_values({_SEED: seed}) for seed in seeds], folder, template)


def _first(*templates: str | None) -> str:
    """The first template that somebody gave (an empty one is refused later, not passed over), or the default."""
    return next((template for template in templates if template is not None), DEFAULT_TEMPLATE)
