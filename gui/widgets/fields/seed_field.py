"""The seed: typed, new, or the one before."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.api import Control, Value
from gui.widgets.boxes import RealBox
from gui.widgets.fields.base import Field, FieldContext

GREATEST = 2**32 - 1


class SeedBox(RealBox):
    """A whole number up to 2³² − 1, which Qt's integer box cannot hold."""

    def textFromValue(self, value: float) -> str:
        """Plain digits."""
        return str(int(value))

    def valueFromText(self, text: str) -> float:
        """Inverse of `textFromValue`."""
        return float(text) if text.isdecimal() else self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Digits only, not above the greatest seed."""
        if not text:
            return QValidator.State.Intermediate, text, position
        good = text.isdecimal() and text.isascii() and int(text) <= GREATEST
        return QValidator.State.Acceptable if good else QValidator.State.Invalid, text, position


class SeedField(Field):
    """Name, number, previous, new."""

    new_wanted = Signal()
    previous_wanted = Signal()

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._box = SeedBox(0, GREATEST, context.words.label(control))
        self._box.setDecimals(0)
        self._box.setFixedWidth(112)
        self._previous = self.tool("arrow-left", self.tr("Previous seed (Shift+R)"))
        self._new = self.tool("dices", self.tr("New seed (R)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.title(), 1)
        for widget in (self._box, self._previous, self._new):
            row.addWidget(widget)
        self._box.valueChanged.connect(self._typed)
        self._new.clicked.connect(self.new_wanted)
        self._previous.clicked.connect(self.previous_wanted)
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        """Show a seed."""
        self._box.blockSignals(True)
        self._box.setValue(float(value) if isinstance(value, int) else 0.0)
        self._box.blockSignals(False)

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        theme = self.context.theme
        self._previous.setIcon(theme.icon("arrow-left", theme.colors.muted, 14))
        self._new.setIcon(theme.icon("dices", theme.colors.muted, 14))

    def _typed(self, value: float) -> None:
        self.edit(int(value))
