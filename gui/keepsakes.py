"""How a result comes into the library, and what can be done with what lies there, from the strip as from the page."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QImage

from engine.api import Asset, Medium, Recipe
from engine.library.records import Entry, Keepsake
from gui.keeping import Keeper, Pending
from gui.library import Desk
from gui.opening import Opener
from gui.pictures import Picture, prepare
from gui.session import Session
from gui.sources import LARGE, Sources
from gui.thumbnails import png_of

if TYPE_CHECKING:
    from engine.library.library import Library
    from gui.workspaces.create import CreateWorkspace

SMALL = QSize(256, 256)
"""How large a small picture is at most."""
LOOK_MS = 30
"""Between two of them: others have their turn."""


class Keepsakes(QObject):
    """Keeps what is shown, and brings back what was kept."""

    kept = Signal(object, object)          # path, notes of the engine

    def __init__(self, desk: Desk, keeper: Keeper, opener: Opener, sources: Sources, session: Session,
                 shown: Callable[[], Picture | None], idle: Callable[[], bool]) -> None:
        """`shown` tells the result that is on the screen, `idle` whether nobody waits for one."""
        super().__init__()
        self.desk = desk
        self._keeper = keeper
        self._opener = opener
        self._sources = sources
        self._session = session
        self._shown = shown
        self._unpictured: dict[int, Recipe] = {}       # entries that were kept before their picture came
        self._origins: dict[str, int] = {}             # digest of a package -> the entry its state came from
        self._seen: set[int] = set()                   # entries whose picture was asked for
        self._faceless: deque[Entry] = deque()
        self._idle = idle
        self._look = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._look.timeout.connect(self._look_at_next)
        keeper.kept.connect(self._kept)
        session.opened.connect(lambda info: self._origins.pop(info.digest, None))
        opener.filed.connect(self._filed)

    def keep(self, recipe: Recipe, cards: tuple[int, ...] = ()) -> None:
        """Into the keep folder under the next number; of several texts these `cards`, each into a file of its own."""
        for card in cards or (None,):
            self._keeper.keep(recipe, self.medium(), card)

    def medium(self) -> Medium:
        """What the result on the screen is."""
        picture = self._shown()
        return picture.asset.medium if picture is not None else Medium.PICTURE

    def close(self) -> None:
        """The window closes: no small pictures are made any more."""
        self._look.stop()
        self._faceless.clear()

    def start_anew(self) -> None:
        """What is set now comes from nothing that was kept."""
        if self._session.info is not None:
            self._origins.pop(self._session.info.digest, None)

    def pictured(self, picture: Picture) -> None:
        """A result is on the screen: perhaps the one of a file that waits for its thumbnail."""
        for key in [key for key, recipe in self._unpictured.items() if recipe == picture.asset.recipe]:
            del self._unpictured[key]
            self._portray(key, picture.least())

    def recall(self, entry: Entry) -> None:
        """Bring the state of a kept result back, undoably."""
        self._opener.restore_recipe(entry.recipe, entry.path)

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

    def portray(self, entry: Entry) -> None:
        """Have the small picture of an entry that has none made from its file: one after another, each once."""
        if entry.id not in self._seen and entry.path.suffix.lower() == ".png":
            self._seen.add(entry.id)
            self._faceless.append(entry)
            if len(self._faceless) == 1:
                self._look.start()

    def descend(self, entry: Entry) -> None:
        """What is kept next of the open model was made from `entry`."""
        if self._session.info is not None:
            self._origins[self._session.info.digest] = entry.id

    def copy(self, entries: Sequence[Entry]) -> str:
        """What other programs take of them: the files, the words, the colours. Returns the words, for a toast."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(entry.path)) for entry in entries if not entry.missing])
        said = [line for entry in entries for line in (*entry.texts, " ".join(entry.colors)) if line]
        if said:
            data.setText("\n".join(said))
        QGuiApplication.clipboard().setMimeData(data)
        return self.tr("%n copied", "", len(entries))

    def _kept(self, pending: Pending, notes: tuple[str, ...]) -> None:
        picture = self._shown()
        asset = picture.asset if picture is not None and picture.asset.recipe == pending.recipe else None
        parent, info = self._origins.get(pending.recipe.digest), self._session.info
        name = info.name if info is not None and info.digest == pending.recipe.digest else ""
        image = picture.least() if picture is not None and asset is not None else QImage()

        def work(library: Library) -> Entry | None:
            """On the library's thread: the small picture is made there, or the texts are read from the file."""
            if asset is None and pending.medium is not Medium.PICTURE:
                from engine.library.gathering import gather

                gather(library, (pending.path,))
                return library.at(pending.path)
            return library.add(_keepsake(pending, name, asset, small_of(image), parent))

        self.desk.ask(work, lambda entry: self._added(entry, pending, pictured=asset is not None))
        self.kept.emit(pending.path, notes)

    def _added(self, entry: Entry | None, pending: Pending, *, pictured: bool) -> None:
        self._keeper.remembered(pending.path)
        if entry is not None:
            if not pictured:
                self._unpictured[entry.id] = pending.recipe
            self.desk.changed.emit(frozenset({entry.id}))
        self.desk.altered.emit()

    def _look_at_next(self) -> None:
        """The engine decodes the file: it may be anybody's. Not while somebody waits for a picture."""
        if not self._idle():
            self._look.start()
        elif self._faceless:
            entry = self._faceless[0]

            def found(image: QImage, *_: object) -> None:
                """Here it is."""
                self._portray(entry.id, image)
                self._go_on()

            self._sources.look(entry.path, SMALL.width(), found, self._go_on)

    def _go_on(self) -> None:
        if self._faceless:
            self._faceless.popleft()
        if self._faceless:
            self._look.start()

    def _portray(self, key: int, image: QImage) -> None:
        """The small picture of an entry is here."""
        self.desk.tell(lambda library: library.picture(key, png_of(small_of(image))), frozenset({key}), altering=False)

    def _filed(self, path: Path, recipe: Recipe) -> None:
        """The state of a file is current: what is kept next was made from it, if the library has it."""
        def found(entry: Entry | None) -> None:
            """It has, or has not."""
            if entry is not None and entry.recipe == recipe:
                self._origins[recipe.digest] = entry.id
            else:
                self._origins.pop(recipe.digest, None)

        self.desk.ask(lambda library: library.at(path), found)


def small_of(image: QImage) -> QImage:
    """At most `SMALL`; never enlarged."""
    if image.width() <= SMALL.width() and image.height() <= SMALL.height():
        return image
    return image.scaled(SMALL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _keepsake(pending: Pending, name: str, asset: Asset | None, image: QImage, parent: int | None) -> Keepsake:
    """What the library is to remember of a file; of its texts only the one card that is in it."""
    if asset is None or asset.medium is Medium.PICTURE:
        picture = b"" if image.isNull() else png_of(image)
        return Keepsake(pending.path, pending.recipe, name, pending.medium, thumbnail=picture, parent=parent)
    texts = asset.texts if pending.card is None else asset.texts[pending.card:pending.card + 1]
    colors = tuple(swatch.color for swatch in asset.swatches)
    return Keepsake(pending.path, pending.recipe, name, asset.medium, texts, colors, parent=parent)
