"""The two commands: what is installed and when, what is said when something is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import bootstrap


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an environment that runs, and nothing installed yet."""
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "latent-atelier.json")
    return tmp_path


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The calls that would have gone to pip."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(bootstrap, "pip", lambda *arguments: calls.append(arguments))
    return calls


def extras(call: tuple[str, ...]) -> str:
    return call[-1].rpartition("[")[2].rstrip("]")


def test_the_second_run_installs_nothing(checkout: Path, pip: list[tuple[str, ...]]) -> None:
    bootstrap.install(None, ("dev",))
    bootstrap.install(None, ("dev",))
    bootstrap.install(None, ())
    assert [extras(call) for call in pip] == ["cpu,dev"]


def test_a_changed_project_file_installs_again_with_all_that_was_there(
    checkout: Path, pip: list[tuple[str, ...]]
) -> None:
    bootstrap.install(None, ("dev",))
    (checkout / "pyproject.toml").write_text("[project]\nname='x'\n")
    bootstrap.install(None, ())
    assert [extras(call) for call in pip] == ["cpu,dev", "cpu,dev"]


def test_tests_after_the_studio_add_what_they_need(checkout: Path, pip: list[tuple[str, ...]]) -> None:
    bootstrap.install(None, ())
    bootstrap.install(None, bootstrap.TEST_EXTRAS)
    assert [extras(call) for call in pip] == ["cpu", "cpu,dev,export,train"]


def test_another_runtime_removes_the_first_one(checkout: Path, pip: list[tuple[str, ...]]) -> None:
    bootstrap.install("cpu", ())
    bootstrap.install("cuda", ())
    bootstrap.install(None, ())
    assert pip[1][0] == "uninstall"
    assert {"onnxruntime", "onnxruntime-gpu", "onnxruntime-directml"} <= set(pip[1])
    assert [extras(call) for call in pip if call[0] == "install"] == ["cpu", "cuda"]


def test_a_failed_install_leaves_no_stamp(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: str) -> None:
        raise bootstrap.SetupError("no network")

    monkeypatch.setattr(bootstrap, "pip", fail)
    with pytest.raises(bootstrap.SetupError):
        bootstrap.install(None, ())
    assert not bootstrap.STAMP.exists()


@pytest.mark.parametrize("text", ["", "not json", "[1]", json.dumps({"key": 1, "extras": "dev"})])
def test_a_damaged_stamp_means_install(checkout: Path, pip: list[tuple[str, ...]], text: str) -> None:
    bootstrap.STAMP.write_text(text)
    bootstrap.install(None, ())
    assert [extras(call) for call in pip] == ["cpu"]


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 15), (2, 7)])
def test_a_python_out_of_range_is_one_sentence(version: tuple[int, int]) -> None:
    with pytest.raises(bootstrap.SetupError, match=r"^Latent Atelier needs Python 3.11 to 3.14, this is .*\.$"):
        bootstrap.check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 14)])
def test_a_python_in_range_passes(version: tuple[int, int]) -> None:
    bootstrap.check_python(version)


def test_the_file_is_read_by_an_older_python() -> None:
    # Or the sentence about the version would be a SyntaxError.
    import ast

    ast.parse(Path(bootstrap.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))


LDD = """\
/x/libqxcb.so:
\tlibxcb-cursor.so.0 => not found
\tlibc.so.6 => /lib/libc.so.6 (0x1)
\tlibQt6XcbQpa.so.6 => not found
/x/libQt6Gui.so.6:
\tlibGL.so.1 => not found
\tlibGL.so.1 => not found
\tlibunheard.so.3 => not found
"""


def answer(stdout: str = "", code: int = 0) -> SimpleNamespace:
    return SimpleNamespace(stdout=stdout, returncode=code)


def test_missing_libraries_become_debian_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "has_font", lambda: False)
    monkeypatch.setattr(bootstrap.subprocess, "run",
                        lambda command, **_: answer(LDD if command[0] == "ldd" else "/x/__init__.py\n"))
    assert bootstrap.missing_packages(()) == ["fonts-dejavu-core", "libgl1", "libunheard.so.3", "libxcb-cursor0"]


@pytest.mark.skipif(sys.platform != "linux", reason="Qt's system libraries are asked for on Linux only")
def test_the_real_qt_is_really_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6 import QtCore

    asked: list[str] = []
    run = subprocess.run
    monkeypatch.setattr(bootstrap, "venv_python", lambda: Path(sys.executable))
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda command, **k: asked.extend(command) or run(command, **k))
    assert bootstrap.missing_packages(bootstrap.QT_OFFSCREEN) == []  # this very test runs on them
    parts = [Path(part) for part in asked if part.endswith(".so")]
    assert len(parts) == len(bootstrap.QT_OFFSCREEN)
    assert all(part.is_relative_to(Path(QtCore.__file__).parent) for part in parts)


def test_without_root_the_packages_are_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(bootstrap.SetupError, match=r"^Qt misses .*sudo apt-get install .* libegl1 libgl1.*\.$") as told:
        bootstrap.install_debian(["libegl1", "libgl1"], "Qt")
    assert "\n" not in str(told.value)


def test_root_on_debian_installs_exactly_those(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda command, **_: ran.append(command) or answer())
    bootstrap.install_debian(["libgl1"], "Qt")
    assert [[word for word in command if not word.startswith("-")] for command in ran] == [
        ["apt-get", "update"], ["apt-get", "install", "libgl1"]]


def test_a_studio_without_a_display_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(bootstrap, "install", lambda *_: None)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(bootstrap.SetupError, match="no display here"):
        bootstrap.studio(None)


def test_every_check_runs_even_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(bootstrap, "install", lambda *_: None)
    monkeypatch.setattr(bootstrap, "prepare_qt", lambda **_: None)
    monkeypatch.setattr(bootstrap.subprocess, "run",
                        lambda command, **_: ran.append(command[2]) or answer(code=int(command[2] == "ruff")))
    assert bootstrap.test(None, ["-x"]) == 1
    assert ran == ["ruff", "mypy", "pytest"]


@pytest.mark.parametrize(("cores", "workers"), [(None, "1"), (2, "2"), (64, "4")])
def test_the_cores_share_the_tests_unless_some_are_asked_for(monkeypatch: pytest.MonkeyPatch, cores: int | None,
                                                             workers: str) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "install", lambda *_: None)
    monkeypatch.setattr(bootstrap, "prepare_qt", lambda **_: None)
    monkeypatch.setattr(bootstrap.os, "cpu_count", lambda: cores)
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda command, **_: ran.append(command[3:]) or answer())
    bootstrap.test(None, [])
    bootstrap.test(None, ["-k", "canvas"])
    assert ran[2][:2] == ["-n", workers]
    assert ran[5] == ["-k", "canvas"]


def test_the_runtimes_are_those_of_the_project_file() -> None:
    import tomllib

    project = tomllib.loads((Path(bootstrap.__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    offered = project["optional-dependencies"]
    for extra, package in bootstrap.RUNTIMES.items():
        assert [requirement.split(">=")[0].split("[")[0] for requirement in offered[extra]] == [package]
    assert set(bootstrap.TEST_EXTRAS) <= set(offered)
    bounds = f">={bootstrap.OLDEST[0]}.{bootstrap.OLDEST[1]},<{bootstrap.NEWEST[0]}.{bootstrap.NEWEST[1] + 1}"
    assert project["requires-python"] == bounds
