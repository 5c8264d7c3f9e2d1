"""Waiting calls: values, faults, progress, cancelling, Ctrl+C."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from engine.api import Problem, Progress
from engine.blocking import BlockingEngine, fault_of
from engine.cancel import CancelToken
from engine.client import EngineClient
from engine.errors import (
    AtelierError,
    Cancelled,
    DiskFull,
    EngineDied,
    FileProblem,
    JobProblem,
    ModelError,
    PackageError,
    ValueProblem,
)
from engine.messages import Event, Failed, Stepped
from tests.fakes.listener import FAKE_COMMAND, Listener, recipe


@pytest.fixture
def engine() -> Iterator[BlockingEngine]:
    with BlockingEngine(EngineClient(command=FAKE_COMMAND)) as engine:
        engine.open("/models/good")
        yield engine


def test_values_come_back(engine: BlockingEngine, tmp_path: Path):
    assert engine.open("/models/other").id == "other"
    assert engine.render(recipe(seed=3)).pixels[0, 0, 0] == 3
    assert engine.preview(recipe(seed=4)).pixels[0, 0, 0] == 4
    written = engine.write(recipe(), str(tmp_path / "a.png"))
    assert (tmp_path / "a.png").stat().st_size == written.bytes
    assert engine.devices()[0].actual == "FakeProvider"


def test_faults_are_raised_as_what_they_are(engine: BlockingEngine):
    with pytest.raises(ModelError, match="no sense") as caught:
        engine.render(recipe(do="fail"))
    assert caught.value.remedy == "Use another seed."
    with pytest.raises(PackageError):
        engine.open("/models/broken")
    with pytest.raises(EngineDied) as died:
        engine.render(recipe(do="abort"))
    assert died.value.code == "set_aside"


def test_progress_is_heard_and_a_token_cancels(engine: BlockingEngine):
    token = CancelToken()
    steps: list[Progress] = []

    def step(progress: Progress) -> None:
        steps.append(progress)
        token.cancel()
    with pytest.raises(Cancelled):
        engine.render(recipe(do="slow", seconds=60.0), step, token)
    assert steps[0].label == "slow"
    assert engine.render(recipe()).pixels.size


@pytest.mark.skipif(sys.platform == "win32", reason="raises SIGINT")
def test_ctrl_c_cancels_the_request_and_goes_on(engine: BlockingEngine):
    heard = Listener()
    engine.client.subscribe(heard)

    def interrupt() -> None:
        heard.wait(Stepped)
        os.kill(os.getpid(), signal.SIGINT)
    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        engine.render(recipe(do="slow", seconds=60.0))
    thread.join()
    assert engine.render(recipe()).pixels.size


@pytest.mark.parametrize("kind", [PackageError, ModelError, ValueProblem, FileProblem, DiskFull, JobProblem, EngineDied,
                                  Cancelled])
def test_faults_survive_the_pipe(kind: type[AtelierError]):
    problem = kind("What.", "Remedy.", "subject").problem()
    back = fault_of(problem)
    assert type(back) is kind
    assert back.problem() == problem


def test_codes_without_a_class_keep_their_code():
    problem = Problem("set_aside", "What.", "Remedy.", "s", 3)
    assert isinstance(fault_of(problem), EngineDied)
    assert fault_of(problem).problem() == problem


def test_a_cancel_wakes_the_wait_even_when_the_timeout_is_lost(monkeypatch: pytest.MonkeyPatch):
    # A signal handler that outlasts the timeout of `get` turns it into an endless wait (CPython's SimpleQueue).
    token = CancelToken()
    deaf = Deaf()
    engine = BlockingEngine(cast("EngineClient", deaf))
    deaf.subscribe(engine._events.put)
    monkeypatch.setattr("engine.blocking._LOOK_S", None)
    threading.Timer(0.1, token.cancel).start()
    with pytest.raises(Cancelled):
        engine.open("anywhere", token)


class Deaf:
    """A client that answers nothing but a cancel."""

    def __init__(self) -> None:
        self._tell: Callable[[Event], None] = lambda _event: None

    def subscribe(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell

    def open(self, _folder: str) -> int:
        return 1

    def cancel(self, request: int) -> None:
        self._tell(Failed(request, Cancelled().problem()))
