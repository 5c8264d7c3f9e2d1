"""The search box over what was kept: by words at once, by meaning when the engine has told it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from engine.api import Problem
from engine.messages import Failed
from gui.models.kept import Kept
from gui.pictures import image_of
from gui.scribe import Scribe
from gui.seeking import Meanings
from gui.widgets.filmstrip import MANY
from tests.gui import prompts
from tests.gui.conftest import Rig

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
    recipe = rig.studio.session.recipe
    for number, text in enumerate(TEXTS):
        rig.studio.kept.add(Kept(Path(f"/kept/{number}.png"), recipe.with_values({"prompt": text})),
                            image_of(np.zeros((4, 4, 3), np.uint8)))
    return rig


def shown(rig: Rig) -> list[str]:
    ranking = rig.studio.seeker.ranking
    return [rig.studio.kept.kept(rig.studio.seeker.source_row(row)).recipe.values["prompt"]
            for row in range(ranking.rowCount())]


def test_the_box_is_there_only_where_there_is_much(desk: Rig) -> None:
    strip = desk.studio.workspace.filmstrip
    assert strip.search.isVisible()
    while desk.studio.kept.rowCount() >= MANY:
        desk.studio.kept.remove(0)
    assert not strip.search.isVisible()
    desk.studio.actions["seek"].trigger()
    assert strip.search.isVisible()


def test_words_are_found_at_once_and_likeness_when_it_is_told(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.workspace.filmstrip.search.setText("marble")
    assert shown(desk) == ["green marble"]
    qtbot.waitUntil(lambda: len(shown(desk)) == 3)
    assert shown(desk)[0] == "green marble"
    assert set(shown(desk)) == {"green marble", "wet pebbles at night", "worn red brick with moss"}
    desk.studio.workspace.filmstrip.search.clear()
    assert shown(desk) == list(reversed(TEXTS))


def test_what_is_known_is_not_asked_again(desk: Rig, qtbot: QtBot) -> None:
    search = desk.studio.workspace.filmstrip.search
    search.setText("rock")
    qtbot.waitUntil(lambda: len(shown(desk)) == 3)
    search.setText("rocky shore, a brick")
    qtbot.waitUntil(lambda: desk.engine.asked[-1] == ("embed", ("rocky shore, a brick",)))


def test_a_click_on_what_was_found_brings_back_that_one(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.workspace.filmstrip.search.setText("oak")
    desk.studio.workspace.filmstrip.chosen.emit(0)
    assert desk.studio.session.recipe.values["prompt"] == "old oak planks"


def test_enter_goes_from_the_search_to_what_was_found_and_esc_ends_it(desk: Rig, qtbot: QtBot) -> None:
    strip = desk.studio.workspace.filmstrip
    desk.studio.actions["seek"].trigger()
    qtbot.keyClicks(strip.search, "marble")
    qtbot.keyClick(strip.search, Qt.Key.Key_Return)
    listed = strip.findChild(QListView)
    assert listed.currentIndex().row() == 0
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert desk.studio.session.recipe.values["prompt"] == "green marble"
    qtbot.keyClick(strip.search, Qt.Key.Key_Escape)
    assert strip.search.text() == ""
    assert shown(desk) == list(reversed(TEXTS))


def test_nothing_found_is_said(desk: Rig) -> None:
    desk.studio.workspace.filmstrip.search.setText("zzzz")
    assert shown(desk) == []
    assert desk.studio.workspace.filmstrip._hint.text() == "Nothing like that was kept"


def test_without_an_encoder_words_must_do(desk: Rig, qtbot: QtBot) -> None:
    desk.engine.meaning = None
    desk.studio.workspace.filmstrip.search.setText("oak")
    qtbot.waitUntil(lambda: desk.engine.asked[-1][0] == "embed")
    desk.engine.say(Failed(len(desk.engine.asked), Problem("package", "The encoder is not there.")))
    qtbot.waitUntil(lambda: desk.studio.seeker._mute)
    assert shown(desk) == ["old oak planks"]


def test_meanings_outlive_the_program(tmp_path: Path) -> None:
    scribe = Scribe()
    Meanings(tmp_path, scribe).put(["a", "字"], np.arange(6, dtype=np.float32).reshape(2, 3))
    scribe.close()
    again = Meanings(tmp_path, scribe)
    assert np.array_equal(again.get("字"), [3, 4, 5])
    assert again.get("b") is None


@pytest.mark.expects_log("asked for again")
@pytest.mark.parametrize("data", [b"\x03", b"\x03\0\0\0" + b"x" * 27, b"\xff\xff\xff\xff"])
def test_damaged_meanings_are_asked_for_again(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "meanings.bin").write_bytes(data)
    assert Meanings(tmp_path, Scribe()).get("a") is None
