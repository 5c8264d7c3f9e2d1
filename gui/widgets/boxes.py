"""Boxes as the studio has them: for numbers without arrows, the wheel only with focus; for words, not for files."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QPlainTextEdit, QSpinBox, QWidget

AIR = 5


def give_air(box: QAbstractSpinBox) -> None:
    """Room beside the digits: the style sheet's padding does not reach the editor inside a number box."""
    box.lineEdit().setTextMargins(AIR, 0, AIR, 0)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class WholeBox(QSpinBox):
    """A whole number."""

    def __init__(self, least: int, most: int, name: str = "", parent: QWidget | None = None) -> None:
        """`name` is what screen readers say."""
        super().__init__(parent)
        self.setRange(least, most)
        self.setAccessibleName(name)
        give_air(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel unless the box is being edited."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class RealBox(QDoubleSpinBox):
    """A real number."""

    def __init__(self, least: float, most: float, name: str = "", parent: QWidget | None = None) -> None:
        """`name` is what screen readers say."""
        super().__init__(parent)
        self.setRange(least, most)
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)
        give_air(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel unless the box is being edited."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class WordsBox(QPlainTextEdit):
    """A box for words, not for files: a file that is dropped on it goes to the window, as it does everywhere else."""

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Whether `source` is anything but files."""
        return not any(url.isLocalFile() for url in source.urls()) and super().canInsertFromMimeData(source)
