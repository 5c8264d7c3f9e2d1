"""The history of a document: what becomes a state, how branches begin, how one goes back, what the panel shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QInputDialog, QPushButton
from pytestqt.qtbot import QtBot

from engine.api import Asset, Medium, PackageInfo, Recipe, Swatch
from engine.document.tree import MOST
from engine.packages.shelf import Shelf
from gui.documents.history import History
from gui.widgets.history_list import ROW
from gui.widgets.history_panel import HistoryPanel
from tests.gui.conftest import Rig
from tests.gui.scripted import glyphs


def ready(rig: Rig, qtbot: QtBot) -> History:
    """The desk is loaded, and the first picture is the first state."""
    documents = rig.studio.documents
    qtbot.waitUntil(lambda: documents._loaded)
    documents.recorder.settle()
    return documents.history


def made(rig: Rig, qtbot: QtBot, **values: object) -> None:
    """A gesture, and its picture on the screen."""
    studio = rig.studio
    for name, value in values.items():
        studio.session.edit(name, value)
    qtbot.waitUntil(lambda: studio.workspace.asset is not None
                    and studio.workspace.asset.recipe.same(studio.session.recipe))


def parents(history: History) -> list[tuple[int, int | None]]:
    return [(node.id, node.parent) for node in history.tree]


@pytest.fixture
def history(rig: Rig, qtbot: QtBot) -> History:
    return ready(rig, qtbot)


def panel(rig: Rig) -> HistoryPanel:
    rig.studio.actions["show_history"].trigger()
    found = rig.studio.window.findChild(HistoryPanel)
    assert found is not None
    return found


def test_the_first_picture_is_the_first_state_with_a_thumbnail(rig: Rig, history: History, qtbot: QtBot) -> None:
    assert parents(history) == [(1, None)]
    qtbot.waitUntil(lambda: bool(history.tree.nodes[1].thumbnail))
    assert history.tree.nodes[1].size == (64, 32)
    face = rig.studio.documents.timeline.face(1)
    assert face.pixelColor(5, 5) == rig.studio.workspace.stage.canvas.image().pixelColor(5, 5)


def test_a_gesture_is_recorded_when_the_next_one_begins_and_ticks_are_not(rig: Rig, history: History,
                                                                          qtbot: QtBot) -> None:
    for tick in (0.1, 0.2, 0.3):
        rig.studio.session.edit("weight", tick, gesture=7)
        made(rig, qtbot)
    assert len(history.tree) == 1
    made(rig, qtbot, width=1.0)
    assert [node.recipe.values["weight"] for node in history.tree] == [0.0, 0.3]
    rig.studio.documents.recorder.settle()
    assert parents(history) == [(1, None), (2, 1), (3, 2)]


def test_what_stands_for_a_moment_is_recorded(rig: Rig, history: History, qtbot: QtBot) -> None:
    recorder = rig.studio.documents.recorder
    recorder._timer.setInterval(5)
    made(rig, qtbot, weight=1.0)
    qtbot.waitUntil(lambda: len(history.tree) == 2)


def test_undo_leads_back_and_going_on_is_a_branch(rig: Rig, history: History, qtbot: QtBot) -> None:
    made(rig, qtbot, weight=1.0)
    made(rig, qtbot, width=1.0)
    rig.studio.actions["undo"].trigger()
    made(rig, qtbot)
    assert history.tree.current == 2
    made(rig, qtbot, seed=5)
    rig.studio.documents.recorder.settle()
    assert parents(history) == [(1, None), (2, 1), (3, 2), (4, 2)]
    assert history.tree.current == 4


def test_a_state_that_is_known_is_not_recorded_twice(rig: Rig, history: History, qtbot: QtBot) -> None:
    made(rig, qtbot, weight=1.0)
    made(rig, qtbot, weight=0.0)
    rig.studio.documents.recorder.settle()
    assert history.tree.current == 1
    assert len(history.tree) == 2


def test_going_to_a_state_brings_the_exact_recipe_back_undoably(rig: Rig, history: History, qtbot: QtBot) -> None:
    made(rig, qtbot, weight=1.0)
    made(rig, qtbot, width=1.0)
    shown = panel(rig)
    qtbot.mouseClick(shown.list, Qt.MouseButton.LeftButton, pos=QPoint(100, ROW // 2))
    assert rig.studio.session.recipe == history.tree.nodes[1].recipe
    assert history.tree.current == 1
    assert len(history.tree) == 3                  # what stood when one left was recorded
    rig.studio.actions["undo"].trigger()
    assert rig.studio.session.recipe.values["width"] == 1.0
    assert history.tree.current == 3


def test_keys_lead_to_parent_child_and_the_branch_beside(rig: Rig, history: History, qtbot: QtBot) -> None:
    made(rig, qtbot, weight=1.0)
    rig.studio.actions["go_parent"].trigger()
    made(rig, qtbot)
    made(rig, qtbot, width=1.0)
    for name, expected in (("go_previous", 2), ("go_next", 3), ("go_parent", 1), ("go_child", 3), ("go_child", 3)):
        rig.studio.actions[name].trigger()
        made(rig, qtbot)
        assert history.tree.current == expected


def test_the_cards_say_what_was_changed(rig: Rig, history: History, qtbot: QtBot) -> None:
    made(rig, qtbot, weight=1.0)
    rig.studio.documents.recorder.settle()
    rig.studio.session.edit_many({"width": -0.5, "variety": 1.0}, "both")
    made(rig, qtbot)
    rig.studio.documents.recorder.settle()
    cards = panel(rig).list.cards
    assert [card.title for card in cards] == ["Glyphs", "Weight +1.00 σ", "Width −0.50 σ"]
    assert cards[2].note == "Variety 1.00"


def test_pinned_and_named_states_are_marked(rig: Rig, history: History, qtbot: QtBot) -> None:
    shown = panel(rig)
    rig.studio.actions["pin_state"].trigger()
    rig.studio.actions["name_state"].trigger()
    dialog = rig.studio.window.findChild(QInputDialog)
    dialog.setTextValue("Night  garden")
    dialog.accept()
    card = shown.list.cards[0]
    assert (card.title, card.note, card.pinned, card.named) == ("Night garden", "Glyphs", True, True)
    rig.studio.actions["pin_state"].trigger()
    assert not shown.list.cards[0].pinned


def test_a_deleted_branch_comes_back_with_the_toasts_button(rig: Rig, history: History, qtbot: QtBot) -> None:
    made(rig, qtbot, weight=1.0)
    made(rig, qtbot, width=1.0)
    rig.studio.documents.recorder.settle()
    before = history.tree
    rig.studio.documents.timeline.delete(2)
    assert parents(history) == [(1, None)]
    toast = rig.studio.workspace.stage.toast
    assert toast.words() == "2 states deleted"
    toast.findChild(QPushButton).click()
    assert history.tree == before
    cards = panel(rig).list
    qtbot.keyClick(cards, Qt.Key.Key_Home)
    qtbot.keyClick(cards, Qt.Key.Key_Down)
    qtbot.keyClick(cards, Qt.Key.Key_Delete)
    assert parents(history) == [(1, None)]


def test_states_of_several_models_are_in_one_tree_and_one_goes_between_them(
        make_rig: Callable[..., Rig], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(glyphs("/models/other", "sha256:" + "b" * 64), id="other", name="Other")
    rig = make_rig(glyphs(), other)
    history = ready(rig, qtbot)
    monkeypatch.setattr(Shelf, "find", lambda _self, package, _digest="": Path(f"/models/{package}"))
    rig.studio.opener.open_folder(Path("/models/other"))
    qtbot.waitUntil(lambda: rig.studio.session.info.id == "other")
    made(rig, qtbot)
    rig.studio.documents.recorder.settle()
    assert [(node.recipe.package, node.parent) for node in history.tree] == [("glyphs", None), ("other", 1)]
    rig.studio.documents.timeline.go(1)
    qtbot.waitUntil(lambda: rig.studio.session.info.id == "glyphs")
    assert history.tree.current == 1
    assert len(history.tree) == 2


def words_model() -> PackageInfo:
    return replace(glyphs("/models/words", "sha256:" + "c" * 64), id="words", name="Words",
                   medium=Medium.TEXT, live=False)


def test_a_slow_models_run_is_a_state_at_once_and_comes_back_without_another_run(
        make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(words_model(), started=False)
    studio = rig.studio
    rig.engine.make = lambda recipe: Asset(recipe, flat_point(), medium=Medium.TEXT,
                                           texts=(f"seed {recipe.values['seed']}",))
    studio.begin(studio.parts.bridge.open("/models/words"), "", crashed=False)
    qtbot.waitUntil(lambda: studio.session.info is not None)
    for seed in (1, 2):
        studio.session.edit("seed", seed)
        studio.workspace.run()
        qtbot.waitUntil(lambda seed=seed: studio.workspace.asset is not None
                        and studio.workspace.asset.texts == (f"seed {seed}",))
    history = studio.documents.history
    qtbot.waitUntil(lambda: len(history.tree) >= 1)
    studio.workspace.runs._remembered = type(studio.workspace.runs._remembered)()
    asked = len(rig.engine.previews)
    first = next(iter(history.tree))
    studio.documents.timeline.go(first.id)
    assert studio.workspace.asset.texts == first.texts
    assert len(rig.engine.previews) == asked
    assert not studio.workspace.runs.state.changed


def flat_point() -> object:
    return np.full((1, 1, 3), 255, np.uint8)


def test_too_many_states_are_thinned_and_the_person_is_told(rig: Rig, history: History, qtbot: QtBot) -> None:
    tree = history.tree
    for seed in range(MOST):
        tree = tree.grown(tree.now.recipe.changed(seed=seed + 1), Medium.PICTURE, "")
    history.adopt(tree.changed(3, pinned=True))
    made(rig, qtbot, weight=1.0)
    rig.studio.documents.recorder.settle()
    assert len(history.tree) == MOST
    assert 3 in history.tree.nodes
    assert "full" in rig.studio.workspace.stage.toast.words()


def test_palettes_and_texts_are_drawn_as_such(history: History, rig: Rig, qtbot: QtBot) -> None:
    recipe = Recipe("palettes", "sha256:d", {"seed": 1})
    asset = Asset(recipe, flat_point(), medium=Medium.PALETTE, swatches=(Swatch("#FF0000"), Swatch("#00ff00")))
    history.record(asset)
    shown = panel(rig)
    assert shown.list.cards[1].colors == ("#ff0000", "#00ff00")
    picture = shown.list.grab().toImage()
    reds = [picture.pixelColor(x, ROW + ROW // 2).name() for x in range(0, 120, 4)]
    assert "#ff0000" in reds
    assert "#00ff00" in reds


def test_after_a_look_at_a_card_its_picture_and_its_changes_are_told(rig: Rig, history: History, qtbot: QtBot) -> None:
    made(rig, qtbot, weight=1.0)
    rig.studio.documents.recorder.settle()
    shown = panel(rig)
    shown.list.hovered.emit(2, QPoint(300, 300))
    assert shown.look.isVisible()
    assert shown.look.words().splitlines()[0] == "Weight +1.00 σ"
    assert shown.look.words().count("Weight") == 1
    shown.list.hovered.emit(0, QPoint())
    assert not shown.look.isVisible()


def test_the_panel_stays_when_the_language_changes(rig: Rig, history: History, qtbot: QtBot) -> None:
    panel(rig)
    rig.studio.parts.settings.set("language", "zh_CN")
    rig.studio.rebuild()
    shown = rig.studio.window.findChild(HistoryPanel)
    assert shown.isVisible()
    assert [card.id for card in shown.list.cards] == [1]
