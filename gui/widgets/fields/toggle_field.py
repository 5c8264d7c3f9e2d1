"""Yes or no."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from engine.api import Control, Value
from gui.widgets.fields.base import Field, FieldContext


class ToggleField(Field):
    """A check box with the control's name."""

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._box = QCheckBox(context.words.label(control))
        self._box.setToolTip(self.toolTip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._box)
        self._box.toggled.connect(self.edit)
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        """Check or uncheck."""
        with QSignalBlocker(self._box):
            self._box.setChecked(bool(value))
