"""Files of documents: saved, opened, asked about, brought back after an end by force; the title says which and how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from engine.api import Medium
from engine.document import file as documents
from engine.document.tree import Tree
from gui.documents.files import Files
from tests.gui.conftest import Rig
from tests.gui.test_history import made, ready
from tests.gui.test_studio import drop


@pytest.fixture
def files(rig: Rig, qtbot: QtBot) -> Files:
    ready(rig, qtbot)
    return rig.studio.documents.files


def answers(monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton) -> list[str]:
    asked: list[str] = []

    def answer(box: QMessageBox) -> int:
        asked.append(box.text())
        return int(button.value)

    monkeypatch.setattr(QMessageBox, "exec", answer)
    return asked


def saved(rig: Rig, path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    rig.studio.actions["save_document"].trigger()
    return path.with_name(f"{path.stem}.atelier")


def test_a_document_is_saved_and_the_title_names_it_and_marks_what_it_lacks(
        rig: Rig, files: Files, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rig.studio.window.windowTitle().startswith("Glyphs")
    path = saved(rig, tmp_path / "night", monkeypatch)
    assert documents.read(path) == files._history.tree
    assert files._history.tree.now.thumbnail           # made at once for the file
    assert rig.studio.window.windowTitle().startswith("night – Glyphs")
    made(rig, qtbot, weight=1.0)
    rig.studio.documents.recorder.settle()
    assert rig.studio.window.windowTitle().startswith("night* – Glyphs")
    rig.studio.actions["save_document"].trigger()
    assert rig.studio.window.windowTitle().startswith("night – Glyphs")
    assert len(documents.read(path)) == 2


def test_a_disk_that_refuses_is_told_and_the_document_stays_unsaved(
        rig: Rig, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(rig, tmp_path / "nowhere" / "night", monkeypatch)
    assert files.path is None
    assert "does not exist" in rig.studio.workspace.stage.banner.sentence()


def test_a_dropped_document_opens_at_the_state_it_was_left_at(
        rig: Rig, files: Files, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(rig, qtbot, weight=1.0)
    rig.studio.documents.recorder.settle()
    path = saved(rig, tmp_path / "night", monkeypatch)
    rig.studio.actions["new_document"].trigger()
    assert len(files._history.tree) == 1
    made(rig, qtbot, weight=0.0)
    drop(rig, path)
    qtbot.waitUntil(lambda: files.path == path)
    assert rig.studio.session.recipe.values["weight"] == 1.0
    assert [node.id for node in files._history.tree] == [1, 2]
    menu = rig.studio.actions["open_recent"].menu()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["night"]


def test_a_damaged_document_is_refused_and_the_present_one_stays(
        rig: Rig, files: Files, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "bad.atelier").write_bytes(b"PK rubbish")
    before = list(files._history.tree.nodes)
    drop(rig, tmp_path / "bad.atelier")
    banner = rig.studio.workspace.stage.banner
    qtbot.waitUntil(lambda: "not a whole document" in banner.sentence())
    assert list(files._history.tree.nodes) == before


@pytest.mark.parametrize(("button", "states"), [(QMessageBox.StandardButton.Cancel, 3),
                                                (QMessageBox.StandardButton.Discard, 1),
                                                (QMessageBox.StandardButton.Save, 1)])
def test_what_no_file_has_is_asked_about_before_it_is_left(
        rig: Rig, files: Files, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        button: QMessageBox.StandardButton, states: int) -> None:
    for value in (1.0, 2.0):
        made(rig, qtbot, weight=value)
    asked = answers(monkeypatch, button)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "kept.atelier"), ""))
    rig.studio.actions["new_document"].trigger()
    assert len(asked) == 1
    assert len(files._history.tree) == states
    assert (tmp_path / "kept.atelier").exists() == (button is QMessageBox.StandardButton.Save)


def test_closing_asks_for_a_file_that_is_behind_and_not_for_what_stays_on_the_desk(
        rig: Rig, files: Files, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, QMessageBox.StandardButton.Cancel)
    made(rig, qtbot, weight=1.0)
    assert rig.studio.window.may_close()
    saved(rig, tmp_path / "night", monkeypatch)
    assert rig.studio.window.may_close()
    made(rig, qtbot, width=1.0)
    assert not rig.studio.window.may_close()
    assert asked == ["Save the changes to “night” before closing?"]


def test_changes_that_were_let_go_are_not_there_the_next_time(
        make_rig: Callable[..., Rig], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_rig()
    ready(first, qtbot)
    path = saved(first, tmp_path / "night", monkeypatch)
    made(first, qtbot, weight=1.0)
    answers(monkeypatch, QMessageBox.StandardButton.Discard)
    assert first.studio.window.may_close()
    first.studio.scribe.close()
    first.studio.memory.save()
    second = make_rig()
    qtbot.waitUntil(lambda: second.studio.documents.files.path == path)
    second.studio.documents.recorder.settle()
    assert not second.studio.documents.files.unsaved
    assert len(second.studio.documents.history.tree) == 1


def test_a_thumbnail_that_comes_late_is_not_another_documents(rig: Rig, files: Files) -> None:
    old = files._history.tree.nodes[1]
    files._history.adopt(Tree().grown(old.recipe.changed(seed=9), Medium.PICTURE, ""))
    files._history.picture(1, old.recipe, b"late")
    assert files._history.tree.nodes[1].thumbnail == b""


def test_after_an_end_by_force_everything_is_there_again(
        make_rig: Callable[..., Rig], qtbot: QtBot, tmp_path: Path) -> None:
    first = make_rig()
    history = ready(first, qtbot)
    made(first, qtbot, weight=1.0)
    first.studio.actions["pin_state"].trigger()
    first.studio.documents.timeline.go(1)
    qtbot.waitUntil(lambda: all(node.thumbnail for node in history.tree))
    first.studio.scribe.close()                    # the thread has written what was due; nothing else was closed
    second = make_rig()
    found = ready(second, qtbot)
    assert found.tree.nodes == history.tree.nodes
    assert found.tree.extra == {}
    thumbnails = {path.stem for path in (tmp_path / "state" / "document" / "thumbnails").iterdir()}
    assert thumbnails == set(documents.thumbnails(found.tree))


@pytest.mark.expects_log("the document of the last session is unreadable")
def test_a_desk_that_cannot_be_read_is_put_aside(make_rig: Callable[..., Rig], qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "state" / "document"
    folder.mkdir(parents=True)
    (folder / "document.json").write_text("{")
    history = ready(make_rig(), qtbot)
    assert len(history.tree) == 1
    assert (folder / "document.damaged.json").read_text() == "{"


def test_thumbnails_that_are_none_are_not_shown(rig: Rig, files: Files) -> None:
    tree = files._history.tree
    files._history.adopt(Tree({1: tree.changed(1, thumbnail=b"\x89PNG not really").nodes[1]}, 1, 1))
    assert rig.studio.documents.timeline.face(1).isNull()


def test_the_menu_of_recent_documents_says_when_there_is_none(rig: Rig, files: Files) -> None:
    menu = QMenu()
    files.fill(menu)
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [("None yet", False)]


def test_a_document_named_at_the_start_opens_after_the_desk_is_known(
        make_rig: Callable[..., Rig], qtbot: QtBot, tmp_path: Path) -> None:
    rig = make_rig(started=False)
    recipe = rig.engine.infos["/models/glyphs"].default_recipe().changed(weight=2.0)
    tree = Tree().grown(recipe, Medium.PICTURE, "")
    documents.save(tree, tmp_path / "given.atelier")
    studio = rig.studio
    studio.begin(studio.parts.bridge.open("/models/glyphs"), str(tmp_path / "given.atelier"), crashed=False)
    qtbot.waitUntil(lambda: studio.session.recipe is not None and studio.session.recipe.values["weight"] == 2.0)
    assert studio.documents.files.path == tmp_path / "given.atelier"
