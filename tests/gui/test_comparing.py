"""Two states side by side: full pictures of both, what differs, a moved edge, and the way back with one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from engine.api import Asset, Medium, Recipe, Swatch
from engine.packages.shelf import Shelf
from gui.theme import Theme
from gui.widgets.compare_view import CompareView, Mode
from gui.workspaces.compare import CompareWorkspace
from tests.gui.conftest import Rig
from tests.gui.scripted import flat, glyphs
from tests.gui.test_history import flat_point, made, ready


def page(rig: Rig) -> CompareWorkspace:
    found = rig.studio.window.here()
    assert isinstance(found, CompareWorkspace)
    return found


def words(widget: CompareWorkspace) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.text()]


@pytest.fixture
def pair(rig: Rig, qtbot: QtBot) -> Rig:
    """Two states, the second one present."""
    ready(rig, qtbot)
    made(rig, qtbot, weight=1.5)
    return rig


def test_full_pictures_of_both_are_shown_and_what_differs(pair: Rig, qtbot: QtBot) -> None:
    pair.studio.actions["compare_states"].trigger()
    shown = page(pair)
    qtbot.waitUntil(lambda: not shown.view.image(0).isNull() and not shown.view.image(1).isNull())
    for place, node in enumerate(pair.studio.documents.history.tree):
        assert shown.view.image(place).size().toTuple() == (64, 32)
        assert shown.view.image(place).pixelColor(3, 3).getRgb()[:3] == tuple(flat(node.recipe)[0, 0])
    assert [kind for kind, _ in pair.engine.asked].count("render") == 1    # the present one is at hand
    said = words(shown)
    assert said[said.index("Weight"):][:3] == ["Weight", "0.00 σ", "+1.50 σ"]


def test_until_a_picture_is_there_it_is_said_so_and_no_thumbnail_stands_in(pair: Rig, qtbot: QtBot) -> None:
    pair.engine.hold_renders = True
    pair.studio.actions["compare_states"].trigger()
    shown = page(pair)
    assert shown.view.image(0).isNull()
    assert "being made" in shown.view._words[0]
    pair.studio.actions["stop"].trigger()              # Esc
    assert pair.studio.window.place == "create"
    assert pair.engine.asked[-1][0] == "cancel"


def test_use_a_goes_on_with_it(pair: Rig, qtbot: QtBot) -> None:
    pair.studio.actions["compare_states"].trigger()
    page(pair).findChildren(QPushButton)
    page(pair).used.emit(0)
    assert pair.studio.window.place == "create"
    assert pair.studio.session.recipe.values["weight"] == 0.0
    assert pair.studio.documents.history.tree.current == 1


def test_two_picked_cards_are_compared_and_a_third_lets_go_of_the_first(pair: Rig, qtbot: QtBot) -> None:
    made(pair, qtbot, width=1.0)
    pair.studio.actions["show_history"].trigger()
    pair.studio.documents.recorder.settle()
    cards = pair.studio.documents.timeline._panel.list
    for row in (0, 1, 2):
        at = QPoint(90, 62 * row + 30)
        qtbot.mouseClick(cards, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at)
    assert cards.picked == (2, 3)
    pair.studio.actions["compare_states"].trigger()
    assert "Width" in words(page(pair))


def test_with_one_state_there_is_nothing_to_compare(rig: Rig, qtbot: QtBot) -> None:
    ready(rig, qtbot)
    rig.studio.actions["compare_states"].trigger()
    assert "nothing to compare" in rig.studio.workspace.stage.toast.words()


def test_texts_and_palettes_are_compared_as_such(rig: Rig, qtbot: QtBot) -> None:
    history = ready(rig, qtbot)
    for seed in (1, 2):
        recipe = Recipe("palettes", "sha256:d", {"seed": seed})
        history.record(Asset(recipe, flat_point(), medium=Medium.PALETTE, swatches=(Swatch(f"#1020{seed}0"),)))
    history.record(Asset(Recipe("names", "sha256:e", {}), flat_point(), medium=Medium.TEXT, texts=("Aurelia",)))
    comparer, nodes = rig.studio.documents.comparer, history.tree.nodes
    comparer.show(nodes[2], nodes[3])
    assert {"#102010", "#102020", "seed"} <= set(words(page(rig)))
    comparer.show(nodes[3], nodes[4])
    assert {"#102020", "Aurelia", "Model", "palettes", "names"} <= set(words(page(rig)))
    comparer.show(nodes[1], nodes[4])                  # a picture beside words
    assert page(rig).sheets[0].findChildren(QLabel)[-1].pixmap().width() > 0


def test_a_slow_models_picture_is_made_only_when_it_is_wanted(
        make_rig: Callable[..., Rig], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = replace(glyphs("/models/slow", "sha256:" + "b" * 64), id="slow", live=False)
    rig = make_rig(glyphs(), slow)
    history = ready(rig, qtbot)
    monkeypatch.setattr(Shelf, "find", lambda _self, package, _digest="": Path(f"/models/{package}"))
    recipe = slow.default_recipe()
    history.record(Asset(recipe, flat(recipe)))
    monkeypatch.setattr(rig.studio.documents.models, "of",
                        lambda wanted: slow if wanted.package == "slow" else glyphs())
    rig.studio.documents.comparer.show(history.tree.nodes[1], history.tree.nodes[2])
    shown = page(rig)
    qtbot.waitUntil(lambda: not shown.view.image(0).isNull())
    assert shown.view.image(1).isNull()
    assert shown._make[1].isVisible()
    shown._make[1].click()
    qtbot.waitUntil(lambda: not shown.view.image(1).isNull())
    assert ("open", "/models/slow") in rig.engine.asked
    assert not shown._make[1].isVisible()


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> CompareView:
    made_view = CompareView(theme)
    qtbot.addWidget(made_view)
    made_view.resize(402, 300)
    made_view.show()
    made_view.begin(("one", "two"), (100, 100))
    for place, color in enumerate(("red", "blue")):
        image = QImage(100, 100, QImage.Format.Format_RGB32)
        image.fill(QColor(color))
        made_view.show_picture(place, image)
    return made_view


def colors_at(view: CompareView, *places: int) -> list[str]:
    picture = view.grab().toImage()
    names = {QColor("red").name(): "red", QColor("blue").name(): "blue"}
    return [names.get(picture.pixelColor(x, 200).name(), "") for x in places]


def test_side_by_side_they_share_zoom_and_place(view: CompareView) -> None:
    assert colors_at(view, 100, 301) == ["red", "blue"]
    view.actual_size()
    first, second = view._target(0), view._target(1)
    assert first.size() == second.size()
    assert second.left() - first.left() == view._box(1).left()


def test_the_edge_is_pulled_with_the_mouse_and_with_keys(view: CompareView, qtbot: QtBot) -> None:
    view.set_mode(Mode.WIPE)
    assert colors_at(view, 130, 270) == ["red", "blue"]
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(201, 250))
    qtbot.mouseMove(view, QPoint(300, 250))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    assert view.share == pytest.approx(300 / 402, abs=0.01)
    assert colors_at(view, 270) == ["red"]
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.share == pytest.approx(300 / 402 - 0.02, abs=0.01)


def test_while_space_is_held_each_is_in_the_others_place(view: CompareView, qtbot: QtBot) -> None:
    qtbot.keyPress(view, Qt.Key.Key_Space)
    assert colors_at(view, 100, 301) == ["blue", "red"]
    qtbot.keyRelease(view, Qt.Key.Key_Space)
    assert colors_at(view, 100, 301) == ["red", "blue"]
