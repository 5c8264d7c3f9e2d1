"""Batches of texts and palettes in one file: whole at the end, resumable before."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from engine.api import Asset, Control, ControlKind, Medium, PackageInfo, Problem, Recipe, Swatch
from engine.client import EngineClient
from engine.errors import DiskFull, FileProblem, JobProblem
from engine.jobs import gather as gathered
from engine.jobs.gather import (
    can_gather,
    check_target,
    clear,
    gather,
    gathering,
    leave,
    rows_folder,
    target_in,
    unfinished_beside,
)
from engine.jobs.journal import Journal, unfinished
from engine.jobs.plan import JobPlan, make_plan
from engine.jobs.runner import JobReport, JobRunner
from engine.messages import Event, Failed, Written
from engine.provenance import read_recipe, read_recipes
from engine.provenance.inside_text import texts_in
from engine.writers.files import write_asset

INFO = PackageInfo("names", "Names", "1.0", "text", "sha256:aa", "", "CC0-1.0", "", "", (
    Control("prompt", ControlKind.PROMPT, "Prompt", ""), Control("seed", ControlKind.SEED, "Seed", 0)),
    medium=Medium.TEXT)
COLORS = replace(INFO, id="palettes", name="Palettes", medium=Medium.PALETTE)


def plan_for(target: Path, count: int = 12, info: PackageInfo = INFO) -> JobPlan:
    recipes = [info.default_recipe().with_values({"seed": seed, "prompt": f"p{seed}"}) for seed in range(count)]
    return gathering(make_plan(info, recipes, str(target.parent), "{seed}"), target)


def make(plan: JobPlan, *rows: int) -> None:
    Path(plan.folder).mkdir(exist_ok=True)
    for row in rows:
        asset = Asset(plan.rows[row].recipe, np.zeros((1, 1, 1), np.uint8), medium=plan.package.medium,
                      texts=(f"card {row}", "字, “q”"), swatches=(Swatch("#00ff10", "Leaf"), Swatch(f"#0000{row:02x}")))
        write_asset(asset, plan.path(plan.rows[row]), plan.package)


class Writer:
    """A client that writes each row at once, but those it is told to fail."""

    def __init__(self, plan: JobPlan, *failing: int) -> None:
        self.plan = plan
        self.failing = failing
        self.asked: list[str] = []
        self._hear: Callable[[Event], None] = lambda _: None

    def subscribe(self, hear: Callable[[Event], None]) -> Callable[[], None]:
        self._hear = hear
        return lambda: None

    def write(self, recipe: Recipe, path: str, **_: Any) -> int:
        number = len(self.asked) + 1
        self.asked.append(Path(path).name)
        row = next(row for row in self.plan.rows if row.recipe == recipe)
        if row.index in self.failing:
            self._hear(Failed(number, Problem("model", "The text is empty.", "Change the prompt.")))
        else:
            make(self.plan, row.index)
            self._hear(Written(number, path, *measured(Path(path))))
        return number

    def cancel(self, _request: int | None = None) -> None:
        """Nothing is ever open."""


def measured(path: Path) -> tuple[int, str]:
    data = path.read_bytes()
    return len(data), hashlib.sha256(data).hexdigest()


def run(writer: Writer, *, resume: bool = False) -> JobReport:
    return JobRunner(cast("EngineClient", writer), writer.plan, resume=resume).run()


def test_a_run_leaves_the_one_file_and_nothing_else(tmp_path: Path):
    plan = plan_for(tmp_path / "out.csv")
    assert run(Writer(plan)).complete
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert len(read_recipes(tmp_path / "out.csv")) == 12


def test_what_failed_is_made_on_resuming_and_the_file_replaced_by_the_whole_one(tmp_path: Path):
    plan = plan_for(tmp_path / "out.json", 4)
    report = run(Writer(plan, 2))
    assert not report.complete
    assert [found.recipe.values["seed"] for found in read_recipes(tmp_path / "out.json")] == [0, 1, 3]
    again = Writer(unfinished_beside(tmp_path) or plan)
    assert run(again, resume=True).complete
    assert again.asked == ["3.json"]
    assert [found.recipe.values["seed"] for found in read_recipes(tmp_path / "out.json")] == [0, 1, 2, 3]
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_a_disk_that_is_full_at_the_last_moment_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plan = plan_for(tmp_path / "out.csv", 3)

    def full(_: object) -> bytes:
        raise DiskFull("The disk is full.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(gathered.cards, "table_of", full)
        report = run(Writer(plan))
    assert report.stopped is not None
    assert report.stopped.code == "disk_full"
    assert not (tmp_path / "out.csv").exists()
    again = Writer(plan)
    assert run(again, resume=True).complete
    assert again.asked == []
    assert len(read_recipes(tmp_path / "out.csv")) == 3


def test_a_crash_between_the_file_and_the_end_is_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plan = plan_for(tmp_path / "out.csv", 3)

    def killed(_: JobPlan) -> None:
        plan.path(plan.rows[0]).unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(gathered, "clear", killed)
        with pytest.raises(KeyboardInterrupt):
            run(Writer(plan))
    before = (tmp_path / "out.csv").read_bytes()
    again = Writer(plan)
    assert run(again, resume=True).complete
    assert again.asked == ["1.json"]
    assert (tmp_path / "out.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_rows_have_names_of_their_own(tmp_path: Path):
    plan = plan_for(tmp_path / "out.csv")
    assert [row.name for row in plan.rows[:2]] == ["01.json", "02.json"]
    assert Path(plan.folder).name == ".out.csv.rows"
    assert plan.target == tmp_path / "out.csv"
    assert JobPlan.from_dict(plan.to_dict(), plan.folder) == plan


@pytest.mark.parametrize("into", ["../out.csv", "/etc/out.csv", ".hidden.csv"])
def test_a_plan_from_anywhere_leads_to_no_other_place(tmp_path: Path, into: str):
    plan = plan_for(tmp_path / "out.csv")
    with pytest.raises(JobProblem, match="damaged"):
        JobPlan.from_dict({**plan.to_dict(), "into": into}, plan.folder)


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_the_file_holds_all_rows_in_order_and_the_rows_are_gone(tmp_path: Path, ending: str):
    target = tmp_path / f"out{ending}"
    plan = plan_for(target)
    make(plan, *reversed(range(12)))
    assert gather(plan) == 12
    clear(plan)
    leave(plan)
    assert not rows_folder(target).exists()
    assert [found.recipe.values["seed"] for found in read_recipes(target)] == list(range(12))
    if ending == ".csv":
        rows = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"), newline="")))
        assert (len(rows), rows[3]["row"], rows[3]["card"], rows[3]["prompt"]) == (24, "2", "2", "p1")
        assert rows[3]["text"] == "字, “q”"
    else:
        assert json.loads(target.read_text(encoding="utf-8"))["rows"][11]["texts"][0] == "card 11"


def test_rows_that_failed_are_left_out_and_the_others_stay_for_another_try(tmp_path: Path):
    target = tmp_path / "out.json"
    plan = plan_for(target, 3)
    make(plan, 0, 2)
    assert gather(plan) == 2
    assert sorted(path.name for path in rows_folder(target).iterdir()) == ["1.json", "3.json"]
    check_target(target)  # begun by this batch
    make(plan, 1)
    assert gather(plan) == 3
    assert [found.recipe.values["seed"] for found in read_recipes(target)] == [0, 1, 2]


def test_a_file_of_somebody_else_is_not_replaced(tmp_path: Path):
    (tmp_path / "out.csv").write_text("mine")
    with pytest.raises(FileProblem, match="already exists"):
        check_target(tmp_path / "out.csv")
    check_target(tmp_path / "new.csv")


def test_only_texts_and_palettes_gather_and_only_into_files(tmp_path: Path):
    (tmp_path / "folder.csv").mkdir()
    assert can_gather(tmp_path / "a.CSV", Medium.TEXT)
    assert can_gather(tmp_path / "a.json", Medium.PALETTE)
    assert not can_gather(tmp_path / "a.csv", Medium.PICTURE)
    assert not can_gather(tmp_path / "a.txt", Medium.TEXT)
    assert not can_gather(tmp_path / "folder.csv", Medium.TEXT)


def test_a_damaged_row_is_told(tmp_path: Path):
    target = tmp_path / "out.json"
    plan = plan_for(target, 1)
    make(plan, 0)
    plan.path(plan.rows[0]).write_text("{}")
    with pytest.raises(FileProblem, match="carries no recipe"):
        gather(plan)
    assert not target.exists()


def test_palettes_become_a_line_for_each_colour(tmp_path: Path):
    target = tmp_path / "out.csv"
    plan = plan_for(target, 2, COLORS)
    make(plan, 0, 1)
    assert gather(plan) == 2
    rows = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"), newline="")))
    assert [(row["row"], row["color"], row["hex"], row["green"], row["name"]) for row in rows] == [
        ("1", "1", "#00ff10", "255", "Leaf"), ("1", "2", "#000000", "0", ""),
        ("2", "1", "#00ff10", "255", "Leaf"), ("2", "2", "#000001", "0", "")]
    assert [found.recipe.values["seed"] for found in read_recipes(target)] == [0, 1]
    assert texts_in(target.read_bytes()) == ()


def test_palettes_become_one_document(tmp_path: Path):
    target = tmp_path / "out.json"
    plan = plan_for(target, 2, COLORS)
    make(plan, 0, 1)
    gather(plan)
    rows = json.loads(target.read_text(encoding="utf-8"))["rows"]
    assert [(row["name"], [color["hex"] for color in row["colors"]]) for row in rows] == [
        ("p0", ["#00ff10", "#000000"]), ("p1", ["#00ff10", "#000001"])]
    assert read_recipe(plan.path(plan.rows[1])).recipe == read_recipes(target)[1].recipe


def test_the_one_file_is_named_or_takes_the_first_free_name(tmp_path: Path):
    assert target_in(tmp_path, "list", "names", ".csv") == tmp_path / "list.csv"
    assert target_in(tmp_path, "list.CSV", "names", ".csv") == tmp_path / "list.CSV"
    assert target_in(tmp_path, "", "names", ".csv") == tmp_path / "names.csv"
    (tmp_path / "names.csv").touch()
    rows_folder(tmp_path / "names-2.csv").mkdir()
    assert target_in(tmp_path, "", "names", ".csv") == tmp_path / "names-3.csv"
    assert target_in(tmp_path / "new", "", "names", ".json") == tmp_path / "new" / "names.json"
    with pytest.raises(JobProblem, match="leads out of the folder"):
        target_in(tmp_path, "../list", "names", ".csv")


def test_an_unfinished_one_is_found_beside_its_file(tmp_path: Path):
    assert unfinished_beside(tmp_path / "nowhere") is None
    plan = plan_for(tmp_path / "out.csv", 3)
    journal = Journal(plan)
    journal.begin(resume=False)
    journal.end(complete=False)
    damaged = rows_folder(tmp_path / "a.csv") / ".atelier-job"
    damaged.mkdir(parents=True)
    (damaged / "plan.json").write_text("{}")
    assert unfinished_beside(tmp_path) == plan == unfinished(plan.folder)
