"""Work of the studio's own that would stall the window (copying a package in), on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from engine.api import Problem
from engine.errors import AtelierError


class Background(QObject):
    """Gives each piece of work a daemon thread of its own: there are few, and a person waits for each."""

    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[Problem], None]) -> None:
        """Run `work` on a thread, then `then(result)` or, for a fault of the world, `failed(problem)` here.

        Our own bugs go to `threading.excepthook`, which the crash reporter owns.
        """

        def labour() -> None:
            """On the thread: the result, or the fault as data, goes back by signal."""
            try:
                result = work()
            except AtelierError as error:
                self._answered.emit(failed, error.problem())
            else:
                self._answered.emit(then, result)

        threading.Thread(target=labour, name="studio-background", daemon=True).start()

    def close(self) -> None:
        """Answers that come later are dropped."""
        self._closed = True

    def _deliver(self, receiver: Callable[[Any], None], value: Any) -> None:
        if not self._closed:
            receiver(value)
