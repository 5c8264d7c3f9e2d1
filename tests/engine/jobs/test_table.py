"""CSV tables: spreadsheets' dialects, and sentences that name row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FileProblem, JobProblem
from engine.jobs.source import plan_from_file
from engine.jobs.table import read_table
from tests.engine.jobs.examples import INFO, recipe


def table(folder: Path, text: str | bytes) -> Path:
    path = folder / "rows.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_columns_are_controls_and_empty_cells_are_defaults(tmp_path: Path):
    path = table(tmp_path, "seed,weight,text,size,file\n7,0.5,Ham\\nburg,128x64,light\n\n8,,,,\n")
    result = read_table(path, INFO)
    assert result.recipes == (recipe(seed=7, weight=0.5, text="Ham\nburg", size=(128, 64)), recipe(seed=8))
    assert result.names == ("light", None)


@pytest.mark.parametrize("text", [
    "seed;weight\n1;0,5\n", "seed\tweight\r\n1\t0.5\r\n", "\ufeffseed,weight\n1,0.5\n", 'seed,weight\n"1","0.5"\n',
    " seed , weight \n 1 , 0.5 \n", "seed,weight\n1,0.5", "weight,seed\n0.5,1\n"])
def test_dialects(tmp_path: Path, text: str):
    assert read_table(table(tmp_path, text), INFO).recipes == (recipe(seed=1, weight=0.5),)


def test_missing_columns_come_from_the_base(tmp_path: Path):
    base = recipe(weight=1.5)
    assert read_table(table(tmp_path, "seed\n3\n"), INFO, base).recipes == (recipe(seed=3, weight=1.5),)


def test_quoted_cells_hold_separators_and_lines(tmp_path: Path):
    assert read_table(table(tmp_path, 'seed,text\n1,"a, b\nc"\n'), INFO).recipes == (recipe(seed=1, text="a, b\nc"),)


@pytest.mark.parametrize(("text", "parts"), [
    ("seed,wieght\n1,2\n", ["Column 2", "“wieght”", "Did you mean “weight”?"]),
    ("seed,seed\n1,2\n", ["“seed”", "twice"]),
    ("seed,weight\n1,0.5\n2,heavy\n", ["Row 2 (line 3)", "column “weight”", "“heavy”"]),
    ("seed,weight\n1,0.5\n\n\n2,99\n", ["Row 2 (line 5)", "column “weight”"]),
    ("seed\n-1\n", ["Row 1", "column “seed”"]),
    ("mode\nlines\n", ["Row 1", "column “mode”"]),
    ("size\n9x9\n", ["Row 1", "column “size”"]),
    ("seed\n1,2\n", ["Row 1", "2 cells", "1 column"]),
    ('seed,text\n1,"open\n', ["cannot be read", "Line"]),
    ("", ["empty"]),
])
def test_faults_name_row_and_column(tmp_path: Path, text: str, parts: list[str]):
    with pytest.raises(JobProblem) as caught:
        read_table(table(tmp_path, text), INFO)
    assert all(part in caught.value.what for part in parts), caught.value.what
    assert caught.value.remedy


def test_files_that_are_no_tables(tmp_path: Path):
    with pytest.raises(JobProblem, match="UTF-8"):
        read_table(table(tmp_path, "seed,text\n1,Ä".encode("latin-1")), INFO)
    with pytest.raises(FileProblem, match="not found"):
        read_table(tmp_path / "absent.csv", INFO)
    with pytest.raises(JobProblem, match="neither"):
        plan_from_file(tmp_path / "x.xlsx", INFO, str(tmp_path))


def test_a_table_becomes_a_plan(tmp_path: Path):
    plan = plan_from_file(table(tmp_path, "seed,file\n1,first\n2,\n"), INFO, "/out", "{seed:03}")
    assert [(row.index, row.name, row.recipe.values["seed"]) for row in plan.rows] == [
        (0, "first.png", 1), (1, "002.png", 2)]
    with pytest.raises(JobProblem, match="Rows 1 and 2"):
        plan_from_file(table(tmp_path, "seed,file\n1,same\n2,SAME\n"), INFO, "/out")
    with pytest.raises(JobProblem, match="no rows"):
        plan_from_file(table(tmp_path, "seed\n"), INFO, "/out")
