"""A mask over the source picture: painted on the canvas; here it is begun, turned inside out and cleared."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from engine.api import Control, Value
from gui.theme import Theme
from gui.widgets.fields.base import Field, FieldContext

FACE = QSize(44, 34)


class MaskFace(QWidget):
    """The mask, small: white is painted anew."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self.setFixedSize(FACE)

    def show_image(self, image: QImage) -> None:
        """Another mask; a null one hides it."""
        self._image = image
        self.setVisible(not image.isNull())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The whole mask, with a hairline."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(FACE, Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(target, self._image)
        painter.setPen(QPen(QColor(self._theme.colors.border_strong), 1))
        painter.drawRect(target.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


class MaskField(Field):
    """Name, what there is, and what can be done with it."""

    paint_wanted = Signal(str, bool)       # control; begin, or end
    invert_wanted = Signal(str)

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._value = ""
        self._source = False
        self._face = MaskFace(context.theme)
        self._words = QLabel()
        self._words.setProperty("role", "muted")
        self._paint = QPushButton(self.tr("Paint"))
        self._paint.setCheckable(True)
        self._paint.setAccessibleName(self.tr("{0}: paint on the canvas").format(context.words.label(control)))
        self._invert = self.tool("contrast", self.tr("Invert the mask"))
        self._clear = self.tool("x", self.tr("No mask"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.title(), 1)
        row.addWidget(self._words)
        row.addWidget(self._face)
        row.addWidget(self._invert)
        row.addWidget(self._clear)
        row.addWidget(self._paint)
        self._paint.clicked.connect(lambda on: self.paint_wanted.emit(control.name, on))
        self._invert.clicked.connect(lambda: self.invert_wanted.emit(control.name))
        self._clear.clicked.connect(self._cleared)
        self.show_value(control.default)

    @property
    def paint(self) -> QPushButton:
        """The button that begins and ends painting."""
        return self._paint

    def show_value(self, value: Value) -> None:
        """Show the mask of this key, or that there is none."""
        self._value = str(value)
        self._face.show_image(self.context.portrait(self._value) if self._value else QImage())
        for button in (self._invert, self._clear):
            button.setVisible(bool(self._value))
        self._tell()

    def show_source(self, there: bool) -> None:
        """Whether there is a picture to paint on."""
        self._source = there
        self._tell()

    def show_painting(self, on: bool) -> None:
        """Whether the canvas is being painted on."""
        self._paint.setChecked(on)
        self._paint.setText(self.tr("Done") if on else self.tr("Paint"))

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        theme = self.context.theme
        self._invert.setIcon(theme.icon("contrast", theme.colors.muted, 14))
        self._clear.setIcon(theme.icon("x", theme.colors.muted, 14))

    def _tell(self) -> None:
        self._paint.setEnabled(self._source)
        self._paint.setToolTip(self.toolTip() if self._source else self.tr("Choose a source picture first"))
        self._words.setText("" if self._value else self.tr("None") if self._source else self.tr("Needs a source"))
        self._words.setVisible(not self._value)

    def _cleared(self) -> None:
        self.gesture.end()
        self.edit("")
        self.gesture.end()
