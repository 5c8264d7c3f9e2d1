"""Running batches with scripted engines: what fails, what stops, what resumes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from engine.api import Plan, Progress, Recipe
from engine.cancel import CancelToken
from engine.client import EngineClient, EngineOptions
from engine.errors import FileProblem, JobProblem
from engine.jobs.journal import FOLDER, unfinished
from engine.jobs.plan import JobPlan, make_plan
from engine.jobs.runner import JobRunner, RowDone, RowFailed
from engine.messages import Considered, Event, Opened, Ready, Stepped, Written
from tests.engine.jobs.examples import INFO
from tests.fakes.listener import Listener, recipe, running

linux = pytest.mark.skipif(sys.platform != "linux", reason="signals and mounts of Linux")


def plan_of(heard: Listener, folder: Path, recipes: list[Recipe]) -> JobPlan:
    return make_plan(heard.of(Opened)[0].info, recipes, str(folder), "{row}")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def forget_untold(folder: Path, plan: JobPlan, done: int) -> None:
    """Remove files that were written but not told of: scripted pictures carry no recipe by which they are adopted."""
    told = {row.name for row in plan.rows[:done]}
    for path in folder.glob("*.png"):
        if path.name not in told:
            path.unlink()


def test_every_row_is_made_and_nothing_else_stays(tmp_path: Path):
    steps: list[Progress] = []
    rows: list[RowDone | RowFailed] = []
    with running() as (client, heard):
        report = JobRunner(client, plan_of(heard, tmp_path, [recipe(seed=n) for n in range(12)])).run(
            steps.append, on_row=rows.append)
    assert report.complete
    assert (report.done, report.skipped, report.failed) == (12, 0, ())
    assert names(tmp_path) == [f"{n:02}.png" for n in range(1, 13)]
    assert [step.done for step in steps] == list(range(13))
    assert {step.total for step in steps} == {12}
    assert steps[-1].seconds_left == 0.0
    assert [row.row.index for row in rows] == list(range(12))


def test_steps_within_a_slow_row_are_told_in_words(tmp_path: Path):
    told: list[Progress] = []
    with running() as (client, heard):
        slow = recipe(do="slow", seconds=0.3)
        JobRunner(client, plan_of(heard, tmp_path, [slow, recipe(seed=2)])).run(told.append)
    assert {step.label for step in told if step.done == 0} == {"", "slow"}
    assert [step.done for step in told if not step.label] == [0, 1, 2]


class Slow:
    """A client with a model that takes a minute for each row, and says so when it is asked."""

    def __init__(self) -> None:
        self._hear: Callable[[Event], None] = lambda _: None
        self._number = 0

    def subscribe(self, hear: Callable[[Event], None]) -> Callable[[], None]:
        self._hear = hear
        return lambda: None

    def consider(self, _: Recipe) -> int:
        self._number += 1
        self._hear(Considered(self._number, Plan(seconds=60.0)))
        return self._number

    def write(self, _: Recipe, path: str, **__: Any) -> int:
        self._number += 1
        Path(path).touch()
        self._hear(Stepped(self._number, Progress(5, 20, "Step 5 of 20", 45.0)))
        self._hear(Written(self._number, path, 0, "0" * 64))
        return self._number


def test_a_slow_model_is_asked_how_long_and_its_steps_count_down(tmp_path: Path):
    told: list[Progress] = []
    info = replace(INFO, live=False)
    recipes = [info.default_recipe().with_values({"seed": seed}) for seed in range(3)]
    plan = make_plan(info, recipes, str(tmp_path), "{row}")
    assert JobRunner(cast("EngineClient", Slow()), plan, window=1).run(told.append).complete
    assert [(step.label, step.seconds_left) for step in told[:3]] == [("", None), ("", 180.0), ("Step 5 of 20", 165.0)]


def test_rows_that_fail_are_reported_and_only_they_are_tried_again(tmp_path: Path):
    with running() as (client, heard):
        recipes = [recipe(seed=1), recipe(seed=2, do="fail"), recipe(seed=3)]
        plan = plan_of(heard, tmp_path, recipes)
        report = JobRunner(client, plan).run()
        assert (report.done, [failure.row.index for failure in report.failed]) == (2, [1])
        assert report.failed[0].problem.code == "model"
        assert not report.complete
        assert unfinished(str(tmp_path)) == plan
        again = JobRunner(client, plan, resume=True).run()
        assert (again.done, again.skipped, len(again.failed)) == (0, 2, 1)


def test_a_cancel_leaves_whole_files_and_resumes(tmp_path: Path):
    token = CancelToken()
    with running() as (client, heard):
        plan = plan_of(heard, tmp_path, [recipe(seed=n, do="slow", seconds=0.05) for n in range(20)])
        report = JobRunner(client, plan).run(cancel=token, on_row=lambda _: token.cancel())
        assert report.cancelled
        assert 1 <= report.done < 20
        assert len([name for name in names(tmp_path) if name.endswith(".png")]) >= report.done
        forget_untold(tmp_path, plan, report.done)
        rest = JobRunner(client, plan, resume=True).run()
    assert rest.complete
    assert rest.done + rest.skipped == 20


def test_a_full_disk_stops_the_batch_and_fails_no_row(tmp_path: Path):
    with running() as (client, heard):
        recipes = [recipe(seed=1), recipe(seed=2, do="full"), *(recipe(seed=n) for n in range(3, 40))]
        report = JobRunner(client, plan_of(heard, tmp_path, recipes)).run()
    assert report.stopped is not None
    assert report.stopped.code == "disk_full"
    assert report.failed == ()
    assert report.done < 10


def test_a_folder_that_vanishes_stops_the_batch(tmp_path: Path):
    with running() as (client, heard):
        folder = tmp_path / "drive"
        plan = plan_of(heard, folder, [recipe(seed=n, do="slow", seconds=0.05) for n in range(30)])
        moved = []

        def unplug(_: RowDone | RowFailed) -> None:
            if not moved:
                moved.append(folder.rename(tmp_path / "unplugged"))
        report = JobRunner(client, plan).run(on_row=unplug)
        assert report.stopped is not None
        assert report.stopped.code == "file"
        assert not folder.exists()
        (tmp_path / "unplugged").rename(folder)
        assert JobRunner(client, plan, resume=True).run().complete
    assert len(names(folder)) == 30


def test_a_stranger_that_turns_up_costs_one_row(tmp_path: Path):
    with running() as (client, heard):
        plan = plan_of(heard, tmp_path, [recipe(seed=n, do="slow", seconds=0.02) for n in range(12)])

        def appear(news: RowDone | RowFailed) -> None:
            if news.row.index == 0:
                (tmp_path / "12.png").write_bytes(b"my holiday")
        report = JobRunner(client, plan).run(on_row=appear)
    assert [failure.row.name for failure in report.failed] == ["12.png"]
    assert report.done == 11
    assert (tmp_path / "12.png").read_bytes() == b"my holiday"


@linux
def test_an_engine_that_keeps_dying_stops_the_batch_which_resumes_with_another(tmp_path: Path):
    with running(EngineOptions(max_deaths=0)) as (client, heard):
        plan = plan_of(heard, tmp_path, [recipe(seed=n) for n in range(20)])
        report = JobRunner(client, plan).run(
            on_row=lambda news: os.kill(heard.of(Ready)[0].pid, signal.SIGKILL) if news.row.index == 2 else None)
        assert report.stopped is not None
        assert report.stopped.code == "engine"
        assert report.failed == ()
    forget_untold(tmp_path, plan, report.done)
    with running() as (client, heard):
        assert JobRunner(client, plan, resume=True).run().complete
    assert len(names(tmp_path)) == 20


def test_a_row_that_kills_the_engine_is_set_aside_and_the_others_are_made(tmp_path: Path):
    with running() as (client, heard):
        recipes = [recipe(seed=n, do="abort" if n == 3 else "ok") for n in range(8)]
        report = JobRunner(client, plan_of(heard, tmp_path, recipes)).run()
    assert [(failure.row.index, failure.problem.code) for failure in report.failed] == [(3, "set_aside")]
    assert report.done == 7


def test_a_slow_row_ends_at_its_deadline(tmp_path: Path):
    with running() as (client, heard):
        plan = plan_of(heard, tmp_path, [recipe(do="hang"), recipe(seed=2)])
        report = JobRunner(client, plan, run_deadline=0.5).run()
    assert [failure.problem.code for failure in report.failed] == ["deadline"]
    assert report.done == 1


def test_closing_the_engine_ends_the_run(tmp_path: Path):
    with running() as (client, heard):
        plan = plan_of(heard, tmp_path, [recipe(seed=n, do="slow", seconds=0.05) for n in range(50)])
        report = JobRunner(client, plan).run(on_row=lambda _: client.close())
    assert report.cancelled
    assert report.done < 50


def test_what_is_wrong_with_the_folder_is_told_before_the_first_row(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with running() as (client, heard):
        with pytest.raises(FileProblem):
            JobRunner(client, plan_of(heard, tmp_path / "file", [recipe()])).run()
        plan = plan_of(heard, tmp_path / "out", [recipe(seed=n, do="fail" if n else "ok") for n in range(2)])
        JobRunner(client, plan).run()
        with pytest.raises(JobProblem, match="unfinished"):
            JobRunner(client, plan).run()
    assert names(tmp_path / "out") == [FOLDER, "1.png"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=False,
                          capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"cannot mount a small disk here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@linux
def test_a_disk_that_fills_up_and_is_cleared_is_filled_to_the_end(small_disk: Path):
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(40 * 1024))
    with running() as (client, heard):
        plan = plan_of(heard, small_disk, [recipe(seed=n) for n in range(6)])  # a page of 4 KiB each
        report = JobRunner(client, plan).run()
        assert report.stopped is not None
        assert report.stopped.code == "disk_full"
        assert "full" in report.stopped.what
        assert not [name for name in names(small_disk) if name.endswith(".part")]
        ballast.unlink()
        forget_untold(small_disk, plan, report.done)
        assert JobRunner(client, plan, resume=True).run().complete
    assert len(names(small_disk)) == 6


@linux
def test_a_disk_that_becomes_read_only_stops_the_batch(small_disk: Path):
    with running() as (client, heard):
        plan = plan_of(heard, small_disk, [recipe(seed=n, do="slow", seconds=0.05) for n in range(8)])

        def protect(news: RowDone | RowFailed) -> None:
            if news.row.index == 1:
                command = ["mount", "-o", "remount,ro", str(small_disk)]
                tries = (subprocess.run(command, check=False, capture_output=True).returncode for _ in range(200))
                assert 0 in tries  # busy while the engine has a file open
        report = JobRunner(client, plan).run(on_row=protect)
        assert report.stopped is not None
        assert "read-only" in report.stopped.what
        with pytest.raises(FileProblem, match="read-only"):
            JobRunner(client, plan_of(heard, small_disk / "new", [recipe()])).run()


def test_a_client_that_was_closed_makes_nothing(tmp_path: Path):
    with running() as (client, heard):
        plan = plan_of(heard, tmp_path, [recipe()])
    report = JobRunner(client, plan).run()
    assert report.cancelled
    assert isinstance(client, EngineClient)
