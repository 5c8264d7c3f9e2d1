"""Where conversion can run: a Python that was named, else the one that runs us; and the way to the bundle."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from engine.converting import interpreter, process
from engine.converting.interpreter import VARIABLE, find_converter

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="writes shell scripts")


def python(folder: Path, lost: str | None) -> Path:
    """A stand-in for a Python: it answers the probe with what it lacks; None means it fails."""
    script = folder / "python"
    script.write_text("#!/bin/sh\nexit 9\n" if lost is None else f"#!/bin/sh\necho '{lost}'\n")
    script.chmod(0o755)
    return script


def test_this_python_converts_when_it_has_the_bundle(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(interpreter, "find_spec", lambda _name: object())
    found = find_converter({})
    assert found.convert == found.inspect == (sys.executable, "-X", "utf8", "-m", "export.child")
    assert found.missing is None


def test_without_torch_only_looking_is_possible(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(interpreter, "find_spec", lambda name: None if name == "torch" else object())
    found = find_converter({})
    assert found.convert is None
    assert found.missing is not None
    assert "PyTorch" in found.missing.what
    assert "torch" in found.missing.what
    assert "pip install" in found.missing.remedy


def test_a_download_looks_at_files_itself_and_names_the_checkout(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    found = find_converter({})
    assert found.inspect == (sys.executable, "--export-child")
    assert found.convert is None
    assert found.missing is not None
    assert VARIABLE in found.missing.remedy


@pytest.mark.parametrize("place", ["variable", "settings"])
def test_a_python_that_was_named_comes_first(tmp_path: Path, home: Path, place: str):
    named = python(tmp_path, "[]")
    if place == "settings":
        (home / "config").mkdir()
        (home / "config" / "settings.json").write_text(json.dumps({"export_python": str(named)}))
    found = find_converter({VARIABLE: str(named)} if place == "variable" else {})
    assert found.convert == (str(named), "-X", "utf8", "-m", "export.child")
    assert found.inspect[0] == sys.executable


@pytest.mark.parametrize(("lost", "words"), [('["torch", "onnx"]', "lacks torch, onnx"), (None, "does not run"),
                                             ("hello", "does not run")])
def test_a_named_python_that_cannot_is_told_and_not_passed_over(tmp_path: Path, lost: str | None, words: str):
    found = find_converter({VARIABLE: str(python(tmp_path, lost))})
    assert found.convert is None
    assert found.missing is not None
    assert words in found.missing.what


def test_a_named_python_that_is_not_there_is_told():
    found = find_converter({VARIABLE: "/nowhere/python"})
    assert found.missing is not None
    assert "/nowhere/python" in found.missing.what


def test_damaged_settings_name_no_python(home: Path):
    (home / "config").mkdir()
    (home / "config" / "settings.json").write_bytes(os.urandom(64))
    assert interpreter._setting() == ""
    (home / "config" / "settings.json").write_text('{"export_python": 7}')
    assert interpreter._setting() == ""


def test_another_python_gets_nothing_of_the_packaged_programs_own(monkeypatch: pytest.MonkeyPatch):
    assert not process.outside("/usr/bin/python3")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert process.outside("/usr/bin/python3")
    assert not process.outside(sys.executable)
    ours = {"PYTHONPATH": "/app/_internal", "LD_LIBRARY_PATH": "/app/_internal", "HOME": "/home/ada"}
    assert process.without_ours(ours) == {"HOME": "/home/ada"}
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/opt/lib")
    assert process.without_ours(ours) == {"HOME": "/home/ada", "LD_LIBRARY_PATH": "/opt/lib"}
