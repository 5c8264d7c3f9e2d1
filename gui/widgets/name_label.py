"""The name of a slider: shortened where it does not fit, changed by a double-click."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QSizePolicy, QWidget

LONGEST = 60


class NameLabel(QLabel):
    """A label that elides, and turns into a text box when it may be renamed."""

    renamed = Signal(str)                  # the typed name; empty: the package's own again

    def __init__(self, text: str, *, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._editable = editable
        self._box: QLineEdit | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        """A few letters: the panel is never wider for a long name."""
        return QSize(min(40, super().sizeHint().width()), super().minimumSizeHint().height())

    @property
    def shortened(self) -> bool:
        """Whether the name does not fit."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The name, with dots at its end where it does not fit."""
        if not self.shortened:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename."""
        if self._editable and event.button() == Qt.MouseButton.LeftButton:
            self.begin()
        else:
            super().mouseDoubleClickEvent(event)

    def begin(self) -> None:
        """Open the text box over the label."""
        if self._box is not None:
            return
        box = self._box = Rename(self.text(), self.parentWidget() or self)
        box.setAccessibleName(self.tr("Name of the slider"))
        box.setMaxLength(LONGEST)
        box.setGeometry(self._room())
        box.ended.connect(self._ended)
        box.show()
        box.raise_()
        box.selectAll()
        box.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The box follows."""
        super().resizeEvent(event)
        if self._box is not None:
            self._box.setGeometry(self._room())

    def _room(self) -> QRect:
        """As large as the label, in the field that it stands in."""
        return self.geometry()

    def _ended(self, keep: bool) -> None:
        box, self._box = self._box, None
        if box is None:
            return
        text = " ".join(box.text().split())
        box.hide()
        box.deleteLater()
        if keep and text != self.text():
            self.renamed.emit(text)


class Rename(QLineEdit):
    """Enter and leaving keep what was typed, Escape does not."""

    ended = Signal(bool)

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setObjectName("rename")
        self.editingFinished.connect(lambda: self.ended.emit(True))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit(False)
            event.accept()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Escape is ours, even where it is a shortcut of the window."""
        if (event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
                and event.key() == Qt.Key.Key_Escape):
            event.accept()
            return True
        return super().event(event)
