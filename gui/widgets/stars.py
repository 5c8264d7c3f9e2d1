"""Five stars: how good something is, by click or key; the same star again takes the rating away."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

BEST = 5
SIDE, GAP = 18, 4
WAIST = 0.45
"""How deep a star is cut in."""


def star(box: QRectF) -> QPolygonF:
    """A star with five points, as large as `box` lets it be."""
    middle, reach = box.center(), min(box.width(), box.height()) / 2
    corners = []
    for corner in range(10):
        angle = -math.pi / 2 + corner * math.pi / 5
        far = reach if corner % 2 == 0 else reach * WAIST
        corners.append(QPointF(middle.x() + far * math.cos(angle), middle.y() + far * math.sin(angle)))
    return QPolygonF(corners)


class Stars(QWidget):
    """A rating that can be changed: 0 to 5."""

    rated = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rating = 0
        self._over = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("Rate it: keys 1 to 5, 0 for none"))
        self.setAccessibleName(self.tr("Rating"))
        theme.changed.connect(self.update)

    @property
    def rating(self) -> int:
        """What is shown."""
        return self._rating

    def show_rating(self, rating: int) -> None:
        """So many stars."""
        self._rating = rating
        self.setAccessibleDescription(str(rating))
        self.update()

    def sizeHint(self) -> QSize:
        """Five stars beside each other."""
        return QSize(BEST * (SIDE + GAP), SIDE + GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Full ones in gold, the others as outlines; under the mouse what a click would give."""
        del event
        colors, painter = self._theme.colors, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = self._over or self._rating
        for place in range(1, BEST + 1):
            full = place <= shown
            edge = colors.star if full else colors.accent if self.hasFocus() else colors.border_strong
            painter.setPen(QPen(QColor(edge), 1.2))
            painter.setBrush(QColor(colors.star) if full else Qt.BrushStyle.NoBrush)
            painter.drawPolygon(star(QRectF((place - 1) * (SIDE + GAP) + 1, GAP / 2 + 1, SIDE - 2, SIDE - 2)))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What a click would give."""
        self._over = self._place_at(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """What is so."""
        super().leaveEvent(event)
        self._over = 0
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Rate."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            place = self._place_at(event)
            self.rated.emit(0 if place == self._rating else place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits say it, arrows step."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if event.text() in {"0", "1", "2", "3", "4", "5"}:
            self.rated.emit(int(event.text()))
        elif step:
            self.rated.emit(min(BEST, max(0, self._rating + step)))
        else:
            super().keyPressEvent(event)

    def _place_at(self, event: QMouseEvent) -> int:
        return min(BEST, max(1, int(event.position().x()) // (SIDE + GAP) + 1))
