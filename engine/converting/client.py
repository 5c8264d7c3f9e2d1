"""Bring a model: look at a file or convert it, on a thread of its own, with events, cancel and deadlines.

A checkpoint goes to the export child; a package and a foreign ONNX file are handled here. Every piece of work ends with
exactly one of Inspected, Converted and Failed, whatever happens to the child.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine.api import Problem
from engine.cancel import CancelToken
from engine.converting import foreign
from engine.converting.interpreter import Converter, find_converter
from engine.converting.landing import Landing
from engine.converting.listening import Patience, listen
from engine.converting.messages import Converted, ConvertRequest, Event, Failed, Inspected
from engine.converting.process import ExportChild
from engine.errors import AtelierError, BundleMissing, ConversionError
from engine.packages.shelf import Shelf

Listener = Callable[[Event], None]
_BUG = Problem("bug", "Internal error while a model was brought in.",
               "Please send the log to the makers of Latent Atelier.")


class Conversion:
    """One inspection or conversion. `on_event` is called on its thread; the last event is always a final one."""

    def __init__(self, converter: Converter | None = None, patience: Patience | None = None,
                 shelf: Shelf | None = None) -> None:
        """The defaults are what this installation has; tests bring their own."""
        self._converter = converter
        self._patience = patience or Patience()
        self._shelf = shelf
        self._cancel = CancelToken()
        self._thread: threading.Thread | None = None
        self._listener: Listener = lambda _: None

    def inspect(self, path: str | Path, on_event: Listener, *, family: str = "", arch: str = "",
                arguments: str = "") -> None:
        """Find out what the file or folder is: events end with Inspected or Failed."""
        request = ConvertRequest(str(Path(path).absolute()), family=family, arch=arch, arguments=arguments)
        self._begin(lambda: self._inspect(request), on_event)

    def start(self, request: ConvertRequest, on_event: Listener) -> None:
        """Convert: events end with Converted or Failed."""
        self._begin(lambda: self._convert(request), on_event)

    def cancel(self) -> None:
        """Stop soon, whatever is going on; the last event is Failed with the code "cancelled"."""
        self._cancel.cancel()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until the last event was delivered; whether it was."""
        if self._thread is not None:
            self._thread.join(timeout)
        return not self.running

    @property
    def running(self) -> bool:
        """Whether the last event is still to come."""
        return self._thread is not None and self._thread.is_alive()

    # On the thread

    def _begin(self, work: Callable[[], Event], on_event: Listener) -> None:
        if self._thread is not None:
            raise RuntimeError("one Conversion does one piece of work")
        self._listener = on_event
        self._thread = threading.Thread(target=self._run, args=(work,), name="conversion", daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], Event]) -> None:
        """The work and its one final event; our own bug is told as one, and logged by the thread's own hook."""
        final: Event = Failed(_BUG)
        try:
            final = work()
        except AtelierError as error:
            final = Failed(error.problem())
        finally:
            self._listener(final)

    def _inspect(self, request: ConvertRequest) -> Event:
        kind = foreign.local_kind(Path(request.source))
        if kind is not None:
            return Inspected(foreign.inspect(Path(request.source), kind, self._listener, self._cancel))
        converter = self._converter or find_converter()
        child = ExportChild((*converter.inspect, "--inspect"), None)
        event = listen(child, request, self._listener, self._cancel, self._patience, whole=self._patience.inspection)
        if isinstance(event, Inspected) and event.inspection.needs_torch:
            return Inspected(replace(event.inspection, blocked=converter.missing))
        return event

    def _convert(self, request: ConvertRequest) -> Event:
        """Work in a hidden folder, then land."""
        kind = foreign.local_kind(Path(request.source))
        if kind == foreign.PACKAGE:
            return foreign.add_package(request, self._shelf)
        _check_licence(request)
        landing = Landing(request, self._shelf)
        with landing as work:
            if kind is not None:
                return landing.land(foreign.convert(request, kind, work, self._listener, self._cancel))
            event = self._converted_by_child(request, work)
            if isinstance(event, Converted):
                return landing.land(event)
            return landing.land_failure(event) if isinstance(event, Failed) else event

    def _converted_by_child(self, request: ConvertRequest, work: Path) -> Event:
        converter = self._converter or find_converter()
        if converter.convert is None:
            missing = converter.missing or _BUG
            raise BundleMissing(missing.what, missing.remedy, request.source)
        scratch = work / "scratch"
        scratch.mkdir()
        child = ExportChild((*converter.convert, "--work", str(work)), scratch)
        return listen(child, request, self._listener, self._cancel, self._patience)


def _check_licence(request: ConvertRequest) -> None:
    """A package says under what terms its pictures may be used, even if that is "unknown"."""
    if not request.license.strip():
        raise ConversionError("The licence of the model is not given.",
                              "Say it in words, for example CC-BY-4.0, or “unknown”: it is shown with the model.",
                              request.source)
