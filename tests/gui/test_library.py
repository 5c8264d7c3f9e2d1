"""The library's page: looked through, searched, rated, tagged, restored, added to; and it outlives everything."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QPixmap
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from engine.api import Medium, Recipe
from engine.library.library import Library
from engine.library.records import Entry, Query
from gui.workspaces.library import LibraryWorkspace
from tests.gui import prompts
from tests.gui.conftest import Rig
from tests.gui.remembered import mixed, prompted, remember
from tests.gui.test_chinese import leftovers

FAST_S = 0.05


def page_of(rig: Rig, qtbot: QtBot, count: int) -> LibraryWorkspace:
    """The page, once it shows so many."""
    rig.studio.actions["library"].trigger()
    page = rig.studio.window.here()
    assert isinstance(page, LibraryWorkspace)
    qtbot.waitUntil(lambda: page.model.rowCount() == count and all(page.model.entry(row) for row in range(count)))
    return page


def choose(page: LibraryWorkspace, row: int, qtbot: QtBot) -> Entry:
    """A click on a row; returns when the details show it."""
    entry = page.model.entry(row)
    assert entry is not None
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton,
                     pos=page.grid.visualRect(page.model.index(row, 0)).center())
    qtbot.waitUntil(lambda: page.details.name.text() == entry.path.name)
    return entry


@pytest.fixture
def shelf(rig: Rig, qtbot: QtBot, tmp_path: Path) -> tuple[Rig, LibraryWorkspace]:
    """A picture, a text and a palette, on the page."""
    keepsakes = mixed(rig.studio.session.recipe, tmp_path)
    for keepsake in keepsakes:
        keepsake.path.write_bytes(b"kept")
    remember(rig, keepsakes, qtbot)
    return rig, page_of(rig, qtbot, 3)


def test_ctrl_l_leads_there_and_back_and_esc_back(rig: Rig, qtbot: QtBot) -> None:
    studio = rig.studio
    page = page_of(rig, qtbot, 0)
    qtbot.waitUntil(lambda: page.empty.title() == "Nothing kept yet")
    assert studio.actions["library"].isChecked()
    assert not any(studio.actions[name].isEnabled() for name in ("new_seed", "reset", "keep", "fit", "copy_image"))
    studio.actions["stop"].trigger()
    assert studio.window.here() is studio.workspace
    assert studio.actions["new_seed"].isEnabled()
    studio.actions["library"].trigger()
    assert studio.window.here() is page
    studio.actions["library"].trigger()
    assert studio.actions["create"].isChecked()


def test_each_medium_lies_there_with_its_name_and_what_is_known_of_it(
        shelf: tuple[Rig, LibraryWorkspace], qtbot: QtBot) -> None:
    _, page = shelf
    assert page.count.text() == "3 kept"
    entry = choose(page, 2, qtbot)
    assert entry.medium is Medium.PICTURE
    told = {label.text() for label in page.details.findChildren(type(page.details.name))}
    assert {"Glyphs", "Hamburgefonstiv", "64 × 32 px"} <= told
    choose(page, 1, qtbot)
    pixmap = QPixmap(page.grid.viewport().size())
    page.grid.viewport().render(pixmap)
    middle = page.grid.visualRect(page.model.index(0, 0)).center() - QPoint(20, 12)
    assert pixmap.toImage().pixelColor(middle).name() == "#102030"


def test_digits_rate_what_is_chosen_and_the_strip_knows(shelf: tuple[Rig, LibraryWorkspace], qtbot: QtBot) -> None:
    rig, page = shelf
    choose(page, 0, qtbot)
    page.grid.setCurrentIndex(page.model.index(0, 0))
    page.grid.selectAll()
    assert page.count.text() == "3 kept · 3 chosen"
    qtbot.keyClick(page.grid, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: all(page.model.entry(row).rating == 4 for row in range(3)))
    qtbot.waitUntil(lambda: rig.studio.kept.entry(0).rating == 4)
    qtbot.waitUntil(lambda: page.details.stars.rating == 4)
    page.bar.rating.setCurrentIndex(5)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    assert page.empty.title() == "Nothing like this"
    page.empty.button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)


def test_tags_are_given_offered_looked_for_and_taken_away(shelf: tuple[Rig, LibraryWorkspace], qtbot: QtBot) -> None:
    _, page = shelf
    choose(page, 1, qtbot)
    qtbot.keyClicks(page.details.tags.line, "Poster, ")
    qtbot.waitUntil(lambda: page.model.entry(1).tags == ("Poster",))
    page.bar.look_for_tag("Poster")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    assert page.bar.tags.text().strip() == "Poster"
    page.bar.clear()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    choose(page, 1, qtbot)
    page.details.tags.removed.emit("Poster")
    qtbot.waitUntil(lambda: page.model.entry(1).tags == ())


def test_kinds_models_and_words_choose(shelf: tuple[Rig, LibraryWorkspace], qtbot: QtBot) -> None:
    _, page = shelf
    page.bar.medium.setCurrentIndex(2)
    qtbot.waitUntil(lambda: [page.model.entry(row).medium for row in range(page.model.rowCount())] == [Medium.TEXT])
    page.bar.clear()
    qtbot.keyClicks(page.bar.search, "sea.gpl")
    qtbot.keyClick(page.bar.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1 and page.details.name.text() == "sea.gpl")
    assert page.bar.order.currentText() == "Best match"
    page.bar.search.clear()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    assert page.bar.order.currentText() == "Newest first"
    assert page.bar.package.itemText(1).endswith("  3")


def test_enter_restores_exactly_what_made_it(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig()
    recipe = rig.studio.session.recipe
    remember(rig, mixed(recipe.with_values({"weight": 1.5})), qtbot)
    page = page_of(rig, qtbot, 3)
    choose(page, 2, qtbot)
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    assert rig.studio.window.here() is rig.studio.workspace
    assert rig.studio.session.recipe.values["weight"] == 1.5
    assert rig.studio.session.undo_group.undoText() == "Restore picture.png"


def test_what_is_kept_after_restoring_was_made_from_that(rig: Rig, qtbot: QtBot) -> None:
    studio = rig.studio
    (first,) = remember(rig, mixed(studio.session.recipe.with_values({"weight": 1.5}))[:1], qtbot)
    studio.keepsakes.recall(first)
    studio.session.edit("weight", 1.0)
    studio.actions["keep"].trigger()
    page = page_of(rig, qtbot, 2)
    choose(page, 0, qtbot)
    assert page.model.entry(0).parent == first.id
    qtbot.waitUntil(lambda: not page.details._from.isHidden())
    page.details.kin_chosen.emit(first.id)
    qtbot.waitUntil(lambda: page.details.name.text() == "picture.png")
    studio.actions["create"].trigger()
    studio.actions["reset"].trigger()
    studio.session.edit("weight", 0.5)
    studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: studio.kept.rowCount() == 3 and studio.kept.entry(0) is not None)
    assert studio.kept.entry(0).parent is None


def test_delete_asks_and_leaves_the_file(rig: Rig, qtbot: QtBot, tmp_path: Path,
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    rig.studio.actions["keep"].trigger()
    page = page_of(rig, qtbot, 1)
    choose(page, 0, qtbot)
    answers = iter((QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes))
    asked: list[str] = []

    def question(_parent: object, _title: str, words: str) -> QMessageBox.StandardButton:
        asked.append(words)
        return next(answers)

    monkeypatch.setattr(QMessageBox, "question", question)
    for count in (1, 2):
        qtbot.keyClick(page.grid, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda count=count: len(asked) == count)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    assert "glyphs-0001.png" in asked[0]
    assert (tmp_path / "kept" / "glyphs-0001.png").exists()


def test_files_are_dragged_out_and_copied(shelf: tuple[Rig, LibraryWorkspace], qtbot: QtBot) -> None:
    _, page = shelf
    data = page.model.mimeData([page.model.index(row, 0) for row in (0, 1)])
    assert [Path(url.toLocalFile()).name for url in data.urls()] == ["sea.gpl", "words.txt"]
    choose(page, 1, qtbot)
    qtbot.keyClick(page.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "Ravenna\nOstia")
    assert page.toast.words() == "1 copied"


def test_missing_files_are_found_out_and_can_be_listed(rig: Rig, qtbot: QtBot) -> None:
    remember(rig, mixed(rig.studio.session.recipe), qtbot)
    page = page_of(rig, qtbot, 3)
    qtbot.waitUntil(lambda: all(page.model.entry(row).missing for row in range(3)))
    choose(page, 0, qtbot)
    qtbot.waitUntil(page.details.gone.isVisible)
    page.bar.gone.setChecked(True)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)


def test_a_dropped_folder_is_added_with_a_word_of_what_came_of_it(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "older"
    folder.mkdir()
    for number in range(3):
        made = {"latent_atelier": {"format": 1, "recipe": recipe_of(rig, number).to_dict(),
                                   "package": {"id": "glyphs", "name": "Glyphs"}}, "texts": [f"Name {number}"]}
        (folder / f"{number}.json").write_text(json.dumps(made), encoding="utf-8")
    (folder / "notes.txt").write_text("nothing", encoding="utf-8")
    page = page_of(rig, qtbot, 0)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                              Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: bool(page.toast.words()))
    assert page.toast.words() == "3 added · 1 without a recipe"
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    assert not page.progress.isVisible()


def recipe_of(rig: Rig, seed: int) -> Recipe:
    return rig.studio.session.recipe.with_values({"seed": seed})


def test_find_similar_puts_the_likest_first(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(prompts.textures())
    rig.engine.meaning = lambda text: np.array([1, 0] if "stone" in text or "brick" in text else [0, 1], np.float32)
    remember(rig, prompted(rig.studio.session.recipe, ("red brick", "a calm sea", "cut stone")), qtbot)
    page = page_of(rig, qtbot, 3)
    qtbot.waitUntil(lambda: rig.studio.seeker.means)
    rig.studio.seeker._read()
    qtbot.waitUntil(lambda: any(kind == "embed" for kind, _ in rig.engine.asked))
    rig.studio.kept_deeds.find_similar(page.model.entry(2))
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)
    assert {page.model.entry(row).recipe.values["prompt"] for row in (0, 1)} == {"red brick", "cut stone"}


def test_the_strip_of_older_versions_is_taken_over_once(make_rig: Callable[..., Rig], qtbot: QtBot, info: object,
                                                        tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    recipe = info.default_recipe().to_dict()
    rows = [{"path": f"/kept/{name}.png", "recipe": recipe} for name in ("new", "old")]
    (state / "kept.json").write_text(json.dumps({"kept": rows}), encoding="utf-8")
    (state / "meanings.bin").write_bytes(b"old")
    rig = make_rig()
    rig.studio.collector.open()
    qtbot.waitUntil(lambda: rig.studio.kept.rowCount() == 2)
    assert [rig.studio.kept.entry(row).path.stem for row in (0, 1)] == ["new", "old"]
    assert sorted(path.name for path in state.iterdir() if "kept" in path.name or "meanings" in path.name) == [
        "kept-before-library.json"]


def test_what_a_killed_studio_had_written_is_remembered_by_the_next(make_rig: Callable[..., Rig], qtbot: QtBot,
                                                                    tmp_path: Path) -> None:
    state, made = tmp_path / "state", tmp_path / "kept" / "names-0001.json"
    rig = make_rig(started=False)
    made.parent.mkdir()
    body = {"latent_atelier": {"format": 1, "recipe": prompts.names().default_recipe().to_dict(),
                               "package": {"id": "names", "name": "Names"}}, "texts": ["Ravenna"]}
    made.write_text(json.dumps(body), encoding="utf-8")
    state.mkdir(exist_ok=True)
    rig.studio.journal.left = (made, tmp_path / "kept" / "never-came.png")
    rig.studio.collector.open()
    qtbot.waitUntil(lambda: rig.studio.kept.rowCount() == 1 and rig.studio.kept.entry(0) is not None)
    assert rig.studio.kept.entry(0).path == made
    assert rig.studio.journal.left == ()


def test_fifty_thousand_scroll_and_select_without_a_stall(rig: Rig, qtbot: QtBot) -> None:
    page = page_of(rig, qtbot, 0)
    recipe = rig.studio.session.recipe
    ids = tuple(range(1, 50_001))
    entries: dict[int, Entry] = {}

    def entry(key: int) -> Entry:
        return entries.setdefault(key, Entry(key, Path(f"/kept/{key}.png"), recipe, "Glyphs", Medium.PICTURE, (), (),
                                             "", key % 6, (), page_time, None, missing=False))

    page_time = mixed(recipe)[0].kept
    page.model._replace(ids)
    bar, worst = page.grid.verticalScrollBar(), 0.0
    for step in range(25):
        began = time.perf_counter()
        bar.setValue(bar.maximum() * step // 24)
        page.model._fetched_again([(entry(key), QPixmap().toImage()) for key in ids[step * 2000:step * 2000 + 40]])
        page.grid.viewport().repaint()
        worst = max(worst, time.perf_counter() - began)
    assert bar.maximum() > 100_000
    assert worst < 5 * FAST_S, "a stall (five times the limit: test machines are shared)"


def test_in_another_language_the_page_is_built_anew(shelf: tuple[Rig, LibraryWorkspace], qtbot: QtBot) -> None:
    rig, old = shelf
    rig.studio.parts.settings.set("language", "zh_CN")
    qtbot.waitUntil(lambda: rig.studio.window.here() is not old)
    page = page_of(rig, qtbot, 3)
    choose(page, 2, qtbot)
    assert page.count.text() == "共 3 项"
    assert leftovers(page, ("Hamburgefonstiv",)) == []
    page._theme.choose("light")
    assert not page.grab().isNull()
    page._theme.choose("dark")


def test_a_killed_process_leaves_what_was_said(rig: Rig, qtbot: QtBot) -> None:
    """Each deed is in the database when it is shown: another process sees it at once."""
    remember(rig, mixed(rig.studio.session.recipe), qtbot)
    rig.studio.kept_deeds.rate([rig.studio.kept.id_at(0)], 5)
    qtbot.waitUntil(lambda: rig.studio.kept.entry(0).rating == 5)
    with Library.open() as other:
        assert len(other.ids(replace(Query(), rating=5))) == 1
