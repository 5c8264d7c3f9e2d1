"""Batches through the real program: tables, job files, dry run, resume, Ctrl-C, and every way to get them wrong."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end2end.program import Program
from tests.fakes.packages import slow, slow_load

TABLE = "text;weight;seed;file\nHI;0,5;7;first\nO.1;;8;\n\nHAHA;-1;9;third\n"
SWEEP = """package = "tiny-glyphs"
seeds = "1..3"
[values]
size = "96x64"
[sweep]
weight = [-1, 1]
"""


def pictures(folder: Path) -> dict[str, bytes]:
    """What lies in the folder, journal excepted."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.png"))}


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Until `condition()` holds: the only way to watch another process's folder."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.02)


def test_a_table_becomes_one_picture_per_row(program: Program, tmp_path: Path):
    (tmp_path / "table.csv").write_text(TABLE)
    ran = program("batch", "table.csv", "--package", "tiny-glyphs", "-o", "out", "--set", "size=120x60", "--json")
    assert ran.code == 0, ran.err
    assert (ran.document["done"], ran.document["complete"]) == (3, True)
    assert sorted(pictures(tmp_path / "out")) == ["first.png", "third.png", "tiny-glyphs_000008_2.png"]
    assert not (tmp_path / "out" / ".atelier-job").exists()
    values = program("inspect", "out/first.png", "--json").document["recipe"]["values"]
    assert (values["text"], values["weight"], values["seed"], values["size"]) == ("HI", 0.5, 7, [120, 60])


def test_a_job_file_becomes_every_combination(program: Program, tmp_path: Path):
    (tmp_path / "sweep.toml").write_text(SWEEP)
    ran = program("batch", "sweep.toml", "-o", "out", "--template", "w{weight:.0}-{seed}")
    assert ran.code == 0, ran.err
    assert sorted(pictures(tmp_path / "out")) == [f"w{weight}-{seed}.png" for weight in (-1, 1) for seed in (1, 2, 3)]


def test_a_dry_run_tells_and_makes_nothing(program: Program, tmp_path: Path):
    (tmp_path / "sweep.toml").write_text(SWEEP)
    ran = program("batch", "sweep.toml", "-o", "out", "--dry-run", "--json")
    assert ran.code == 0, ran.err
    told = ran.document
    assert told["count"] == len(told["names"]) == 6
    assert told["seconds"] > 0
    assert told["bytes"] > 100
    assert told["fits"] is True
    assert not (tmp_path / "out").exists()
    spoken = program("batch", "sweep.toml", "-o", "out", "--dry-run")
    assert "6 pictures" in spoken.out
    assert told["names"][0] in spoken.out


def test_a_batch_of_the_same_job_has_the_same_bytes(program: Program, tmp_path: Path):
    (tmp_path / "sweep.toml").write_text(SWEEP)
    assert program("batch", "sweep.toml", "-o", "one").code == 0
    assert program("batch", "sweep.toml", "-o", "two").code == 0
    assert pictures(tmp_path / "one") == pictures(tmp_path / "two")


@pytest.mark.parametrize(("table", "words"), [
    ("wieght\n1\n", ["wieght"]),
    ("weight\n0\n1\n9\n", ["Row 3", "weight", "9"]),
    ("seed\n1\nx\n", ["Row 2", "seed"]),
    ("seed,weight\n1,2,3\n", ["Row 1", "3 cells"]),
    ("", ["empty"]),
    ("seed\n", ["no rows"]),
    ("seed,file\n1,../../escape\n", ["Row 1", "folder"]),
    ("seed,file\n1,a\n2,A\n", ["Rows 1 and 2", "A.png"]),
    ("seed,file\n1,con\n", ["Row 1", "Windows"]),
])
def test_a_wrong_table_names_row_and_column(program: Program, tmp_path: Path, table: str, words: list[str]):
    (tmp_path / "table.csv").write_text(table)
    ran = program("batch", "table.csv", "--package", "tiny-glyphs", "-o", "out")
    assert ran.code == 2, ran.err
    assert len(ran.faults) == 1
    assert all(word in ran.faults[0] for word in words), ran.faults
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("template", "word"), [
    ("../{seed}", "out of the folder"), ("/tmp/{seed}", "out of the folder"), ("{weight:.0}", "Rows 1 and 3"),
    ("{nope}_{row}", "nope"), ("{seed", "{{"), ("{seed.__class__}", "__class__"), ("", "empty"),
    ("a\tb{row}", "U+0009"),
])
def test_a_wrong_template_is_a_sentence(program: Program, tmp_path: Path, template: str, word: str):
    (tmp_path / "sweep.toml").write_text(SWEEP)
    ran = program("batch", "sweep.toml", "-o", "out", "--template", template)
    assert ran.code == 2, ran.err
    assert word in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("text", "word"), [
    ("package =\n", "line 1"), ('package = "gone"\n', "gone"), ('seeds = "1"\n', "which package"),
    ('package = "tiny-glyphs"\nwat = 1\n', "wat"), ('package = "tiny-glyphs"\nseeds = "9..1"\n', "backwards"),
    ('package = "tiny-glyphs"\n[sweep]\nweight = [9]\n', "weight"), ("\xff", "cannot be read"),
])
def test_a_wrong_job_file_is_a_sentence(program: Program, tmp_path: Path, text: str, word: str):
    (tmp_path / "job.toml").write_text(text, encoding="latin-1")
    ran = program("batch", "job.toml", "-o", "out")
    assert ran.code == 2, ran.err
    assert word in ran.err
    assert len(ran.faults) == 1
    assert not (tmp_path / "out").exists()


