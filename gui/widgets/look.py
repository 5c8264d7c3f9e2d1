"""A large look at a state of the history, beside its card: the picture, what it is called, what was changed for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gui.theme import Theme

WIDE = 260
MOST_LINES = 9


class Look(QFrame):
    """A window of its own that takes no mouse and no keyboard."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setObjectName("look")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._theme = theme
        self._face, self._title, self._note, self._lines = QLabel(), QLabel(), QLabel(), QLabel()
        self._title.setProperty("role", "heading")
        self._note.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(6)
        for label in (self._face, self._title, self._note, self._lines):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(label is not self._face)
            label.setMaximumWidth(WIDE)
            column.addWidget(label)
        self._face.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def tell(self, image: QImage, title: str, note: str, lines: Sequence[str]) -> None:
        """What is looked at."""
        self._face.setVisible(not image.isNull())
        if not image.isNull():
            ratio = self.devicePixelRatioF()
            room = QSize(round(WIDE * ratio), round(WIDE * ratio))
            face = QPixmap.fromImage(image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio,
                                                  Qt.TransformationMode.SmoothTransformation))
            face.setDevicePixelRatio(ratio)
            self._face.setPixmap(face)
        shown = list(lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            shown.append("…")
        for label, words in ((self._title, title), (self._note, note), (self._lines, "\n".join(shown))):
            label.setText(words)
            label.setVisible(bool(words))

    def words(self) -> str:
        """What is said."""
        return "\n".join(label.text() for label in (self._title, self._note, self._lines))

    def show_at(self, corner: QPoint, other: int) -> None:
        """Right of `corner`; where the screen ends, left of the x `other`."""
        self.adjustSize()
        screen = (QGuiApplication.screenAt(corner) or self.screen()).availableGeometry()
        x = corner.x() + 8 if corner.x() + 8 + self.width() <= screen.right() else other - 8 - self.width()
        y = min(max(screen.top(), corner.y() - self.height() // 2), screen.bottom() - self.height())
        self.move(x, y)
        self.show()
