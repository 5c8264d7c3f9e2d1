"""Texts as cards, palettes as swatches: shown, copied, starred, kept, brought back, and used elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engine.api import Asset, Medium, Recipe
from engine.messages import Partial
from gui.library import Desk
from gui.models.kept import KeptModel
from gui.theme import Theme
from gui.widgets.faces import COLORS_ROLE, TEXT_ROLE
from gui.widgets.palette_board import ink_on
from gui.widgets.swatches import PALETTE_KIND
from gui.widgets.text_board import TextBoard
from tests.gui import prompts
from tests.gui.conftest import Rig
from tests.gui.scripted import flat, glyphs


def make(recipe: Recipe) -> Asset:
    """What each of the packages makes."""
    return prompts.written(recipe) if recipe.package == "names" else prompts.mixed(recipe)


@pytest.fixture
def desk(make_rig: Callable[..., Rig], qtbot: QtBot) -> Rig:
    """A model of texts and one of palettes; the first is open."""
    rig = make_rig(prompts.names(), prompts.palettes(), started=False)
    rig.engine.make = make
    rig.studio.begin(rig.studio.parts.bridge.open("/models/names"), "", crashed=False)
    qtbot.waitUntil(lambda: rig.studio.workspace.asset is not None)
    return rig


def open_palettes(rig: Rig, qtbot: QtBot) -> None:
    rig.studio.opener.open_folder(Path("/models/palettes"))
    qtbot.waitUntil(lambda: rig.studio.workspace.asset is not None
                    and rig.studio.workspace.asset.medium is Medium.PALETTE)


def board(rig: Rig) -> TextBoard:
    return rig.studio.workspace.stage.texts


def test_texts_stand_as_cards_where_the_canvas_was(desk: Rig) -> None:
    assert [card.text for card in board(desk).cards] == ["Name 0-0", "Name 0-1", "Name 0-2"]
    assert board(desk).isVisible()
    assert not desk.studio.actions["fit"].isEnabled()
    assert desk.studio.actions["keep"].isEnabled()
    assert desk.studio.window.status.texts()[1] == "3 texts"


def test_undo_brings_the_cards_before_back(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.session.edit("seed", 4)
    qtbot.waitUntil(lambda: board(desk).cards[0].text == "Name 4-0")
    desk.studio.actions["undo"].trigger()
    qtbot.waitUntil(lambda: board(desk).cards[0].text == "Name 0-0")


def test_what_streams_in_uses_the_same_cards_and_cannot_be_kept_yet(desk: Rig, qtbot: QtBot) -> None:
    card, stamp, recipe = board(desk).cards[0], desk.studio.workspace.stamp, desk.studio.session.recipe
    desk.engine.say(Partial(stamp, prompts.written(recipe, ["Na", "", ""], partial=True)))
    qtbot.waitUntil(lambda: board(desk).cards[0].text == "Na")
    badges = desk.studio.workspace.stage.badges
    assert badges.partial.words() == "Unfinished"
    assert board(desk).cards[0] is card
    assert not any(button.isEnabled() for button in (board(desk)._keep, card._keep))
    desk.engine.answer(stamp, recipe)
    qtbot.waitUntil(lambda: card.text == "Name 0-0")
    assert board(desk)._keep.isEnabled()
    assert badges.partial.words() == ""


def test_keys_copy_star_and_keep_a_card(desk: Rig, qtbot: QtBot) -> None:
    cards = board(desk).cards
    cards[0].setFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Right)
    assert desk.studio.window.focusWidget() is cards[1]
    qtbot.keyClick(cards[1], Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "Name 0-1"
    qtbot.keyClick(cards[1], Qt.Key.Key_S)
    assert set(board(desk).starred) == {1}
    qtbot.keyClick(cards[2], Qt.Key.Key_K)
    qtbot.waitUntil(lambda: desk.studio.kept.rowCount() == 1)
    assert desk.studio.kept.entry(0).texts == ("Name 0-2",)
    assert desk.engine.asked[-1][1][3:] == (2,)


def test_keep_starred_writes_each_into_a_file_of_its_own(desk: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    for place in (0, 2):
        board(desk).cards[place].star_toggled.emit(place)
    assert board(desk)._keep.text() == "Keep 2 starred"
    board(desk)._keep.click()
    qtbot.waitUntil(lambda: desk.studio.kept.rowCount() == 2)
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["names-0001.txt", "names-0002.txt"]
    assert {desk.studio.kept.entry(row).texts for row in (0, 1)} == {("Name 0-0",), ("Name 0-2",)}


def test_stars_come_back_with_their_result(desk: Rig, qtbot: QtBot) -> None:
    board(desk).cards[1].star_toggled.emit(1)
    desk.studio.session.edit("seed", 8)
    qtbot.waitUntil(lambda: board(desk).cards[0].text == "Name 8-0")
    assert set(board(desk).starred) == set()
    desk.studio.actions["undo"].trigger()
    qtbot.waitUntil(lambda: set(board(desk).starred) == {1})


def test_copy_takes_all_texts_and_all_colours(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.actions["copy_image"].trigger()
    assert QGuiApplication.clipboard().text() == "Name 0-0\nName 0-1\nName 0-2"
    open_palettes(desk, qtbot)
    desk.studio.actions["copy_image"].trigger()
    assert QGuiApplication.clipboard().text() == "#003050 #283050 #503050"


def test_names_are_tiles_and_long_texts_a_column_that_folds(qtbot: QtBot, theme: Theme) -> None:
    made = TextBoard(theme)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.show_texts(["Moss", "余烬", "Slate"], "a")
    QApplication.processEvents()
    assert len({card.y() for card in made.cards}) == 1
    long = "静かな色、長い午後。" * 300
    made.show_texts([long, "A short one. " * 6], "b")
    QApplication.processEvents()
    assert made.cards[0].x() == made.cards[1].x()
    high = made.cards[0].height()
    made.cards[0]._more.click()
    qtbot.waitUntil(lambda: made.cards[0].height() > 2 * high)


def test_no_texts_at_all_are_no_error(qtbot: QtBot, theme: Theme) -> None:
    made = TextBoard(theme)
    qtbot.addWidget(made)
    made.show_texts([], "a")
    assert not made._keep.isEnabled()


def test_a_palette_is_swatches_with_names_and_a_click_copies(desk: Rig, qtbot: QtBot) -> None:
    open_palettes(desk, qtbot)
    shown = desk.studio.workspace.stage.palette_board
    assert [card.accessibleName() for card in shown.cards] == [
        "Colour 0, #003050", "Colour 1, #283050", "Colour 2, #503050"]
    qtbot.mouseClick(shown.cards[1], Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "#283050"
    assert desk.studio.workspace.stage.toast.words() == "#283050 copied"


def test_words_on_a_swatch_can_be_read() -> None:
    assert (ink_on("#000000").lightness(), ink_on("#ffffff").lightness()) == (255, ink_on("#ffff00").lightness())
    assert ink_on("#777777").lightness() < 40


def test_text_palette_and_picture_lie_in_one_strip_and_come_back(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: desk.studio.kept.rowCount() == 1)
    open_palettes(desk, qtbot)
    desk.studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: desk.studio.kept.rowCount() == 2)
    model = desk.studio.kept
    assert model.index(0).data(COLORS_ROLE) == ["#003050", "#283050", "#503050"]
    assert model.index(1).data(TEXT_ROLE) == "Name 0-0\nName 0-1\nName 0-2"
    desk.studio.session.edit("seed", 5)
    desk.studio.workspace.filmstrip.chosen.emit(0)
    assert desk.studio.session.recipe.values["seed"] == 0
    assert desk.studio.actions["undo"].text() == "Undo Restore palettes-0001.png"


def test_pictures_texts_and_palettes_keep_an_undo_of_their_own(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    infos = (prompts.names(), prompts.palettes(), prompts.textures())
    rig = make_rig(*infos, started=False)
    rig.engine.make = lambda recipe: Asset(recipe, flat(recipe)) if recipe.package == "textures" else make(recipe)
    workspace, session, act = rig.studio.workspace, rig.studio.session, rig.studio.actions
    for info in infos:
        rig.studio.opener.open_folder(Path(info.folder))
        qtbot.waitUntil(lambda info=info: session.info is not None and session.info.id == info.id)
        session.edit("seed", 7)
        session.edit("prompt", info.id)
        qtbot.waitUntil(lambda: workspace.asset is not None and workspace.asset.recipe == session.recipe)
    for info in (infos[0], infos[2], infos[1], infos[0]):
        rig.studio.opener.open_folder(Path(info.folder))
        qtbot.waitUntil(lambda info=info: session.info.id == info.id and workspace.asset is not None
                        and workspace.asset.recipe == session.recipe)
        assert workspace.asset.medium is info.medium
        assert (workspace.stage.board is None) == (info.medium is Medium.PICTURE)
        assert act["fit"].isEnabled() == (info.medium is Medium.PICTURE)
        assert act["undo"].text() == f"Undo Prompt “{info.id}”"
        act["undo"].trigger()
        assert (session.info.id, session.recipe.values["prompt"], session.recipe.values["seed"]) == (info.id, "", 7)
        act["redo"].trigger()
        assert session.recipe.values["prompt"] == info.id


def test_the_strip_remembers_texts_and_colours(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.actions["keep"].trigger()
    open_palettes(desk, qtbot)
    desk.studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: desk.studio.kept.rowCount() == 2)
    before = [desk.studio.kept.entry(row) for row in (0, 1)]
    other = Desk()
    again = KeptModel(other)
    again.refresh()
    qtbot.waitUntil(lambda: again.rowCount() == 2)
    other.close()
    assert {again.entry(row).medium for row in (0, 1)} == {Medium.TEXT, Medium.PALETTE}
    assert [again.entry(row).colors for row in (0, 1)] == [entry.colors for entry in before]


def test_switching_from_texts_to_pictures_gives_the_canvas_back(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(prompts.names(), glyphs(), started=False)
    rig.engine.make = prompts.written
    rig.studio.begin(rig.studio.parts.bridge.open("/models/names"), "", crashed=False)
    qtbot.waitUntil(lambda: rig.studio.workspace.asset is not None)
    rig.engine.make = None
    rig.studio.opener.open_folder(Path("/models/glyphs"))
    qtbot.waitUntil(lambda: rig.studio.workspace.asset is not None and rig.studio.workspace.asset.medium
                    is Medium.PICTURE)
    assert rig.studio.workspace.stage.board is None
    assert rig.studio.actions["fit"].isEnabled()


def test_a_palette_dropped_on_a_model_that_takes_one_is_used_undoably(make_rig: Callable[..., Rig],
                                                                      qtbot: QtBot) -> None:
    rig = make_rig(prompts.textures())
    data = QMimeData()
    data.setData(PALETTE_KIND, b"#112233 #aabbcc")
    data.setUrls([QUrl.fromLocalFile("/kept/palettes-0001.png")])
    for event in (
            QDragEnterEvent(QPoint(90, 90), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                            Qt.KeyboardModifier.NoModifier),
            QDropEvent(QPointF(90, 90), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)):
        QApplication.sendEvent(rig.studio.window, event)
    assert rig.studio.session.recipe.values["palette"] == "#112233 #aabbcc"
    assert rig.studio.workspace.stage.toast.words() == "Palette used in Textures"
    rig.studio.actions["undo"].trigger()
    assert rig.studio.session.recipe.values["palette"] == ""


@pytest.mark.parametrize(("written", "colors"), [
    ("GIMP Palette\nName: latent_atelier\n#\n 17  34  51\tnight\n170 187 204\tfog\n", "#112233 #aabbcc"),
    ("GIMP Palette\nName: latent_atelier\n#\n" + " 17  34  51\tnight\n" * 13, ""),
    ("GIMP Palette\nName: another\n#\n 17  34  51\tnight\n", "")])
def test_a_kept_palette_file_lends_its_colours(make_rig: Callable[..., Rig], tmp_path: Path, written: str,
                                               colors: str) -> None:
    rig = make_rig(prompts.textures())
    path = tmp_path / "evening.gpl"
    path.write_text(written, encoding="utf-8")
    rig.studio.window.dropped.emit(path)
    assert rig.studio.session.recipe.values["palette"] == colors


def test_use_palette_opens_the_other_model_with_the_colours(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(prompts.palettes(), prompts.textures(), started=False)
    rig.engine.make = prompts.mixed
    rig.studio.begin(rig.studio.parts.bridge.open("/models/palettes"), "", crashed=False)
    qtbot.waitUntil(lambda: rig.studio.workspace.asset is not None)
    rig.engine.make = None
    rig.studio.palettes._takers = [("Textures", Path("/models/textures"))]
    menu = QMenu()
    colors = rig.studio.workspace.stage.palette_board.colors()
    rig.studio.palettes.fill(menu, colors)
    assert [action.text() for action in menu.actions()] == ["in Textures"]
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: rig.studio.session.info.id == "textures")
    assert rig.studio.session.recipe.values["palette"] == " ".join(colors)


def test_models_that_take_a_palette_are_found_on_the_shelf(desk: Rig, qtbot: QtBot) -> None:
    menu = QMenu()
    desk.studio.palettes.fill(menu, ["#000000"])
    qtbot.waitUntil(lambda: desk.studio.palettes._takers is not None)
    desk.studio.palettes.fill(menu, ["#000000"])
    assert [action.isEnabled() for action in menu.actions()] == [False]
