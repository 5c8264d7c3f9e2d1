"""`atelier render`: pictures, texts or palettes from one recipe, or from as many seeds as asked for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from engine.api import Asset, Medium, PackageInfo, Problem, Progress, Recipe
from engine.blocking import BlockingEngine
from engine.cli.arguments import Parser, UsageProblem, add_engine, positive, verb_parser
from engine.cli.bars import Bar, share
from engine.cli.catalog import package_folder
from engine.cli.console import Console
from engine.cli.engine import engine_for, opened
from engine.cli.naming import output, targets
from engine.cli.remarks import Remarks
from engine.cli.telling import plan_document, plan_lines
from engine.cli.values import add_values, counted, recipe_from
from engine.errors import AtelierError, ExitCode
from engine.packages.describe import describe

EXAMPLES = """\
  atelier render glyphs -o first.png
  atelier render glyphs --set text="Quartz" --set weight=2 --size 1600x400 -o quartz.png
  atelier render glyphs --seed 100 --count 20 -o pictures/
  atelier render textures --prompt "worn red brick with moss" -o wall.png
  atelier render palettes --prompt "harbour at dusk" -o harbour.gpl
  atelier render names --prompt "Warm" --seed 7                 cards to the terminal, one a line
  atelier render photo --prompt "a red bridge" --set image=bridge.jpg --dry-run

`atelier models show ID` lists every NAME for --set. A folder gets numbered names;
an existing file is never replaced without --force. Texts end in .txt, .csv or .json,
palettes in .png, .gpl, .css or .json, pictures in .png."""

_OF_THIS_ONE = frozenset({"model", "set_aside", "deadline", "memory"})
"""Faults that say nothing about the next picture."""


def parser() -> Parser:
    """The arguments."""
    made = verb_parser("render", "Make pictures, texts or palettes with a model.", EXAMPLES)
    made.add_argument("model", metavar="ID", help="a model on the shelf, or the path of a package folder")
    add_values(made)
    made.add_argument("--count", type=positive, metavar="N", default=1, help="how many, with rising seeds (default 1)")
    made.add_argument("-o", "--output", type=output, metavar="FILE-OR-FOLDER",
                      help="where to; without it texts and palettes are printed")
    made.add_argument("--card", type=positive, metavar="N", help="of several texts keep only the Nth")
    made.add_argument("--force", action="store_true", help="replace files of the same name")
    made.add_argument("--dry-run", action="store_true", help="tell how the prompt is read, the steps, time and memory")
    add_engine(made)
    return made


def run(given: argparse.Namespace, console: Console) -> int:
    """Make them; 0, or 1 when some of several could not be made."""
    folder = package_folder(given.model)
    described = describe(folder)
    recipes = counted(described, recipe_from(described, given, console), given.count)
    if given.dry_run:
        return _tell(given, folder, recipes[0], console)
    _check(given, described)
    paths: Sequence[Path | None] = [None] * len(recipes)
    if given.output is not None:
        paths = targets(given.output, described, recipes, force=given.force)
    with engine_for(given) as engine:
        info = opened(engine, folder, console)
        made, problems = _make(engine, info, list(zip(recipes, paths, strict=True)), given, console)
        device = engine.client.last_device
    document: dict[str, Any] = {"files" if given.output is not None else "assets": made, "failed": problems}
    if device is not None:
        document["device"] = {"requested": device.requested, "actual": device.actual, "name": device.name}
    console.document(document)
    return int(ExitCode.SOME_ROWS_FAILED if problems else ExitCode.DONE)


def _check(given: argparse.Namespace, info: PackageInfo) -> None:
    """Raise UsageProblem for words that do not fit what the model makes."""
    if given.output is None and info.medium is Medium.PICTURE:
        raise UsageProblem("A picture needs a file.", "Say where to with -o.", "-o")
    if given.card is not None and (info.medium is not Medium.TEXT or given.output is None):
        raise UsageProblem("--card keeps one text of several in a file.", "Use it with a text model and -o.", "--card")


def _tell(given: argparse.Namespace, folder: Path, recipe: Recipe, console: Console) -> int:
    """The dry run: what one run would be."""
    with engine_for(given) as engine:
        info = opened(engine, folder, console)
        plan = engine.consider(recipe)
    told = plan_lines(plan, given.count, console.width, live=info.live)
    console.lines(told or ["There is nothing to tell before it is made: this model answers at once."])
    console.document({"dry_run": True, "count": given.count, "plan": plan_document(plan), "recipe": recipe.to_dict()})
    return int(ExitCode.DONE)


def _make(engine: BlockingEngine, info: PackageInfo, work: Sequence[tuple[Recipe, Path | None]],
          given: argparse.Namespace, console: Console) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What was made and what was not; a fault of one among many does not stop the others."""
    made: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    remarks = Remarks(console)
    with Bar(console) as bar:
        for done, (recipe, path) in enumerate(work):
            bar.update(Progress(done, len(work), info.id))
            on_step = partial(_step, bar, done, len(work))
            try:
                made.append(_print(engine, recipe, on_step, remarks, console) if path is None
                            else _write(engine, recipe, path, given, on_step, remarks, console))
            except AtelierError as error:
                problem = error.problem()
                if len(work) == 1 or problem.code not in _OF_THIS_ONE:
                    raise
                failed.append(_failure(recipe, path, problem, console))
        bar.update(Progress(len(work), len(work), info.id))
    remarks.close()
    return made, failed


def _step(bar: Bar, done: int, count: int, progress: Progress) -> None:
    """A step of one of `count` pieces of work, `done` of which are finished."""
    bar.update(share(progress, done, count))


def _write(engine: BlockingEngine, recipe: Recipe, path: Path, given: argparse.Namespace,
           on_step: Callable[[Progress], None], remarks: Remarks, console: Console) -> dict[str, Any]:
    """One asset to its file."""
    card = None if given.card is None else given.card - 1
    written = engine.write(recipe, str(path.absolute()), overwrite=given.force, on_progress=on_step, card=card)
    console.line(path)
    for note in written.notes:
        remarks.tell(path.name, note)
    return {"path": written.path, "bytes": written.bytes, "sha256": written.sha256, "notes": list(written.notes),
            "recipe": recipe.to_dict()}


def _print(engine: BlockingEngine, recipe: Recipe, on_step: Callable[[Progress], None], remarks: Remarks,
           console: Console) -> dict[str, Any]:
    """One asset to the terminal: a card or a colour a line."""
    asset = engine.render(recipe, on_step)
    for line in _lines(asset):
        console.line(line)
    for note in asset.notes:
        remarks.tell(recipe.package, note)
    colors = [{"hex": swatch.color, "name": swatch.name} for swatch in asset.swatches]
    return {"texts": list(asset.texts), "colors": colors, "notes": list(asset.notes), "recipe": recipe.to_dict()}


def _lines(asset: Asset) -> list[str]:
    """What stands on the terminal."""
    if asset.medium is Medium.PALETTE:
        return [f"{swatch.color} {swatch.name}".rstrip() for swatch in asset.swatches]
    return list(asset.texts)


def _failure(recipe: Recipe, path: Path | None, problem: Problem, console: Console) -> dict[str, Any]:
    """One that could not be made."""
    console.note(f"{recipe.package if path is None else path.name} was not made. {problem.sentence()}")
    return {"path": None if path is None else str(path), "code": problem.code, "what": problem.what,
            "remedy": problem.remedy, "recipe": recipe.to_dict()}
