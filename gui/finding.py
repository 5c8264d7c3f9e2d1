"""A dropped picture finds its place in the open model: asks the engine, shows both, and makes it the start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.api import ControlKind, PackageInfo, Problem, Value
from gui.engine_bridge import EngineBridge
from gui.pictures import image_of
from gui.session import Session
from gui.theme import Theme
from gui.thumbnails import Thumbnails, point_key

if TYPE_CHECKING:
    from gui.dialogs.find import FindDialog

CANCELLED = "cancelled"


class Finder(QObject):
    """One picture at a time; a newer one replaces the one before. The picture itself is decoded by the engine alone."""

    def __init__(self, bridge: EngineBridge, session: Session, points: Thumbnails, theme: Theme,
                 window: Callable[[], QWidget]) -> None:
        """`points` keeps the small pictures of points that were taken."""
        super().__init__()
        self._bridge = bridge
        self._session = session
        self._points = points
        self._theme = theme
        self._parent = window
        self._request = 0
        self._digest = ""
        self._path = Path()
        self._found: Any = None                # the engine's Encoded
        self.dialog: FindDialog | None = None
        bridge.encoded.connect(self._encoded)
        bridge.failed.connect(self._failed)

    def find(self, path: Path) -> None:
        """Look for the picture in the open model."""
        from gui.dialogs.find import FindDialog

        info, recipe = self._session.info, self._session.recipe
        if info is None or recipe is None:
            return
        self.close()
        self._path, self._digest, self._found = path, info.digest, None
        dialog = self.dialog = FindDialog(path.name, info.name, self._theme, self._parent())
        dialog.accepted.connect(self._take)
        dialog.given_up.connect(self._give_up)
        dialog.open()
        self._request = self._bridge.encode(recipe, str(path))

    def close(self) -> None:
        """Put the dialog away."""
        if self.dialog is not None:
            self.dialog.close()

    def _encoded(self, request: int, found: Any) -> None:
        if request != self._request or self.dialog is None:
            return
        self._found = found
        figures = found.figures
        self.dialog.show_result(image_of(found.before), image_of(found.after), float(figures.get("psnr", 0.0)),
                                float(figures.get("mean_difference", 255.0)), found.notes)

    def _failed(self, request: int, problem: Problem) -> None:
        if request == self._request and self.dialog is not None and problem.code != CANCELLED:
            self.dialog.show_problem(problem)

    def _take(self) -> None:
        """The point becomes the start, the directions go to where the comparison had them: one undo step."""
        info, found = self._session.info, self._found
        self._forget()
        if info is None or found is None or info.digest != self._digest:
            return
        for control in info.controls:
            if control.kind is ControlKind.LATENT and control.name in found.values:
                self._points.put(point_key(str(found.values[control.name])), image_of(found.before))
        self._session.edit_many({**_still(info), **found.values}, self.tr("Start from {0}").format(self._path.name))

    def _give_up(self) -> None:
        if self._found is None and self._request:
            self._bridge.cancel(self._request)
        self._forget()

    def _forget(self) -> None:
        dialog, self.dialog = self.dialog, None
        self._request = 0
        if dialog is not None:
            dialog.deleteLater()


def _still(info: PackageInfo) -> dict[str, Value]:
    """All directions at their defaults."""
    return {control.name: control.default for control in info.controls if control.kind is ControlKind.DIRECTION}
