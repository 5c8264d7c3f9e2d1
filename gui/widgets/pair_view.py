"""Two pictures side by side with a word under each: before and after, PyTorch and package."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

GAP = 8
ROUND = 5.0
SMOOTH_BELOW = 3.0


class PairView(QWidget):
    """Shows two pictures at one scale, each in its half."""

    def __init__(self, theme: Theme, side: int, parent: QWidget | None = None) -> None:
        """`side` is the wish for the longer side of each picture, in logical pixels."""
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self._images = (QImage(), QImage())
        self._words = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_pair(self, left: QImage, right: QImage, words: tuple[str, str]) -> None:
        """Other pictures; a null one leaves its place empty."""
        self._images, self._words = (left, right), words
        self.setAccessibleName(" | ".join(words))
        self.update()

    @property
    def images(self) -> tuple[QImage, QImage]:
        """What is shown."""
        return self._images

    def sizeHint(self) -> QSize:
        """Two pictures and a line of words."""
        return QSize(2 * self._side + GAP, self._side + self._line())

    def minimumSizeHint(self) -> QSize:
        """Half of that."""
        return QSize(self._side + GAP, self._side // 2 + self._line())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pictures with round corners; words below."""
        del event
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = (self.width() - GAP) / 2
        room = QRectF(0, 0, half, self.height() - self._line())
        for place, (image, words) in enumerate(zip(self._images, self._words, strict=True)):
            box = room.translated(place * (half + GAP), 0)
            area = _fitted(image, box)
            path = QPainterPath()
            path.addRoundedRect(area, ROUND, ROUND)
            painter.fillPath(path, QColor(colors.hover))
            if not image.isNull():
                painter.save()
                painter.setClipPath(path)
                smooth = area.width() < SMOOTH_BELOW * image.width()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
                painter.drawImage(area, image)
                painter.restore()
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawPath(path)
            painter.setPen(QColor(colors.muted))
            under = QRectF(box.left(), area.bottom() + 4, half, self._line())
            painter.drawText(under, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)
        painter.end()

    def _line(self) -> int:
        return self.fontMetrics().height() + 8


def _fitted(image: QImage, box: QRectF) -> QRectF:
    """The largest place for `image` in `box` that keeps its shape; square while there is none."""
    wide, high = (image.width(), image.height()) if not image.isNull() else (1, 1)
    scale = min(box.width() / wide, box.height() / high)
    area = QRectF(0, 0, wide * scale, high * scale)
    area.moveCenter(box.center())
    area.moveTop(box.top() + (box.height() - area.height()) / 2)
    return area.adjusted(0.5, 0.5, -0.5, -0.5)
