"""A picture of the person's own: dropped, chosen, pasted, or taken from the canvas; and cleared."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.api import Control, Value
from gui.theme import Theme
from gui.widgets.fields.base import Field, FieldContext

EMPTY, FULL = 56, 132
"""How high the place is, without a picture and with one."""
ROUND = 5.0
_KINDS = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/bmp")


def given(data: QMimeData) -> Path | bytes | QImage | None:
    """The picture in what was dropped or pasted: a file, its bytes as they are, or drawn by the system; else None.

    Bytes are preferred to what Qt would decode: a stranger's file is opened by the engine alone.
    """
    urls = [url for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
    if urls:
        return Path(urls[0].toLocalFile())
    for kind in _KINDS:
        if data.hasFormat(kind):
            return bytes(data.data(kind).data())
    image = data.imageData() if data.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


def take_a_copy(event: QDropEvent) -> None:
    """Accept what is dropped, and say that it was copied: told of a move, a file manager would delete the file."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


class Place(QWidget):
    """Where the picture lies, or a dashed frame that asks for one."""

    wanted = Signal()
    pasted = Signal()
    cleared = Signal()

    def __init__(self, words: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._image = QImage()
        self._over = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(EMPTY)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(240, self.height())

    @property
    def image(self) -> QImage:
        """What is shown; null without a picture."""
        return self._image

    def show_image(self, image: QImage, words: str) -> None:
        """A picture, or `words` in its place."""
        self._image, self._words = image, words
        self.setFixedHeight(EMPTY if image.isNull() else FULL)
        self.updateGeometry()
        self.update()

    def point(self, over: bool) -> None:
        """Whether something that can be dropped is held over it."""
        self._over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The whole picture in the middle, or the frame with its words."""
        del event
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        lit = self._over or self.hasFocus() or self.underMouse()
        pen = QPen(QColor(colors.accent if lit else colors.border_strong), 2 if self._over else 1)
        path = QPainterPath()
        path.addRoundedRect(box, ROUND, ROUND)
        painter.fillPath(path, QColor(colors.field))
        if self._image.isNull():
            pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(QColor(colors.muted))
            painter.drawText(box.adjusted(10, 4, -10, -4),
                             int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._words)
        else:
            painter.save()
            painter.setClipPath(path)
            size = QSize(self._image.size()).scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(box.center())
            painter.fillRect(target, QColor(colors.checker_light))
            painter.drawImage(target, self._image)
            painter.restore()
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, ROUND, ROUND)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose a file."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Ctrl+V pastes, Delete clears."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.wanted.emit()
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)


class ImageField(Field):
    """Name and buttons; the place of the picture below, which takes drops."""

    given = Signal(str, object)            # control; Path, bytes of a file, or QImage
    canvas_wanted = Signal(str)            # control: the picture on the canvas is to be the source

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._value = ""
        self._hint = self.tr("Drop a picture here, or click to choose one")
        self._place = Place(self._hint, context.theme)
        self._place.setAccessibleName(context.words.label(control))
        self._place.setToolTip(self.toolTip())
        self._take = self.tool("image", self.tr("Use the picture on the canvas"))
        self._paste = self.tool("clipboard-paste", self.tr("Paste a picture"))
        self._clear = self.tool("x", self.tr("No picture"))
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title(), 1)
        for widget in (self._take, self._paste, self._clear):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._place)
        self.setAcceptDrops(True)
        self._place.wanted.connect(self._browse)
        self._place.pasted.connect(self._pasted)
        self._place.cleared.connect(self._cleared)
        self._take.clicked.connect(lambda: self.canvas_wanted.emit(control.name))
        self._paste.clicked.connect(self._pasted)
        self._clear.clicked.connect(self._cleared)
        self.show_value(control.default)

    @property
    def place(self) -> Place:
        """Where the picture lies."""
        return self._place

    def show_value(self, value: Value) -> None:
        """Show the picture of this key, or that there is none."""
        self._value = str(value)
        image = self.context.portrait(self._value) if self._value else QImage()
        self._place.show_image(image, self.tr("The picture is being read…") if self._value else self._hint)
        self._clear.setVisible(bool(self._value))

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        theme = self.context.theme
        for button, icon in ((self._take, "image"), (self._paste, "clipboard-paste"), (self._clear, "x")):
            button.setIcon(theme.icon(icon, theme.colors.muted, 14))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take anything that may hold a picture."""
        data = event.mimeData()
        if data.hasImage() or any(url.isLocalFile() for url in data.urls()):
            take_a_copy(event)
            self._place.point(over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere."""
        super().dragLeaveEvent(event)
        self._place.point(over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand it over."""
        self._place.point(over=False)
        found = given(event.mimeData())
        if found is not None:
            take_a_copy(event)
            self.given.emit(self.control.name, found)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.context.words.label(self.control), "", self.tr(
            "Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif)"))
        if path:
            self.given.emit(self.control.name, Path(path))

    def _pasted(self) -> None:
        found = given(QGuiApplication.clipboard().mimeData())
        if found is not None:
            self.given.emit(self.control.name, found)

    def _cleared(self) -> None:
        if self._value:
            self.gesture.end()
            self.edit("")
            self.gesture.end()
