"""What packages call their controls, for states of packages that are not open: read from the shelf, once each."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.api import PackageInfo, Recipe
from engine.errors import AtelierError
from engine.packages.shelf import Shelf
from gui.background import Background
from gui.session import Session


class Models(QObject):
    """Descriptions of packages by digest."""

    known = Signal()                       # one more: words that were asked for can be told now

    def __init__(self, session: Session, shelf: Shelf, background: Background) -> None:
        super().__init__()
        self._session = session
        self._shelf = shelf
        self._background = background
        self._found: dict[str, PackageInfo | None] = {}

    def of(self, recipe: Recipe) -> PackageInfo | None:
        """The package of a recipe; None while it is looked for, and where it is not on the shelf."""
        opened = self._session.known(recipe.digest)
        if opened is not None:
            return opened
        if recipe.digest not in self._found:
            self._found[recipe.digest] = None
            self._background.run(lambda: self._describe(recipe), self._told, lambda _: None)
        return self._found[recipe.digest]

    def _describe(self, recipe: Recipe) -> PackageInfo | None:
        """On a thread: the manifest, which takes no session of its graphs."""
        from engine.packages.describe import describe

        try:
            return describe(self._shelf.find(recipe.package, recipe.digest))
        except AtelierError:
            return None

    def _told(self, info: PackageInfo | None) -> None:
        if info is not None:
            self._found[info.digest] = info
            self.known.emit()
