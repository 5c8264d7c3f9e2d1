"""Where a picture starts in the latent space: from the seed, or at a point that was found for a picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.api import Control, Value
from gui.widgets.fields.base import Field, FieldContext

FACE = QSize(34, 34)
ROUND = 4.0


class Face(QWidget):
    """A small square picture with round corners."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setFixedSize(FACE)

    def show_image(self, image: QImage) -> None:
        """Another picture; a null one hides it."""
        self._image = image
        self.setVisible(not image.isNull())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The middle of the picture."""
        del event
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), ROUND, ROUND)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), QColor(128, 128, 128))
        side = min(self._image.width(), self._image.height())
        source = QRectF((self._image.width() - side) / 2, (self._image.height() - side) / 2, side, side)
        painter.drawImage(QRectF(self.rect()), self._image, source)
        painter.end()


class PointField(Field):
    """"Start: seed 12", or the picture that was found, with a button that goes back to the seed."""

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._value = ""
        self._seed = 0
        self._face = Face()
        self._words = QLabel()
        self._clear = self.tool("x", self.tr("Start from the seed again"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.title(), 1)
        row.addWidget(self._face)
        row.addWidget(self._words)
        row.addWidget(self._clear)
        self.setAcceptDrops(False)
        self._clear.clicked.connect(lambda: self.edit(""))
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        """The seed, or the point's picture."""
        self._value = str(value)
        self._face.show_image(self.context.portrait(self._value) if self._value else QImage())
        self._clear.setVisible(bool(self._value))
        self._tell()

    def show_seed(self, seed: object) -> None:
        """The number of the seed that counts while there is no point."""
        if isinstance(seed, int) and seed != self._seed:
            self._seed = seed
            self._tell()

    def words(self) -> str:
        """What stands beside the name."""
        return self._words.text()

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        self._clear.setIcon(self.context.theme.icon("x", self.context.theme.colors.muted, 14))

    def _tell(self) -> None:
        told = not self._face.isHidden()
        self._words.setText(self.tr("Picture") if self._value and told else self.tr("Point") if self._value
                            else self.tr("Seed {0}").format(self._seed))
        self._words.setProperty("role", "" if self._value else "muted")
        self._words.style().polish(self._words)
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
