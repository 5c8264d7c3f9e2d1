"""The picture: zoom at the cursor, pan, fit and one-to-one, a checkerboard under transparency."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPointingDevice,
    QRegion,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.view import REACH, View

if TYPE_CHECKING:
    from gui.widgets.mask_tool import MaskTool

PIXEL_ZOOM = 3.0
"""From here on pixels are shown as squares; below, zooming is smooth."""
AVERAGE_BELOW = 0.55
"""Below this zoom an averaged copy is drawn, because bilinear drawing would drop thin strokes."""
CHECK = 8


class Canvas(QWidget):
    """Shows one picture. `painted` tells the stamp of a frame after it has really reached the window."""

    painted = Signal(int)
    zoomed = Signal(float)             # device pixels per picture pixel

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = View()
        self._pixmap = QPixmap()
        self._averaged: QPixmap | None = None
        self._draft = False
        self._stamp = 0
        self._told = 0
        self._at_once = False              # being painted by `repaint`, which returns when the screen has it
        self._grabbed: QPoint | None = None
        self._space = False
        self._tool: MaskTool | None = None
        self._checks = QBrush()
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 200)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Picture"))
        theme.changed.connect(self._restyle)
        self._restyle()

    def sizeHint(self) -> QSize:
        """Most of the window."""
        return QSize(900, 640)

    def show_picture(self, image: QImage, stamp: int, small: QImage | None = None, full: QSize | None = None) -> None:
        """Draw a new picture; `stamp` comes back through `painted`.

        `small` is the same picture averaged down; it is used if it has just the size that is shown. `full` is the size
        of the picture that a draft stands for: the draft is drawn in its place, so that nothing jumps.
        """
        self._pixmap = QPixmap.fromImage(image)
        self._draft = full is not None and not full.isEmpty()
        self._averaged = None if small is None or small.isNull() else QPixmap.fromImage(small)
        size = full if full is not None and self._draft else self._pixmap.size()
        if self._view.set_picture(size.width(), size.height()):
            self.zoomed.emit(self._view.zoom)
            self.setAccessibleDescription(self.tr("{0} by {1} pixels").format(size.width(), size.height()))
        self._show(stamp, self.rect())

    def show_strip(self, strip: QImage, first: int, stamp: int, *, inside: bool = False) -> None:
        """In the picture shown now only the rows of `strip` are new, from `first` on; the rest is left alone.

        With their ends if those are not the same as before (`inside`).
        """
        painter = QPainter(self._pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(0, first, strip)
        painter.end()
        self._averaged = None
        self._show(stamp, self._band(first, first + strip.height(), inside=inside))

    def _show(self, stamp: int, where: QRect) -> None:
        """Paint at once, not with the next event: whoever drags waits for this and for nothing else in the window."""
        self._stamp = stamp
        self._at_once = True
        self.repaint(where)
        self._at_once = False
        if self._told == stamp:
            self._tell()

    def _band(self, first: int, last: int, *, inside: bool) -> QRect:
        """Where these rows of the picture are in the window, with what smooth drawing lets them reach.

        Only the `inside`: no backdrop and no hairline has to be drawn with it.
        """
        target = self._view.target()
        step = target.height() / self._pixmap.height()
        top, bottom = target.top() + (first - REACH) * step, target.top() + (last + REACH) * step
        band = QRectF(target.left(), top, target.width(), bottom - top).toAlignedRect()
        band = band.adjusted(-REACH, -REACH, REACH, REACH).intersected(self.rect())
        return band.intersected(self._hidden(target)) if inside and not self._pixmap.hasAlphaChannel() else band

    def clear(self) -> None:
        """Back to the empty canvas."""
        self._pixmap = QPixmap()
        self._averaged = None
        self.update()

    @property
    def has_picture(self) -> bool:
        """Whether there is something to copy."""
        return not self._pixmap.isNull()

    @property
    def draft(self) -> bool:
        """Whether a draft stands in for the picture."""
        return self._draft

    @property
    def zoom(self) -> float:
        """Device pixels per picture pixel."""
        return self._view.zoom

    def shown_size(self) -> QSize:
        """The picture's extent on the screen in device pixels; empty while there is none."""
        if self._pixmap.isNull():
            return QSize()
        target, ratio = self._view.target(), self.devicePixelRatioF()
        return QSize(max(1, round(target.width() * ratio)), max(1, round(target.height() * ratio)))

    def image(self) -> QImage:
        """The picture as shown, for the clipboard; straight alpha."""
        image = self._pixmap.toImage()
        wanted = QImage.Format.Format_RGBA8888 if image.hasAlphaChannel() else QImage.Format.Format_RGB888
        return image.convertToFormat(wanted)

    @property
    def tool(self) -> MaskTool | None:
        """What the hand holds; None: nothing, it moves the picture."""
        return self._tool

    def take_tool(self, tool: MaskTool | None) -> None:
        """Paint with `tool` from now on, or lay it down. Space and the middle button still move the picture."""
        if self._tool is not None:
            self._tool.spoiled.disconnect(self._spoiled)
        self._tool = tool
        self.setMouseTracking(tool is not None)
        if tool is not None:
            tool.spoiled.connect(self._spoiled)
        self._point()
        self.update()

    def fit(self) -> None:
        """The whole picture, as large as the window allows; stays fitted when the window changes."""
        self._view.fit()
        self._viewed()

    def actual_size(self) -> None:
        """One picture pixel per pixel of the screen."""
        self._view.zoom_to(1.0, self._middle())
        self._viewed()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom about the point `at` of this widget (default: its middle)."""
        self._view.zoom_to(self._view.zoom * factor, at if at is not None else self._middle())
        self._viewed()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Backdrop, checkerboard, picture, hairline; then tell the stamp once the window has been flushed."""
        painter = QPainter(self)
        around = event.region().subtracted(self._covered())
        if not around.isEmpty():
            painter.setClipRegion(around)
            painter.fillRect(event.rect(), QColor(self._theme.colors.canvas))
            painter.setClipping(False)
        if not self._pixmap.isNull():
            self._paint_picture(painter, edge=not around.isEmpty())
            if self._tool is not None:
                self._tool.paint(painter, self._view.target())
        painter.end()
        if self._stamp != self._told:
            self._told = self._stamp
            if not self._at_once:
                # The flush to the screen follows this call in the same event: tell in the next one.
                QTimer.singleShot(0, self, self._tell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the fit."""
        super().resizeEvent(event)
        self._view.set_window(self.width(), self.height(), self.devicePixelRatioF())
        self._viewed()

    def event(self, event: QEvent) -> bool:
        """Pinch on a touch pad; a new device-pixel ratio."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1.0 + event.value(), event.position())
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._view.set_window(self.width(), self.height(), self.devicePixelRatioF())
            self._viewed()
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms at the cursor; without it the wheel pans."""
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1.2 ** ((delta.y() or delta.x()) / 120), event.position())
        else:
            moved = event.pixelDelta() if not event.pixelDelta().isNull() else delta / 2
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not moved.x():
                moved = moved.transposed()
            self._pan(QPointF(moved))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The tool begins; else left (with or without Space) or middle button takes hold of the picture."""
        if self._tool is not None and event.button() == Qt.MouseButton.LeftButton and not self._space:
            self._tool.press(self._view.picture_point(event.position()))
        elif event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            self._grabbed = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the held picture, or the tool."""
        if self._grabbed is not None:
            here = event.position().toPoint()
            self._pan(QPointF(here - self._grabbed))
            self._grabbed = here
        elif self._tool is not None:
            self._tool.move(self._view.picture_point(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._grabbed is None and self._tool is not None and event.button() == Qt.MouseButton.LeftButton:
            self._tool.release()
        self._grabbed = None
        self._point()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen paints as hard as it presses; without a tool it is a mouse."""
        tool, at = self._tool, self._view.picture_point(event.position())
        if tool is None or self._space or self._grabbed is not None:
            event.ignore()
            return
        event.accept()
        if event.type() == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
            tool.press(at, event.pressure(), eraser=eraser)
        elif event.type() == QEvent.Type.TabletMove:
            tool.move(at, event.pressure())
        elif event.type() == QEvent.Type.TabletRelease:
            tool.release()

    def leaveEvent(self, event: QEvent) -> None:
        """The tool's ring goes with the mouse."""
        super().leaveEvent(event)
        if self._tool is not None:
            self._tool.leave()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Between the whole picture and its pixels; with a tool it is a second press."""
        if self._tool is not None:
            self.mousePressEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton and self.has_picture:
            if self._view.fitted:
                self._view.zoom_to(1.0, event.position())
                self._viewed()
            else:
                self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space shows the hand, arrows pan, a tool has keys of its own."""
        if self._tool is not None and self._tool.key(event):
            return
        keys = Qt.Key
        steps = {keys.Key_Left: (60, 0), keys.Key_Right: (-60, 0), keys.Key_Up: (0, 60), keys.Key_Down: (0, -60)}
        if event.key() == Qt.Key.Key_Space:
            self._space = True
            self._point()
        elif event.key() in steps:
            self._pan(QPointF(*steps[Qt.Key(event.key())]))
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space up: the hand goes."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._point()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key released elsewhere is never seen here."""
        self._space = False
        self._point()
        super().focusOutEvent(event)

    def _paint_picture(self, painter: QPainter, *, edge: bool) -> None:
        """The picture, and the hairline around it where its `edge` is to be seen."""
        target = self._view.target()
        whole = QRectF(target).toAlignedRect()
        if self._pixmap.hasAlphaChannel():
            painter.setBrushOrigin(whole.topLeft())
            painter.fillRect(whole.intersected(self.rect()), self._checks)
        pixmap = self._scaled_down()
        smooth = self._draft or self._view.zoom < PIXEL_ZOOM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
        if edge:
            painter.setPen(QPen(QColor(self._theme.colors.border), 1))
            painter.drawRect(QRect(whole.topLeft() - QPoint(1, 1), whole.size() + QSize(1, 1)))

    def _covered(self) -> QRegion:
        """Where the picture hides the backdrop whole."""
        if self._pixmap.isNull() or self._pixmap.hasAlphaChannel():
            return QRegion()
        return QRegion(self._hidden(self._view.target()))

    def _hidden(self, target: QRectF) -> QRect:
        """The backdrop's whole pixels under a picture in that place."""
        corner = QPoint(math.ceil(target.left()), math.ceil(target.top()))
        return QRect(corner, QPoint(math.floor(target.right()) - 1, math.floor(target.bottom()) - 1))

    def _scaled_down(self) -> QPixmap:
        """The picture, averaged to its size on screen when it is shown much smaller than it is."""
        if self._draft or self._view.zoom >= AVERAGE_BELOW:
            return self._pixmap
        size = self.shown_size()
        if self._averaged is None or self._averaged.size() != size:
            self._averaged = self._pixmap.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio,
                                                 Qt.TransformationMode.SmoothTransformation)
        return self._averaged

    def _tell(self) -> None:
        self.painted.emit(self._told)

    def _pan(self, moved: QPointF) -> None:
        self._view.pan(moved)
        self._viewed()

    def _viewed(self) -> None:
        self.zoomed.emit(self._view.zoom)
        self.update()

    def _middle(self) -> QPointF:
        return QRectF(self.rect()).center()

    def _spoiled(self, box: QRectF) -> None:
        """A part of the picture looks different under the tool; a null one: all of it."""
        where = self._view.window_box(box).toAlignedRect().adjusted(-REACH, -REACH, REACH, REACH)
        self.update(self.rect() if box.isNull() else where)

    def _point(self) -> None:
        """The cursor: a hand while Space is down, a cross under the ring of a tool."""
        if self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._tool is not None:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    def _restyle(self) -> None:
        """The checkerboard in the colours of the theme."""
        tile = QPixmap(2 * CHECK, 2 * CHECK)
        tile.fill(QColor(self._theme.colors.checker_light))
        painter = QPainter(tile)
        for x, y in ((0, 0), (CHECK, CHECK)):
            painter.fillRect(x, y, CHECK, CHECK, QColor(self._theme.colors.checker_dark))
        painter.end()
        self._checks = QBrush(tile)
        self.update()
