"""Our own bugs are logged and told calmly; the window lives on. A crash of the process is told at the next start."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gui.background import Background
from gui.crash import LOG_NAME, CrashReporter, open_log

LOGGED = pytest.mark.expects_log("unhandled fault")


@pytest.fixture
def reporter(qapp: QApplication, tmp_path: Path) -> Iterator[CrashReporter]:
    made = CrashReporter(tmp_path / LOG_NAME)
    yield made
    made.remove()
    if made.dialog is not None:
        made.dialog.close()


def fail(reporter: CrashReporter, words: str = "secret internals") -> None:
    try:
        {}[words]
    except KeyError as error:
        reporter.caught(type(error), error, error.__traceback__)


@LOGGED
def test_a_bug_is_a_calm_dialog_without_a_traceback(reporter: CrashReporter, qtbot: QtBot) -> None:
    fail(reporter)
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    shown = reporter.dialog.text() + reporter.dialog.informativeText() + reporter.dialog.detailedText()
    assert "Traceback" not in shown
    assert "KeyError" not in shown
    assert LOG_NAME in shown
    assert not reporter.dialog.isModal()


@LOGGED
def test_the_report_can_be_copied_whole(reporter: CrashReporter, qtbot: QtBot) -> None:
    fail(reporter)
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    copy = next(button for button in reporter.dialog.findChildren(QPushButton) if button.text() == "Copy report")
    copy.click()
    assert "secret internals" in QGuiApplication.clipboard().text()
    assert "PySide" in QGuiApplication.clipboard().text() or "Qt" in QGuiApplication.clipboard().text()


@LOGGED
def test_a_storm_of_bugs_is_one_dialog(reporter: CrashReporter, qtbot: QtBot) -> None:
    for number in range(5):
        fail(reporter, str(number))
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    assert len([box for box in QApplication.topLevelWidgets() if box is reporter.dialog]) == 1


@LOGGED
def test_a_bug_in_a_slot_reaches_the_reporter(reporter: CrashReporter, qtbot: QtBot) -> None:
    reporter.install()
    with qtbot.captureExceptions():
        sys.excepthook = reporter.caught
        QTimer.singleShot(0, lambda: 1 // 0)
        qtbot.waitUntil(lambda: reporter.dialog is not None)


@LOGGED
def test_a_bug_on_a_thread_reaches_the_reporter(reporter: CrashReporter, qtbot: QtBot) -> None:
    reporter.install()
    background = Background()
    background.run(lambda: 1 // 0, lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    reporter.remove()
    assert threading.excepthook is threading.__excepthook__


def test_the_log_file_has_what_was_logged(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        path = open_log(tmp_path / "state")
        logging.getLogger("studio.test").info("a quiet word")
        assert "a quiet word" in path.read_text(encoding="utf-8")
    finally:
        for handler in [handler for handler in root.handlers if handler not in before]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)


def test_a_good_end_leaves_nothing_to_tell(tmp_path: Path) -> None:
    code = ("from pathlib import Path; from gui.crash import FaultLog; "
            f"log = FaultLog(Path({str(tmp_path)!r})); log.close()")
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, cwd=Path(__file__).parents[2])
    assert list(tmp_path.iterdir()) == []


def test_an_end_by_a_signal_is_there_for_the_next_start(tmp_path: Path) -> None:
    code = ("import faulthandler; from pathlib import Path; from gui.crash import FaultLog; "
            f"log = FaultLog(Path({str(tmp_path)!r})); faulthandler._sigabrt()")
    ended = subprocess.run([sys.executable, "-c", code], check=False, timeout=60, cwd=Path(__file__).parents[2])
    assert ended.returncode != 0
    question = ("from pathlib import Path; from gui.crash import FaultLog; "
                f"log = FaultLog(Path({str(tmp_path)!r})); print(log.previous[:300]); log.close()")
    told = subprocess.run([sys.executable, "-c", question], check=True, timeout=60, capture_output=True, text=True,
                          cwd=Path(__file__).parents[2])
    assert "Fatal Python error: Aborted" in told.stdout
