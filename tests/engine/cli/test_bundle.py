"""`train` without torch says how to get it; with it every word is forwarded."""

import sys
from pathlib import Path

import pytest

from engine.cli import bundle
from engine.cli.console import Console
from engine.cli.main import main
from engine.cli.train import parser, run


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bundle, "find_spec", lambda _name: None)


@pytest.mark.usefixtures("no_torch")
def test_without_torch_the_way_to_it_is_named(capsys: pytest.CaptureFixture[str]):
    assert main(["train", "glyphs", "--epochs", "3"]) == 2
    said = capsys.readouterr().err
    assert "PyTorch" in said
    assert "pip install" in said


def test_a_download_without_python_names_the_checkout(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(bundle.BundleMissing, match="download has no PyTorch"):
        bundle.require("train")


def test_an_unknown_recipe_names_the_known_ones(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bundle, "require", lambda _extra: None)
    with pytest.raises(ValueError, match="no training recipe `pots`") as caught:
        run(parser().parse_args(["pots"]), Console())
    assert "glyphs" in str(caught.value)


def test_every_word_after_the_recipe_is_forwarded(monkeypatch: pytest.MonkeyPatch):
    seen: list[object] = []
    monkeypatch.setattr(bundle, "require", lambda _extra: None)
    monkeypatch.setattr(bundle, "forward", lambda module, words: seen.append((module, words)) or 7)
    assert run(parser().parse_args(["glyphs", "--out", "x y", "--json", "-h"]), Console()) == 7
    assert seen == [("export.train.glyphs", ["--out", "x y", "--json", "-h"])]


def test_the_child_runs_from_anywhere_and_its_exit_code_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "probe_program.py").write_text("import engine.errors, sys; sys.exit(int(sys.argv[1]))")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert bundle.forward("probe_program", ["5"]) == 5
    assert bundle.forward("probe_program", ["130"]) == 130
