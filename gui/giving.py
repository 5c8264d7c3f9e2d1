"""What a person gives to the open model: source pictures and palettes, dropped, pasted or taken from the canvas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from engine.api import ControlKind, Recipe
from engine.controls import check
from engine.errors import ValueProblem
from gui.arrivals import is_kept
from gui.masking import control_of
from gui.opening import Opener
from gui.palettes import Palettes, palette_of
from gui.pictures import Picture
from gui.session import Session
from gui.sources import Sources

Given = Path | bytes | QImage


class Giver(QObject):
    """Puts pictures and palettes where the open model takes them; every gift is one undo step."""

    told = Signal(str, str, object)        # words, label of an offer, what the offer does (or None)

    def __init__(self, session: Session, sources: Sources, palettes: Palettes, opener: Opener,
                 shown: Callable[[], Picture | None]) -> None:
        """`shown` tells the result that is on the screen."""
        super().__init__()
        self._session = session
        self._sources = sources
        self._palettes = palettes
        self._opener = opener
        self._shown = shown
        opener.source_offered.connect(self._offered)
        palettes.used.connect(lambda name: self.told.emit(self.tr("Palette used in {0}").format(name), "", None))

    def give(self, name: str, found: Given) -> None:
        """`found` becomes the picture of the control `name`."""
        digest = self._session.info.digest if self._session.info else ""
        self._sources.store(found, lambda key: self._set(digest, name, key))

    def give_canvas(self, name: str) -> None:
        """The result that is shown becomes the picture of the control `name`."""
        picture = self._shown()
        if picture is None or picture.asset.draft:
            self.told.emit(self.tr("There is no picture on the canvas yet"), "", None)
        else:
            self.give(name, picture.image)

    def take_picture(self, found: bytes | QImage) -> None:
        """A picture that is no file was dropped on the window."""
        control = control_of(self._session, ControlKind.IMAGE)
        if control is not None:
            self.give(control.name, found)

    def take_file(self, path: Path) -> None:
        """A file was dropped on the window: a kept palette lends its colours where the open model takes some."""
        info = self._session.info
        control = palette_of(info) if info is not None else None
        colors = colors_in(path) if control is not None else []
        try:
            fits = control is not None and bool(colors) and bool(check(control, " ".join(colors)))
        except ValueProblem:                 # a whole batch of palettes in one file
            fits = False
        if fits:
            self._palettes.use(colors)
        else:
            self._opener.receive(path)

    def take_palette(self, colors: list[str], path: Path | None) -> None:
        """A palette was dropped on the window; where the open model takes none, its file is opened."""
        if self._palettes.takes():
            self._palettes.use(colors)
        elif path is not None:
            self._opener.receive(path)

    def _offered(self, path: Path, recipe: Recipe | None) -> None:
        """A picture was dropped while a model that takes one is open."""
        control = control_of(self._session, ControlKind.IMAGE)
        if control is None:
            return
        self.give(control.name, path)
        words = self.tr("“{0}” is the source picture now").format(path.name)
        if recipe is None:
            self.told.emit(words, "", None)
        else:
            self.told.emit(words, self.tr("Restore its recipe instead"),
                           lambda: self._opener.restore_recipe(recipe, path))

    def _set(self, digest: str, name: str, key: str) -> None:
        """It is stored: now it is part of the recipe, if the same model is still open."""
        if self._session.info is not None and self._session.info.digest == digest:
            self._session.edit(name, key)


def colors_in(path: Path) -> list[str]:
    """The colours of a kept palette in JSON, for GIMP or as CSS; none for anything else."""
    from engine.provenance.inside_text import swatches_in

    try:
        return [swatch.color for swatch in swatches_in(path.read_bytes())] if is_kept(path) else []
    except OSError:
        return []
