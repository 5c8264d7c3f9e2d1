"""A mask and the brush that paints it: soft round dabs along the hand's way, shown as a colour over the picture."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen

LEAST, MOST = 2.0, 1000.0
"""Diameter of the brush in pixels of the picture."""
GROWTH = 1.2
SPACING = 0.1
"""Dabs of one stroke lie so far apart, in diameters."""
OPACITY = 150
COLORS = ("#ff3b5c", "#22c55e", "#3b82f6", "#facc15")
"""What can be seen over most pictures; a person picks one."""
_RIM = 0.04
"""Least share of the radius over which the edge falls off: a harder one would show steps."""


class MaskTool(QObject):
    """Paints into a grey mask, white where the picture is to be made anew. One `stroked` for each stroke."""

    stroked = Signal()                     # a stroke is over: the mask is another one
    spoiled = Signal(object)               # QRectF of the picture that has to be drawn again; null: all
    settings_changed = Signal()            # size, softness, eraser, colour

    def __init__(self, width: int, height: int, mask: QImage | None = None) -> None:
        """A mask of `width` x `height`; `mask`, of any size, is what it begins with."""
        super().__init__()
        self._levels: NDArray[np.uint8] = np.zeros((height, width), np.uint8)
        self._overlay: NDArray[np.uint8] = np.zeros((height, width, 4), np.uint8)
        self._image = QImage(self._overlay.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        self.size = max(LEAST, min(MOST, round(max(width, height) / 12)))
        self.softness = 0.3
        self.erasing = False
        self.color = COLORS[0]
        self._at: QPointF | None = None    # where the brush hovers, in pixels of the picture
        self._last: QPointF | None = None  # of the stroke
        self._pressure = 1.0
        self._erases = False
        if mask is not None and not mask.isNull():
            self.load(mask)

    @property
    def empty(self) -> bool:
        """Whether nothing is masked."""
        return not self._levels.any()

    @property
    def levels(self) -> NDArray[np.uint8]:
        """The mask itself, uint8 [height, width]."""
        return self._levels

    def image(self) -> QImage:
        """A copy of the mask, 8-bit grey."""
        height, width = self._levels.shape
        return QImage(self._levels.data, width, height, width, QImage.Format.Format_Grayscale8).copy()

    def load(self, mask: QImage) -> None:
        """Begin with another mask, of any size."""
        height, width = self._levels.shape
        grey = mask.convertToFormat(QImage.Format.Format_Grayscale8)
        if (grey.width(), grey.height()) != (width, height):
            grey = grey.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio,
                               Qt.TransformationMode.SmoothTransformation)
            grey = grey.convertToFormat(QImage.Format.Format_Grayscale8)
        rows = np.frombuffer(grey.constBits(), np.uint8).reshape(height, grey.bytesPerLine())
        self._levels[:] = rows[:, :width]
        self._show_all()

    def clear(self) -> None:
        """Nothing masked, as one stroke."""
        self._levels[:] = 0
        self._show_all()
        self.stroked.emit()

    def invert(self) -> None:
        """Inside out, as one stroke."""
        np.subtract(255, self._levels, out=self._levels)
        self._show_all()
        self.stroked.emit()

    def set_color(self, color: str) -> None:
        """Show the mask in another colour."""
        self.color = color
        self._show_all()
        self.settings_changed.emit()

    def set_size(self, size: float) -> None:
        """Another diameter."""
        self.size = max(LEAST, min(MOST, size))
        self.spoiled.emit(QRectF())
        self.settings_changed.emit()

    def set_softness(self, softness: float) -> None:
        """0: a hard edge; 1: soft from the middle on."""
        self.softness = max(0.0, min(1.0, softness))
        self.settings_changed.emit()

    def set_erasing(self, erasing: bool) -> None:
        """Brush or eraser."""
        self.erasing = erasing
        self.settings_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """[ and ] change the size, X turns the brush round; whether the key was one of these."""
        deeds = {Qt.Key.Key_BracketLeft: lambda: self.set_size(self.size / GROWTH),
                 Qt.Key.Key_BracketRight: lambda: self.set_size(self.size * GROWTH),
                 Qt.Key.Key_X: lambda: self.set_erasing(not self.erasing)}
        deed = deeds.get(Qt.Key(event.key()))
        if deed is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        deed()
        return True

    def press(self, at: QPointF, pressure: float = 1.0, *, eraser: bool = False) -> None:
        """A stroke begins; `eraser`: with the other end of the pen."""
        self._erases = eraser or self.erasing
        self._last = at
        self._pressure = pressure
        self._spoil(self._dab(at, pressure))

    def move(self, at: QPointF, pressure: float = 1.0) -> None:
        """The hand is here now; between press and release it paints."""
        before, self._at = self._at, at
        spoiled = self._ring(before) | self._ring(at)
        if self._last is not None:
            spoiled |= QRectF(self._stroke(self._last, at, pressure))
        self.spoiled.emit(spoiled)

    def release(self) -> None:
        """The stroke is over."""
        if self._last is not None:
            self._last = None
            self.stroked.emit()

    def leave(self) -> None:
        """The hand is elsewhere."""
        if self._at is not None:
            ring, self._at = self._ring(self._at), None
            self.spoiled.emit(ring)

    def paint(self, painter: QPainter, target: QRectF) -> None:
        """The mask over the picture at `target`, and the ring of the brush."""
        height, width = self._levels.shape
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._image, QRectF(0, 0, width, height))
        if self._at is None:
            return
        scale = target.width() / width
        middle = target.topLeft() + self._at * scale
        radius = self.size / 2 * scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, wide in (("#000000", 2.6), ("#ffffff", 1.2)):
            pen = QPen(QColor(color), wide)
            if self.erasing:
                pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.drawEllipse(middle, radius, radius)

    def _stroke(self, start: QPointF, end: QPointF, pressure: float) -> QRect:
        """Dabs from `start` (not again) to `end`; the box they spoiled."""
        way = end - start
        length = math.hypot(way.x(), way.y())
        count = int(length / max(1.0, SPACING * self.size))
        spoiled = QRect()
        for step in range(1, count + 1):
            share = step / count
            at = start + way * share
            spoiled |= self._dab(at, self._pressure + (pressure - self._pressure) * share)
        if count:
            self._last, self._pressure = end, pressure
            self._show(spoiled)
        return spoiled

    def _dab(self, at: QPointF, pressure: float) -> QRect:
        """One round mark: a pen that presses less makes a smaller one."""
        height, width = self._levels.shape
        radius = max(0.5, self.size / 2 * (0.15 + 0.85 * max(0.0, min(1.0, pressure))))
        box = QRectF(at.x() - radius - 1, at.y() - radius - 1, 2 * radius + 2, 2 * radius + 2).toAlignedRect()
        box = box.intersected(QRect(0, 0, width, height))
        if box.isEmpty():
            return box
        rows = np.arange(box.top(), box.bottom() + 1, dtype=np.float32)[:, None] + 0.5 - np.float32(at.y())
        columns = np.arange(box.left(), box.right() + 1, dtype=np.float32)[None] + 0.5 - np.float32(at.x())
        rim = max(_RIM, self.softness, 1 / radius)
        near = (1 - np.sqrt(rows * rows + columns * columns) / radius) / rim
        dab = (np.clip(near + (rim < 2 / radius) * 0.5, 0, 1) * 255 + 0.5).astype(np.uint8)
        part = self._levels[box.top():box.bottom() + 1, box.left():box.right() + 1]
        if self._erases:
            np.minimum(part, 255 - dab, out=part)
        else:
            np.maximum(part, dab, out=part)
        return box

    def _spoil(self, box: QRect) -> None:
        self._show(box)
        self.spoiled.emit(QRectF(box))

    def _show(self, box: QRect) -> None:
        """The overlay follows the mask inside `box`."""
        if box.isEmpty():
            return
        rows, columns = slice(box.top(), box.bottom() + 1), slice(box.left(), box.right() + 1)
        color = QColor(self.color)
        alpha = self._levels[rows, columns].astype(np.uint16) * OPACITY // 255
        for channel, level in enumerate((color.blue(), color.green(), color.red(), 255)):
            self._overlay[rows, columns, channel] = alpha * level // 255

    def _show_all(self) -> None:
        height, width = self._levels.shape
        self._show(QRect(0, 0, width, height))
        self.spoiled.emit(QRectF())

    def _ring(self, at: QPointF | None) -> QRectF:
        """What the ring of the brush covers there."""
        if at is None:
            return QRectF()
        reach = self.size / 2 + 3
        return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
