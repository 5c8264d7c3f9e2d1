"""One of several options: segments for a few, a list for many, a grid when the options are single characters."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListView,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import Control, Value
from gui.widgets.fields.base import Field, FieldContext

SEGMENTS = 4
CELL = 34


class Drop(QComboBox):
    """A combo box that leaves the wheel to the panel unless it has focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling the panel must not change the choice under the cursor."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceField(Field):
    """The name and, below it, whichever picker suits the number of options."""

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._values = [choice.value for choice in control.choices]
        self._labels = [context.words.label(choice) for choice in control.choices]
        self._group = QButtonGroup(self)
        self._drop: QComboBox | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title())
        few = len(self._values) <= SEGMENTS and sum(map(len, self._labels)) <= 32  # noqa: PLR2004 - fits the panel
        column.addWidget(self._segments() if few else self._combo())
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        """Mark the option `value`."""
        index = self._values.index(str(value)) if str(value) in self._values else -1
        if self._drop is not None:
            with QSignalBlocker(self._drop):
                self._drop.setCurrentIndex(index)
        elif (button := self._group.button(index)) is not None:
            button.setChecked(True)

    def _segments(self) -> QWidget:
        frame = QFrame()
        frame.setObjectName("segment")
        row = QHBoxLayout(frame)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for index, label in enumerate(self._labels):
            button = QToolButton()
            button.setText(label)
            button.setCheckable(True)
            button.setAccessibleName(f"{self.context.words.label(self.control)}: {label}")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(button, index)
            row.addWidget(button, 1)
        self._group.idClicked.connect(self._chosen)
        return frame

    def _combo(self) -> QWidget:
        drop = self._drop = Drop()
        drop.addItems(self._labels)
        drop.setAccessibleName(self.context.words.label(self.control))
        drop.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        drop.setMaxVisibleItems(14)
        if max(map(len, self._labels), default=0) <= 2:  # noqa: PLR2004 - single characters, perhaps with a mark
            self._make_grid(drop)
        drop.currentIndexChanged.connect(self._chosen)
        return drop

    def _make_grid(self, drop: QComboBox) -> None:
        """Characters side by side, as in a character map."""
        view = QListView()
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setFlow(QListView.Flow.LeftToRight)
        view.setWrapping(True)
        view.setMovement(QListView.Movement.Static)
        view.setGridSize(QSize(CELL, CELL))
        view.setUniformItemSizes(True)
        font = view.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        view.setFont(font)
        drop.setView(view)
        for index in range(drop.count()):
            drop.setItemData(index, Qt.AlignmentFlag.AlignCenter, Qt.ItemDataRole.TextAlignmentRole)
            drop.setItemData(index, QSize(CELL, CELL), Qt.ItemDataRole.SizeHintRole)
        view.setMinimumSize(8 * CELL + 20, 7 * CELL + 8)

    def _chosen(self, index: int) -> None:
        if 0 <= index < len(self._values):
            self.edit(self._values[index])
