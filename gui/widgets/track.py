"""A slider's track: real values, filled from the default; a click jumps, Shift is fine, a double-click resets."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from gui.theme import Theme

HANDLE = 15.0
GROOVE = 4.0
FINE = 0.1
"""Shift-drag moves the handle by this share of the mouse's way."""


class Track(QSlider):
    """A horizontal slider over [low, high] in steps. Mouse ticks come between `pressed` and `released`."""

    moved = Signal(float)
    pressed = Signal()
    released = Signal()
    reset_wanted = Signal()

    def __init__(self, low: float, high: float, step: float, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._low, self._step = low, step
        self._theme = theme
        self._origin = low
        self._exact = 0.0              # position of a drag in steps, before rounding
        self._last_x = 0.0
        self._muted = False
        self.setRange(0, max(1, round((high - low) / step)))
        self.setSingleStep(max(1, round(self.maximum() / 60)))
        self.setPageStep(max(1, round(self.maximum() / 12)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self._announce)

    def sizeHint(self) -> QSize:
        """Wide, one handle high with room for the focus ring."""
        return QSize(200, 22)

    def set_origin(self, value: float) -> None:
        """The value that the filled part starts from: the control's default."""
        self._origin = value
        self.update()

    def set_real(self, value: float) -> None:
        """Show `value` without announcing it (values between steps are shown at the nearest)."""
        self._muted = True
        self.setValue(round((value - self._low) / self._step))
        self._muted = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle, or jump to the click and take it there; with Shift it stays where it is."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self.pressed.emit()
        x = event.position().x()
        self._last_x = x
        on_handle = abs(x - self._x_of(self.value())) <= HANDLE / 2
        if not on_handle and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._exact = self._steps_at(x)
            self.setValue(round(self._exact))
        else:
            self._exact = float(self.value())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse, slowly while Shift is held."""
        if not self.isSliderDown():
            return
        x = event.position().x()
        share = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        moved = (x - self._last_x) * share * self.maximum() / self._span()
        self._last_x = x
        self._exact += moved
        self.setValue(round(min(float(self.maximum()), max(0.0, self._exact))))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: the drag is one undo step from here."""
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the default."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step, Shift+arrows step finely, Delete resets."""
        fine = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and event.key() in fine:
            self.setValue(self.value() + fine[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.reset_wanted.emit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with focus: scrolling the panel must not move the sliders under the cursor."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Groove, fill from the default to the value, a tick at the default, the handle."""
        del event
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        here, origin = self._x_of(self.value()), self._x_of((self._origin - self._low) / self._step)
        painter.setBrush(QColor(colors.track))
        left = HANDLE / 2
        painter.drawRoundedRect(QRectF(left, middle - GROOVE / 2, self._span(), GROOVE), GROOVE / 2, GROOVE / 2)
        fill = QColor(colors.accent if self.isEnabled() else colors.disabled)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(min(here, origin), middle - GROOVE / 2, abs(here - origin), GROOVE),
                                GROOVE / 2, GROOVE / 2)
        painter.setBrush(QColor(colors.muted))
        painter.drawRoundedRect(QRectF(origin - 1, middle - 5, 2, 10), 1, 1)
        self._paint_handle(painter, QPointF(here, middle), fill)
        painter.end()

    def _paint_handle(self, painter: QPainter, at: QPointF, fill: QColor) -> None:
        colors = self._theme.colors
        if self.hasFocus():
            ring = QColor(colors.accent)
            ring.setAlpha(80)
            painter.setBrush(ring)
            painter.drawEllipse(at, HANDLE / 2 + 3, HANDLE / 2 + 3)
        painter.setBrush(QColor("#ffffff") if colors.name == "dark" else QColor(colors.panel))
        painter.setPen(QPen(fill, 2.0 if not self.isSliderDown() else 4.0))
        radius = HANDLE / 2 - 1.5 if not self.isSliderDown() else HANDLE / 2 - 2.0
        painter.drawEllipse(at, radius, radius)

    def _announce(self, steps: int) -> None:
        if not self._muted:
            self.moved.emit(self._low + steps * self._step)

    def _span(self) -> float:
        return max(1.0, self.width() - HANDLE)

    def _x_of(self, steps: float) -> float:
        return HANDLE / 2 + self._span() * steps / self.maximum()

    def _steps_at(self, x: float) -> float:
        return min(float(self.maximum()), max(0.0, (x - HANDLE / 2) / self._span() * self.maximum()))
