"""Number boxes as the studio has them: no arrows, a little air beside the digits, the wheel only with focus."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

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
