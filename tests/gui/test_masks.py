"""Source pictures and masks: given in every way, painted on the canvas, each stroke undone on its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QInputDevice,
    QKeyEvent,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import media
from gui.thumbnails import read_png
from gui.widgets.fields import ImageField, MaskField
from gui.widgets.mask_tool import MaskTool
from tests.gui import prompts
from tests.gui.conftest import Rig
from tests.gui.scripted import glyphs


@pytest.fixture
def desk(make_rig: Callable[..., Rig], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rig:
    """A slow model that starts from pictures; media lie in a folder of the test's."""
    monkeypatch.setenv("LATENT_ATELIER_HOME", str(tmp_path / "home"))
    rig = make_rig(prompts.painter(), glyphs(), started=False)
    rig.studio.begin(rig.studio.parts.bridge.open("/models/painter"), "", crashed=False)
    qtbot.waitUntil(lambda: rig.studio.session.info is not None)
    return rig


def value(rig: Rig, name: str) -> str:
    return str(rig.studio.session.recipe.values[name])


def source(rig: Rig, qtbot: QtBot) -> None:
    rig.studio.giver.give("image", b"a stranger's file")
    qtbot.waitUntil(lambda: value(rig, "image") != "")


def begin(rig: Rig, qtbot: QtBot) -> MaskTool:
    source(rig, qtbot)
    field = rig.studio.workspace.panel.field("mask")
    assert isinstance(field, MaskField)
    field.paint.click()
    qtbot.waitUntil(lambda: rig.studio.workspace.masking.tool is not None)
    return rig.studio.workspace.masking.tool


def stroke(rig: Rig, qtbot: QtBot, at: tuple[float, float]) -> str:
    """One dab; the key of the mask that came of it."""
    before = value(rig, "mask")
    tool = rig.studio.workspace.masking.tool
    tool.press(QPointF(*at))
    tool.release()
    qtbot.waitUntil(lambda: value(rig, "mask") != before)
    return value(rig, "mask")


