"""The journal: what it believes, what it refuses, what it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.api import Asset
from engine.errors import FileProblem, JobProblem
from engine.jobs.journal import FOLDER, Journal, unfinished
from engine.jobs.plan import JobPlan, Row
from engine.jobs.source import plan_from_seeds
from engine.writers.files import Written, write_asset
from tests.engine.jobs.examples import INFO, recipe


def plan_in(folder: Path, count: int = 3, weight: float = 0.0) -> JobPlan:
    return plan_from_seeds(INFO, recipe(weight=weight), list(range(count)), str(folder))


def make(plan: JobPlan, row: Row) -> Written:
    """The row's file, as the engine would make it."""
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels[0] = 200
    return write_asset(Asset(row.recipe, pixels), plan.path(row), plan.package, overwrite=True)


def begun(plan: JobPlan, *rows: int) -> None:
    """A run that recorded some rows and was killed."""
    journal = Journal(plan)
    journal.begin(resume=True)
    for index in rows:
        written = make(plan, plan.rows[index])
        journal.record(plan.rows[index], written.bytes, written.sha256)
    journal._lock.release(remove=False)  # what the system does for a dead process


def test_a_new_folder_is_made_and_nothing_is_done(tmp_path: Path):
    plan = plan_in(tmp_path / "a" / "b")
    journal = Journal(plan)
    assert journal.begin(resume=False) == set()
    assert unfinished(plan.folder) == plan
    journal.end(complete=True)
    assert list((tmp_path / "a" / "b").iterdir()) == []
    assert unfinished(plan.folder) is None


def test_a_batch_that_stops_early_leaves_no_half_file_of_a_dead_engine(tmp_path: Path):
    journal = Journal(plan_in(tmp_path))
    journal.begin(resume=False)
    (tmp_path / ".atelier-0123456789abcdef.part").write_bytes(b"half")
    journal.end(complete=False)
    assert [entry.name for entry in tmp_path.iterdir()] == [FOLDER]


def test_recorded_rows_are_done_and_the_rest_is_not(tmp_path: Path):
    plan = plan_in(tmp_path)
    begun(plan, 0, 2)
    assert Journal(plan).begin(resume=True) == {0, 2}


def test_a_file_without_its_line_is_adopted_for_its_recipe(tmp_path: Path):
    plan = plan_in(tmp_path)
    begun(plan)
    make(plan, plan.rows[1])
    assert Journal(plan).begin(resume=True) == {1}


def test_a_line_without_its_file_is_not_believed(tmp_path: Path):
    plan = plan_in(tmp_path)
    begun(plan, 0, 1)
    plan.path(plan.rows[0]).unlink()
    assert Journal(plan).begin(resume=True) == {1}


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_is_neither_believed_nor_overwritten(tmp_path: Path, damage: bytes | None):
    plan = plan_in(tmp_path)
    begun(plan, 0)
    path = plan.path(plan.rows[0])
    path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
    before = path.read_bytes()
    with pytest.raises(FileProblem, match="row 1") as caught:
        Journal(plan).begin(resume=True)
    assert path.name in caught.value.what
    assert path.read_bytes() == before


def test_a_torn_line_is_as_good_as_not_written(tmp_path: Path):
    plan = plan_in(tmp_path)
    begun(plan, 0)
    lines = tmp_path / FOLDER / "done.jsonl"
    lines.write_bytes(lines.read_bytes() + b'{"row": 1, "by')
    journal = Journal(plan)
    assert journal.begin(resume=True) == {0}
    written = make(plan, plan.rows[1])
    journal.record(plan.rows[1], written.bytes, written.sha256)
    journal.end(complete=False)
    assert Journal(plan).begin(resume=True) == {0, 1}
    assert [json.loads(line)["row"] for line in lines.read_bytes().splitlines() if line.endswith(b"}")] == [0, 1]


def test_an_unfinished_batch_wants_to_be_resumed(tmp_path: Path):
    plan = plan_in(tmp_path)
    begun(plan, 0)
    with pytest.raises(JobProblem, match="unfinished batch of the same pictures"):
        Journal(plan).begin(resume=False)
    assert Journal(plan).begin(resume=True) == {0}


def test_another_plan_is_refused_even_when_resuming(tmp_path: Path):
    begun(plan_in(tmp_path), 0)
    for resume in (False, True):
        with pytest.raises(JobProblem, match="another unfinished batch"):
            Journal(plan_in(tmp_path, weight=1.0)).begin(resume=resume)
    assert unfinished(str(tmp_path)) == plan_in(tmp_path)


def test_somebody_elses_file_stops_the_batch_before_it_begins(tmp_path: Path):
    plan = plan_in(tmp_path)
    stranger = plan.path(plan.rows[1])
    stranger.write_bytes(b"my holiday")
    with pytest.raises(FileProblem, match="is not from this batch"):
        Journal(plan).begin(resume=False)
    assert [path.name for path in tmp_path.iterdir()] == [stranger.name]
    assert stranger.read_bytes() == b"my holiday"


def test_a_link_to_nowhere_with_a_rows_name_counts_as_somebody_elses(tmp_path: Path):
    plan = plan_in(tmp_path)
    plan.path(plan.rows[0]).symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileProblem, match="not from this batch"):
        Journal(plan).begin(resume=False)


def test_pictures_of_another_recipe_are_somebody_elses(tmp_path: Path):
    other = plan_in(tmp_path, weight=2.0)
    make(other, other.rows[0])
    with pytest.raises(FileProblem, match="not from this batch"):
        Journal(plan_in(tmp_path)).begin(resume=False)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"plan": 1}', '{"plan": 1, "rows": [], "package": {}}'])
def test_a_damaged_plan_is_told(tmp_path: Path, text: str):
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "plan.json").write_text(text)
    with pytest.raises(JobProblem, match="damaged"):
        unfinished(str(tmp_path))


def test_what_a_killed_engine_left_is_swept(tmp_path: Path):
    plan = plan_in(tmp_path)
    begun(plan, 0)
    (tmp_path / ".atelier-0123456789abcdef.part").write_bytes(b"half")
    Journal(plan).begin(resume=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [FOLDER, plan.rows[0].name]


HOLDER = """
import sys
from pathlib import Path
from engine.jobs.lock import FolderLock
FolderLock(Path(sys.argv[1])).take()
print("held", flush=True)
sys.stdin.read()
"""


def test_two_runs_in_one_folder_and_a_lock_that_outlives_nobody(tmp_path: Path):
    plan = plan_in(tmp_path)
    (tmp_path / FOLDER).mkdir()
    lock = tmp_path / FOLDER / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(lock)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(JobProblem, match=f"process {holder.pid}"):
            Journal(plan).begin(resume=True)
        holder.kill()
    assert lock.exists()
    journal = Journal(plan)
    assert journal.begin(resume=True) == set()
    journal.end(complete=True)
    assert list(tmp_path.iterdir()) == []


def test_folders_that_cannot_be(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileProblem):
        Journal(plan_in(tmp_path / "file")).begin(resume=False)
    (tmp_path / FOLDER).write_text("x")
    with pytest.raises(FileProblem, match="is a file"):
        Journal(plan_in(tmp_path)).begin(resume=False)
