"""How something that was kept is painted small: a picture fitted, a text in its first lines, a palette in stripes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath

from gui.theme import Theme

TEXT_ROLE, COLORS_ROLE, RATING_ROLE, MISSING_ROLE, KNOWN_ROLE = (Qt.ItemDataRole.UserRole + n for n in range(1, 6))
"""What a row says, and its colours "#rrggbb" (a list); both empty for pictures. Its rating 0 to 5, whether its file is
gone, and whether all this is known yet."""


def paint_face(painter: QPainter, index: QModelIndex | QPersistentModelIndex, box: QRect, theme: Theme) -> None:
    """What lies in a row, within `box`."""
    colors = theme.colors
    icon, text, palette = (index.data(role) for role in (Qt.ItemDataRole.DecorationRole, TEXT_ROLE, COLORS_ROLE))
    painter.save()
    if isinstance(icon, QIcon) and not icon.isNull():
        paint_fitted(painter, icon, box, QColor(colors.checker_light))
    elif text:
        paint_text(painter, str(text), box.adjusted(3, 1, -3, -1), QColor(colors.text))
    elif palette:
        paint_stripes(painter, palette, box)
    painter.restore()


def paint_fitted(painter: QPainter, icon: QIcon, box: QRect, backdrop: QColor) -> None:
    """The picture of `icon` in the middle of `box`, on `backdrop` where it is transparent."""
    size = icon.actualSize(box.size())
    if size.isEmpty():
        return
    area = QRect(box.topLeft() + QPoint((box.width() - size.width()) // 2, (box.height() - size.height()) // 2), size)
    painter.fillRect(area, backdrop)
    icon.paint(painter, area)


def paint_text(painter: QPainter, text: str, box: QRect, ink: QColor) -> None:
    """The first lines of a text, as large as they fit: a name large, a paragraph small."""
    lines = [line for line in text.split("\n") if line.strip()]
    font = painter.font()
    alone = len(lines) == 1 and len(lines[0]) <= 24  # noqa: PLR2004 - a name
    font.setPointSizeF(font.pointSizeF() * (1.0 if alone else 0.78))
    painter.setFont(font)
    painter.setPen(ink)
    if alone:
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(flags), lines[0])
        return
    high = painter.fontMetrics().lineSpacing()
    if len(lines) == 1:
        painter.setClipRect(box)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(flags), lines[0])
        return
    shown = lines[:max(1, box.height() // high)]
    top = box.top() + (box.height() - high * len(shown)) // 2
    for row, line in enumerate(shown):
        words = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(QRect(box.left(), top + row * high, box.width(), high),
                         int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)


def paint_stripes(painter: QPainter, colors: Sequence[str], box: QRect) -> None:
    """The colours of a palette side by side."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(box), 3, 3)
    painter.setClipPath(path)
    wide = box.width() / len(colors)
    for place, color in enumerate(colors):
        painter.fillRect(QRectF(box.left() + place * wide, box.top(), wide + 1, box.height()), QColor(color))
    painter.setClipping(False)
