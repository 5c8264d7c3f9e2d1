"""Hears a client's events and lets a test wait for one of them; tells which child is meant and whether it lives."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from engine.api import Recipe
from engine.client import EngineClient, EngineOptions
from engine.messages import Answer, Event, Ready

FAKE_COMMAND = (sys.executable, "-m", "tests.fakes.server_main")
PATIENCE_S = 20.0
QUICK = EngineOptions(start_deadline=10.0, load_deadline=1.0, run_deadline=1.0, silence=1.0, cancel_polite=0.2,
                      cancel_hard=0.6)
linux = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc of Linux")
E = TypeVar("E")


class Listener:
    """All events so far, with waiting."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        """The handler."""
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(self, kind: type[E], matching: Callable[[E], bool] = lambda _: True, *, count: int = 1) -> E:
        """The `count`-th event of that kind that matches; fails the test when it does not come."""
        deadline = time.monotonic() + PATIENCE_S
        with self._changed:
            while True:
                found = [event for event in self.events if isinstance(event, kind) and matching(event)]
                if len(found) >= count:
                    return found[count - 1]
                left = deadline - time.monotonic()
                if left <= 0:
                    last = "\n".join(str(event)[:200] for event in self.events[-20:])
                    raise AssertionError(f"no {kind.__name__} came; the last events were\n{last}")
                self._changed.wait(left)

    def answer(self, request: int) -> Any:
        """The event that ends a request."""
        return self.wait(Answer, lambda event: event.request == request)  # type: ignore[arg-type, attr-defined]

    def of(self, kind: type[E]) -> list[E]:
        """All events of one kind so far."""
        with self._changed:
            return [event for event in self.events if isinstance(event, kind)]


def pid_of(heard: Listener) -> int:
    """The process of the engine that got ready last."""
    return heard.of(Ready)[-1].pid


def alive(pid: int) -> bool:
    """Whether a process of that number is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def recipe(**values: Any) -> Recipe:
    """A recipe for the scripted engine."""
    return Recipe("good", "sha256:0", {"seed": 1, "do": "ok", **values})


@contextmanager
def running(options: EngineOptions | None = None, command: tuple[str, ...] = FAKE_COMMAND, *,
            opened: str | None = "/models/good") -> Iterator[tuple[EngineClient, Listener]]:
    """A started client around the scripted engine, with one package open."""
    client, heard = EngineClient(options, command), Listener()
    client.subscribe(heard)
    client.start()
    try:
        if opened is not None:
            heard.answer(client.open(opened))
        yield client, heard
    finally:
        client.close()
