"""Batches of texts in one file: whole at the end, resumable before."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from engine.api import Asset, Control, ControlKind, Medium, PackageInfo
from engine.errors import FileProblem
from engine.jobs.gather import can_gather, check_target, gather, gathering, rows_folder
from engine.jobs.plan import JobPlan, make_plan
from engine.provenance import read_recipes
from engine.writers.files import write_asset

INFO = PackageInfo("names", "Names", "1.0", "text", "sha256:aa", "", "CC0-1.0", "", "", (
    Control("prompt", ControlKind.PROMPT, "Prompt", ""), Control("seed", ControlKind.SEED, "Seed", 0)),
    medium=Medium.TEXT)


def plan_for(target: Path, count: int = 12) -> JobPlan:
    recipes = [INFO.default_recipe().with_values({"seed": seed, "prompt": f"p{seed}"}) for seed in range(count)]
    return gathering(make_plan(INFO, recipes, str(rows_folder(target)), "{seed}"))


def make(plan: JobPlan, *rows: int) -> None:
    Path(plan.folder).mkdir(exist_ok=True)
    for row in rows:
        recipe = plan.rows[row].recipe
        asset = Asset(recipe, np.zeros((1, 1, 1), np.uint8), medium=Medium.TEXT, texts=(f"card {row}", "字, “q”"))
        write_asset(asset, plan.path(plan.rows[row]), INFO)


def test_rows_have_names_of_their_own(tmp_path: Path):
    plan = plan_for(tmp_path / "out.csv")
    assert [row.name for row in plan.rows[:2]] == ["01.json", "02.json"]
    assert Path(plan.folder).name == ".out.csv.rows"
    assert JobPlan.from_dict(plan.to_dict(), plan.folder) == plan


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_the_file_holds_all_rows_in_order_and_the_rows_are_gone(tmp_path: Path, ending: str):
    target = tmp_path / f"out{ending}"
    plan = plan_for(target)
    make(plan, *reversed(range(12)))
    assert gather(plan, target) == 12
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
    assert gather(plan, target) == 2
    assert sorted(path.name for path in rows_folder(target).iterdir()) == ["1.json", "3.json"]
    check_target(target)  # begun by this batch
    make(plan, 1)
    assert gather(plan, target) == 3
    assert [found.recipe.values["seed"] for found in read_recipes(target)] == [0, 1, 2]


def test_a_file_of_somebody_else_is_not_replaced(tmp_path: Path):
    (tmp_path / "out.csv").write_text("mine")
    with pytest.raises(FileProblem, match="already exists"):
        check_target(tmp_path / "out.csv")
    check_target(tmp_path / "new.csv")


def test_only_texts_gather_and_only_into_files(tmp_path: Path):
    (tmp_path / "folder.csv").mkdir()
    assert can_gather(tmp_path / "a.CSV", Medium.TEXT)
    assert not can_gather(tmp_path / "a.csv", Medium.PICTURE)
    assert not can_gather(tmp_path / "a.txt", Medium.TEXT)
    assert not can_gather(tmp_path / "folder.csv", Medium.TEXT)


def test_a_damaged_row_is_told(tmp_path: Path):
    target = tmp_path / "out.json"
    plan = plan_for(target, 1)
    make(plan, 0)
    plan.path(plan.rows[0]).write_text("{}")
    with pytest.raises(FileProblem, match="carries no recipe"):
        gather(plan, target)
    assert not target.exists()
