"""The brush's settings, over the canvas while a mask is painted."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from gui.theme import Theme
from gui.widgets.mask_tool import COLORS, LEAST, MOST, MaskTool
from gui.widgets.track import Track

FINE = 100


class MaskBar(QFrame):
    """Brush, eraser, size, softness, colour, invert, clear, done."""

    done = Signal()

    def __init__(self, tool: MaskTool, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("maskBar")
        self._tool = tool
        self._theme = theme
        self._brush = self._button(self.tr("Brush (X)"), checkable=True)
        self._eraser = self._button(self.tr("Eraser (X)"), checkable=True)
        self._size = self._slider(self.tr("Size of the brush ([ and ])"))
        self._soft = self._slider(self.tr("Softness of its edge"))
        self._color = self._button(self.tr("Colour of the mask on the screen"))
        self._color.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._color.setMenu(self._colors())
        self._invert = self._button(self.tr("Invert the mask"))
        self._clear = self._button(self.tr("Clear the mask"))
        self._done = QPushButton(self.tr("Done"))
        self._done.setToolTip(self.tr("Back to the result (Esc)"))
        self._arrange()
        self._brush.clicked.connect(lambda: tool.set_erasing(False))
        self._eraser.clicked.connect(lambda: tool.set_erasing(True))
        self._size.moved.connect(lambda value: tool.set_size(LEAST * (MOST / LEAST) ** (value / FINE)))
        self._soft.moved.connect(lambda value: tool.set_softness(value / FINE))
        self._invert.clicked.connect(tool.invert)
        self._clear.clicked.connect(tool.clear)
        self._done.clicked.connect(self.done)
        tool.settings_changed.connect(self._follow)
        theme.changed.connect(self._follow)
        self._follow()

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 8, 5)
        row.setSpacing(4)
        row.addWidget(self._brush)
        row.addWidget(self._eraser)
        for words, slider in ((self.tr("Size"), self._size), (self.tr("Softness"), self._soft)):
            label = QLabel(words)
            label.setProperty("role", "muted")
            row.addSpacing(8)
            row.addWidget(label)
            row.addWidget(slider)
        row.addSpacing(8)
        for button in (self._color, self._invert, self._clear):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self._done)

    def _button(self, name: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setCheckable(checkable)
        button.setFixedSize(28, 28)
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button

    def _slider(self, name: str) -> Track:
        slider = Track(0.0, FINE, 1.0, self._theme)
        slider.setFixedWidth(96)
        slider.setToolTip(name)
        slider.setAccessibleName(name)
        return slider

    def _colors(self) -> QMenu:
        menu = QMenu(self)
        names = (self.tr("Red"), self.tr("Green"), self.tr("Blue"), self.tr("Yellow"))
        for color, name in zip(COLORS, names, strict=True):
            action = menu.addAction(_dot(color), name)
            action.triggered.connect(lambda _=False, color=color: self._tool.set_color(color))
        return menu

    def _follow(self) -> None:
        """Show how the brush is set."""
        tool, theme = self._tool, self._theme
        for button, on, icon in ((self._brush, not tool.erasing, "brush"), (self._eraser, tool.erasing, "eraser")):
            button.setChecked(on)
            button.setIcon(theme.icon(icon, theme.colors.link if on else theme.colors.text, 16))
        for slider, value in ((self._size, FINE * math.log(tool.size / LEAST) / math.log(MOST / LEAST)),
                              (self._soft, FINE * tool.softness)):
            slider.set_real(value)
        self._color.setIcon(_dot(tool.color))
        self._invert.setIcon(theme.icon("contrast", theme.colors.text, 16))
        self._clear.setIcon(theme.icon("trash-2", theme.colors.text, 16))


def _dot(color: str) -> QIcon:
    """A round spot of a colour."""
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(5, 5, 22, 22)
    painter.end()
    return QIcon(pixmap)
