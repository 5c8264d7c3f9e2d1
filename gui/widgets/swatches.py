"""A row of colours that can be chosen, moved, added and taken away by mouse and by key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

MOST = 12
PALETTE_KIND = "application/x-latent-atelier-palette"
"""What a dragged palette calls itself: UTF-8 text "#rrggbb #rrggbb ..."."""
TALL, GAP, ROUND, WIDEST = 30, 4, 5.0, 44
PULL = 6
"""So many pixels make a drag of a press."""


class SwatchRow(QWidget):
    """Colours "#rrggbb" side by side and a cell that adds one. Every change is told as the whole new list."""

    changed = Signal(object)               # list of "#rrggbb"
    opened = Signal(int)                   # the chooser is wanted for this place
    added = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colors: list[str] = []
        self._at = 0                       # where the keys are
        self._pressed = -1
        self._from = QPointF()
        self._moving: list[str] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(TALL + 2)
        self.setToolTip("<p>" + self.tr("Click to change a colour, drag to move it. Arrow keys choose, Ctrl+arrows "
                                        "move, Enter changes, Delete takes away.") + "</p>")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(240, TALL + 2)

    @property
    def colors(self) -> list[str]:
        """What is shown."""
        return list(self._colors)

    def show_colors(self, colors: Sequence[str]) -> None:
        """Other colours."""
        self._colors = list(colors)
        self._moving = None
        self._at = min(self._at, max(0, len(self._cells()) - 1))
        self.setAccessibleDescription(", ".join(self._colors))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rounded cells; the last one is a plus."""
        del event
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = self._colors if self._moving is None else self._moving
        for place, box in enumerate(self._cells()):
            edge = colors.accent if self.hasFocus() and place == self._at else colors.border_strong
            painter.setPen(QPen(QColor(edge), 2 if edge == colors.accent else 1))
            painter.setBrush(QColor(shown[place]) if place < len(shown) else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, ROUND, ROUND)
            if place >= len(shown):
                painter.setPen(QPen(QColor(colors.muted), 1.6))
                middle = box.center()
                painter.drawLine(middle - QPointF(5, 0), middle + QPointF(5, 0))
                painter.drawLine(middle - QPointF(0, 5), middle + QPointF(0, 5))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a colour."""
        place = self._place_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._pressed, self._at, self._from = place, place, event.position()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it along."""
        moved = abs(event.position().x() - self._from.x())
        if not 0 <= self._pressed < len(self._colors) or (self._moving is None and moved < PULL):
            return
        place = min(len(self._colors) - 1, max(0, self._place_at(event.position().x())))
        self._moving = list(self._colors)
        self._moving.insert(place, self._moving.pop(self._pressed))
        self._at = place
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go where it is; a click that did not move opens the chooser."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed < 0:
            return
        place, self._pressed = self._pressed, -1
        if self._moving is not None:
            moved, self._moving = self._moving, None
            if moved != self._colors:
                self.changed.emit(moved)
            self.update()
        elif place == self._place_at(event.position().x()):
            self._open(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, with Ctrl they move; Enter opens; Delete takes away."""
        keys = Qt.Key
        by = {keys.Key_Left: -1, keys.Key_Right: 1}.get(keys(event.key()), 0)
        if by and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move(by)
        elif by:
            self._at = min(len(self._cells()) - 1, max(0, self._at + by))
            self.update()
        elif event.key() in {keys.Key_Return, keys.Key_Enter, keys.Key_Space}:
            self._open(self._at)
        elif event.key() in {keys.Key_Delete, keys.Key_Backspace} and self._at < len(self._colors):
            self.changed.emit(self._colors[:self._at] + self._colors[self._at + 1:])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys are."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Not any more."""
        super().focusOutEvent(event)
        self.update()

    def _move(self, by: int) -> None:
        to = self._at + by
        if self._at < len(self._colors) and 0 <= to < len(self._colors):
            moved = list(self._colors)
            moved.insert(to, moved.pop(self._at))
            self._at = to
            self.changed.emit(moved)

    def _open(self, place: int) -> None:
        if place < len(self._colors):
            self.opened.emit(place)
        else:
            self.added.emit()

    def _cells(self) -> list[QRectF]:
        count = len(self._colors) + (len(self._colors) < MOST)
        wide = min(float(WIDEST), (self.width() - GAP * (count - 1)) / count)
        return [QRectF(place * (wide + GAP) + 1, 1, wide - 2, TALL) for place in range(count)]

    def _place_at(self, x: float) -> int:
        return next((place for place, box in enumerate(self._cells()) if x <= box.right() + GAP / 2), -1)
