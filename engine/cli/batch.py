"""`atelier batch`: a table or a job file becomes many files; any crash, Ctrl-C or full disk can be resumed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.api import PackageInfo, Problem
from engine.cancel import CancelToken
from engine.cli.arguments import Parser, UsageProblem, add_engine, file_path, input_path, verb_parser
from engine.cli.bars import Bar
from engine.cli.catalog import package_folder
from engine.cli.console import Console
from engine.cli.engine import engine_for, opened
from engine.cli.interrupt import on_interrupt
from engine.cli.naming import is_dir
from engine.cli.remarks import Remarks
from engine.cli.units import duration, size
from engine.cli.values import add_sets, recipe_from
from engine.errors import Cancelled, ExitCode
from engine.jobs.forecast import forecast, measure
from engine.jobs.gather import can_gather, check_target, gathering
from engine.jobs.journal import unfinished
from engine.jobs.plan import JobPlan
from engine.jobs.runner import JobReport, JobRunner, RowDone, RowFailed
from engine.jobs.source import package_named_by, plan_from_file
from engine.packages.describe import describe
from engine.packages.shelf import default_shelf

EXAMPLES = """\
  atelier batch table.csv --package glyphs -o pictures --dry-run     names, time and disk first
  atelier batch table.csv --package glyphs -o pictures
  atelier batch table.csv --package glyphs -o pictures --resume      after whatever happened
  atelier batch sweep.toml -o pictures --template "{weight}_{seed:06}"
  atelier batch prompts.csv --package names -o names.csv             all cards in one table (or .json)

