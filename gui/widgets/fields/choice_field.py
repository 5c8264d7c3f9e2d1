"""One of several options: segments for a few, a list for many, a grid when the options are single characters."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import Control, Value
from gui.widgets.fields.base import Field, FieldContext
from gui.widgets.grid_picker import GridPicker

SEGMENTS = 4
SEGMENTS_WIDTH = 250
"""Wider segments (in pixels) would push the other controls out of a narrow panel: a list takes their place."""
SHOWN = 14
"""Options that a list shows at once; a longer one can be searched."""


class Drop(QComboBox):
    """A combo box that leaves the wheel to the panel unless it has focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling the panel must not change the choice under the cursor."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SearchDrop(Drop):
    """A combo box of many options: typing finds those that contain what is typed; anything else is taken back."""

    def __init__(self, labels: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItems(labels)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        finder = QCompleter(self.model(), self)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        finder.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        finder.setMaxVisibleItems(SHOWN)
        finder.activated.connect(self._found)
        self.setCompleter(finder)
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText(self.tr("Type to search"))
            line.editingFinished.connect(self._settle)

    def _found(self, text: str) -> None:
        self.setCurrentIndex(self.findText(text, Qt.MatchFlag.MatchExactly))

    def _settle(self) -> None:
        """Only what is on the list can be chosen."""
        index = self.findText(self.currentText(), Qt.MatchFlag.MatchFixedString)
        self.setCurrentIndex(index if index >= 0 else self.currentIndex())
        self.setEditText(self.itemText(self.currentIndex()))


class ChoiceField(Field):
    """The name and, below it, whichever picker suits the number of options."""

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._values = [choice.value for choice in control.choices]
        self._labels = [context.words.label(choice) for choice in control.choices]
        self._group = QButtonGroup(self)
        self._drop: QComboBox | None = None
        self._grid: GridPicker | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title())
        column.addWidget((self._segments() if len(self._values) <= SEGMENTS else None) or self._picker())
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        """Mark the option `value`."""
        index = self._values.index(str(value)) if str(value) in self._values else -1
        if self._grid is not None:
            self._grid.show_index(index)
        elif self._drop is not None:
            with QSignalBlocker(self._drop):
                self._drop.setCurrentIndex(index)
        elif (button := self._group.button(index)) is not None:
            button.setChecked(True)

    def _segments(self) -> QWidget | None:
        """All options side by side; None where that needs more room than a narrow panel has."""
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
        if frame.sizeHint().width() > SEGMENTS_WIDTH:
            for shown in self._group.buttons():
                self._group.removeButton(shown)
            frame.deleteLater()
            return None
        self._group.idClicked.connect(self._chosen)
        return frame

    def _picker(self) -> QWidget:
        name = self.context.words.label(self.control)
        if max(map(len, self._labels), default=0) <= 1:
            grid = self._grid = GridPicker(self._labels)
            grid.setAccessibleName(name)
            grid.chosen.connect(self._chosen)
            return grid
        drop = self._drop = SearchDrop(self._labels) if len(self._labels) > SHOWN else Drop()
        if not isinstance(drop, SearchDrop):
            drop.addItems(self._labels)
        drop.setAccessibleName(name)
        drop.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        drop.setMaxVisibleItems(SHOWN)
        drop.currentIndexChanged.connect(self._chosen)
        return drop

    def _chosen(self, index: int) -> None:
        if 0 <= index < len(self._values):
            self.edit(self._values[index])
