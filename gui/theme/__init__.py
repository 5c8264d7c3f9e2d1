"""How the studio looks: Fusion, our own dark and light palettes, a short style sheet and themed icons."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

from gui.theme.colors import DARK, LIGHT, Colors, palette_of
from gui.theme.icons import IconShelf

__all__ = ["DARK", "LIGHT", "Colors", "Theme", "ThemeChoice"]

ThemeChoice = Literal["system", "dark", "light"]


class Theme(QObject):
    """Applies a colour scheme to the application and hands out its colours and icons."""

    changed = Signal()

    def __init__(self, app: QApplication, resources: Path, choice: ThemeChoice = "system") -> None:
        """`resources` holds icons/ and theme/; the scheme follows the system until `choose` says otherwise."""
        super().__init__(app)
        self._app = app
        self._resources = resources
        self._choice: ThemeChoice = choice
        app.setStyle(QStyleFactory.create("Fusion"))
        self.colors = DARK
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    def choose(self, choice: ThemeChoice) -> None:
        """Switch to dark, light, or whatever the system uses."""
        self._choice = choice
        if self._wanted() is not self.colors:
            self._apply()
            self.changed.emit()

    def icon(self, name: str, color: str = "", size: int = 18) -> QIcon:
        """A themed icon; ask again after `changed`."""
        return self._icons.icon(name, color, size)

    def pixmap(self, name: str, color: str, size: int) -> QPixmap:
        """A themed icon as a pixmap."""
        return self._icons.pixmap(name, color, size)

    def application_icon(self) -> QIcon:
        """The studio's own mark, the same in both schemes."""
        return QIcon(str(self._resources / "theme" / "atelier.png"))

    def small(self, font: QFont) -> QFont:
        """`font`, a size smaller: words at slider ends, captions."""
        smaller = QFont(font)
        smaller.setPointSizeF(max(7.0, font.pointSizeF() * 0.87))
        return smaller

    def _wanted(self) -> Colors:
        if self._choice == "system":
            light = self._app.styleHints().colorScheme() == Qt.ColorScheme.Light
            return LIGHT if light else DARK
        return LIGHT if self._choice == "light" else DARK

    def _apply(self) -> None:
        self.colors = self._wanted()
        ratio = max((screen.devicePixelRatio() for screen in self._app.screens()), default=1.0)
        self._icons = IconShelf(self._resources / "icons", self.colors, max(2.0, ratio))
        self._app.setStyleSheet("")     # Qt takes three times as long to put one sheet in the place of another
        self._app.setPalette(palette_of(self.colors))
        sheet = Template((self._resources / "theme" / "studio.qss").read_text(encoding="utf-8"))
        folder = (self._resources / "theme").as_posix()
        self._app.setStyleSheet(sheet.substitute(vars(self.colors), folder=folder))

    def _system_changed(self) -> None:
        if self._choice == "system" and self._wanted() is not self.colors:
            self._apply()
            self.changed.emit()
