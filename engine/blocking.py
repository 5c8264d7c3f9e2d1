"""The engine for those who wait: each call returns the value or raises the fault. For the command line and tests."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Device, PackageInfo, Plan, Problem, Progress, Recipe
from engine.cancel import CancelToken
from engine.client import EngineClient
from engine.errors import (
    AtelierError,
    Cancelled,
    DiskFull,
    EngineDied,
    ExitCode,
    FileProblem,
    JobProblem,
    ModelError,
    PackageError,
    ValueProblem,
)
from engine.messages import (
    Answer,
    Considered,
    DevicesTold,
    Embedded,
    Encoded,
    Event,
    Failed,
    Frame,
    Opened,
    Partial,
    Stepped,
    Written,
)

_LOOK_S = 0.1   # how often a waiting call looks at its cancel token and lets Ctrl+C through
_FAULTS: dict[str, type[AtelierError]] = {kind.code: kind for kind in (
    PackageError, ModelError, ValueProblem, FileProblem, DiskFull, JobProblem, EngineDied)}
A = TypeVar("A", Opened, Frame, Written, Encoded, Considered, Embedded, DevicesTold)


def fault_of(problem: Problem) -> AtelierError:
    """The exception that says the same as a problem; its `problem()` gives the same values back."""
    if problem.code == Cancelled.code:
        return Cancelled(problem.what, problem.remedy, problem.subject)
    error = _FAULTS.get(problem.code, EngineDied)(problem.what, problem.remedy, problem.subject)
    error.code = problem.code
    error.exit_code = ExitCode(problem.exit_code)
    return error


class BlockingEngine:
    """A context manager around a client. One call at a time. Ctrl+C in a call cancels its request, then goes on."""

    def __init__(self, client: EngineClient | None = None) -> None:
        """The client is started on entry and closed on exit."""
        self.client = client if client is not None else EngineClient()
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()  # None only wakes

    def __enter__(self) -> Self:
        self.client.subscribe(self._events.put)
        self.client.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.client.close()

    def open(self, folder: str, cancel: CancelToken | None = None) -> PackageInfo:
        """Verify and open a package folder. Raises PackageError, ModelError, EngineDied."""
        return self._answer(self.client.open(folder), Opened, cancel=cancel).info

    def render(self, recipe: Recipe, on_progress: Callable[[Progress], None] | None = None,
               cancel: CancelToken | None = None, *, on_look: Callable[[Asset], None] | None = None) -> Asset:
        """Make the asset; `on_look` sees unfinished work. Raises ValueProblem, ModelError, EngineDied, Cancelled."""
        request = self.client.render(recipe, watched=on_look is not None)
        return self._answer(request, Frame, on_progress, cancel, on_look).asset

    def preview(self, recipe: Recipe, *, draft: bool = False) -> Asset:
        """Make the asset as the canvas asks for it; an equal recipe is not made twice."""
        return self._answer(self.client.preview(recipe, draft=draft), Frame).asset

    def encode(self, recipe: Recipe, path: str, cancel: CancelToken | None = None) -> Encoded:
        """Where in the latent space a picture lies. Raises FileProblem, ValueProblem, ModelError, EngineDied."""
        return self._answer(self.client.encode(recipe, path), Encoded, cancel=cancel)

    def write(self, recipe: Recipe, path: str, *, overwrite: bool = False, cancel: CancelToken | None = None,
              on_progress: Callable[[Progress], None] | None = None, card: int | None = None) -> Written:
        """Make the asset and write it, atomically. Raises FileProblem besides what `render` raises."""
        request = self.client.write(recipe, path, overwrite=overwrite, card=card)
        return self._answer(request, Written, on_progress, cancel)

    def consider(self, recipe: Recipe) -> Plan:
        """What a run of the recipe would be. Raises ValueProblem, EngineDied."""
        return self._answer(self.client.consider(recipe), Considered).plan

    def embed(self, texts: Sequence[str], cancel: CancelToken | None = None) -> NDArray[np.float32]:
        """Unit vectors [texts, dim] of what texts mean. Raises PackageError, ModelError, EngineDied, Cancelled."""
        return self._answer(self.client.embed(texts), Embedded, cancel=cancel).vectors

    def devices(self) -> tuple[Device, ...]:
        """What each provider says on this machine."""
        return self._answer(self.client.devices(), DevicesTold).devices

    def _answer(self, request: int, kind: type[A], on_progress: Callable[[Progress], None] | None = None,
                cancel: CancelToken | None = None, on_look: Callable[[Asset], None] | None = None) -> A:
        """Wait for the answer to `request`.

        The cancel wakes the queue: a `get` whose timeout runs out while a signal is handled would wait without end.
        """
        token = cancel if cancel is not None else CancelToken()
        try:
            with token.attached(lambda: self._events.put(None)):
                return self._wait(request, kind, token, on_progress, on_look)
        except KeyboardInterrupt:
            self.client.cancel(request)
            raise

    def _wait(self, request: int, kind: type[A], token: CancelToken,
              on_progress: Callable[[Progress], None] | None, on_look: Callable[[Asset], None] | None) -> A:
        asked = False
        while True:
            if token.cancelled and not asked:
                asked = True
                self.client.cancel(request)
            event = self._next()
            if isinstance(event, Stepped) and event.request == request and on_progress is not None:
                on_progress(event.progress)
            if isinstance(event, Partial) and event.request == request and on_look is not None:
                on_look(event.asset)
            if isinstance(event, Answer) and event.request == request:
                return _expected(event, kind)

    def _next(self) -> Event | None:
        try:
            return self._events.get(timeout=_LOOK_S)
        except queue.Empty:
            return None


def _expected(event: Answer, kind: type[A]) -> A:
    if isinstance(event, Failed):
        raise fault_of(event.problem)
    if not isinstance(event, kind):
        raise TypeError(f"{type(event).__name__} instead of {kind.__name__}")  # the keeper lets only fitting ones pass
    return event
