"""Job files in TOML."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FileProblem, JobProblem
from engine.jobs.source import package_named_by, plan_from_file
from engine.jobs.sweep import read_sweep
from tests.engine.jobs.examples import INFO


def job(folder: Path, text: str) -> Path:
    path = folder / "job.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_seeds_vary_slowest_and_the_last_sweep_fastest(tmp_path: Path):
    path = job(tmp_path, """
package = "glyphs"
seeds = "1..2"
template = "{seed}_{weight:.1}_{mode}"
[values]
text = "Hi"
size = [128, 64]
ink = "#F00"
[sweep]
weight = { from = -1, to = 1, steps = 3 }
mode = ["line", "character"]
""")
    plan = plan_from_file(path, INFO, "/out")
    assert [row.name for row in plan.rows][:7] == [
        "1_-1.0_line.png", "1_-1.0_character.png", "1_0.0_line.png", "1_0.0_character.png", "1_1.0_line.png",
        "1_1.0_character.png", "2_-1.0_line.png"]
    assert len(plan.rows) == 12
    assert {row.recipe.values["ink"] for row in plan.rows} == {"#ff0000"}
    assert {row.recipe.values["size"] for row in plan.rows} == {(128, 64)}
    assert package_named_by(path) == "glyphs"
    assert package_named_by(tmp_path / "rows.csv") is None


@pytest.mark.parametrize(("text", "seeds"), [
    ('seeds = "3, 5..6"', [3, 5, 6]), ("seeds = [9, 1]", [9, 1]), ("seeds = 4", [4]), ("", [0]),
    ("seeds = { first = 100, count = 3 }", [100, 101, 102]), ("[values]\nseed = 8", [8]),
    ("[sweep]\nseed = [1, 2]", [1, 2]), ('[sweep]\nseed = "1, 5..7"', [1, 5, 6, 7])])
def test_ways_to_give_seeds(tmp_path: Path, text: str, seeds: list[int]):
    recipes = read_sweep(job(tmp_path, f'package = "glyphs"\n{text}\n')).recipes(INFO)
    assert [recipe.values["seed"] for recipe in recipes] == seeds


def test_ranges_have_short_numbers(tmp_path: Path):
    path = job(tmp_path, 'package = "glyphs"\n[sweep]\nweight = { from = 0.1, to = 0.7, steps = 3 }\n')
    assert [recipe.values["weight"] for recipe in read_sweep(path).recipes(INFO)] == [0.1, 0.4, 0.7]


@pytest.mark.parametrize(("text", "parts"), [
    ("seeds = 1", ["does not say which package"]),
    ('package = "glyphs"\nsweeps = 1', ["“sweeps”"]),
    ('package = "glyphs"\ntemplate = 3', ["template"]),
    ('package = "glyphs"\nvalues = 3', ["tables"]),
    ('package = "glyphs"\nseeds = [1, "x"]', ["seeds"]),
    ('package = "glyphs"\nseeds = true', ["seeds"]),
    ('package = "glyphs"\nseeds = "9..1"', ["seeds", "backwards"]),
    ('package = "glyphs"\nseeds = [-1]', ["seeds of “seed”", "-1"]),
    ('package = "glyphs"\n[values]\nwieght = 1', ["values", "no control “wieght”"]),
    ('package = "glyphs"\n[values]\nweight = 9', ["values of “weight”", "9"]),
    ('package = "glyphs"\n[values]\nmode = "x"', ["values of “mode”"]),
    ('package = "glyphs"\n[sweep]\nweight = 1', ["sweep of “weight”", "neither"]),
    ('package = "glyphs"\n[sweep]\nweight = []', ["sweep of “weight”", "neither"]),
    ('package = "glyphs"\n[sweep]\nweight = [0, 4]', ["sweep of “weight”", "4"]),
    ('package = "glyphs"\n[sweep]\nweight = { from = 0, to = 1 }', ["from, to and steps"]),
    ('package = "glyphs"\n[sweep]\nweight = { from = 0, to = 1, steps = 0 }', ["from, to and steps"]),
    ('package = "glyphs"\n[sweep]\nseed = "9..1"', ["seeds", "backwards"]),
    ('package = "glyphs"\n[sweep]\nweight = "1..3"', ["sweep of “weight”", "neither"]),
    ('package = "glyphs"\n[values]\nweight = 1\n[sweep]\nweight = [1]', ["two places"]),
    ('package = "glyphs"\nseeds = 1\n[sweep]\nseed = [1]', ["two places"]),
    ('package = "glyphs"\nseeds = { first = 0, count = 9999 }\n[sweep]\nweight = { from = 0, to = 1, steps = 9999 }',
     ["99980001 pictures"]),
    ("package = ", ["cannot be read"]),
])
def test_faults_name_the_place(tmp_path: Path, text: str, parts: list[str]):
    with pytest.raises(JobProblem) as caught:
        read_sweep(job(tmp_path, text)).recipes(INFO)
    assert all(part in caught.value.what for part in parts), caught.value.what
    assert caught.value.remedy


def test_an_absent_file_is_told(tmp_path: Path):
    with pytest.raises(FileProblem):
        read_sweep(tmp_path / "none.toml")
