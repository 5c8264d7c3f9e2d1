"""What a person does in the window and what comes of it, with an engine that follows a script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QMessageBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from engine.api import Device, Problem
from engine.messages import Failed, Ready
from gui.commands import COMMANDS, ActionSet
from gui.settings import Settings
from gui.widgets.track import Track
from tests.gui.conftest import Rig
from tests.gui.scripted import glyphs


def drop(rig: Rig, *paths: Path) -> None:
    """What the window gets when files are dropped on it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window = rig.studio.window
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                            Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)


def test_a_dropped_file_is_never_moved_away_whatever_the_file_manager_proposes(rig: Rig) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/somewhere/model.onnx")])
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    enter = QDragEnterEvent(QPoint(50, 50), both, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(rig.studio.window, enter)
    assert enter.isAccepted()
    assert enter.dropAction() == Qt.DropAction.CopyAction


def test_a_file_dropped_on_a_text_box_is_the_windows_and_words_are_the_boxs(rig: Rig) -> None:
    box = rig.studio.workspace.panel.field("text").findChild(QPlainTextEdit)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/somewhere/kept.png")])
    data.setText("file:///somewhere/kept.png")
    assert not box.canInsertFromMimeData(data)
    words = QMimeData()
    words.setText("Night Garden")
    assert box.canInsertFromMimeData(words)


def test_a_frame_shows_that_the_window_will_take_what_is_dragged_over_it(rig: Rig) -> None:
    window, data = rig.studio.window, QMimeData()
    data.setUrls([QUrl.fromLocalFile("/somewhere/kept.png")])
    frame = window.findChild(QFrame, "dropFrame")
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data,
                                                   Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    assert frame.isVisible()
    assert frame.size() == rig.studio.workspace.size()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not frame.isVisible()


def test_a_right_click_on_the_picture_offers_what_is_done_with_it(rig: Rig) -> None:
    canvas = rig.studio.workspace.stage.canvas
    assert canvas.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    offered = [action for action in canvas.actions() if not action.isSeparator()]
    assert rig.studio.actions["copy_image"] in offered
    assert all(action.isEnabled() for action in offered)


def banner(rig: Rig) -> str:
    return rig.studio.workspace.stage.banner.sentence()


def values(rig: Rig) -> dict[str, object]:
    return dict(rig.studio.session.recipe.values)


def test_every_command_has_its_deed_and_the_other_way_round(rig: Rig) -> None:
    assert set(rig.studio.deeds.table()) == {command.id for command in COMMANDS}


def test_shortcuts_are_not_given_twice() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def test_a_command_without_a_deed_is_an_error(rig: Rig) -> None:
    with pytest.raises(KeyError):
        ActionSet(rig.studio.parts.theme, {}, rig.studio)


def test_the_first_picture_comes_without_being_asked_for(rig: Rig) -> None:
    assert rig.engine.previews[0][1] == glyphs().default_recipe()
    assert rig.studio.window.windowTitle().startswith("Glyphs")
    assert rig.studio.window.status.texts()[1] == "64 × 32 px"


def test_a_drag_of_a_slider_shows_each_tick_and_is_one_undo_step(rig: Rig, qtbot: QtBot) -> None:
    track = rig.studio.workspace.panel.field("weight").findChild(Track)
    asked = len(rig.engine.previews)
    at = track.rect().center()
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 6):
        qtbot.mouseMove(track, at + QPoint(8 * step, 0))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=at + QPoint(40, 0))
    assert len(rig.engine.previews) == asked + 5
    assert values(rig)["weight"] > 0.5
    rig.studio.actions["undo"].trigger()
    assert values(rig)["weight"] == 0.0
    assert not rig.studio.actions["undo"].isEnabled()
    assert rig.studio.actions["redo"].text().startswith("Redo Weight +")


def test_undo_moves_the_slider_back(rig: Rig) -> None:
    rig.studio.session.edit("weight", 2.0)
    rig.studio.session.undo_group.undo()
    track = rig.studio.workspace.panel.field("weight").findChild(Track)
    assert track.value() == track.maximum() / 2


def test_typing_r_into_the_text_is_a_letter_not_a_new_seed(rig: Rig, qtbot: QtBot) -> None:
    box = rig.studio.workspace.panel.field("text").findChild(QPlainTextEdit)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "Rr")
    qtbot.waitUntil(lambda: values(rig)["text"] == "Rr")
    assert values(rig)["seed"] == 0


def test_ctrl_z_in_the_text_undoes_a_step_of_the_studio(rig: Rig, qtbot: QtBot) -> None:
    box = rig.studio.workspace.panel.field("text").findChild(QPlainTextEdit)
    box.setFocus()
    qtbot.keyClicks(box, "A")
    qtbot.waitUntil(lambda: values(rig)["text"] != "Hamburgefonstiv")
    rig.studio.actions["undo"].trigger()
    assert box.toPlainText() == "Hamburgefonstiv"


