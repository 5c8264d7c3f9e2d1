"""What the studio does for the library by itself: opens it once the window is up, takes over what older versions and
killed studios left, makes its daily copy; and gathers folders of kept files, aside, with progress.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from engine import strictjson
from engine.api import Medium, Progress
from engine.cancel import CancelToken
from engine.errors import AtelierError
from engine.packages.shelf import Shelf
from gui.background import Background
from gui.keeping import Journal
from gui.library import Desk

if TYPE_CHECKING:
    from engine.library.gathering import Gathered
    from engine.library.library import Library

OLD_LIST, OLD_ASIDE, OLD_MEANINGS, OLD_PICTURES = "kept.json", "kept-before-library.json", "meanings.bin", "thumbnails"
MAX_BYTES = 20_000_000
OPEN_MS, COPY_MS = 250, 30_000
"""So long after the first picture the library is opened, and so long after that its copy of the day is made."""
LATEST_MS = 3000
"""Where no picture comes, the library is opened so long after the start."""
LOOKED_AT = 2000
"""Files that are looked for at a time: whoever asks for something else waits no longer than that takes."""
_log = logging.getLogger(__name__)


class Collector(QObject):
    """Fills the library."""

    progressed = Signal(object)            # Progress of gathering; None: it is over
    gathered = Signal(object)              # Gathered
    _stepped = Signal(object)

    def __init__(self, desk: Desk, journal: Journal, shelf: Shelf, background: Background, state: Path) -> None:
        """`state` is the studio's state folder."""
        super().__init__()
        self._desk = desk
        self._journal = journal
        self._shelf = shelf
        self._background = background
        self._state = state
        self._cancel: CancelToken | None = None
        self._opened = False
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.open)
        self._copy = QTimer(self, singleShot=True, interval=COPY_MS)
        self._copy.timeout.connect(lambda: desk.ask(lambda library: library.back_up()))
        self._stepped.connect(self.progressed, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """The window is up: the library follows after the first picture, or when it is asked for."""
        self._soon.start(LATEST_MS)

    def pictured(self) -> None:
        """There is a picture."""
        if not self._opened and self._soon.interval() != OPEN_MS:
            self._soon.start(OPEN_MS)

    def open(self) -> None:
        """Open the library now, bring in what is not in it yet, then show what is there."""
        self._soon.stop()
        if self._opened:
            return
        self._opened = True
        left = tuple(path for path in self._journal.left if path.is_file())
        self._desk.ask(lambda library: _take_over(library, self._state, left, self._names), lambda _: self._begun())

    def gather(self, paths: Sequence[Path]) -> None:
        """Add files and folders of kept files; does nothing while others are being added."""
        if self._cancel is not None:
            return
        cancel = self._cancel = CancelToken()
        self.progressed.emit(Progress(0, 0))

        def work() -> Gathered:
            """On a thread of its own, with a door of its own to the library."""
            from engine.library.gathering import gather
            from engine.library.library import Library

            with Library.open() as library:
                return gather(library, paths, self._stepped.emit, cancel, self._media())

        def done(found: Gathered) -> None:
            """It is all in."""
            self._end()
            self._desk.altered.emit()
            self.gathered.emit(found)

        def failed(problem: object) -> None:
            """Something was wrong with the folder or the library."""
            self._end()
            self._desk.altered.emit()
            self._desk.refused.emit(problem)

        self._background.run(work, done, failed)

    def cancel(self) -> None:
        """Stop gathering; what is in stays."""
        if self._cancel is not None:
            self._cancel.cancel()

    def look(self, ids: Sequence[int]) -> None:
        """See which of the files are still there, some at a time."""
        for start in range(0, len(ids), LOOKED_AT):
            some = ids[start:start + LOOKED_AT]
            self._desk.ask(partial(_look, some), self._looked)

    def close(self) -> None:
        """The studio closes."""
        self._soon.stop()
        self._copy.stop()
        self.cancel()

    def _looked(self, changed: Sequence[int]) -> None:
        if changed:
            self._desk.changed.emit(frozenset(changed))

    def _begun(self) -> None:
        self._journal.settle()
        self._desk.altered.emit()
        self._copy.start()

    def _end(self) -> None:
        self._cancel = None
        self.progressed.emit(None)

    def _names(self) -> dict[str, str]:
        return {entry.id: entry.name for entry in self._shelf.packages() if entry.problem is None}

    def _media(self) -> dict[str, Medium]:
        """What the packages of the shelf make, for files that do not say."""
        from engine.packages.describe import describe

        found = {}
        for entry in self._shelf.packages():
            if entry.problem is None:
                try:
                    info = describe(entry.folder)
                except AtelierError:
                    continue               # the shelf says what is wrong with it
                found[info.id] = info.medium
        return found


def _look(ids: Sequence[int], library: Library) -> Sequence[int]:
    """On the library's thread: of which files it has changed whether they are there."""
    return library.look(ids)


def _take_over(library: Library, state: Path, left: Sequence[Path], names: Callable[[], dict[str, str]]) -> None:
    """On the library's thread: the list of an older version, once; files that a killed studio had written."""
    from engine.library.gathering import gather
    from engine.library.strip import keepsakes

    old = state / OLD_LIST
    if old.is_file():
        try:
            rows = strictjson.parse_object(old.read_bytes(), max_bytes=MAX_BYTES)["kept"]
            library.add_many(keepsakes(rows, names(), lambda key: _old_picture(state / OLD_PICTURES, key)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the list of kept pictures is unreadable: %s", error)
        old.replace(state / OLD_ASIDE)
        (state / OLD_MEANINGS).unlink(missing_ok=True)
    if left:
        gather(library, left)


def _old_picture(folder: Path, key: str) -> bytes:
    """A small picture as older versions stored it, by the fingerprint of its recipe."""
    try:
        return (folder / f"{key.replace(':', '-')}.png").read_bytes()
    except OSError:
        return b""
