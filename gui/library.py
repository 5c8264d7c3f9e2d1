"""The library, on a thread of its own: whoever wants something of it asks, and hears the answer on the GUI thread.

The database is opened by the first question, which comes after the window and its first picture are up. One thread
does one thing after another, so what was said is what the next answer sees.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from engine.api import Problem
from engine.errors import AtelierError

if TYPE_CHECKING:
    from engine.library.library import Library

PATIENCE_S = 5.0
Work = Callable[["Library"], Any]


@dataclass(frozen=True)
class _Order:
    """One piece of work, and who hears of it."""

    work: Work
    then: Callable[[Any], None] | None
    failed: Callable[[Problem], None] | None
    kind: str


class Desk(QObject):
    """Where questions to the library are handed in. Faults that nobody else hears come out as `refused`."""

    opened = Signal(object)                # sentences to tell, mostly none; heard before any answer
    refused = Signal(object)               # Problem
    altered = Signal()                     # entries came or went, or what lists are sorted and chosen by
    changed = Signal(object)               # ids (a frozenset) of entries that are to be read again
    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._due: deque[_Order] = deque()
        self._news = threading.Condition()
        self._closing = False
        self._shut = False
        self._thread: threading.Thread | None = None
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(self, work: Work, then: Callable[[Any], None] | None = None, *, kind: str = "",
            failed: Callable[[Problem], None] | None = None) -> None:
        """Have `work(library)` done on the thread, then `then(result)` or `failed(problem)` here.

        Of questions of one `kind` only the newest is still worth an answer: it takes the place of one that waits.
        """
        with self._news:
            if self._closing:
                return
            if kind:
                self._due = deque(order for order in self._due if order.kind != kind)
            self._due.append(_Order(work, then, failed, kind))
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="studio-library", daemon=True)
                self._thread.start()
            self._news.notify()

    def tell(self, work: Work, ids: frozenset[int] = frozenset(), *, altering: bool = True) -> None:
        """Have something changed; then those with `ids` are announced, and that lists may be others."""
        def done(_: Any) -> None:
            """It is in the database."""
            if ids:
                self.changed.emit(ids)
            if altering:
                self.altered.emit()

        self.ask(work, done)

    def close(self) -> None:
        """Finish what was handed in, close the database; answers that come later are dropped."""
        with self._news:
            self._closing = True
            thread, self._thread = self._thread, None
            self._news.notify()
        if thread is not None:
            thread.join(PATIENCE_S)
        self._shut = True

    @property
    def started(self) -> bool:
        """Whether the database is open, or is being opened."""
        return self._thread is not None

    def _serve(self) -> None:
        """On the thread, until the end."""
        from engine.library.library import Library

        try:
            library = Library.open()
        except AtelierError as error:
            self._answered.emit(self.refused.emit, error.problem())
            return self._decline(error.problem())
        self._answered.emit(self.opened.emit, library.remarks)
        with library:
            try:
                while (order := self._next()) is not None:
                    self._do(order, library)
            finally:                       # after a bug of ours, which the crash reporter hears, the next question
                with self._news:           # finds a fresh thread
                    self._thread = None
        return None

    def _do(self, order: _Order, library: Library) -> None:
        try:
            result = order.work(library)
        except AtelierError as error:
            self._answered.emit(order.failed or self.refused.emit, error.problem())
        else:
            if order.then is not None:
                self._answered.emit(order.then, result)

    def _decline(self, problem: Problem) -> None:
        """There is no library: those who want to know are told, the rest has heard it once."""
        while (order := self._next()) is not None:
            if order.failed is not None:
                self._answered.emit(order.failed, problem)

    def _next(self) -> _Order | None:
        """The next piece of work; None when all is done and the studio closes."""
        with self._news:
            self._news.wait_for(lambda: self._due or self._closing)
            return self._due.popleft() if self._due else None

    def _deliver(self, receiver: Callable[[Any], None], value: Any) -> None:
        if not self._shut:
            receiver(value)
