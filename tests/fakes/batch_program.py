"""A batch in a process of its own, to be killed: `python -m tests.fakes.batch_program PACKAGE FOLDER COUNT`.

Prints a line per row that is done, so that a test can kill it between any two.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.api import PackageInfo
from engine.blocking import BlockingEngine
from engine.client import EngineClient, EngineOptions
from engine.jobs.plan import JobPlan
from engine.jobs.runner import JobReport, JobRunner
from engine.jobs.seeds import seeds_from
from engine.jobs.source import plan_from_seeds

SMALL = {"mode": "character", "character": "H", "size": (48, 48)}


def plan_for(info: PackageInfo, folder: Path, count: int) -> JobPlan:
    """Small letters, one per seed."""
    return plan_from_seeds(info, info.default_recipe().with_values(SMALL), seeds_from(0, count), str(folder))


def run(package: Path, folder: Path, count: int) -> JobReport:
    """Begin or resume the batch, and see it through."""
    with BlockingEngine(EngineClient(EngineOptions(max_deaths=1000))) as engine:
        plan = plan_for(engine.open(str(package)), folder, count)
        runner = JobRunner(engine.client, plan, resume=True)
        return runner.run(on_row=lambda news: print(news.row.index, flush=True))


if __name__ == "__main__":
    report = run(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    print("complete" if report.complete else f"incomplete: {report}", flush=True)
