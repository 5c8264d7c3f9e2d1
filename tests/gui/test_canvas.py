"""Zoom, pan, memory and what really reaches the window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Asset, Recipe
from gui.pictures import averaged, changed_rows, image_of, prepare
from gui.theme import Theme
from gui.widgets.canvas import Canvas
from gui.widgets.view import View

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def canvas(qtbot: QtBot, theme: Theme) -> Canvas:
    made = Canvas(theme)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def picture(width: int, height: int, channels: int = 3, shade: int = 200) -> np.ndarray:
    return np.full((height, width, channels), shade, np.uint8)


def wheel(canvas: Canvas, at: QPointF, ticks: int, keys: Qt.KeyboardModifier = CTRL) -> None:
    event = QWheelEvent(at, QPointF(canvas.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120 * ticks),
                        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(canvas, event)


def under(canvas: Canvas, at: QPointF) -> QPointF:
    """The picture point under a widget point."""
    target = canvas._view.target()
    return QPointF((at.x() - target.x()) / target.width(), (at.y() - target.y()) / target.height())


def test_painted_tells_the_stamp_once_per_picture(canvas: Canvas, qtbot: QtBot) -> None:
    told = []
    canvas.painted.connect(told.append)
    for stamp in (3, 8):
        with qtbot.waitSignal(canvas.painted):
            canvas.show_picture(image_of(picture(64, 32)), stamp)
    canvas.update()
    QApplication.processEvents()
    assert told == [3, 8]


@pytest.mark.parametrize("channels", [3, 4])
def test_a_palette_shows_the_colours_it_stands_for(channels: int) -> None:
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 256, (7, 13, 1), np.uint8)
    palette = rng.integers(0, 256, (256, channels), np.uint8)
    have, want = image_of(rows, palette), image_of(palette[rows[:, :, 0]])
    assert have.format() == want.format()
    shown, wanted = (np.asarray(image.constBits(), np.uint8).astype(int) for image in (have, want))
    assert np.abs(shown - wanted).max() <= (1 if channels == 4 else 0)  # Qt rounds premultiplied colours in two ways


def test_a_picture_with_a_palette_does_not_share_memory_with_the_array() -> None:
    rows, palette = np.full((4, 4, 1), 7, np.uint8), np.full((256, 3), 200, np.uint8)
    image = image_of(rows, palette)
    palette[:] = 0
    rows[:] = 0
    assert image.pixelColor(1, 1).red() == 200


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_picture_does_not_share_memory_with_the_array(canvas: Canvas, channels: int) -> None:
    pixels = picture(64, 32, channels)
    canvas.show_picture(image_of(pixels), 1)
    before = canvas.image()
    pixels[:] = 0
    assert canvas.image() == before
    assert image_of(picture(5, 3, channels)).pixelColor(4, 2).red() == pytest.approx(200, abs=1)


def test_fit_shows_all_and_follows_the_window(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.show_picture(image_of(picture(1000, 500)), 1)
    assert QRectF(canvas.rect()).contains(canvas._view.target())
    canvas.resize(300, 200)
    assert QRectF(canvas.rect()).contains(canvas._view.target())


def test_zoom_keeps_the_point_under_the_cursor(canvas: Canvas) -> None:
    canvas.show_picture(image_of(picture(1000, 500)), 1)
    at = QPointF(140, 120)
    before, zoom = under(canvas, at), canvas.zoom
    wheel(canvas, at, 3)
    assert canvas.zoom == pytest.approx(zoom * 1.2**3)
    assert under(canvas, at).x() == pytest.approx(before.x(), abs=0.003)
    assert under(canvas, at).y() == pytest.approx(before.y(), abs=0.003)


def test_one_to_one_is_one_device_pixel_at_any_ratio() -> None:
    for ratio in (1.0, 2.0):
        view = View()
        view.set_window(800, 600, ratio)
        view.set_picture(512, 256)
        view.zoom_to(1.0, QPointF(400, 300))
        assert view.target().width() * ratio == 512
        assert (view.target().x() * ratio) % 1 == 0


def test_a_picture_cannot_be_lost(canvas: Canvas) -> None:
    canvas.show_picture(image_of(picture(300, 200)), 1)
    for _ in range(100):
        wheel(canvas, QPointF(10, 10), 10, Qt.KeyboardModifier.NoModifier)
    assert canvas._view.target().intersects(QRectF(canvas.rect()))


def test_a_drag_pans(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.show_picture(image_of(picture(1000, 500)), 1)
    canvas.actual_size()
    before = canvas._view.target().topLeft()
    qtbot.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(100, 100))
    qtbot.mouseMove(canvas, QPoint(130, 90))
    qtbot.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(130, 90))
    assert canvas._view.target().topLeft() - before == QPointF(30, -10)


def test_a_new_size_is_fitted_only_while_fitted(canvas: Canvas) -> None:
    canvas.show_picture(image_of(picture(1000, 500)), 1)
    canvas.actual_size()
    canvas.show_picture(image_of(picture(400, 400)), 2)
    assert canvas.zoom == 1.0
    canvas.fit()
    canvas.show_picture(image_of(picture(4000, 400)), 3)
    assert QRectF(canvas.rect()).contains(canvas._view.target())


def test_transparency_shows_the_checkerboard(canvas: Canvas) -> None:
    clear = picture(100, 100, 4)
    clear[..., 3] = 0
    canvas.show_picture(image_of(clear), 1)
    shot = canvas.grab().toImage()
    middle = canvas._view.target().center().toPoint()
    shades = {shot.pixelColor(middle + QPoint(x, y)).name() for x in range(0, 40, 4) for y in range(0, 40, 4)}
    assert len(shades) == 2


def test_copy_keeps_alpha_and_opaque_pictures_stay_opaque(canvas: Canvas) -> None:
    canvas.show_picture(image_of(picture(10, 10, 4, 128)), 1)
    assert canvas.image().format() == QImage.Format.Format_RGBA8888
    canvas.show_picture(image_of(picture(10, 10, 3, 128)), 2)
    assert canvas.image().format() == QImage.Format.Format_RGB888


def test_a_large_picture_shown_small_is_averaged_not_sampled(canvas: Canvas) -> None:
    lines = picture(2000, 2000)
    lines[:, ::2] = 0
    canvas.show_picture(image_of(lines), 1)
    shot = canvas.grab().toImage()
    middle = canvas._view.target().center().toPoint()
    assert {abs(shot.pixelColor(middle + QPoint(x, 0)).red() - 100) < 12 for x in range(20)} == {True}


def test_an_averaged_copy_of_the_right_size_is_used(canvas: Canvas) -> None:
    canvas.show_picture(image_of(picture(2000, 2000)), 1)
    red = averaged(image_of(np.full((2000, 2000, 3), (255, 0, 0), np.uint8)), canvas.shown_size())
    canvas.show_picture(image_of(picture(2000, 2000)), 2, red)
    middle = canvas._view.target().center().toPoint()
    assert canvas.grab().toImage().pixelColor(middle).name() == "#ff0000"
    canvas.resize(250, 220)
    middle = canvas._view.target().center().toPoint()
    assert canvas.grab().toImage().pixelColor(middle).name() == "#c8c8c8"


def on_screen(canvas: Canvas) -> QImage:
    """What the window's own memory holds, painted or not."""
    return canvas.screen().grabWindow(canvas.winId()).toImage()


