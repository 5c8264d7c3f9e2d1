"""What was kept: the strip below, how a result comes into it, and what can be done with what lies there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QWidget

from engine.api import Asset, Medium, Recipe
from gui.keeping import Keeper, Pending
from gui.models.kept import Kept, KeptModel, kept_of
from gui.opening import Opener
from gui.pictures import Picture, prepare
from gui.session import Session
from gui.sources import LARGE, Sources

if TYPE_CHECKING:
    from gui.workspaces.create import CreateWorkspace


class Keepsakes(QObject):
    """Keeps what is shown, and brings back what was kept."""

    kept = Signal(object, object)          # path, notes of the engine

    def __init__(self, model: KeptModel, keeper: Keeper, opener: Opener, sources: Sources, session: Session,
                 shown: Callable[[], Picture | None], show_folder: Callable[[Path], None]) -> None:
        """`shown` tells the result that is on the screen."""
        super().__init__()
        self.model = model
        self._keeper = keeper
        self._opener = opener
        self._sources = sources
        self._session = session
        self._shown = shown
        self._show_folder = show_folder
        self._unpictured: list[Pending] = []           # kept before their picture came
        keeper.kept.connect(self._kept)

    def keep(self, recipe: Recipe, cards: tuple[int, ...] = ()) -> None:
        """Into the keep folder under the next number; of several texts these `cards`, each into a file of its own."""
        for card in cards or (None,):
            self._keeper.keep(recipe, self.medium(), card)

    def medium(self) -> Medium:
        """What the result on the screen is."""
        picture = self._shown()
        return picture.asset.medium if picture is not None else Medium.PICTURE

    def pictured(self, picture: Picture) -> None:
        """A result is on the screen: perhaps the one of a file that waits for its thumbnail."""
        for pending in [pending for pending in self._unpictured if pending.recipe == picture.asset.recipe]:
            self._unpictured.remove(pending)
            self._add(pending, picture)

    def recall(self, row: int) -> None:
        """Bring the state of a kept result back, undoably."""
        kept = self.model.kept(row)
        self._opener.restore_recipe(kept.recipe, kept.path)

    def show_file(self, path: Path, recipe: Recipe, workspace: CreateWorkspace) -> None:
        """A slow model's state came back from its file: show the picture that is in it, instead of none."""
        if workspace.runs.live or path.suffix.lower() != ".png" or workspace.runs.shows(recipe):
            return

        def show(_image: QImage, pixels: NDArray[np.uint8], full: tuple[int, int]) -> None:
            """The picture as if it had just been made, if nothing else is wanted by now."""
            if self._session.recipe == recipe and not workspace.runs.state.running:
                smaller = full != (pixels.shape[1], pixels.shape[0])
                asset = Asset(recipe, pixels, draft=smaller, full=full if smaller else None)
                workspace.show_result(prepare(asset, QSize()))
                workspace.runs.adopt(recipe)

        self._sources.look(path, LARGE, show)

    def show_menu(self, row: int, at: QPoint, parent: QWidget) -> None:
        """What can be done with a kept result."""
        kept = self.model.kept(row)
        clipboard = QGuiApplication.clipboard()
        entries: list[tuple[str, Callable[[], object]]] = [(self.tr("Bring back"), lambda: self.recall(row))]
        if kept.texts:
            entries.append((self.tr("Copy text"), lambda: clipboard.setText("\n".join(kept.texts))))
        if kept.colors:
            entries.append((self.tr("Copy colours"), lambda: clipboard.setText(" ".join(kept.colors))))
        entries += [(self.tr("Show in folder"), lambda: self._show_folder(kept.path.parent)),
                    (self.tr("Copy recipe"), lambda: clipboard.setText(kept.recipe.canonical())),
                    (self.tr("Remove from this strip"), lambda: self.model.remove(row))]
        menu = QMenu(parent)
        for words, run in entries:
            menu.addAction(words).triggered.connect(lambda _=False, run=run: run())
        menu.popup(at)

    def _kept(self, pending: Pending, notes: tuple[str, ...]) -> None:
        picture = self._shown()
        if picture is not None and picture.asset.recipe == pending.recipe:
            self._add(pending, picture)
        else:
            self._unpictured.append(pending)
        self.kept.emit(pending.path, notes)

    def _add(self, pending: Pending, picture: Picture) -> None:
        self.model.add(_row(pending, picture.asset), picture.least())


def _row(pending: Pending, asset: Asset) -> Kept:
    return kept_of(pending.path, asset, pending.card)
