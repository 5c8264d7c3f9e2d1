"""Two pictures at one place and one scale: side by side, or one over the other with an edge between them."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.canvas import AVERAGE_BELOW, PIXEL_ZOOM
from gui.widgets.view import View

GAP = 2
REACH = 9.0
"""So near to the edge the mouse takes hold of it."""
STEP = 0.02
LETTERS = "AB"


class Mode(StrEnum):
    """How two pictures are compared."""

    SIDES = "sides"
    WIPE = "wipe"


class CompareView(QWidget):
    """Zoom and place are one for both. While Space is held the two change places: what differs jumps out."""

    zoomed = Signal(float)                 # device pixels per pixel of the first picture
    flipped = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = View()
        self._pixmaps = [QPixmap(), QPixmap()]
        self._averaged: list[QPixmap | None] = [None, None]
        self._words = ["", ""]
        self._names = ("", "")
        self._mode = Mode.SIDES
        self._share = 0.5
        self._flip = False
        self._grabbed: QPointF | None = None
        self._pulling = False
        self.setObjectName("canvas")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(300, 160)
        self.setAccessibleName(self.tr("Comparison"))
        theme.changed.connect(self.update)

    @property
    def mode(self) -> Mode:
        """Side by side, or one over the other."""
        return self._mode

    @property
    def share(self) -> float:
        """Where the edge is, from 0 (left) to 1."""
        return self._share

    @property
    def view(self) -> View:
        """The place of the pictures in one half, or in the whole."""
        return self._view

    def begin(self, names: tuple[str, str], size: tuple[int, int]) -> None:
        """Another comparison: pictures of these names are to come, the first of `size` pixels."""
        self._pixmaps, self._averaged, self._words = [QPixmap(), QPixmap()], [None, None], ["", ""]
        self._names, self._flip, self._share = names, False, 0.5
        self._view.set_picture(*size)
        self._view.fit()
        self._viewed()

    def show_picture(self, place: int, image: QImage) -> None:
        """The picture at `place`, 0 or 1. The first one says how large the common place is."""
        self._pixmaps[place], self._averaged[place], self._words[place] = QPixmap.fromImage(image), None, ""
        if place == 0 and self._view.set_picture(image.width(), image.height()):
            self._viewed()
        self.update()

    def tell(self, place: int, words: str) -> None:
        """Why there is no picture at `place` yet."""
        self._words[place] = words
        self.update()

    def image(self, place: int) -> QImage:
        """The picture at `place`; null while it is not there."""
        return self._pixmaps[place].toImage()

    def set_mode(self, mode: Mode) -> None:
        """Compare in another way; the pictures stay fitted, or as near as they were."""
        self._mode = mode
        self._fit_window()

    def fit(self) -> None:
        """Both pictures whole."""
        self._view.fit()
        self._viewed()

    def actual_size(self) -> None:
        """One pixel of the first picture per pixel of the screen."""
        self._view.zoom_to(1.0, self._half().center())
        self._viewed()

    def sizeHint(self) -> QSize:
        """Most of the window."""
        return QSize(1000, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Both sides, what separates them, their letters."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.colors.canvas))
        for place in (0, 1):
            self._paint_side(painter, place)
        if self._mode is Mode.WIPE:
            self._paint_edge(painter)
        else:
            half = self._half().width()
            painter.fillRect(QRectF(half, 0, GAP, self.height()), QColor(self._theme.colors.border))
        for place in (0, 1):
            self._paint_name(painter, place)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the fit."""
        super().resizeEvent(event)
        self._fit_window()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms at the cursor; without it the wheel pans."""
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(1.2 ** ((delta.y() or delta.x()) / 120), event.position())
        else:
            moved = event.pixelDelta() if not event.pixelDelta().isNull() else delta / 2
            self._view.pan(QPointF(moved))
            self._viewed()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the edge, or of the pictures."""
        self.setFocus()
        if event.button() == Qt.MouseButton.LeftButton and self._near(event.position()):
            self._pulling = True
        elif event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held."""
        at = event.position()
        if self._pulling:
            self._part(at.x() / max(1, self.width()))
        elif self._grabbed is not None:
            self._view.pan(at - self._grabbed)
            self._grabbed = at
            self._viewed()
        elif self._near(at):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self._pulling = False
        self._grabbed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Between the whole pictures and their pixels."""
        if event.button() == Qt.MouseButton.LeftButton and self._view.fitted:
            self._view.zoom_to(1.0, self._local(event.position()))
            self._viewed()
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space changes the two, arrows move the edge, + - 0 1 zoom."""
        keys = Qt.Key
        middle = self._half().center()
        if event.key() == keys.Key_Space:
            self._turn(flip=True)
        elif event.key() in {keys.Key_Left, keys.Key_Right} and self._mode is Mode.WIPE:
            self._part(self._share + (STEP if event.key() == keys.Key_Right else -STEP))
        elif event.key() in {keys.Key_Plus, keys.Key_Equal}:
            self._zoom(1.25, middle)
        elif event.key() == keys.Key_Minus:
            self._zoom(0.8, middle)
        elif event.key() == keys.Key_0:
            self.fit()
        elif event.key() == keys.Key_1:
            self.actual_size()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space up: each in its own place again."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._turn(flip=False)
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key released elsewhere is never seen here."""
        super().focusOutEvent(event)
        self._turn(flip=False)

    def _turn(self, *, flip: bool) -> None:
        if flip != self._flip:
            self._flip = flip
            self.flipped.emit(flip)
            self.update()

    def _part(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.update()

    def _near(self, at: QPointF) -> bool:
        return self._mode is Mode.WIPE and abs(at.x() - self._share * self.width()) <= REACH

    def _zoom(self, factor: float, at: QPointF) -> None:
        self._view.zoom_to(self._view.zoom * factor, self._local(at))
        self._viewed()

    def _local(self, at: QPointF) -> QPointF:
        """A place of this widget within its half."""
        half = self._half().width() + GAP
        return QPointF(at.x() - half, at.y()) if self._mode is Mode.SIDES and at.x() >= half else at

    def _half(self) -> QRectF:
        """Where the first picture is seen."""
        wide = (self.width() - GAP) / 2 if self._mode is Mode.SIDES else self.width()
        return QRectF(0, 0, wide, self.height())

    def _box(self, place: int) -> QRectF:
        """Where the picture at `place` is to be seen."""
        half = self._half()
        if self._mode is Mode.SIDES:
            return half.translated(place * (half.width() + GAP), 0)
        edge = self._share * half.width()
        return QRectF(0, 0, edge, half.height()) if place == 0 else QRectF(edge, 0, half.width() - edge, half.height())

    def _target(self, place: int) -> QRectF:
        """Where the whole of it would lie: fitted into the place of the first one."""
        target = self._view.target()
        if self._mode is Mode.SIDES:
            target = target.translated(self._box(place).left(), 0)
        size = self._pixmaps[place ^ self._flip].size()
        scale = min(target.width() / size.width(), target.height() / size.height())
        area = QRectF(0, 0, size.width() * scale, size.height() * scale)
        area.moveCenter(target.center())
        return area

    def _fit_window(self) -> None:
        half = self._half()
        self._view.set_window(round(half.width()), round(half.height()), self.devicePixelRatioF())
        self._viewed()

    def _viewed(self) -> None:
        self.zoomed.emit(self._view.zoom)
        self.update()

    def _paint_side(self, painter: QPainter, place: int) -> None:
        box, shown = self._box(place), place ^ self._flip
        painter.save()
        painter.setClipRect(box)
        if self._pixmaps[shown].isNull():
            painter.setPen(QColor(self._theme.colors.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box.adjusted(24, 40, -24, -24), int(flags), self._words[shown])
        else:
            target = self._target(place)
            pixmap = self._ready(shown, target)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._view.zoom < PIXEL_ZOOM)
            if pixmap.hasAlphaChannel():
                painter.fillRect(target, QColor(self._theme.colors.checker_light))
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
        painter.restore()

    def _ready(self, place: int, target: QRectF) -> QPixmap:
        """The picture, averaged to its size on the screen when it is shown much smaller than it is."""
        pixmap, ratio = self._pixmaps[place], self.devicePixelRatioF()
        size = QSize(max(1, round(target.width() * ratio)), max(1, round(target.height() * ratio)))
        if size.width() >= AVERAGE_BELOW * pixmap.width():
            return pixmap
        known = self._averaged[place]
        if known is None or known.size() != size:
            known = self._averaged[place] = pixmap.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio,
                                                          Qt.TransformationMode.SmoothTransformation)
        return known

    def _paint_edge(self, painter: QPainter) -> None:
        """The line between the two, and the knob on it."""
        colors, x = self._theme.colors, self._share * self.width()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for ink, wide in ((colors.accent_text, 4), (colors.accent, 2)):    # to be seen on dark and on light pictures
            painter.setPen(QPen(QColor(ink), wide))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        knob = QPointF(x, self.height() / 2)
        painter.setPen(QPen(QColor(colors.accent_text), 2))
        painter.setBrush(QColor(colors.accent))
        painter.drawEllipse(knob, 13, 13)
        for way in (-1, 1):
            tip = knob + QPointF(way * 7, 0)
            painter.drawLine(tip, tip + QPointF(-way * 3.5, -3.5))
            painter.drawLine(tip, tip + QPointF(-way * 3.5, 3.5))

    def _paint_name(self, painter: QPainter, place: int) -> None:
        """The letter and the name of what is seen here, in its outer upper corner."""
        colors, box, shown = self._theme.colors, self._box(place), place ^ self._flip
        room = max(0, round(box.width()) - 28)
        if room < 40:  # noqa: PLR2004 - the edge is pushed to this side: no words there
            return
        words = f"{LETTERS[shown]}  {self._names[shown]}"
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room - 20)
        wide, high = painter.fontMetrics().horizontalAdvance(words) + 20, painter.fontMetrics().height() + 8
        right = place == 1 and self._mode is Mode.WIPE
        left = box.right() - 12 - wide if right else box.left() + 12
        pill = QRectF(left, 12, wide, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(QColor(colors.banner))
        painter.drawRoundedRect(pill, high / 2, high / 2)
        painter.setPen(QColor(colors.text))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
