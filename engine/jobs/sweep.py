"""Job files: a TOML text that says which model, which values, which seeds, and what to vary.

    package = "glyphs"                     # an installed package's id, or a folder relative to this file
    template = "{model}_{weight:.1}_{seed:06}_{row}"        # optional
    seeds = "1..50"                        # or [1, 5, 9], or { first = 100, count = 50 }; optional

    [values]                               # the same for every picture; optional
    mode = "line"
    text = "Hamburgefonstiv"
    size = "1024x512"

    [sweep]                                # every combination; optional
    weight = [-2, 0, 2]
    slant = { from = -1.0, to = 1.0, steps = 5 }
    seed = "1, 5, 9..20"                   # in place of seeds, where it shall vary faster than others

Order of rows: seeds vary slowest, then the sweeps from the first (slow) to the last (fast).
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import atomic
from engine.api import Control, ControlKind, PackageInfo, Recipe, Value
from engine.controls import check
from engine.errors import FileProblem, JobProblem, ValueProblem
from engine.jobs.plan import MAX_ROWS
from engine.jobs.seeds import parse_seeds, seeds_from
from engine.typed import typed

MAX_BYTES = 4 * 1024 * 1024
_KEYS = {"package", "template", "seeds", "values", "sweep"}
_SEED = "seed"


@dataclass(frozen=True)
class Sweep:
    """A job file, read but not yet matched with its package."""

    path: Path
    package: str
    template: str | None
    seeds: tuple[int, ...] | None
    values: Mapping[str, Any]
    sweep: Mapping[str, Any]

    def recipes(self, info: PackageInfo) -> list[Recipe]:
        """Every combination as a recipe, in order. Raises JobProblem naming the key and value at fault."""
        fixed = {name: self._value(info, "values", name, value) for name, value in self.values.items()}
        axes = [(name, self._axis(info, name, value)) for name, value in self.sweep.items()]
        if self.seeds is not None:
            axes.insert(0, (_SEED, [self._value(info, "seeds", _SEED, seed) for seed in self.seeds]))
        self._check_axes([name for name, _ in axes], fixed)
        count = 1
        for _, values in axes:
            count *= len(values)
        if count > MAX_ROWS:
            raise JobProblem(f"“{self.path.name}” makes {count} pictures; {MAX_ROWS} is the most.",
                             "Use fewer seeds or steps.", str(self.path))
        base = info.default_recipe().with_values(fixed)
        names = [name for name, _ in axes]
        return [base.with_values(dict(zip(names, values, strict=True)))
                for values in itertools.product(*(values for _, values in axes))]

    def _check_axes(self, names: list[str], fixed: Mapping[str, Value]) -> None:
        for name in names:
            if names.count(name) > 1 or name in fixed:
                raise JobProblem(f"“{self.path.name}” sets “{name}” in two places.", "Keep one of them.", name)

    def _axis(self, info: PackageInfo, name: str, given: object) -> list[Value]:
        """The values that one control runs through."""
        control = self._control(info, "sweep", name)
        if control.kind is ControlKind.SEED and isinstance(given, str):
            given = list(_seeds(given, self.path) or ())
        if isinstance(given, list) and given:
            return [self._value(info, "sweep", name, value) for value in given]
        if isinstance(given, dict):
            return [self._value(info, "sweep", name, value) for value in self._steps(name, given)]
        raise JobProblem(f"“{self.path.name}”, sweep of “{name}”: {given!r} is neither a list nor a range.",
                         "Write [-2, 0, 2] or { from = -1.0, to = 1.0, steps = 5 }.", name)

    def _steps(self, name: str, given: Mapping[str, Any]) -> list[float]:
        """A range, both ends included."""
        match given:
            case {"from": int(start) | float(start), "to": int(stop) | float(stop), "steps": int(steps), **rest} if (
                    not rest and 1 <= steps <= MAX_ROWS):
                width = (stop - start) / max(steps - 1, 1)
                # Rounded: 0.1 .. 0.7 in three steps gives 0.4, not 0.39999999999999997, in recipes and file names.
                return [round(start + width * step, 9) for step in range(steps)]
        raise JobProblem(f"“{self.path.name}”, sweep of “{name}”: a range has from, to and steps.",
                         "Write { from = -1.0, to = 1.0, steps = 5 }.", name)

    def _value(self, info: PackageInfo, section: str, name: str, value: object) -> Value:
        control = self._control(info, section, name)
        try:
            return typed(control, value, self.path.parent) if isinstance(value, str) else check(control, value)
        except (ValueProblem, FileProblem) as error:
            raise JobProblem(f"“{self.path.name}”, {section} of “{name}”: {error.what}", error.remedy, name) from error

    def _control(self, info: PackageInfo, section: str, name: str) -> Control:
        control = info.control(name)
        if control is None:
            raise JobProblem(f"“{self.path.name}”, {section}: “{info.id}” has no control “{name}”.",
                             f"It has: {', '.join(known.name for known in info.controls)}.", name)
        return control


def read_sweep(path: Path) -> Sweep:
    """Read a job file. Raises FileProblem or JobProblem."""
    data = _parsed(path)
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise JobProblem(f"“{path.name}” has “{unknown[0]}”, which a job file does not know.",
                         f"It can have: {', '.join(sorted(_KEYS))}.", unknown[0])
    package, template = data.get("package"), data.get("template")
    if not isinstance(package, str) or not package:
        raise JobProblem(f"“{path.name}” does not say which package to use.", 'Write package = "glyphs" on top.',
                         str(path))
    if template is not None and not isinstance(template, str):
        raise JobProblem(f"“{path.name}”: the template is not a text.", 'Write template = "{model}_{row}".', "template")
    tables = [data.get(name, {}) for name in ("values", "sweep")]
    if not all(isinstance(table, dict) for table in tables):
        raise JobProblem(f"“{path.name}”: values and sweep are tables.", "Begin them with [values] and [sweep].",
                         str(path))
    return Sweep(path, package, template, _seeds(data.get("seeds"), path), tables[0], tables[1])


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise JobProblem(f"The job file “{path.name}” is larger than {MAX_BYTES >> 20} MB.", "Use a table (CSV).",
                             str(path))
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise atomic.explained(error, path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JobProblem(f"The job file “{path.name}” cannot be read: {error}.", "Correct that line.",
                         str(path)) from error


def _seeds(given: object, path: Path) -> tuple[int, ...] | None:
    try:
        match given:
            case None:
                return None
            case str():
                return tuple(parse_seeds(given))
            case bool():
                pass
            case int():
                return (given,)
            case list() if given and all(isinstance(seed, int) and not isinstance(seed, bool) for seed in given):
                return tuple(given)
            case {"first": int(first), "count": int(count), **rest} if not rest:
                return tuple(seeds_from(first, count))
    except ValueProblem as error:
        raise JobProblem(f"“{path.name}”, seeds: {error.what}", error.remedy, "seeds") from error
    raise JobProblem(f"“{path.name}”: the seeds cannot be understood.",
                     'Write seeds = "1..50", or [1, 5, 9], or { first = 100, count = 50 }.', "seeds")
