"""The search box over what was kept: by words at once, by meaning when the engine has told it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from engine.api import Problem
from engine.messages import Failed
from gui.seeking import FEW
from gui.widgets.filmstrip import MANY
from tests.gui import prompts
from tests.gui.conftest import Rig
from tests.gui.remembered import prompted, remember

TEXTS = ("worn red brick with moss", "brushed steel", "wet pebbles at night", "old oak planks", "a calm sea",
         "dry grass", "linen cloth", "snow in the evening", "green marble")


def meaning(text: str) -> NDArray[np.float32]:
    """Stone things lie one way, all else another."""
    stone = any(word in text for word in ("brick", "pebbles", "marble", "rock"))
    return np.array([1, 0, 0] if stone else [0, 1, 0], np.float32)


@pytest.fixture
def desk(make_rig: Callable[..., Rig], qtbot: QtBot) -> Rig:
    """Nine kept results of a model with a prompt."""
    rig = make_rig(prompts.textures())
    rig.engine.meaning = meaning
    remember(rig, prompted(rig.studio.session.recipe, TEXTS), qtbot)
    qtbot.waitUntil(lambda: rig.studio.seeker.means)
    return rig


def shown(rig: Rig) -> list[str]:
    kept = rig.studio.kept
    return [entry.recipe.values["prompt"] for row in range(kept.rowCount()) if (entry := kept.entry(row)) is not None]


def test_the_box_is_there_only_where_there_is_much(desk: Rig, qtbot: QtBot) -> None:
    strip, kept = desk.studio.workspace.filmstrip, desk.studio.kept
    assert strip.search.isVisible()
    gone = [kept.id_at(row) for row in range(3)]
    desk.studio.desk.tell(lambda library: library.forget(gone))
    qtbot.waitUntil(lambda: kept.rowCount() < MANY)
    assert not strip.search.isVisible()
    desk.studio.actions["seek"].trigger()
    assert strip.search.isVisible()


def test_words_are_found_at_once_and_likeness_when_it_is_told(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.workspace.filmstrip.search.setText("marble")
    qtbot.waitUntil(lambda: shown(desk) == ["green marble"])
    qtbot.waitUntil(lambda: len(shown(desk)) == 3)
    assert shown(desk)[0] == "green marble"
    assert set(shown(desk)) == {"green marble", "wet pebbles at night", "worn red brick with moss"}
    desk.studio.workspace.filmstrip.search.clear()
    qtbot.waitUntil(lambda: shown(desk) == list(reversed(TEXTS)))


def test_what_is_known_is_not_asked_again(desk: Rig, qtbot: QtBot) -> None:
    search = desk.studio.workspace.filmstrip.search
    search.setText("rock")
    qtbot.waitUntil(lambda: len(shown(desk)) == 3)
    search.setText("rocky shore, a brick")
    qtbot.waitUntil(lambda: desk.engine.asked[-1] == ("embed", ("rocky shore, a brick",)))


def test_what_was_kept_is_read_while_nobody_waits_and_not_while_somebody_does(desk: Rig, qtbot: QtBot) -> None:
    studio = desk.studio
    asked = desk.engine.asked
    studio.workspace.runs.held = True
    before = len(asked)
    studio.seeker._read()
    assert all(kind != "embed" for kind, _ in asked[before:])
    studio.workspace.runs.held = False
    studio.seeker._read()
    qtbot.waitUntil(lambda: any(kind == "embed" for kind, _ in asked))
    assert all(0 < len(texts) <= FEW for kind, texts in asked if kind == "embed")


def test_a_click_on_what_was_found_brings_back_that_one(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.workspace.filmstrip.search.setText("oak")
    qtbot.waitUntil(lambda: shown(desk) == ["old oak planks"])
    desk.studio.workspace.filmstrip.chosen.emit(0)
    assert desk.studio.session.recipe.values["prompt"] == "old oak planks"


def test_enter_goes_from_the_search_to_what_was_found_and_esc_ends_it(desk: Rig, qtbot: QtBot) -> None:
    strip = desk.studio.workspace.filmstrip
    desk.studio.actions["seek"].trigger()
    qtbot.keyClicks(strip.search, "marble")
    qtbot.keyClick(strip.search, Qt.Key.Key_Return)
    listed = strip.findChild(QListView)
    qtbot.waitUntil(lambda: shown(desk)[:1] == ["green marble"] and listed.currentIndex().row() == 0)
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert desk.studio.session.recipe.values["prompt"] == "green marble"
    qtbot.keyClick(strip.search, Qt.Key.Key_Escape)
    assert strip.search.text() == ""
    qtbot.waitUntil(lambda: shown(desk) == list(reversed(TEXTS)))


def test_nothing_found_is_said(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.workspace.filmstrip.search.setText("zzzz")
    qtbot.waitUntil(lambda: desk.studio.kept.rowCount() == 0)
    assert desk.studio.workspace.filmstrip._hint.text() == "Nothing like that was kept"


def test_without_an_encoder_words_must_do(desk: Rig, qtbot: QtBot) -> None:
    desk.engine.meaning = None
    desk.studio.workspace.filmstrip.search.setText("oak")
    qtbot.waitUntil(lambda: desk.engine.asked[-1][0] == "embed")
    desk.engine.say(Failed(len(desk.engine.asked), Problem("package", "The encoder is not there.")))
    qtbot.waitUntil(lambda: not desk.studio.seeker.means)
    assert shown(desk) == ["old oak planks"]
