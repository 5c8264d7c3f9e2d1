"""Where a picture lies in a window: fit, zoom about a point, pan. Plain arithmetic, no painting.

Zoom is in device pixels per picture pixel, so that 1.0 is sharp on every screen; positions are in logical pixels.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

MARGIN = 28.0
LEAST, MOST = 0.01, 64.0
KEPT = 48.0
"""So many logical pixels of the picture always stay in the window."""
REACH = 2
"""Pixels by which scaling smears a pixel at most."""


class View:
    """The place of one picture in one window."""

    def __init__(self) -> None:
        self.fitted = True
        self.zoom = 1.0
        self._picture = (0, 0)
        self._window = (1.0, 1.0)
        self._ratio = 1.0
        self._centre = QPointF()       # of the picture, in logical pixels of the window

    def set_picture(self, width: int, height: int) -> bool:
        """A picture of this size (pixels) is shown now; whether the size is new."""
        if (width, height) == self._picture:
            return False
        first = self._picture == (0, 0)
        self._picture = (width, height)
        if self.fitted or first:
            self._fit()
        return True

    def set_window(self, width: int, height: int, ratio: float) -> None:
        """The window has this size in logical pixels and this device-pixel ratio."""
        old = QPointF(self._window[0] / 2, self._window[1] / 2)
        self._window, self._ratio = (float(width), float(height)), ratio
        if self.fitted:
            self._fit()
        else:
            self._centre += QPointF(width / 2, height / 2) - old

    def fit(self) -> None:
        """Show the whole picture from now on."""
        self.fitted = True
        self._fit()

    def zoom_to(self, zoom: float, at: QPointF) -> None:
        """Change the zoom; the picture point under `at` stays there."""
        zoom = min(MOST, max(LEAST, zoom))
        self._centre = at + (self._centre - at) * (zoom / self.zoom)
        self.zoom = zoom
        self.fitted = False
        self._hold()

    def pan(self, moved: QPointF) -> None:
        """Move the picture by logical pixels."""
        self._centre += moved
        self.fitted = False
        self._hold()

    def target(self) -> QRectF:
        """The picture's rectangle in the window, its corner on a device pixel."""
        width, height = self._extent()
        left = round((self._centre.x() - width / 2) * self._ratio) / self._ratio
        top = round((self._centre.y() - height / 2) * self._ratio) / self._ratio
        return QRectF(left, top, width, height)

    def picture_point(self, at: QPointF) -> QPointF:
        """Which pixel of the picture (real numbers) a place in the window is."""
        target = self.target()
        return QPointF((at.x() - target.left()) * self._picture[0] / max(1e-6, target.width()),
                       (at.y() - target.top()) * self._picture[1] / max(1e-6, target.height()))

    def window_box(self, box: QRectF) -> QRectF:
        """Where a part of the picture lies in the window."""
        target = self.target()
        scale = target.width() / max(1, self._picture[0])
        return QRectF(target.left() + box.left() * scale, target.top() + box.top() * scale,
                      box.width() * scale, box.height() * scale)

    def _extent(self) -> tuple[float, float]:
        return self._picture[0] * self.zoom / self._ratio, self._picture[1] * self.zoom / self._ratio

    def _fit(self) -> None:
        width, height = self._picture
        if width and height:
            room = (max(16.0, self._window[0] - 2 * MARGIN), max(16.0, self._window[1] - 2 * MARGIN))
            self.zoom = min(MOST, max(LEAST, min(room[0] / width, room[1] / height) * self._ratio))
        self._centre = QPointF(self._window[0] / 2, self._window[1] / 2)

    def _hold(self) -> None:
        """A picture cannot be lost outside the window."""
        width, height = self._extent()
        reach = (self._window[0] / 2 + width / 2 - KEPT, self._window[1] / 2 + height / 2 - KEPT)
        middle = (self._window[0] / 2, self._window[1] / 2)
        self._centre = QPointF(
            min(middle[0] + reach[0], max(middle[0] - reach[0], self._centre.x())),
            min(middle[1] + reach[1], max(middle[1] - reach[1], self._centre.y())))
