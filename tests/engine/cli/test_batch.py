"""Which model a batch uses when nobody says it."""

import argparse
from pathlib import Path

import pytest

from engine.cli import batch
from engine.cli.arguments import UsageProblem
from engine.packages.shelf import Shelf
from tests.fakes import broken
from tests.fakes.packages import tiny_color, tiny_glyphs


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(batch, "default_shelf", lambda: Shelf([tmp_path / "shelf"]))
    return tmp_path / "shelf"


def asked(job: Path, package: str | None = None) -> str:
    return batch._package(argparse.Namespace(job=job, package=package))


def test_a_table_takes_the_only_sound_model(shelf: Path, tmp_path: Path):
    tiny_glyphs(shelf / "one")
    broken.newer_format(shelf / "two")
    assert asked(tmp_path / "table.csv") == "tiny-glyphs"


def test_with_a_choice_the_models_are_named(shelf: Path, tmp_path: Path):
    with pytest.raises(UsageProblem, match="does not name a model") as caught:
        asked(tmp_path / "table.csv")
    assert "no model is installed" in caught.value.remedy
    tiny_glyphs(shelf / "one")
    tiny_color(shelf / "two")
    with pytest.raises(UsageProblem) as caught:
        asked(tmp_path / "table.csv")
    assert "tiny-color, tiny-glyphs" in caught.value.remedy
    assert asked(tmp_path / "table.csv", "tiny-color") == "tiny-color"


def test_a_job_file_may_name_a_folder_beside_it(tmp_path: Path):
    job = tmp_path / "job.toml"
    tiny_glyphs(tmp_path / "models" / "mine")
    job.write_text('package = "models/mine"\n')
    assert asked(job) == str(tmp_path / "models" / "mine")
    job.write_text('package = "glyphs"\n')
    assert asked(job) == "glyphs"