def dropped(rig: Rig, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    QApplication.sendEvent(rig.studio.window, QDragEnterEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    QApplication.sendEvent(rig.studio.window, QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))


def test_bytes_become_a_source_unread_and_its_small_picture_comes_from_the_engine(desk: Rig, qtbot: QtBot) -> None:
    source(desk, qtbot)
    assert media.path_of(value(desk, "image")).read_bytes() == b"a stranger's file"
    field = desk.studio.workspace.panel.field("image")
    assert isinstance(field, ImageField)
    qtbot.waitUntil(lambda: not field.place.image.isNull())
    assert any(kind == "look" for kind, _ in desk.engine.asked)
    desk.studio.actions["undo"].trigger()
    assert field.place.image.isNull()


def test_a_small_picture_is_asked_for_once(desk: Rig, qtbot: QtBot) -> None:
    source(desk, qtbot)
    qtbot.waitUntil(lambda: not desk.studio.sources.small(value(desk, "image")).isNull())
    key = value(desk, "image")
    desk.studio.session.edit("image", "")
    desk.studio.session.edit("image", key)
    assert sum(kind == "look" for kind, _ in desk.engine.asked) == 1


def test_a_picture_dropped_on_the_window_is_the_source(desk: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "holiday.png"
    QImage(20, 10, QImage.Format.Format_RGB32).save(str(path))
    dropped(desk, path)
    qtbot.waitUntil(lambda: value(desk, "image") != "")
    assert desk.studio.workspace.stage.toast.words() == "“holiday.png” is the source picture now"


def test_a_missing_file_is_told(desk: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    desk.studio.giver.give("image", tmp_path / "gone.png")
    qtbot.waitUntil(lambda: "cannot be read" in desk.studio.workspace.stage.banner.sentence())
    assert value(desk, "image") == ""


def test_a_pasted_picture_and_the_canvas_become_sources(desk: Rig, qtbot: QtBot) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    field = desk.studio.workspace.panel.field("image")
    field._paste.click()
    qtbot.waitUntil(lambda: value(desk, "image") != "")
    pasted = value(desk, "image")
    field._take.click()
    assert desk.studio.workspace.stage.toast.words() == "There is no picture on the canvas yet"
    desk.studio.actions["run"].trigger()
    qtbot.waitUntil(lambda: desk.studio.workspace.asset is not None)
    field._take.click()
    qtbot.waitUntil(lambda: value(desk, "image") != pasted)
    assert read_png(media.path_of(value(desk, "image"))).width() == 64


def test_a_source_for_a_model_that_was_closed_meanwhile_goes_nowhere(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.giver._set("sha256:" + "0" * 64, "image", "sha256:" + "1" * 64)
    assert value(desk, "image") == ""


def test_a_mask_needs_a_source(desk: Rig, qtbot: QtBot) -> None:
    panel = desk.studio.workspace.panel
    assert not panel.field("mask").paint.isEnabled()
    assert [panel.field(name).isVisible() for name in ("image", "mask", "strength")] == [True, False, False]
    source(desk, qtbot)
    assert panel.field("mask").paint.isEnabled()
    assert [panel.field(name).isVisible() for name in ("image", "mask", "strength")] == [True, True, True]


def test_every_stroke_is_one_undo_step_and_undo_shows_on_the_canvas(desk: Rig, qtbot: QtBot) -> None:
    tool = begin(desk, qtbot)
    assert desk.studio.workspace.stage.canvas.tool is tool
    first = stroke(desk, qtbot, (5, 5))
    second = stroke(desk, qtbot, (20, 15))
    assert first != second
    assert tool.levels[15, 20] == 255
    desk.studio.actions["undo"].trigger()
    assert (value(desk, "mask"), tool.levels[15, 20], tool.levels[5, 5]) == (first, 0, 255)
    desk.studio.actions["undo"].trigger()
    assert (value(desk, "mask"), tool.empty) == ("", True)
    desk.studio.actions["redo"].trigger()
    assert tool.levels[5, 5] == 255


def test_a_mask_lies_in_the_media_folder_as_a_grey_png(desk: Rig, qtbot: QtBot) -> None:
    begin(desk, qtbot)
    key = stroke(desk, qtbot, (5, 5))
    image = read_png(media.path_of(key))
    assert (image.width(), image.height()) == (32, 24)
    assert image.isGrayscale()
    assert image.pixelColor(5, 5).value() == 255
    assert image.pixelColor(30, 20).value() == 0


def test_done_gives_the_result_back_and_run_lays_the_brush_down(desk: Rig, qtbot: QtBot) -> None:
    begin(desk, qtbot)
    assert desk.studio.workspace.masking.bar.isVisible()
    desk.studio.actions["stop"].trigger()
    assert desk.studio.workspace.masking.bar is None
    assert desk.studio.workspace.stage.empty.isVisible()
    desk.studio.workspace.panel.field("mask").paint.click()
    qtbot.waitUntil(lambda: desk.studio.workspace.masking.tool is not None)
    desk.studio.actions["run"].trigger()
    qtbot.waitUntil(lambda: desk.studio.workspace.asset is not None)
    assert desk.studio.workspace.stage.canvas.tool is None
    assert desk.studio.workspace.stage.canvas.image().width() == 64


def test_another_model_ends_painting(desk: Rig, qtbot: QtBot) -> None:
    begin(desk, qtbot)
    desk.studio.opener.open_folder(Path("/models/glyphs"))
    qtbot.waitUntil(lambda: desk.studio.session.info.id == "glyphs")
    assert desk.studio.workspace.stage.canvas.tool is None
    assert not desk.studio.workspace.masking.painting


def test_clearing_the_source_ends_painting(desk: Rig, qtbot: QtBot) -> None:
    begin(desk, qtbot)
    desk.studio.session.edit("image", "")
    assert not desk.studio.workspace.masking.painting


def test_a_mask_is_inverted_and_cleared_without_the_brush(desk: Rig, qtbot: QtBot) -> None:
    begin(desk, qtbot)
    key = stroke(desk, qtbot, (5, 5))
    desk.studio.actions["stop"].trigger()
    desk.studio.workspace.panel.invert_wanted.emit("mask")
    qtbot.waitUntil(lambda: value(desk, "mask") != key)
    image = read_png(media.path_of(value(desk, "mask")))
    assert (image.pixelColor(5, 5).value(), image.pixelColor(30, 20).value()) == (0, 255)
    desk.studio.workspace.panel.field("mask")._clear.click()
    assert value(desk, "mask") == ""


def test_the_brush_on_the_canvas_paints_where_the_mouse_is_at_any_zoom(desk: Rig, qtbot: QtBot) -> None:
    tool = begin(desk, qtbot)
    canvas = desk.studio.workspace.stage.canvas
    canvas.zoom_by(2.0)
    at = canvas.rect().center()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(canvas, at + QPoint(12, 0))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at + QPoint(12, 0))
    assert tool.levels[12, 16] == 255
    assert tool.levels[0, 0] == 0


def test_a_pen_that_presses_less_paints_smaller_and_its_other_end_erases(desk: Rig, qtbot: QtBot) -> None:
    tool = begin(desk, qtbot)
    tool.set_size(12)
    canvas = desk.studio.workspace.stage.canvas
    at = QPointF(canvas.rect().center())

    def pen(pressure: float, kind: QPointingDevice.PointerType) -> int:
        """A dab with that much pressure; how many pixels are masked then."""
        device = QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, kind,
                                 QInputDevice.Capability.Pressure, 1, 3)
        for what in (QEvent.Type.TabletPress, QEvent.Type.TabletRelease):
            QApplication.sendEvent(canvas, QTabletEvent(
                what, device, at, canvas.mapToGlobal(at), pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier,
                Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton))
        return int(np.count_nonzero(tool.levels))

    light = pen(0.1, QPointingDevice.PointerType.Pen)
    hard = pen(1.0, QPointingDevice.PointerType.Pen)
    assert 0 < light < hard
    assert pen(0.5, QPointingDevice.PointerType.Eraser) < hard


def test_keys_change_the_brush(desk: Rig, qtbot: QtBot) -> None:
    tool = begin(desk, qtbot)
    canvas = desk.studio.workspace.stage.canvas
    size = tool.size
    qtbot.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert tool.size > size
    qtbot.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert tool.size == pytest.approx(size)
    qtbot.keyClick(canvas, Qt.Key.Key_X)
    assert tool.erasing
    tool.press(QPointF(5, 5))
    assert tool.empty


def test_a_soft_brush_has_a_soft_edge_and_a_hard_one_none() -> None:
    levels = []
    for softness in (0.0, 1.0):
        tool = MaskTool(64, 64)
        tool.set_size(40)
        tool.set_softness(softness)
        tool.press(QPointF(32, 32))
        levels.append(tool.levels[32, 14:32].astype(int))
    hard, soft = levels
    assert (hard[3:] == 255).all()
    assert np.all(np.diff(soft) >= 0)
    assert soft[9] < 200


def test_a_stroke_has_no_gaps_and_painting_twice_is_painting_once() -> None:
    tool = MaskTool(200, 40)
    tool.set_size(10)
    tool.set_softness(0.0)
    tool.press(QPointF(10, 20))
    tool.move(QPointF(190, 20))
    assert (tool.levels[20, 10:190] == 255).all()
    before = tool.levels.copy()
    tool.move(QPointF(10, 20))
    assert np.array_equal(tool.levels, before)


def test_the_brush_ignores_keys_that_are_not_its_own() -> None:
    tool = MaskTool(8, 8)
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert not tool.key(event)
    copy = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert not tool.key(copy)
