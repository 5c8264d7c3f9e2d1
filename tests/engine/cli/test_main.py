"""The front of the command line: help, version, slips of the pen, faults of ours."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import atelier
from engine.cli.console import Console
from engine.cli.crash import READER_LEFT, guarded
from engine.cli.main import main
from engine.cli.verbs import VERBS
from engine.errors import Cancelled, EngineDied, FileProblem, ModelError, PackageError

HEAVY = ("numpy", "onnxruntime", "PySide6", "PIL", "msgspec", "tqdm", "argparse", "engine.api")


def test_the_help_page_names_every_verb_and_exit_code(capsys: pytest.CaptureFixture[str]):
    assert main(["--help"]) == 0
    page = capsys.readouterr().out
    assert all(f"\n  {name} " in page for name in VERBS)
    assert "130 cancelled" in page


def test_the_help_page_loads_nothing_heavy():
    code = ("import sys, atelier; atelier.main(['--help']);"
            f"sys.exit(','.join(m for m in {HEAVY!r} if m in sys.modules) or 0)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                          cwd=Path(atelier.__file__).parent)
    assert done.returncode == 0, done.stderr


def test_version_is_one_line(capsys: pytest.CaptureFixture[str]):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("Latent Atelier ")


def test_an_unknown_verb_offers_the_nearest(capsys: pytest.CaptureFixture[str]):
    assert main(["rendr"]) == 2
    assert "Did you mean `render`?" in capsys.readouterr().err
    assert main(["qqqq", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problem"]["code"] == "usage"


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "export"])
def test_every_verb_explains_itself_with_examples(verb: str, capsys: pytest.CaptureFixture[str]):
    assert main([verb, "--help"]) == 0
    page = capsys.readouterr().out
    assert f"atelier {verb}" in page
    assert "examples:" in page


@pytest.mark.parametrize("words", [["render"], ["inspect"], ["batch", "x.csv"], ["render", "x", "-o"],
                                   ["render", "x", "-o", "y", "--count", "0"], ["models", "shew"],
                                   ["render", "x", "-o", "y", "--seed", "4294967296"]])
def test_wrong_usage_is_a_sentence_and_exit_code_2(words: list[str], capsys: pytest.CaptureFixture[str]):
    assert main([*words, "--json"]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out)["problem"]["code"] == "usage"
    assert captured.err.startswith("atelier: ")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(("error", "code"), [
    (PackageError("a.", "b."), 2), (FileProblem("a.", "b."), 2), (ModelError("a.", "b."), 3),
    (EngineDied("a.", "b."), 3), (Cancelled(), 130), (KeyboardInterrupt(), 130)])
def test_each_fault_has_its_exit_code(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]):
    def work() -> int:
        raise error

    assert guarded(work, Console()) == code
    assert capsys.readouterr().err.startswith("atelier: ")


def test_our_own_fault_is_a_sentence_and_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                  capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("LATENT_ATELIER_HOME", str(tmp_path))

    def work() -> int:
        return int({}["missing"])

    assert guarded(work, Console()) == 3
    said = capsys.readouterr().err
    assert "Traceback" not in said
    (report,) = (tmp_path / "state").iterdir()
    assert str(report) in said
    assert "KeyError: 'missing'" in report.read_text()


def test_a_reader_that_left_is_no_fault():
    script = ("from engine.cli.console import Console; from engine.cli.crash import guarded; import sys\n"
              "def work():\n"
              "    for _ in range(100000): Console().line('x' * 100)\n"
              "    return 0\n"
              "sys.exit(guarded(work, Console()))")
    root = Path(atelier.__file__).parent
    with subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait() == READER_LEFT


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("words", [["models"], ["models", "--json"], ["--help"], ["nonsense", "--json"]])
def test_an_output_that_is_full_is_no_traceback(words: list[str]):
    door = Path(atelier.__file__)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, str(door), *words], stdout=full, stderr=subprocess.PIPE, text=True,
                              check=False)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


def test_closed_streams_are_no_fault():
    door = Path(atelier.__file__)
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        line = f'"{sys.executable}" "{door}" models {closed}'
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("\n") <= 1


@pytest.mark.parametrize(("absent", "words"), [
    ("numpy", ["--version"]), ("numpy", ["models"]), ("msgspec", ["models", "--json"]), ("platformdirs", ["doctor"]),
    ("tqdm", ["render", "x", "-o", "y"]), ("platformdirs", [])])
def test_a_python_without_our_environment_is_a_sentence(absent: str, words: list[str]):
    blocked = f"import sys; sys.modules[{absent!r}] = None; import atelier; sys.exit(atelier.main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", blocked, *words], capture_output=True, text=True, check=False,
                          cwd=Path(atelier.__file__).parent)
    assert done.returncode == 2, done.stderr
    assert absent in done.stderr
    assert "bootstrap.py" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_missing_window_system_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setitem(sys.modules, "gui.app", None)
    monkeypatch.setattr("builtins.__import__", _without_qt(__import__))
    assert atelier.main([]) == 2
    said = capsys.readouterr().err
    assert "libEGL.so.1" in said
    assert "atelier doctor" in said
    assert gc.isenabled()


def test_garbage_is_looked_for_once_the_window_is_there_but_not_among_what_it_is_made_of(tmp_path: Path):
    code = ("import gc, atelier\n"
            "from PySide6.QtWidgets import QApplication\n"
            "QApplication.exec = lambda self: print(gc.isenabled(), gc.get_freeze_count() > 10_000) or 0\n"
            "raise SystemExit(atelier.main([]))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                          cwd=Path(atelier.__file__).parent,
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "LATENT_ATELIER_HOME": str(tmp_path)})
    assert (done.returncode, done.stdout.split()) == (0, ["True", "True"]), done.stderr


def test_a_picture_or_folder_opens_the_studio_and_a_verb_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                  capsys: pytest.CaptureFixture[str]):
    opened: list[list[str]] = []
    monkeypatch.setattr(atelier, "open_studio", lambda given=(): opened.append(list(given)) or 0)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept.png").touch()
    (tmp_path / "models").mkdir()
    assert atelier.main([]) == 0
    assert atelier.main(["kept.png"]) == 0
    assert atelier.main([str(tmp_path)]) == 0
    assert opened == [[], ["kept.png"], [str(tmp_path)]]
    assert atelier.main(["models", "--help"]) == 0
    assert atelier.main(["gone.png"]) == 2
    assert atelier.main(["x" * 5000]) == 2
    assert len(opened) == 3


def test_the_engine_child_gets_its_own_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.server.main", len)
    assert atelier.main(["--engine-child", "--provider", "cpu"]) == 2


def _without_qt(real: object):
    def importer(name: str, *rest: object) -> object:
        if name == "gui.app":
            raise ImportError("libEGL.so.1: cannot open shared object file", name="PySide6.QtGui")
        return real(name, *rest)  # type: ignore[operator]

    return importer
