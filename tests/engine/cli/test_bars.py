"""A bar is for people at a terminal."""

import io

import pytest

from engine.api import Progress
from engine.cli.bars import Bar, share
from engine.cli.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_drawn_into_a_file(capsys: pytest.CaptureFixture[str]):
    with Bar(Console()) as bar:
        bar.update(Progress(1, 3))
    assert capsys.readouterr() == ("", "")


def test_one_thing_needs_no_bar(monkeypatch: pytest.MonkeyPatch):
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with Bar(Console(out=io.StringIO(), err=screen)) as bar:
        bar.update(Progress(0, 1))
    assert screen.getvalue() == ""


def test_the_time_left_is_told_and_steps_count_within_many(monkeypatch: pytest.MonkeyPatch):
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with Bar(Console(out=io.StringIO(), err=screen)) as bar:
        bar.update(Progress(3, 20, "Step 4 of 20", 200.0))
    assert "3 min 20 s left, Step 4 of 20" in screen.getvalue()
    assert share(Progress(3, 20, "x", 9.0), 0, 1) == Progress(3, 20, "x", 9.0)
    assert share(Progress(3, 20, "x", 9.0), 2, 5) == Progress(43, 100, "x", None)


def test_a_terminal_sees_the_count_on_stderr(monkeypatch: pytest.MonkeyPatch):
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with Bar(Console(out=io.StringIO(), err=screen)) as bar:
        bar.update(Progress(1, 3, "glyphs"))
        bar.update(Progress(3, 3, "glyphs"))
    assert "3/3" in screen.getvalue()
