"""The door to conversions: what an inspection or a conversion tells becomes Qt signals on the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from engine.converting.client import Conversion
from engine.converting.messages import Converted, ConvertRequest, Event, Failed, Inspected, Noted, Told

STOP_S = 5.0
_log = logging.getLogger(__name__)


class Work(Protocol):
    """The part of `Conversion` that the studio uses; tests script it. One object does one piece of work."""

    def inspect(self, path: Path, on_event: Callable[[Event], None]) -> None:
        """Find out what a file is."""

    def start(self, request: ConvertRequest, on_event: Callable[[Event], None]) -> None:
        """Convert."""

    def cancel(self) -> None:
        """Stop soon."""

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end."""


class ExportBridge(QObject):
    """At most one inspection or conversion at a time. All signals arrive on the GUI thread."""

    told = Signal(object)                  # Told
    noted = Signal(str)
    inspected = Signal(object)             # Inspection
    converted = Signal(object)             # Converted
    failed = Signal(object)                # Failed
    _arrived = Signal(int, object)         # generation, event

    def __init__(self, make: Callable[[], Work] = Conversion) -> None:
        """`make` builds the one who does the next piece of work."""
        super().__init__()
        self._make = make
        self._work: Work | None = None
        self._converting = False
        self._generation = 0
        self._arrived.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether something is being looked at or converted."""
        return self._work is not None

    @property
    def converting(self) -> bool:
        """Whether a conversion is running, which one would not want to lose."""
        return self._converting

    def inspect(self, path: Path) -> None:
        """Find out what `path` is; `inspected` or `failed` answers. Gives up an inspection before."""
        self._begin()
        self._run(lambda work, hear: work.inspect(path, hear))

    def convert(self, request: ConvertRequest) -> None:
        """Convert; `told` comes again and again, `converted` or `failed` last."""
        self._begin()
        self._converting = True
        self._run(lambda work, hear: work.start(request, hear))

    def cancel(self) -> None:
        """Stop what is going on; `failed` with the code "cancelled" answers."""
        if self._work is not None:
            self._work.cancel()

    def close(self) -> None:
        """Stop, wait until the child is gone, and hear nothing more."""
        work = self._work
        self._begin()
        if work is not None and not work.join(STOP_S):
            _log.warning("a conversion did not stop within %g seconds", STOP_S)

    def _begin(self) -> None:
        """Nothing that was asked before is heard any more."""
        self.cancel()
        self._generation += 1
        self._work = None
        self._converting = False

    def _run(self, begin: Callable[[Work, Callable[[Event], None]], None]) -> None:
        generation = self._generation
        self._work = self._make()
        begin(self._work, lambda event: self._arrived.emit(generation, event))

    def _receive(self, generation: int, event: Event) -> None:
        """On the GUI thread: one event as one signal; a final one ends the work."""
        if generation != self._generation:
            return
        match event:
            case Told():
                self.told.emit(event)
            case Noted(words):
                self.noted.emit(words)
            case Inspected(inspection):
                self._end()
                self.inspected.emit(inspection)
            case Converted():
                self._end()
                self.converted.emit(event)
            case Failed(problem):
                if problem.detail:
                    _log.error("a model could not be brought in: %s\n%s", problem.what, problem.detail)
                self._end()
                self.failed.emit(event)

    def _end(self) -> None:
        self._work = None
        self._converting = False
