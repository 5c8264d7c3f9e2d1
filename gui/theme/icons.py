"""The studio's own line icons (Lucide), drawn from SVG in the colours of the theme at any device-pixel ratio."""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gui.theme.colors import Colors


def draw_icon(folder: Path, name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """One icon as a pixmap of `size` logical pixels. Raises FileNotFoundError when there is no such icon."""
    text = _drawing(folder, name).replace("currentColor", color)
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


@functools.lru_cache(maxsize=256)
def _drawing(folder: Path, name: str) -> str:
    """The text of an icon, read once: it is drawn in several shades and again for another theme."""
    return (folder / f"{name}.svg").read_text(encoding="utf-8")


class IconShelf:
    """Icons of one colour scheme; each is drawn once, when it is first asked for."""

    def __init__(self, folder: Path, colors: Colors, ratio: float) -> None:
        """`folder` holds the SVG files; `ratio` is the device-pixel ratio of the sharpest screen."""
        self.folder = folder
        self.colors = colors
        self.ratio = ratio
        self._icons: dict[tuple[str, str], QIcon] = {}

    def icon(self, name: str, color: str = "", size: int = 18) -> QIcon:
        """The icon `name` in `color` (default: the text colour), greyed when disabled, accented when checked."""
        key = (f"{name}@{size}", color)
        if key not in self._icons:
            icon = QIcon()
            shades = [(QIcon.Mode.Normal, QIcon.State.Off, color or self.colors.text),
                      (QIcon.Mode.Disabled, QIcon.State.Off, self.colors.disabled)]
            if not color:
                shades.append((QIcon.Mode.Normal, QIcon.State.On, self.colors.link))
            for mode, state, shade in shades:
                icon.addPixmap(self.pixmap(name, shade, size), mode, state)
            self._icons[key] = icon
        return self._icons[key]

    def pixmap(self, name: str, color: str, size: int) -> QPixmap:
        """The icon as a pixmap, for labels and painted widgets."""
        return draw_icon(self.folder, name, color, size, self.ratio)