def lettering(rows: tuple[int, int], side: tuple[int, int] = (80, 120), channels: int = 3, **more: object) -> Asset:
    """A picture by palette whose ink stands in these rows only."""
    pixels = np.zeros((*side, 1), np.uint8)
    pixels[slice(*rows)] = np.random.default_rng(sum(rows)).integers(0, 256, (rows[1] - rows[0], side[1], 1))
    palette = np.repeat(np.arange(255, -1, -1, np.uint8)[:, None], channels, axis=1)
    return Asset(Recipe("p", "d", {}), pixels, palette=palette, rows=rows, **more)


@pytest.mark.parametrize("zoom", [0.0, 0.3, 1.0, 1.37, 5.0])
@pytest.mark.parametrize("channels", [3, 4])
def test_painting_only_the_changed_rows_leaves_the_same_window(canvas: Canvas, zoom: float, channels: int) -> None:
    first, second = lettering((20, 31), channels=channels), lettering((24, 44), channels=channels)
    canvas.show_picture(prepare(first, canvas.shown_size()).image, 1)
    if zoom:
        canvas.zoom_by(zoom / canvas.zoom)
    QApplication.processEvents()
    made = prepare(second, QSize(), first)
    assert (made.before, made.first, made.strip.height()) == (first, 20, 24)
    before, told = on_screen(canvas), []
    canvas.painted.connect(told.append)
    canvas.show_strip(made.strip, made.first, 2)
    assert told == [2]
    partly = on_screen(canvas)
    canvas.show_picture(made.image, 3)
    assert partly == on_screen(canvas) != before


@pytest.mark.parametrize("zoom", [0.7, 1.0, 1.37])
@pytest.mark.parametrize("ends", [True, False])
def test_painting_without_the_ends_leaves_the_same_window(canvas: Canvas, zoom: float, ends: bool) -> None:
    first, second = lettering((20, 31)), lettering((24, 44))
    for one in (first, second):
        one.pixels[:, :3 * (not ends)] = one.pixels[:, 117:] = 0
    canvas.show_picture(prepare(first, canvas.shown_size()).image, 1)
    canvas.zoom_by(zoom / canvas.zoom)
    QApplication.processEvents()
    made = prepare(second, QSize(), first)
    assert made.inside is not ends
    before = on_screen(canvas)
    canvas.show_strip(made.strip, made.first, 2, inside=made.inside)
    partly = on_screen(canvas)
    canvas.show_picture(made.image, 3)
    assert partly == on_screen(canvas) != before


def test_rows_that_did_not_change_are_not_painted(canvas: Canvas) -> None:
    canvas.show_picture(image_of(picture(64, 64)), 1)
    canvas._pixmap.fill(Qt.GlobalColor.red)
    canvas.show_strip(image_of(picture(64, 4, shade=20)), 0, 2)
    shown = on_screen(canvas)
    target = canvas._view.target()
    assert shown.pixelColor(target.center().toPoint()).red() == 200
    assert shown.pixelColor(target.center().toPoint().x(), int(target.top()) + 1).red() == 20


def test_rows_are_told_only_where_all_else_is_equal() -> None:
    one = lettering((20, 31))
    assert changed_rows(one, lettering((5, 9))) == (5, 31)
    assert changed_rows(lettering((0, 0)), lettering((0, 0))) is None
    assert changed_rows(one, lettering((5, 9), (80, 121))) is None
    assert changed_rows(one, lettering((5, 9), full=(240, 160))) is None
    assert changed_rows(one, replace(one, rows=None)) is None
    assert changed_rows(one, replace(one, palette=None)) is None
    assert changed_rows(one, replace(one, palette=one.palette[::-1])) is None
