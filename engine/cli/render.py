"""`atelier render`: pictures from one recipe, or from as many seeds as asked for."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.api import PackageInfo, Problem, Progress, Recipe
from engine.blocking import BlockingEngine
from engine.cli.arguments import Parser, add_engine, positive, verb_parser
from engine.cli.bars import Bar
from engine.cli.catalog import package_folder
from engine.cli.console import Console
from engine.cli.engine import engine_for, opened
from engine.cli.naming import output, targets
from engine.cli.remarks import Remarks
from engine.cli.values import add_values, counted, recipe_from
from engine.errors import AtelierError, ExitCode
from engine.packages.describe import describe

EXAMPLES = """\
  atelier render glyphs -o first.png
  atelier render glyphs --set text="Quartz" --set weight=2 --size 1600x400 -o quartz.png
  atelier render glyphs --seed 100 --count 20 -o pictures/
  atelier render glyphs --count 3 -o pictures --json

`atelier models show ID` lists every NAME for --set. A folder gets numbered names;
an existing file is never replaced without --force."""

_OF_THIS_PICTURE = frozenset({"model", "set_aside", "deadline", "memory"})
"""Faults that say nothing about the next picture."""


def parser() -> Parser:
    """The arguments."""
    made = verb_parser("render", "Make pictures with a model.", EXAMPLES)
    made.add_argument("model", metavar="ID", help="a model on the shelf, or the path of a package folder")
    add_values(made)
    made.add_argument("--count", type=positive, metavar="N", default=1, help="how many, with rising seeds (default 1)")
    made.add_argument("-o", "--output", type=output, required=True, metavar="FILE-OR-FOLDER", help="where to")
    made.add_argument("--force", action="store_true", help="replace files of the same name")
    add_engine(made)
    return made


def run(given: argparse.Namespace, console: Console) -> int:
    """Make the pictures; 0, or 1 when some of several could not be made."""
    folder = package_folder(given.model)
    described = describe(folder)
    recipes = counted(described, recipe_from(described, given, console), given.count)
    paths = targets(given.output, described, recipes, force=given.force)
    with engine_for(given) as engine:
        info = opened(engine, folder, console)
        files, problems = _make(engine, info, list(zip(recipes, paths, strict=True)), given, console)
        device = engine.client.last_device
    document: dict[str, Any] = {"files": files, "failed": problems}
    if device is not None:
        document["device"] = {"requested": device.requested, "actual": device.actual, "name": device.name}
    console.document(document)
    return int(ExitCode.SOME_ROWS_FAILED if problems else ExitCode.DONE)


def _make(engine: BlockingEngine, info: PackageInfo, work: Sequence[tuple[Recipe, Path]], given: argparse.Namespace,
          console: Console) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Files and failures; a fault of one picture among many does not stop the others."""
    files: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    remarks = Remarks(console)
    with Bar(console) as bar:
        for done, (recipe, path) in enumerate(work):
            bar.update(Progress(done, len(work), info.id))
            try:
                files.append(_write(engine, recipe, path, given, remarks))
                console.line(path)
            except AtelierError as error:
                problem = error.problem()
                if len(work) == 1 or problem.code not in _OF_THIS_PICTURE:
                    raise
                failed.append(_failure(recipe, path, problem, console))
        bar.update(Progress(len(work), len(work), info.id))
    remarks.close()
    return files, failed


def _write(engine: BlockingEngine, recipe: Recipe, path: Path, given: argparse.Namespace,
           remarks: Remarks) -> dict[str, Any]:
    """One picture."""
    written = engine.write(recipe, str(path.absolute()), overwrite=given.force)
    for note in written.notes:
        remarks.tell(path.name, note)
    return {"path": written.path, "bytes": written.bytes, "sha256": written.sha256, "notes": list(written.notes),
            "recipe": recipe.to_dict()}


def _failure(recipe: Recipe, path: Path, problem: Problem, console: Console) -> dict[str, Any]:
    """One picture that could not be made."""
    console.note(f"{path.name} was not made. {problem.sentence()}")
    return {"path": str(path), "code": problem.code, "what": problem.what, "remedy": problem.remedy,
            "recipe": recipe.to_dict()}
