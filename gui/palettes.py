"""A palette of one model in another: which models take one, and how it gets there, as an undo step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from engine.api import Control, ControlKind, PackageInfo
from engine.errors import AtelierError
from engine.packages.shelf import Shelf
from gui.background import Background
from gui.opening import Opener
from gui.session import Session

Taker = tuple[str, Path]
"""Name and folder of a package that takes a palette."""


def palette_of(info: PackageInfo) -> Control | None:
    """The control that colours what a package makes; palettes that mean something else have other names."""
    control = info.control("palette")
    return control if control is not None and control.kind is ControlKind.PALETTE else None


class Palettes(QObject):
    """Puts colours into the open package's palette, or opens another package for them."""

    used = Signal(str)                     # the name of the package that has them now

    def __init__(self, session: Session, opener: Opener, shelf: Shelf, background: Background) -> None:
        super().__init__()
        self._session = session
        self._opener = opener
        self._shelf = shelf
        self._background = background
        self._takers: list[Taker] | None = None        # None: not looked for yet
        self._due: tuple[str, list[str]] | None = None     # folder and colours, until that package is open
        opener.opened.connect(lambda _: self._arrive())

    def takes(self) -> bool:
        """Whether the open package has a palette."""
        return self._session.info is not None and palette_of(self._session.info) is not None

    def use(self, colors: Sequence[str]) -> None:
        """Give the open package these colours, undoably."""
        info = self._session.info
        control = palette_of(info) if info is not None else None
        if control is not None and info is not None and colors:
            self._session.edit(control.name, " ".join(colors))
            self.used.emit(info.name)

    def use_in(self, folder: Path, colors: Sequence[str]) -> None:
        """Open another package and give it these colours."""
        self._due = str(folder), list(colors)
        self._opener.open_folder(folder)

    def fill(self, menu: QMenu, colors: Sequence[str]) -> None:
        """The models of the shelf that take a palette. The first time they are looked for aside."""
        menu.clear()
        if self._takers is None:
            menu.addAction(self.tr("Looking at your models…")).setEnabled(False)
            self._look(lambda: self.fill(menu, colors) if menu.isVisible() else None)
            return
        for name, folder in self._takers:
            action = menu.addAction(self.tr("in {0}").format(name).replace("&", "&&"))
            action.triggered.connect(lambda _=False, folder=folder: self.use_in(folder, colors))
        if menu.isEmpty():
            menu.addAction(self.tr("None of your models takes a palette")).setEnabled(False)

    def forget(self) -> None:
        """The shelf may be another one now."""
        self._takers = None

    def _look(self, then: Callable[[], object]) -> None:
        def work() -> list[Taker]:
            """On a thread: the manifests of all packages."""
            from engine.packages.describe import describe

            found = []
            for entry in self._shelf.packages():
                if entry.problem is not None:
                    continue
                try:
                    info = describe(entry.folder)
                except AtelierError:
                    continue               # the shelf says what is wrong with it
                if palette_of(info) is not None:
                    found.append((info.name, entry.folder))
            return found

        def known(takers: list[Taker]) -> None:
            """Now the menu can be filled."""
            self._takers = takers
            then()

        self._background.run(work, known, lambda _: None)

    def _arrive(self) -> None:
        due, self._due = self._due, None
        info = self._session.info
        if due is not None and info is not None and info.folder == due[0]:
            self.use(due[1])
