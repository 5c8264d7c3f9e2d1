"""Writes the studio's own small files on a thread: making one durable may take a disk longer than a frame may take."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from engine.atomic import write_file
from engine.errors import FileProblem

PATIENCE_S = 5.0
_log = logging.getLogger(__name__)


class Scribe:
    """A queue of one content per path: a newer one replaces the older that still waits. `close` finishes the queue."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: dict[Path, bytes | Callable[[], bytes]] = {}
        self._closing = False
        self._thread: threading.Thread | None = None

    def write(self, path: Path, data: bytes | Callable[[], bytes]) -> None:
        """Have `data`, or what it yields on the thread, written to `path`, atomically and soon.

        A fault is logged: these files can be done without.
        """
        with self._changed:
            self._due.pop(path, None)
            self._due[path] = data
            if self._thread is None:
                self._closing = False
                self._thread = threading.Thread(target=self._work, name="studio-scribe", daemon=True)
                self._thread.start()
            self._changed.notify()

    def drop(self, path: Path) -> None:
        """Remove a file, and what was about to be written to it."""
        with self._changed:
            self._due.pop(path, None)
        path.unlink(missing_ok=True)

    def close(self) -> None:
        """Write what is due and end the thread (a disk that hangs is not waited for longer than a few seconds)."""
        with self._changed:
            self._closing = True
            thread, self._thread = self._thread, None
            self._changed.notify()
        if thread is not None:
            thread.join(PATIENCE_S)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._due or self._closing)
                if not self._due:
                    return
                path = next(iter(self._due))
                data = self._due.pop(path)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_file(path, data if isinstance(data, bytes) else data(), overwrite=True)
            except (FileProblem, OSError) as error:
                _log.warning("%s could not be written: %s", path, error)
