"""What becomes a node of the history: results that stood, not each tick of a drag.

Of slow models each finished run; of quick ones a picture that stood for a while, or that somebody left by beginning
another gesture. A state that is in the tree already is never recorded twice: undo leads back to its node, and going on
from there is a branch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QImage

from engine.api import Medium, Recipe
from engine.document import thumbnail
from engine.document.tree import Node
from gui.background import Background
from gui.documents.history import History
from gui.pictures import Picture
from gui.session import Session

STAND_MS = 1500
_ALPHA, _OPAQUE = QImage.Format.Format_RGBA8888, QImage.Format.Format_RGB888


class Recorder(QObject):
    """Watches the session and what is shown of it."""

    def __init__(self, history: History, session: Session, background: Background) -> None:
        super().__init__()
        self._history = history
        self._session = session
        self._background = background
        self._fresh: Picture | None = None             # shown, and not recorded yet
        self._before: Recipe | None = None             # at the end of the gesture before
        self._now: Recipe | None = session.recipe
        self._tick = (-1, 0)                           # the undo step, and the gesture that made it
        self._due: dict[int, tuple[Recipe, Picture]] = {}      # thumbnails in the making
        self._ready = False
        self._timer = QTimer(self, singleShot=True, interval=STAND_MS)
        self._timer.timeout.connect(self.settle)
        session.changed.connect(self._changed)
        session.undo_group.indexChanged.connect(self._gesture)

    def begin(self) -> None:
        """The document is there: from now on it is written in."""
        self._ready = True
        if self._fresh is not None:
            self._timer.start()
        self._arrive()

    def shown(self, picture: Picture) -> None:
        """A result is on the screen."""
        asset = picture.asset
        if asset.draft or asset.partial:
            return
        self._fresh = picture
        if self._session.info is not None and not self._session.info.live:
            self._take(asset.recipe)
        else:
            self._timer.start()

    def settle(self) -> None:
        """What is shown of the present state stays: it is recorded, if it has not been."""
        if self._session.recipe is not None:
            self._take(self._session.recipe)

    def finish(self) -> None:
        """The same, and thumbnails are there now, not a moment later: a file is about to be written."""
        self.settle()
        for node, (recipe, picture) in self._due.items():
            self._history.picture(node, recipe, thumbnail.write(small(picture)))
        self._due.clear()

    def _changed(self, _names: object) -> None:
        """The recipe is another one; the ticks of a drag come here too, so that little is done."""
        self._timer.stop()
        self._before, self._now = self._now, self._session.recipe

    def _gesture(self, index: int) -> None:
        """Another undo step, or another package's steps: what was shown before stood as long as its person wanted."""
        before, self._tick = self._tick, (index, self._session.gesture)
        if before == self._tick and self._session.gesture:
            return                                     # one more tick of the same drag
        for recipe in (self._before, self._now):
            if recipe is not None and recipe is not self._session.recipe:
                self._take(recipe)
        self._arrive()

    def _arrive(self) -> None:
        """Undo, redo or a jump may have led to a state that is known."""
        if self._ready and self._session.recipe is not None:
            self._history.visit(self._session.recipe)

    def _take(self, recipe: Recipe) -> None:
        """Record what is shown, if it is of just this recipe."""
        picture = self._fresh
        if not self._ready or picture is None or not picture.asset.recipe.same(recipe):
            return
        self._fresh = None
        known = self._history.tree.find(recipe)
        if known is not None:
            self._history.move(known.id)
        node = known if known is not None else self._history.record(picture.asset)
        if picture.asset.medium is Medium.PICTURE and not node.thumbnail:
            self._due[node.id] = node.recipe, picture
            self._background.run(lambda: thumbnail.write(small(picture)), lambda data: self._drawn(node, data),
                                 lambda _: None)

    def _drawn(self, node: Node, data: bytes) -> None:
        self._due.pop(node.id, None)
        self._history.picture(node.id, node.recipe, data)


def small(picture: Picture) -> NDArray[np.uint8]:
    """The picture no longer than thumbnails are, as uint8 [height, width, 3 | 4]. Safe on any thread."""
    image, side = picture.least(), thumbnail.SIDE
    if max(image.width(), image.height()) > side:
        image = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio,
                             Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(_ALPHA if image.hasAlphaChannel() else _OPAQUE)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    channels = 4 if image.format() == _ALPHA else 3
    return rows[:, :image.width() * channels].reshape(image.height(), image.width(), channels).copy()