A table (CSV) has a column per control (prompt, seed, image ...) and makes one file per row;
a column `file` names the files. {red|blue} in a prompt is drawn anew by each seed.
A job file (TOML) says what to combine:
  package = "glyphs"
  seeds = "1..50"
  [values]
  text = "Quartz"
  [sweep]
  weight = [-2, 0, 2]"""


def parser() -> Parser:
    """The arguments."""
    made = verb_parser("batch", "Make many pictures, texts or palettes from a table or a job file.", EXAMPLES)
    made.add_argument("job", metavar="JOB.toml|TABLE.csv", type=input_path, help="what to make")
    made.add_argument("-o", "--output", type=file_path, required=True, metavar="FOLDER",
                      help="where to; texts and palettes also go into one .csv or .json")
    made.add_argument("--package", metavar="ID", help="the model, when the job does not name it and there are several")
    made.add_argument("--template", metavar="T", help="file names, for example {model}_{seed:06}_{row}")
    add_sets(made)
    made.add_argument("--dry-run", action="store_true", help="tell names, count, time and disk; make nothing")
    made.add_argument("--resume", action="store_true", help="go on with the unfinished batch in the folder")
    add_engine(made)
    return made


def run(given: argparse.Namespace, console: Console) -> int:
    """Make the batch, or with --dry-run tell about it; returns the exit code, raises AtelierError."""
    folder = package_folder(_package(given))
    info = describe(folder)
    target = given.output.absolute() if can_gather(given.output, info.medium) else None
    plan = _plan(given, info, console)
    if target is not None:
        check_target(target)
        plan = gathering(plan, target)
    if given.dry_run:
        return _tell(given, plan, folder, console)
    token = CancelToken()
    with on_interrupt(token.cancel, console), engine_for(given) as engine, Bar(console) as bar:
        opened(engine, folder, console, token)
        remarks = Remarks(console)
        runner = JobRunner(engine.client, plan, resume=given.resume)
        report = runner.run(bar.update, token, lambda row: _row(row, remarks, console))
        remarks.close()
    return _report(report, plan, console)


def _package(given: argparse.Namespace) -> str:
    """The model: as typed, or as the job file says (a folder there is relative to the file)."""
    if given.package is not None:
        return str(given.package)
    named = package_named_by(given.job)
    if named is None:
        return _only_model(given.job)
    beside = given.job.parent / named
    return str(beside) if "/" in named and is_dir(beside) else named


def _only_model(table: Path) -> str:
    """The model for a table, which names none: the only one there is. Raises UsageProblem when there is a choice."""
    known = sorted({entry.id for entry in default_shelf().packages() if entry.problem is None})
    if len(known) == 1:
        return known[0]
    raise UsageProblem(f"The table “{table.name}” does not name a model.",
                       f"Add --package with one of: {', '.join(known) or '(no model is installed)'}.", str(table))


def _plan(given: argparse.Namespace, info: PackageInfo, console: Console) -> JobPlan:
    """The rows, all checked before the first one is made."""
    if given.sets and given.job.suffix.lower() == ".toml":
        raise UsageProblem("--set belongs to tables; a job file says it itself.", "Put it under [values] in the file.")
    base = recipe_from(info, given, console) if given.sets else None
    return plan_from_file(given.job, info, str(given.output.absolute()), given.template, base)


def _tell(given: argparse.Namespace, plan: JobPlan, folder: Path, console: Console) -> int:
    """The dry run: a row or two are made in a temporary folder to measure time and size."""
    with engine_for(given) as engine:
        opened(engine, folder, console)
        told = forecast(plan, measure(engine, plan))
    taken = [] if _resumable(plan) else [row.name for row in plan.rows if plan.path(row).exists()]
    target = plan.target
    names = told.names if target is None else (target.name,)
    console.lines(names)
    cost = [f"about {duration(told.seconds)}" if told.seconds is not None else "time not known before the first run"]
    cost += [f"about {size(told.bytes)}"] if told.bytes is not None else []
    console.line(f"{told.count} {plan.package.medium}s in {target or plan.folder} ({size(told.free_bytes or 0)} free), "
                 f"{', '.join(cost)}; nothing was made")
    if not told.fits:
        console.note("the disk has not enough room for all of them.")
    if taken:
        console.note(f"{len(taken)} of these names are taken in the folder (“{taken[0]}”): a real run would refuse.")
    console.document({"dry_run": True, "folder": plan.folder, "count": told.count, "names": list(names),
                      "seconds": told.seconds, "bytes": told.bytes, "free_bytes": told.free_bytes, "fits": told.fits,
                      "taken": taken})
    return int(ExitCode.DONE)


def _resumable(plan: JobPlan) -> bool:
    """Whether the folder holds the same batch, unfinished."""
    before = unfinished(plan.folder)
    return before is not None and before.fingerprint() == plan.fingerprint()


def _row(row: RowDone | RowFailed, remarks: Remarks, console: Console) -> None:
    """Remarks about one row; a row that went well is silent."""
    name = f"row {row.row.index + 1} ({row.row.name})"
    if isinstance(row, RowFailed):
        console.note(f"{name} was not made. {row.problem.sentence()}")
        return
    for note in row.notes:
        remarks.tell(name, note)


def _report(report: JobReport, plan: JobPlan, console: Console) -> int:
    """The last line, the document and the exit code."""
    place = str(plan.target or plan.folder)
    console.line(f"{report.done} made, {report.skipped} already there, {len(report.failed)} failed "
                 f"of {len(plan.rows)} in {duration(report.seconds)}: {place}")
    document: dict[str, Any] = {
        "folder": plan.folder, "place": place, "count": len(plan.rows), "done": report.done, "skipped": report.skipped,
        "seconds": report.seconds, "complete": report.complete,
        "failed": [{"row": one.row.index + 1, "name": one.row.name, "code": one.problem.code, "what": one.problem.what,
                    "remedy": one.problem.remedy} for one in report.failed],
    }
    problem = _ending(report, plan)
    if problem is not None:
        console.problem({"code": problem.code, "what": problem.what, "remedy": problem.remedy,
                         "subject": problem.subject, "exit_code": problem.exit_code}, document)
        return problem.exit_code
    console.document(document)
    return int(ExitCode.SOME_ROWS_FAILED if report.failed else ExitCode.DONE)


def _ending(report: JobReport, plan: JobPlan) -> Problem | None:
    """Why the batch ended early, if it did."""
    left = len(plan.rows) - report.done - report.skipped
    if report.stopped is not None:
        return report.stopped
    if report.cancelled and left:
        return Cancelled(f"Cancelled with {left} to go.", "Go on later with --resume.", plan.folder).problem()
    return None
