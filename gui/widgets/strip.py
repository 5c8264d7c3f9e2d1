"""What a slider does, seen before it is moved: five small pictures from -2 to +2 sigma; a click goes there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

GAP = 4
LEAST, MOST = 26, 64
"""Height of a picture in logical pixels."""
NEAR = 0.05
ROUND = 4.0
FADED = 0.35


class Strip(QWidget):
    """Pictures at `values`; `chosen` tells the value that was clicked."""

    chosen = Signal(float)

    def __init__(self, values: Sequence[float], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values = tuple(values)
        self._theme = theme
        self._images: list[QImage] = [QImage() for _ in values]
        self._fresh = [False for _ in values]
        self._shape = 1.0                  # width over height
        self._value = 0.0
        self._over = -1
        self._at = len(self._values) // 2  # the picture that the keys point to
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setToolTip(self.tr("What this slider does from here; click a picture to go there"))
        self.setAccessibleName(self.tr("Filmstrip"))

    @property
    def values(self) -> tuple[float, ...]:
        """Where the pictures stand on the slider."""
        return self._values

    def show_image(self, place: int, image: QImage) -> None:
        """The picture at `place`, from the left. A null one: the old picture fades until its successor comes."""
        self._fresh[place] = not image.isNull()
        if not image.isNull():
            self._images[place] = image
            self.set_shape(image.width() / image.height())
        self.update()

    def image(self, place: int) -> QImage:
        """What is shown at `place`."""
        return self._images[place]

    def show_value(self, value: float) -> None:
        """Ring the picture that the slider stands at."""
        self._value = value
        self.update()

    def set_shape(self, shape: float) -> None:
        """Width over height of the pictures to come."""
        if abs(shape - self._shape) > NEAR:
            self._shape = shape
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As the panel is wide."""
        return QSize(260, self.heightForWidth(260))

    def heightForWidth(self, width: int) -> int:
        """Square pictures are as high as they are wide; others keep their shape as far as there is room."""
        return max(LEAST, min(MOST, round(self._wide(width) / self._shape)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Five cards: picture or empty; ring on the one the slider stands at, a fainter one under the mouse."""
        del event
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for place, image in enumerate(self._images):
            box = QRectF(self._cell(place)).adjusted(1, 1, -1, -1)
            path = QPainterPath()
            path.addRoundedRect(box, ROUND, ROUND)
            painter.fillPath(path, QColor(colors.hover))
            if not image.isNull():
                painter.save()
                painter.setClipPath(path)
                painter.setOpacity(1.0 if self._fresh[place] else FADED)
                painter.drawImage(_covering(box, image), image)
                painter.restore()
            here = abs(self._values[place] - self._value) < NEAR
            pointed = place == self._over or (self.hasFocus() and place == self._at)
            if here or pointed:
                painter.setPen(QPen(QColor(colors.accent if here else colors.muted), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box, ROUND, ROUND)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The picture under the mouse."""
        self._point(self._place_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """No picture is under the mouse."""
        super().leaveEvent(event)
        self._point(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._choose(self._place_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows point, Space and Enter go there."""
        keys = Qt.Key
        steps = {keys.Key_Left: -1, keys.Key_Right: 1}
        if event.key() in steps:
            self._at = min(len(self._values) - 1, max(0, self._at + steps[keys(event.key())]))
            self.update()
        elif event.key() in {keys.Key_Space, keys.Key_Return, keys.Key_Enter}:
            self._choose(self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys point."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Not any more."""
        super().focusOutEvent(event)
        self.update()

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._values):
            self._at = place
            self.chosen.emit(self._values[place])

    def _point(self, place: int) -> None:
        if place != self._over:
            self._over = place
            self.setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def _wide(self, width: int) -> float:
        return max(1.0, (width - GAP * (len(self._values) - 1)) / len(self._values))

    def _cell(self, place: int) -> QRect:
        wide = self._wide(self.width())
        left = round(place * (wide + GAP))
        return QRect(left, 0, round(place * (wide + GAP) + wide) - left, self.height())

    def _place_at(self, x: float) -> int:
        place = int(x // (self._wide(self.width()) + GAP))
        return place if 0 <= place < len(self._values) else -1


def _covering(box: QRectF, image: QImage) -> QRectF:
    """Where `image` lies so that it covers `box` and keeps its shape."""
    scale = max(box.width() / image.width(), box.height() / image.height())
    size = QRectF(0, 0, image.width() * scale, image.height() * scale)
    size.moveCenter(box.center())
    return size
