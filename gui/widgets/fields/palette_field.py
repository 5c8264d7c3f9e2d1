"""A palette: the model's own colours, or swatches that one sets, moves and pastes."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.api import Control, Value
from gui.widgets.fields.base import Field, FieldContext
from gui.widgets.swatches import MOST, SwatchRow

_HEX = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|\b([0-9a-fA-F]{6})\b")
FIRST = "#808080"
COLOURS = "palette"
"""The name of the control that colours what a model makes; a palette of another name means something else."""


def colors_in(text: str) -> list[str]:
    """Every colour written in a text, "#rrggbb" in lower case, at most as many as a palette holds."""
    found = [(match[1] or match[2]).lower() for match in _HEX.finditer(text)]
    return [f"#{digits if len(digits) == 6 else ''.join(2 * digit for digit in digits)}"  # noqa: PLR2004 - rrggbb
            for digits in found][:MOST]


class PaletteField(Field):
    """Name, paste, copy and back to the model's colours; the swatches below."""

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._row = SwatchRow(context.theme)
        self._row.setAccessibleName(context.words.label(control))
        colours = control.name == COLOURS
        self._words = QLabel(self.tr("From the model") if colours else self.tr("None"))
        self._words.setProperty("role", "muted")
        self._paste = self.tool("clipboard-paste", self.tr("Paste colours (#rrggbb, any number of them)"))
        self._copy = self.tool("copy", self.tr("Copy the colours"))
        self._own = self.tool("rotate-ccw", self.tr("The model's own colours") if colours else self.tr("No colours"))
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title(), 1)
        head.addWidget(self._words)
        for widget in (self._paste, self._copy, self._own):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._row)
        self._row.changed.connect(self._set)
        self._row.opened.connect(self._choose)
        self._row.added.connect(self._add)
        self._paste.clicked.connect(self._pasted)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(" ".join(self._row.colors)))
        self._own.clicked.connect(lambda: self._set([]))
        self.show_value(control.default)

    @property
    def row(self) -> SwatchRow:
        """The swatches."""
        return self._row

    def show_value(self, value: Value) -> None:
        """Show a list of colours, or that the model chooses."""
        colors = colors_in(str(value))
        self._row.show_colors(colors)
        self._words.setVisible(not colors)
        self._copy.setVisible(bool(colors))
        self._own.setVisible(bool(colors))

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        theme = self.context.theme
        for button, icon in ((self._paste, "clipboard-paste"), (self._copy, "copy"), (self._own, "rotate-ccw")):
            button.setIcon(theme.icon(icon, theme.colors.muted, 14))

    def _set(self, colors: list[str]) -> None:
        """Another list, as an undo step of its own."""
        self.gesture.end()
        self.edit(" ".join(colors))
        self.gesture.end()

    def _pasted(self) -> None:
        colors = colors_in(QGuiApplication.clipboard().text())
        if colors:
            self._set(colors)

    def _add(self) -> None:
        """One more, like the last; its chooser opens."""
        colors = self._row.colors
        self._set([*colors, colors[-1] if colors else FIRST])
        self._choose(len(colors))

    def _choose(self, place: int) -> None:
        """A chooser that shows each colour on the canvas while it is open; all of it is one undo step."""
        before = self._row.colors
        if place >= len(before):
            return
        dialog = QColorDialog(QColor(before[place]), self)
        dialog.setWindowTitle(self.context.words.label(self.control))
        self.gesture.begin()
        dialog.currentColorChanged.connect(
            lambda color: self.edit(" ".join([*before[:place], color.name(), *before[place + 1:]])))
        dialog.rejected.connect(lambda: self.edit(" ".join(before)))
        dialog.finished.connect(lambda _: self.gesture.end())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
