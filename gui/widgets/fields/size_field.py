"""Width and height in pixels: typed, linked to keep the shape, or one of the sizes designers ask for."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from engine.api import Control, Value
from gui.widgets.boxes import WholeBox
from gui.widgets.fields.base import Field, FieldContext

LEAST, MOST = 16, 8192


class SizeField(Field):
    """W × H, a link that keeps the shape, and a menu of common sizes."""

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        least, most = int(control.minimum or LEAST), int(control.maximum or MOST)
        self._least, self._most = least, most
        self._shape = 1.0              # width over height while linked
        self._wide = WholeBox(least, most, self.tr("Width in pixels"))
        self._high = WholeBox(least, most, self.tr("Height in pixels"))
        for box in (self._wide, self._high):
            box.setSingleStep(8)
            box.setKeyboardTracking(False)
        self._link = self.tool("unlink", self.tr("Keep the shape"), checkable=True)
        self._menu = self.tool("chevron-down", self.tr("Common sizes"))
        self._menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu.setMenu(self._make_menu())
        times = QLabel("×")
        times.setProperty("role", "muted")
        unit = QLabel(control.unit or "px")
        unit.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setSpacing(5)
        row.addWidget(self._wide, 1)
        row.addWidget(times)
        row.addWidget(self._high, 1)
        row.addWidget(unit)
        row.addWidget(self._link)
        row.addWidget(self._menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title())
        column.addLayout(row)
        self._wide.valueChanged.connect(self._wide_typed)
        self._high.valueChanged.connect(self._high_typed)
        self._link.toggled.connect(self._linked)
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        """Show (width, height)."""
        if isinstance(value, tuple):
            with QSignalBlocker(self._wide), QSignalBlocker(self._high):
                self._wide.setValue(value[0])
                self._high.setValue(value[1])

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        theme, linked = self.context.theme, self._link.isChecked()
        self._link.setIcon(theme.icon("link" if linked else "unlink",
                                      theme.colors.link if linked else theme.colors.muted, 14))
        self._menu.setIcon(theme.icon("chevron-down", theme.colors.muted, 14))

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        sizes = (
            (self.tr("Square, small"), 512, 512), (self.tr("Square"), 1024, 1024),
            (self.tr("Square, large"), 2048, 2048),
            (self.tr("Banner"), 1600, 400), (self.tr("Wide screen"), 1920, 1080), (self.tr("Ultra HD"), 3840, 2160),
            (self.tr("Portrait post"), 1080, 1350), (self.tr("Story"), 1080, 1920),
            (self.tr("A4, 300 dpi"), 2480, 3508), (self.tr("A3, 300 dpi"), 3508, 4961), (self.tr("Icon"), 256, 256),
        )
        for name, width, height in sizes:
            if self._least <= min(width, height) and max(width, height) <= self._most:
                action = QAction(f"{name}\t{width} × {height}", menu)
                action.triggered.connect(lambda _=False, size=(width, height): self._preset(size))
                menu.addAction(action)
        menu.addSeparator()
        turn = QAction(self.tr("Turn by a quarter"), menu)
        turn.triggered.connect(lambda: self._preset((self._high.value(), self._wide.value())))
        menu.addAction(turn)
        return menu

    def _preset(self, size: tuple[int, int]) -> None:
        self.show_value(size)
        self._linked(self._link.isChecked())
        self.edit(size)

    def _linked(self, on: bool) -> None:
        if on:
            self._shape = self._wide.value() / self._high.value()
        self.restyle()

    def _wide_typed(self, width: int) -> None:
        if self._link.isChecked():
            with QSignalBlocker(self._high):
                self._high.setValue(round(width / self._shape))
        self.edit((width, self._high.value()))

    def _high_typed(self, height: int) -> None:
        if self._link.isChecked():
            with QSignalBlocker(self._wide):
                self._wide.setValue(round(height * self._shape))
        self.edit((self._wide.value(), height))
