"""Pictures of a person's own that recipes use: into the media folder, small ones for the panel, large ones to paint on.

Files that may be a stranger's are decoded by the engine alone; what is encoded here is what this program drew.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from engine import media
from engine.api import Problem
from gui.background import Background
from gui.engine_bridge import EngineBridge, Sight
from gui.thumbnails import Thumbnails, png_of

SMALL, LARGE = 400, 2048
"""Longest sides in pixels: in the panel, and to paint on."""
MOST_MASKS = 64

Then = Callable[[QImage], None]
Look = Callable[[QImage, NDArray[np.uint8], tuple[int, int]], None]
"""Hears the picture, its pixels, and the width and height that it has in its file."""


class Sources(QObject):
    """Stores pictures, and shows those that are stored. Keys are those of `engine.media`."""

    arrived = Signal(str)                  # the small picture of this key can be had now
    refused = Signal(object)               # Problem

    def __init__(self, bridge: EngineBridge, background: Background, small: Thumbnails) -> None:
        super().__init__()
        self._bridge = bridge
        self._background = background
        self._small = small
        self._known: dict[str, QImage] = {}            # small pictures that were shown since the start
        self._drawn: dict[str, QImage] = {}            # masks that were drawn here, whole
        self._asked: dict[int, Look] = {}
        self._failing: dict[int, Callable[[], object]] = {}
        self._wanted: set[str] = set()
        bridge.looked.connect(self._looked)
        bridge.failed.connect(self._failed)
        bridge.died.connect(lambda _sentence, _restarting: self._lose())

    def store(self, found: Path | bytes | QImage, then: Callable[[str], None]) -> None:
        """Put a picture into the media folder, off this thread; `then` hears its key."""
        def work() -> str:
            """On a thread: reading, encoding and writing may all take their time."""
            if isinstance(found, Path):
                return media.put_file(found)
            return media.put(found if isinstance(found, bytes) else png_of(found))

        self._background.run(work, then, self.refused.emit)

    def store_drawn(self, mask: QImage, then: Callable[[str], None]) -> None:
        """The same for a mask drawn here: it is at hand again at once, for undo."""
        def known(key: str) -> None:
            """Remember it; the oldest goes."""
            self._drawn[key] = mask
            while len(self._drawn) > MOST_MASKS:
                self._drawn.pop(next(iter(self._drawn)))
            self._known[key] = self._small.put(_name(key), mask)
            then(key)

        self._background.run(lambda: media.put(png_of(mask)), known, self.refused.emit)

    def small(self, key: str) -> QImage:
        """The small picture of a key, or a null image: `arrived` tells when it is there."""
        if key not in self._known:
            stored = self._small.get(_name(key))
            if stored.isNull():
                self._want(key)
                return QImage()
            self._known[key] = stored
        return self._known[key]

    def large(self, key: str, then: Then) -> None:
        """`then` hears the picture of a key, at most `LARGE` long; nothing, if it cannot be had."""
        drawn = self._drawn.get(key)
        if drawn is not None:
            then(drawn)
            return
        self._read(key, LARGE, then)

    def look(self, path: Path, longest: int, then: Look, failed: Callable[[], object] | None = None) -> None:
        """`then` hears the picture in a file, decoded by the engine; `failed`, if given, hears of a fault instead of
        the person.
        """
        request = self._bridge.look(str(path), longest)
        self._asked[request] = then
        if failed is not None:
            self._failing[request] = failed

    def _lose(self) -> None:
        """The engine died: what it was asked will not be answered."""
        failing = list(self._failing.values())
        self._asked.clear()
        self._failing.clear()
        for failed in failing:
            failed()

    def _want(self, key: str) -> None:
        """Ask for a small picture, once."""
        if key in self._wanted or not media.is_key(key):
            return
        self._wanted.add(key)

        def keep(image: QImage) -> None:
            """It is here."""
            self._known[key] = self._small.put(_name(key), image)
            self.arrived.emit(key)

        self._read(key, SMALL, keep)

    def _read(self, key: str, longest: int, then: Then) -> None:
        """Find the file of a key (which looks at all its bytes: aside), then have it decoded."""
        self._background.run(lambda: media.path_of(key),
                             lambda path: self.look(path, longest, lambda image, *_: then(image)), self.refused.emit)

    def _looked(self, request: int, seen: Sight) -> None:
        then = self._asked.pop(request, None)
        self._failing.pop(request, None)
        if then is not None:
            then(seen.image, seen.pixels, seen.full)

    def _failed(self, request: int, problem: Problem) -> None:
        asked, failed = self._asked.pop(request, None), self._failing.pop(request, None)
        if failed is not None:
            failed()
        elif asked is not None:
            self.refused.emit(problem)


def _name(key: str) -> str:
    """The key as the name of a small picture."""
    return key.partition(":")[2]
