"""Opening models, adding packages to the shelf, and bringing back the exact state that a kept picture carries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.api import ControlKind, PackageInfo, Problem, Recipe
from engine.controls import check_recipe, check_values
from engine.document.file import SUFFIX as DOCUMENT
from engine.errors import AtelierError, PackageError, ValueProblem
from engine.packages.shelf import Shelf, ShelfEntry
from gui.arrivals import is_kept, is_picture
from gui.background import Background
from gui.engine_bridge import EngineBridge
from gui.memory import Memory
from gui.session import Session

Remedy = tuple[str, Callable[[], object]]
"""A button's label and what it does."""


class Opener(QObject):
    """Every way in: a folder, a zip, a picture. Faults come out as `refused`, never as exceptions."""

    opening = Signal()                     # a package was asked for: large ones take their time
    opened = Signal(object)                # PackageInfo, after the session has it
    refused = Signal(object, object)       # Problem, Remedy or None
    adding = Signal(object)                # Path that is being copied in
    added = Signal(object)                 # ShelfEntry
    restored = Signal(str)                 # name of the file
    filed = Signal(object, object)         # its Path, and the Recipe that is current now
    foreign_picture = Signal(object)       # Path of a picture without a recipe, while a model with an encoder is open
    source_offered = Signal(object, object)    # Path of a dropped picture, the Recipe in it or None
    unknown = Signal(object)               # Path of something that has to be looked at first
    document = Signal(object)              # Path of a document

    def __init__(self, bridge: EngineBridge, session: Session, memory: Memory, shelf: Shelf,
                 background: Background) -> None:
        super().__init__()
        self._bridge = bridge
        self._session = session
        self._memory = memory
        self._shelf = shelf
        self._background = background
        self._request = 0
        self._recipe: Recipe | None = None     # to be shown once the package is open
        self._origin: Path | str = ""          # the file that recipe came from, or what going to it is called
        bridge.opened.connect(self._opened)
        bridge.failed.connect(self._failed)

    def expect(self, request: int) -> None:
        """The package of the first picture was asked for before the window existed."""
        self._request = request

    def open_folder(self, folder: Path, recipe: Recipe | None = None, origin: Path | str = "") -> None:
        """Open a package folder, at `recipe` if one is given."""
        self._recipe, self._origin = recipe, origin
        self._request = self._bridge.open(str(folder))
        self.opening.emit()

    def open_any(self) -> bool:
        """Open the first sound package of the shelf; False when there is none."""
        entries = [entry for entry in self._shelf.packages() if entry.problem is None]
        if entries:
            self.open_folder(entries[0].folder)
        return bool(entries)

    def receive(self, path: Path) -> None:
        """Something was dropped or chosen: documents open, what was kept restores, pictures are used.

        Anything else is looked at.
        """
        if path.suffix.lower() == DOCUMENT and path.is_file():
            self.document.emit(path)
        elif is_picture(path):
            self.restore(path, dropped=True)
        elif is_kept(path):
            self.restore(path)
        else:
            self.unknown.emit(path)

    def add(self, path: Path) -> None:
        """Copy a package onto the shelf (checked first, off the GUI thread) and open it."""
        self.adding.emit(path)
        self._background.run(lambda: self._shelf.add(path), self._added,
                             lambda problem: self.refused.emit(problem, None))

    def restore(self, path: Path, *, dropped: bool = False) -> None:
        """The exact state of a kept file, undoably; opens the package it was made with when that is another one.

        A `dropped` picture of no recipe, or of another package's, is offered to a model that starts from pictures.
        """
        from engine.provenance import NoRecipe, read_recipe

        info = self._session.info
        try:
            recipe = read_recipe(path).recipe
        except NoRecipe as error:
            if dropped and info is not None and _starts_from_pictures(info):
                self.source_offered.emit(path, None)
            elif info is not None and info.encodes:
                self.foreign_picture.emit(path)
            else:
                self.refused.emit(error.problem(), None)
            return
        except AtelierError as error:
            self.refused.emit(error.problem(), None)
            return
        if dropped and info is not None and info.digest != recipe.digest and _starts_from_pictures(info):
            self.source_offered.emit(path, recipe)
        else:
            self.restore_recipe(recipe, path)

    def restore_recipe(self, recipe: Recipe, origin: Path | str) -> None:
        """Make `recipe` the current one, whichever package it is of; `origin` is its file or the name of a state."""
        info = self._session.info
        if info is not None and info.digest == recipe.digest:
            self._apply(info, recipe, origin)
            return
        try:
            folder = self._shelf.find(recipe.package, recipe.digest)
        except PackageError as error:
            self.refused.emit(error.problem(), self._other_version(recipe, origin))
            return
        self.open_folder(folder, recipe, origin)

    def _other_version(self, recipe: Recipe, origin: Path | str) -> Remedy | None:
        """The offer to show the values with the installed version of the same model."""
        try:
            folder = self._shelf.find(recipe.package)
        except PackageError:
            return None
        return self.tr("Use the installed version"), lambda: self.open_folder(folder, recipe, origin)

    def _opened(self, request: int, info: PackageInfo) -> None:
        if request != self._request:
            return
        recipe, origin = self._recipe, self._origin
        self._recipe, self._origin = None, ""
        self._session.open(info, None if recipe else self._memory.recall(info))
        self.opened.emit(info)
        if recipe is not None:
            self._apply(info, recipe, origin)

    def _apply(self, info: PackageInfo, recipe: Recipe, origin: Path | str) -> None:
        try:
            if recipe.digest == info.digest:
                wanted = check_recipe(info, recipe)
            else:  # another version, as the person agreed: what both know, the rest at its default
                known = {name: value for name, value in recipe.values.items() if info.control(name)}
                wanted = Recipe(info.id, info.digest, check_values(info, known))
        except ValueProblem as error:
            self.refused.emit(error.problem(), None)
            return
        if isinstance(origin, str):
            self._session.restore(wanted, self.tr("Go to “{0}”").format(origin))
            return
        self._session.restore(wanted, self.tr("Restore {0}").format(origin.name))
        self.restored.emit(origin.name)
        if recipe.digest == info.digest:
            self.filed.emit(origin, wanted)

    def _failed(self, request: int, problem: Problem) -> None:
        if request != self._request:
            return
        self._recipe, self._origin = None, ""
        self.refused.emit(problem, None)

    def _added(self, entry: ShelfEntry) -> None:
        self.added.emit(entry)
        self.open_folder(entry.folder)


def _starts_from_pictures(info: PackageInfo) -> bool:
    return any(control.kind is ControlKind.IMAGE for control in info.controls)
