"""The batch window with a real journal and runner; the engine is scripted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import PackageInfo, Problem
from engine.errors import DiskFull
from engine.packages.describe import describe
from gui.dialogs.batch import END, FORM, RUN, BatchWindow
from gui.widgets.amounts import duration, size
from tests.fakes.packages import tiny_glyphs
from tests.gui.conftest import Rig
from tests.gui.scripted import CONTENT


@pytest.fixture
def info(tmp_path: Path) -> PackageInfo:
    return describe(tiny_glyphs(tmp_path / "shelf" / "tiny"))


@pytest.fixture
def rig(make_rig: Callable[..., Rig], info: PackageInfo) -> Rig:
    return make_rig(info)


@pytest.fixture
def window(rig: Rig, tmp_path: Path, qtbot: QtBot) -> BatchWindow:
    rig.studio.actions["batch"].trigger()
    made = rig.studio.deeds._batch
    made.form.set_folder(str(tmp_path / "out"))
    made.form.set_seeds("1, 5, 9..11")
    settle(made, qtbot)
    return made


def settle(window: BatchWindow, qtbot: QtBot) -> None:
    """Wait until what was filled in is planned."""
    window.form.consider_now()
    qtbot.waitUntil(lambda: window.form.settled)


def test_the_form_shows_the_names_that_will_be(window: BatchWindow) -> None:
    names, forecast = window.form.told()
    assert names.splitlines() == ["tiny-glyphs_000001_1.png", "tiny-glyphs_000005_2.png", "tiny-glyphs_000009_3.png",
                                  "…", "tiny-glyphs_000011_5.png"]
    assert forecast.startswith("5 pictures")
    assert window.start.isEnabled()


def test_the_forecast_is_measured_and_leaves_nothing(window: BatchWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window._measure_now()
    qtbot.waitUntil(lambda: f"about {5 * len(CONTENT)} B" in window.form.told()[1])
    assert not (tmp_path / "out").exists()


def test_start_does_not_wait_for_the_row_that_is_made_to_be_timed(window: BatchWindow, rig: Rig, qtbot: QtBot,
                                                                  tmp_path: Path) -> None:
    rig.engine.silent = True
    window.form.set_seeds("1..3")
    settle(window, qtbot)
    qtbot.waitUntil(lambda: rig.engine.asked[-1][0] == "write")
    sample = len(rig.engine.asked)
    rig.engine.silent = False
    window.start.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert ("cancel", sample) in rig.engine.asked
    assert len(list((tmp_path / "out").glob("*.png"))) == 3


@pytest.mark.parametrize(("template", "words"), [
    ("../{seed}", "leads out of the folder"), ("same", "would both be named"), ("{wieght}", "Did you mean {weight}"),
    ("{seed", "single"), ("", "empty"),
])
def test_a_faulty_template_is_a_sentence_while_one_types(window: BatchWindow, qtbot: QtBot, template: str,
                                                         words: str) -> None:
    window.form.set_template(template)
    settle(window, qtbot)
    assert words in window.form.told()[0]
    assert not window.start.isEnabled()


def test_a_faulty_seed_list_is_a_sentence(window: BatchWindow, qtbot: QtBot) -> None:
    window.form.set_seeds("1, banana")
    settle(window, qtbot)
    assert "banana" in window.form.told()[0]


def test_a_batch_makes_its_files_while_the_window_can_be_used(window: BatchWindow, rig: Rig, qtbot: QtBot,
                                                              tmp_path: Path) -> None:
    window.start.click()
    rig.studio.session.edit("weight", 1.0)
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert len([path for path in (tmp_path / "out").iterdir() if path.suffix == ".png"]) == 5
    assert window._result.text() == "5 pictures made"
    written = [what for kind, what in rig.engine.asked if kind == "write"]
    assert {recipe.values["weight"] for recipe, _, _ in written} == {0.0}


def test_cancel_keeps_what_is_made_and_offers_to_resume(window: BatchWindow, rig: Rig, qtbot: QtBot) -> None:
    rig.engine.silent = True
    window.start.click()
    qtbot.waitUntil(lambda: any(kind == "write" for kind, _ in rig.engine.asked))
    assert window.pages.currentIndex() == RUN
    rig.engine.cancel_answers = True
    window.cancel.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert window._result.text() == "Stopped: 0 of 5 pictures made"
    assert "It can be resumed" in window._why.text()
    assert window.go_on.property("primary")
    rig.engine.silent = rig.engine.cancel_answers = False
    window.go_on.click()
    qtbot.waitUntil(lambda: window._result.text() == "5 pictures made")


def test_an_unfinished_batch_is_found_in_its_folder_and_resumed(window: BatchWindow, rig: Rig, qtbot: QtBot) -> None:
    rig.engine.silent = rig.engine.cancel_answers = True
    window.start.click()
    qtbot.waitUntil(lambda: any(kind == "write" for kind, _ in rig.engine.asked))
    window.cancel.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    rig.engine.silent = rig.engine.cancel_answers = False
    window.begin()
    qtbot.waitUntil(lambda: window.form.settled)
    assert window.pages.currentIndex() == FORM
    assert not window._resume_card.isHidden()
    assert not window.start.isEnabled()
    assert window._resume_words.text() == ("This folder holds an unfinished batch: 5 pictures (Tiny glyphs). "
                                           "Resume it, or choose another place for a new one.")
    window.resume.click()
    qtbot.waitUntil(lambda: window._result.text() == "5 pictures made")


def test_a_full_disk_stops_the_batch_with_its_sentence(window: BatchWindow, rig: Rig, qtbot: QtBot) -> None:
    rig.engine.refuse_writes = DiskFull("The disk is full.", "Free some space.").problem()
    window.start.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert "The disk is full. Free some space." in window._why.text()
    assert not window.go_on.isHidden()


def test_rows_that_fail_are_listed_with_their_reason(window: BatchWindow, rig: Rig, qtbot: QtBot) -> None:
    rig.engine.refuse_writes = Problem("model", "The picture is nearly constant.", "Use another seed.")
    window.start.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    lines = window._list.toPlainText().splitlines()
    assert len(lines) == 5
    assert lines[0].endswith("The picture is nearly constant. Use another seed.")


def test_closing_the_window_stops_nothing_and_the_result_waits(window: BatchWindow, rig: Rig, qtbot: QtBot,
                                                               tmp_path: Path) -> None:
    window.start.click()
    window.close()
    qtbot.waitUntil(lambda: "Batch" in rig.studio.workspace.stage.toast.words())
    assert len(list((tmp_path / "out").glob("*.png"))) == 5
    rig.studio.actions["batch"].trigger()
    assert window.isVisible()
    assert window.pages.currentIndex() == END


def test_folder_and_template_are_remembered(window: BatchWindow, rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    window.form.set_template("{model}-{row}")
    settle(window, qtbot)
    window.start.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert rig.studio.parts.settings.text("batch_template") == "{model}-{row}"
    assert rig.studio.parts.settings.text("batch_folder") == str(tmp_path / "out")


def test_amounts_are_round_words(qapp: QApplication) -> None:
    assert [duration(seconds) for seconds in (0.3, 8.4, 200, 3600 * 2.5)] == ["less than a second", "8 s", "3 min",
                                                                              "2 h 30 min"]
    told = [size(count) for count in (35, 1500, 12_345, 7_340_032, 21e9)]
    assert told == ["35 B", "1.5 kB", "12 kB", "7.3 MB", "21 GB"]


def test_start_means_what_is_typed_not_what_was_planned_before(window: BatchWindow, qtbot: QtBot,
                                                               tmp_path: Path) -> None:
    window.form.set_seeds("40..46")
    window.start.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert len(list((tmp_path / "out").glob("tiny-glyphs_00004*.png"))) == 7
    assert len(list((tmp_path / "out").iterdir())) == 7


def test_start_on_something_faulty_says_so_and_forgets_the_wish(window: BatchWindow, rig: Rig, qtbot: QtBot) -> None:
    window.form.set_seeds("1, banana")
    window.start.click()
    settle(window, qtbot)
    assert "banana" in window.form.told()[0]
    window.form.set_seeds("1, 2")
    settle(window, qtbot)
    assert window.pages.currentIndex() == FORM
    assert not any(kind == "write" and "out" in str(what[1]) for kind, what in rig.engine.asked)


def test_return_starts_and_escape_closes(window: BatchWindow, qtbot: QtBot) -> None:
    window.form._folder.setFocus()
    qtbot.keyClick(window.form._folder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_a_huge_batch_is_planned_beside_the_window_not_in_it(window: BatchWindow, qtbot: QtBot) -> None:
    window.form.set_seeds("0..29999")
    window.form.consider_now()
    assert not window.form.settled
    qtbot.waitUntil(lambda: window.form.settled, timeout=20_000)
    assert len(window.form.plan.rows) == 30_000
