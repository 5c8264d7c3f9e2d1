"""A dropped picture without a recipe finds its place in a model that can look; it is decoded by the engine alone."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.api import Control, ControlKind, PackageInfo, Problem
from engine.messages import Encoded, Failed
from gui.arrivals import is_picture
from gui.dialogs.find import FAULT, RESULT
from gui.widgets.fields import PointField
from tests.gui.conftest import Rig
from tests.gui.scripted import glyphs
from tests.gui.test_studio import banner, drop

POINT = "w:" + base64.b64encode(np.arange(4, dtype="<f4").tobytes()).decode()
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 60


def looking() -> PackageInfo:
    """A package with an encoder."""
    point = Control("point", ControlKind.LATENT, "Starting point", "", "Seed", spaces={"w": 4})
    return replace(glyphs(), controls=(*glyphs().controls, point), encodes=True)


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    return make_rig(looking())


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(JPEG)
    return path


def found(number: int, difference: float = 7.8) -> Encoded:
    """What the engine says of a picture."""
    before = np.full((8, 8, 3), 90, np.uint8)
    return Encoded(number, {"point": POINT}, before, before + 5, {"psnr": 24.6, "mean_difference": difference})


def answer(rig: Rig) -> None:
    """The engine has looked at the picture."""
    rig.engine.say(found(len(rig.engine.asked)))


def test_a_foreign_picture_is_shown_before_and_after_with_an_honest_figure(rig: Rig, photo: Path, qtbot: QtBot) -> None:
    drop(rig, photo)
    dialog = rig.studio.finder.dialog
    assert dialog.isVisible()
    assert not dialog.take.isEnabled()
    kind, (recipe, path) = rig.engine.asked[-1]
    assert (kind, path, recipe) == ("encode", str(photo), rig.studio.session.recipe)
    answer(rig)
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == RESULT)
    verdict, figures = dialog.told()
    assert verdict == "Similar"
    assert "Mean difference 7.8 of 255 steps (PSNR 24.6 dB)" in figures
    assert [image.pixelColor(0, 0).red() for image in dialog.pair.images] == [90, 95]


def test_taking_it_is_one_undo_step_and_the_panel_shows_it(rig: Rig, photo: Path, qtbot: QtBot) -> None:
    rig.studio.session.edit("weight", 2.0)
    before = rig.studio.session.recipe
    drop(rig, photo)
    answer(rig)
    dialog = rig.studio.finder.dialog
    qtbot.waitUntil(dialog.take.isEnabled)
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    values = rig.studio.session.recipe.values
    assert (values["point"], values["weight"]) == (POINT, 0.0)
    assert rig.studio.session.undo_group.undoText() == "Start from holiday.jpg"
    field = rig.studio.workspace.panel.field("point")
    assert isinstance(field, PointField)
    rig.studio.scribe.close()
    field.show_value(POINT)
    assert field.words() == "Picture"
    rig.studio.session.undo_group.undo()
    assert rig.studio.session.recipe == before


def test_the_clear_button_goes_back_to_the_seed(rig: Rig, qtbot: QtBot) -> None:
    field = rig.studio.workspace.panel.field("point")
    assert field.words() == "Seed 0"
    rig.studio.session.edit("seed", 12)
    assert field.words() == "Seed 12"
    rig.studio.session.edit("point", POINT)
    assert field.words() == "Point"       # nobody has kept a picture of this one
    qtbot.mouseClick(field._clear, Qt.MouseButton.LeftButton)
    assert rig.studio.session.recipe.values["point"] == ""


def test_leaving_it_changes_nothing_and_stops_the_engine(rig: Rig, photo: Path) -> None:
    before = rig.studio.session.recipe
    drop(rig, photo)
    request = len(rig.engine.asked)
    rig.studio.finder.dialog.reject()
    assert rig.engine.asked[-1] == ("cancel", request)
    answer(rig)
    assert rig.studio.session.recipe == before
    assert rig.studio.finder.dialog is None


def test_a_picture_that_cannot_be_read_is_a_sentence(rig: Rig, photo: Path, qtbot: QtBot) -> None:
    drop(rig, photo)
    rig.engine.say(Failed(len(rig.engine.asked), Problem("file", "“holiday.jpg” is damaged.", "Get it again.")))
    dialog = rig.studio.finder.dialog
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == FAULT)
    assert dialog.told()[0] == "“holiday.jpg” is damaged. Get it again."
    assert dialog.take.isHidden()


def test_a_model_that_cannot_look_says_that_there_is_no_recipe(make_rig: Callable[..., Rig], photo: Path) -> None:
    rig = make_rig()
    drop(rig, photo)
    assert "holiday.jpg" in banner(rig)
    assert rig.studio.finder.dialog is None


@pytest.mark.parametrize(("content", "picture"), [
    (b"\x89PNG\r\n\x1a\n....", True), (JPEG, True), (b"RIFF....WEBPVP8 ", True), (b"\0\0\0\x1cftypavif", True),
    (b"PK\x03\x04", False), (b"\x80\x04.", False), (b"", False), (b"RIFF....WAVEfmt ", False),
])
def test_pictures_are_told_by_their_first_bytes(tmp_path: Path, content: bytes, *, picture: bool) -> None:
    path = tmp_path / "named.ckpt"
    path.write_bytes(content)
    assert is_picture(path) is picture
    assert not is_picture(tmp_path)
