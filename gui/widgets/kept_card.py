"""How one kept thing stands in the library's grid: what it is, its name, its stars, and whether its file is gone."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.theme import Theme
from gui.widgets.faces import KNOWN_ROLE, MISSING_ROLE, RATING_ROLE, paint_face
from gui.widgets.stars import star

LEAST, USUAL, LARGEST = 96, 152, 256
"""Sides of a picture's place, in logical pixels."""
CAPTION = 20
EDGE, INSET = 4, 6
STAR = 10
GONE = 0.35
"""How much is left to see of something whose file is gone."""


def cell_of(side: int) -> QSize:
    """The cell that has room for a picture of so many pixels and its caption."""
    return QSize(side + 2 * (EDGE + INSET), side * 3 // 4 + CAPTION + 2 * EDGE + INSET + 2)


class KeptCard(QStyledItemDelegate):
    """Paints one row of the library."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        """Card, face, caption, ring."""
        colors, state = self._theme.colors, option.state
        box: QRect = option.rect.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        chosen, over = bool(state & QStyle.StateFlag.State_Selected), bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(QColor(colors.pressed if chosen else colors.hover if over else colors.panel))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if index.data(KNOWN_ROLE):
            self._paint_known(painter, index, box)
        if chosen or bool(state & QStyle.StateFlag.State_HasFocus):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent if chosen else colors.muted), 2))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 6, 6)
        painter.restore()

    def _paint_known(self, painter: QPainter, index: QModelIndex | QPersistentModelIndex, box: QRect) -> None:
        inside = box.adjusted(INSET, INSET, -INSET, -CAPTION - 2)
        gone = bool(index.data(MISSING_ROLE))
        painter.setOpacity(GONE if gone else 1.0)
        paint_face(painter, index, inside, self._theme)
        painter.setOpacity(1.0)
        foot = QRect(box.left() + INSET + 1, box.bottom() - CAPTION - 1, box.width() - 2 * INSET - 2, CAPTION)
        if gone:
            mark = self._theme.pixmap("triangle-alert", self._theme.colors.warning, 18)
            painter.drawPixmap(inside.center().x() - 9, inside.center().y() - 9, mark)
        rating = int(index.data(RATING_ROLE) or 0)
        if rating:
            paint_stars(painter, foot, rating, QColor(self._theme.colors.star))
            foot.setRight(foot.right() - rating * (STAR + 1) - 4)
        painter.setFont(self._theme.small(painter.font()))
        painter.setPen(QColor(self._theme.colors.muted))
        name = str(index.data(Qt.ItemDataRole.DisplayRole))
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                         painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, foot.width()))


def paint_stars(painter: QPainter, box: QRect, count: int, color: QColor) -> None:
    """So many full stars at the right end of `box`."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for place in range(count):
        left = box.right() - (count - place) * (STAR + 1)
        painter.drawPolygon(star(QRectF(left, box.center().y() - STAR / 2, STAR, STAR)))
    painter.restore()