def test_words_that_do_not_fit_together_are_sentences(program: Program, tmp_path: Path):
    (tmp_path / "sweep.toml").write_text(SWEEP)
    (tmp_path / "table.csv").write_text("seed\n1\n")
    (tmp_path / "table.xlsx").write_text("x")
    for words, word in ((("table.csv",), "--package"), (("sweep.toml", "--set", "weight=1"), "[values]"),
                        (("gone.csv", "--package", "tiny-glyphs"), "not found"),
                        (("table.xlsx", "--package", "tiny-glyphs"), "xlsx")):
        ran = program("batch", *words, "-o", "out")
        assert ran.code == 2, ran.err
        assert word in ran.err


def test_files_of_others_are_never_replaced(program: Program, tmp_path: Path):
    (tmp_path / "sweep.toml").write_text(SWEEP)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "1.png").write_text("precious")
    ran = program("batch", "sweep.toml", "-o", "out", "--template", "{row}")
    assert ran.code == 2
    assert "1.png" in ran.err
    told = program("batch", "sweep.toml", "-o", "out", "--template", "{row}", "--dry-run", "--json")
    assert told.document["taken"] == ["1.png"]
    assert pictures(tmp_path / "out") == {"1.png": b"precious"}


def test_a_row_that_fails_is_named_and_the_others_are_made(program: Program, tmp_path: Path):
    (tmp_path / "table.csv").write_text("ink,paper,file\n#000,#fff,one\n#fff,#fff,blank\n#f00,none,three\n")
    ran = program("batch", "table.csv", "--package", "tiny-glyphs", "-o", "out", "--json")
    assert ran.code == 1, ran.err
    assert sorted(pictures(tmp_path / "out")) == ["one.png", "three.png"]
    (failed,) = ran.document["failed"]
    assert (failed["row"], failed["name"]) == (2, "blank.png")
    assert "row 2 (blank.png) was not made" in ran.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_is_polite_and_the_batch_resumes_to_the_same_bytes(program: Program, tmp_path: Path,
                                                                   number: signal.Signals):
    (tmp_path / "sweep.toml").write_text(SWEEP.replace("1..3", "1..60").replace("96x64", "1000x1000"))
    process = program.start("batch", "sweep.toml", "-o", "out", "--json")
    wait_for(lambda: len(pictures(tmp_path / "out")) >= 3)
    os.killpg(process.pid, number)  # as a terminal does: everyone in the foreground gets it
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert b"Traceback" not in err
    document = json.loads(out)
    assert document["problem"]["code"] == "cancelled"
    assert 0 < document["done"] < 120
    made = pictures(tmp_path / "out")
    assert all(data.endswith(b"IEND\xaeB`\x82") for data in made.values())
    assert not list((tmp_path / "out").glob(".atelier-*.part"))

    refused = program("batch", "sweep.toml", "-o", "out")
    assert refused.code == 2
    assert "--resume" in refused.err
    resumed = program("batch", "sweep.toml", "-o", "out", "--resume", "--json", timeout=300)
    assert resumed.code == 0, resumed.err
    assert resumed.document["skipped"] >= document["done"]
    assert resumed.document["skipped"] + resumed.document["done"] == 120
    after = pictures(tmp_path / "out")
    assert len(after) == 120
    assert {name: after[name] for name in made} == made
    name = min(set(after) - set(made))
    assert program("repeat", f"out/{name}", "-o", "again.png").code == 0


@pytest.mark.parametrize("build", [slow, slow_load])
@pytest.mark.parametrize("verb", ["render", "batch"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_cancelling_an_endless_load_or_run_is_130_within_seconds(
        bare: Program, tmp_path: Path, build: Callable[..., Path], verb: str, number: signal.Signals):
    build(bare.models / "endless", id="endless")
    (tmp_path / "one.csv").write_text("seed\n1\n")
    process = bare.start(*(("render", "endless", "-o", "a.png") if verb == "render" else
                           ("batch", "one.csv", "--package", "endless", "-o", "out")))
    wait_for(lambda: engine_of(process) is not None)
    time.sleep(1.0)  # the engine gives no outward sign that the endless work has begun
    began = time.monotonic()
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert time.monotonic() - began < 8
    assert b"Traceback" not in err
    assert not (tmp_path / "a.png").exists()


def test_a_second_run_in_the_same_folder_is_kept_out(bare: Program, tmp_path: Path):
    slow(bare.models / "slow")
    (tmp_path / "table.csv").write_text("seed\n1\n2\n")
    first = bare.start("batch", "table.csv", "--package", "slow", "-o", "out")
    try:
        wait_for((tmp_path / "out" / ".atelier-job" / "plan.json").exists)
        second = bare("batch", "table.csv", "--package", "slow", "-o", "out", "--resume")
        assert second.code == 2
        assert "Another batch" in second.err
    finally:
        first.kill()
        first.communicate()


def engine_of(process: subprocess.Popen[bytes]) -> int | None:
    """The engine child's process id, once there is one."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    found = [line for path in children.parent.parent.glob("*/children") for line in path.read_text().split()]
    return int(found[0]) if found else None