def test_a_frame_of_a_package_that_is_no_longer_open_is_not_shown(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    other = glyphs("/models/other", "sha256:" + "b" * 64)
    rig = make_rig(glyphs(), other)
    stale = rig.studio.session.recipe
    rig.studio.opener.open_folder(Path("/models/other"))
    qtbot.waitUntil(lambda: rig.studio.workspace.asset.recipe.digest == other.digest)
    rig.engine.answer(1, stale)
    QApplication.processEvents()
    assert rig.studio.workspace.asset.recipe.digest == other.digest


def test_keep_writes_numbered_files_and_says_so(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    for _ in range(2):
        rig.studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: rig.studio.kept.rowCount() == 2)
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["glyphs-0001.png", "glyphs-0002.png"]
    assert "glyphs-0002.png" in rig.studio.workspace.stage.toast.words()


def test_keep_never_takes_a_number_that_is_there(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "glyphs-0041.png").write_bytes(b"somebody's")
    rig.studio.actions["keep"].trigger()
    qtbot.waitUntil((tmp_path / "kept" / "glyphs-0042.png").exists)
    assert (tmp_path / "kept" / "glyphs-0041.png").read_bytes() == b"somebody's"


def test_a_full_disk_is_told_in_a_sentence_and_the_picture_stays(rig: Rig, qtbot: QtBot) -> None:
    rig.engine.refuse_writes = Problem("disk_full", "The disk is full.", "Free some space.")
    rig.studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: "The disk is full. Free some space." in banner(rig))
    assert rig.studio.workspace.stage.canvas.has_picture
    assert rig.studio.kept.rowCount() == 0


def test_a_keep_folder_that_cannot_be_made_is_told(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file in the way", encoding="utf-8")
    rig.studio.actions["keep"].trigger()
    assert banner(rig)


def test_a_kept_picture_brings_its_state_back_undoably(rig: Rig, qtbot: QtBot) -> None:
    rig.studio.session.edit("weight", 1.5)
    rig.studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: rig.studio.kept.rowCount() == 1)
    rig.studio.session.edit("weight", -1.0)
    rig.studio.workspace.filmstrip.chosen.emit(0)
    assert values(rig)["weight"] == 1.5
    assert rig.studio.session.undo_group.undoText() == "Restore glyphs-0001.png"
    rig.studio.session.undo_group.undo()
    assert values(rig)["weight"] == -1.0


def test_a_problem_of_the_newest_picture_becomes_a_banner_and_goes_with_the_next(rig: Rig, qtbot: QtBot) -> None:
    rig.engine.silent = True
    rig.studio.session.edit("weight", 1.0)
    number, recipe = rig.engine.previews[-1]
    rig.engine.say(Failed(number, Problem("model", "The model gave no picture.", "Try other values.")))
    qtbot.waitUntil(lambda: banner(rig) == "The model gave no picture. Try other values.")
    assert rig.studio.workspace.stage.canvas.has_picture
    rig.engine.answer(number, recipe)
    qtbot.waitUntil(lambda: banner(rig) == "")


def test_a_problem_of_an_older_picture_is_not_told(rig: Rig) -> None:
    rig.engine.silent = True
    rig.studio.session.edit("weight", 1.0)
    first = rig.engine.previews[-1][0]
    rig.studio.session.edit("weight", 2.0)
    rig.engine.say(Failed(first, Problem("model", "Old news.", "")))
    QApplication.processEvents()
    assert banner(rig) == ""


