"""A colour: swatch that opens the chooser, typed "#rrggbb", and transparent where the control offers it."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QColorDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from engine.api import Control, Value
from gui.theme import Theme
from gui.widgets.fields.base import Field, FieldContext

NONE = "none"
HEX = re.compile(r"#[0-9a-f]{6}")


class Swatch(QPushButton):
    """A button filled with its colour, or with a checkerboard for transparent."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._color: QColor | None = None
        self.setFixedSize(QSize(34, 26))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_color(self, color: QColor | None) -> None:
        """None is transparent."""
        self._color = color
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded swatch with a border that shows on any colour."""
        del event
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() or self.underMouse() else colors.border_strong), 1))
        painter.setBrush(self._color or QColor(colors.checker_light))
        painter.drawRoundedRect(box, 5, 5)
        if self._color is None:
            painter.setPen(QPen(QColor(colors.danger), 1.6))
            inset = QPointF(4, -4)
            painter.drawLine(box.bottomLeft() + inset, box.topRight() - inset)
        painter.end()


class ColorField(Field):
    """Name at the left; swatch, hex and transparency at the right."""

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        name = context.words.label(control)
        self._last = "#000000" if control.default == NONE else str(control.default)
        self._swatch = Swatch(context.theme)
        self._swatch.setAccessibleName(self.tr("{0}: choose a colour").format(name))
        self._hex = QLineEdit()
        self._hex.setMaxLength(7)
        self._hex.setFixedWidth(76)
        self._hex.setAccessibleName(self.tr("{0}, as #rrggbb").format(name))
        self._none: QCheckBox | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.title(), 1)
        if any(choice.value == NONE for choice in control.choices):
            self._none = QCheckBox(self.tr("None"))
            self._none.setToolTip(self.tr("Transparent"))
            self._none.setAccessibleName(self.tr("{0}: transparent").format(name))
            self._none.toggled.connect(self._toggled)
            row.addWidget(self._none)
        row.addWidget(self._hex)
        row.addWidget(self._swatch)
        self._swatch.clicked.connect(self._choose)
        self._hex.textEdited.connect(self._typed)
        self._hex.editingFinished.connect(self._settle)
        self._value = str(control.default)
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        """Show a "#rrggbb" or "none"."""
        self._value = str(value)
        clear = self._value == NONE
        if not clear:
            self._last = self._value
        self._swatch.show_color(None if clear else QColor(self._value))
        if not self._hex.hasFocus() or self._hex.text().lower() != self._value:
            self._hex.setText("" if clear else self._value)
        self._hex.setPlaceholderText("–")
        self._mark(wrong=False)
        if self._none is not None:
            with QSignalBlocker(self._none):
                self._none.setChecked(clear)

    def restyle(self) -> None:
        """The swatch's border follows the theme."""
        self._swatch.update()

    def _choose(self) -> None:
        """A chooser that shows each colour on the canvas while it is open; all of it is one undo step."""
        before = self._value
        dialog = QColorDialog(QColor(self._last), self)
        dialog.setWindowTitle(self.context.words.label(self.control))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.gesture.begin()
        dialog.currentColorChanged.connect(lambda color: self.edit(color.name()))
        dialog.rejected.connect(lambda: self.edit(before))
        dialog.finished.connect(lambda _: self.gesture.end())
        dialog.open()

    def _typed(self, text: str) -> None:
        color = text.lower() if text.startswith("#") else f"#{text.lower()}"
        good = bool(HEX.fullmatch(color))
        self._mark(wrong=not good and len(text) >= 7)  # noqa: PLR2004 - a whole "#rrggbb" that is none
        if good:
            self.edit(color)

    def _settle(self) -> None:
        self.show_value(self._value)

    def _toggled(self, clear: bool) -> None:
        self.edit(NONE if clear else self._last)

    def _mark(self, *, wrong: bool) -> None:
        if bool(self._hex.property("invalid")) != wrong:
            self._hex.setProperty("invalid", wrong)
            self._hex.style().unpolish(self._hex)
            self._hex.style().polish(self._hex)