def test_the_undo_button_of_the_banner_undoes(rig: Rig, qtbot: QtBot) -> None:
    rig.engine.silent = True
    rig.studio.session.edit("weight", 1.0)
    rig.engine.say(Failed(rig.engine.previews[-1][0], Problem("model", "No picture.", "")))
    qtbot.waitUntil(lambda: banner(rig) != "")
    button = rig.studio.workspace.stage.banner.findChild(QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert values(rig)["weight"] == 0.0


@pytest.mark.expects_log("The engine was stopped by SIGSEGV")
def test_a_dead_engine_is_a_calm_sentence_and_the_window_lives(rig: Rig, qtbot: QtBot) -> None:
    rig.studio.session.edit("weight", 1.0)
    rig.engine.die()
    qtbot.waitUntil(lambda: "SIGSEGV" in banner(rig))
    assert "Nothing is lost" in banner(rig)
    assert rig.studio.window.status.texts()[0] == "Engine is being started again"
    assert values(rig)["weight"] == 1.0
    rig.engine.revive()
    qtbot.waitUntil(lambda: rig.studio.window.status.texts()[0] == "Ready")


@pytest.mark.expects_log("The engine was stopped")
def test_an_engine_that_gave_up_can_be_started_by_hand(rig: Rig, qtbot: QtBot) -> None:
    rig.engine.die(restarting=False)
    qtbot.waitUntil(lambda: rig.studio.window.status.texts()[0] == "Engine stopped")
    rig.studio.actions["restart_engine"].trigger()
    assert rig.engine.closed
    assert len(rig.engines) == 2
    qtbot.waitUntil(lambda: rig.engines[1].previews != [])
    assert rig.studio.window.status.texts()[0] == "Ready"


def test_notes_of_the_engine_are_shown_and_go_away(rig: Rig, qtbot: QtBot) -> None:
    rig.engine.silent = True
    rig.studio.session.edit("text", "é")
    number, recipe = rig.engine.previews[-1]
    rig.engine.answer(number, recipe, ("The model has no “é”.",))
    qtbot.waitUntil(lambda: "no “é”" in banner(rig))
    rig.engine.answer(number, recipe)
    qtbot.waitUntil(lambda: banner(rig) == "")


def test_the_device_that_answered_is_told_with_the_reason(rig: Rig, qtbot: QtBot) -> None:
    rig.studio.parts.settings.set("device", "cuda")
    rig.engine.say(Ready(1, Device("cuda", "CPUExecutionProvider", "CPU, 1 thread", "No NVIDIA driver was found.")))
    label = rig.studio.window.status._device
    qtbot.waitUntil(lambda: "asked for" in label.text())
    assert "No NVIDIA driver was found." in label.toolTip()


def test_a_dropped_file_that_is_no_picture_of_ours_is_a_sentence(rig: Rig, tmp_path: Path) -> None:
    stranger = tmp_path / "holiday.png"
    stranger.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    before = rig.studio.session.recipe
    drop(rig, stranger)
    assert "holiday.png" in banner(rig)
    assert rig.studio.session.recipe == before


def test_no_model_at_all_is_an_empty_state_with_a_way_out(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(started=False)
    rig.studio.begin(0, "", crashed=False)
    empty = rig.studio.workspace.stage.empty
    assert empty.isVisible()
    assert "No model" in empty._title.text()
    assert not rig.studio.actions["keep"].isEnabled()
    assert not rig.studio.actions["batch"].isEnabled()


def test_a_package_that_does_not_open_is_told_with_its_remedy(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(started=False)
    rig.studio.begin(rig.studio.parts.bridge.open("/nowhere"), "", crashed=False)
    qtbot.waitUntil(lambda: banner(rig) == "The package is damaged. Add it again.")
    assert rig.studio.workspace.stage.empty.isVisible()


def test_an_end_by_a_signal_is_told_at_the_next_start(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(started=False)
    rig.studio.begin(0, "", crashed=True)
    assert "unexpectedly" in banner(rig)


def test_copy_puts_the_picture_on_the_clipboard(rig: Rig) -> None:
    rig.studio.actions["copy_image"].trigger()
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (64, 32)


def test_a_program_that_is_killed_remembers_its_model(make_rig: Callable[..., Rig]) -> None:
    settings = make_rig().studio.parts.settings
    assert Settings(settings.folder).text("package") == "/models/glyphs"


def test_closing_remembers_window_package_and_recipe(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig()
    rig.studio.session.edit("weight", 2.25)
    rig.studio.actions["show_filmstrip"].trigger()
    rig.studio.window.close()
    assert rig.engine.closed
    again = make_rig()
    assert values(again)["weight"] == 2.25
    assert not again.studio.workspace.filmstrip.isVisible()
    assert again.studio.parts.settings.text("package") == "/models/glyphs"
    assert again.studio.parts.settings.text("geometry")


def test_the_window_does_not_close_over_a_running_batch_unasked(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(rig.studio.batches), "running", property(lambda _: True))
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    rig.studio.window.close()
    assert rig.studio.window.isVisible()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    rig.studio.window.close()
    assert not rig.studio.window.isVisible()


def test_another_language_rebuilds_the_window_around_the_same_session(rig: Rig, qtbot: QtBot) -> None:
    rig.studio.session.edit("weight", 1.0)
    first = rig.studio.window
    rig.studio.parts.settings.set("language", "zh_CN")
    qtbot.waitUntil(lambda: rig.studio.window is not first)
    qtbot.waitUntil(lambda: rig.studio.workspace.asset is not None)
    assert rig.studio.actions["keep"].text() != "Keep"
    assert values(rig)["weight"] == 1.0
    assert not rig.engine.closed
    rig.studio.session.edit("weight", 2.0)
    assert rig.studio.session.undo_group.undoText() == "字重 +2.00 σ"


def test_dark_and_light_change_at_once(rig: Rig) -> None:
    app = QApplication.instance()
    dark = app.palette().window().color().lightness()
    rig.studio.parts.settings.set("theme", "light")
    light = app.palette().window().color().lightness()
    rig.studio.parts.settings.set("theme", "dark")
    assert dark < 80
    assert light > 200
    assert app.palette().window().color().lightness() == dark
