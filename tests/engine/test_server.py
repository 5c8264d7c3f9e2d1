"""The child alone, spoken to over plain pipes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engine.client import EngineClient
from engine.framing import decode_event, encode
from engine.messages import (
    Beat,
    ChildEvent,
    Died,
    Failed,
    Frame,
    Open,
    Phase,
    Ready,
    Render,
    Request,
    Shutdown,
)
from engine.wire import FrameReader, FrameWriter
from tests.fakes.listener import FAKE_COMMAND, Listener, recipe, running


class Wire:
    """A child and the frames to and from it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._writer = FrameWriter(process.stdin.fileno())
        self._reader = FrameReader(process.stdout.fileno())

    def say(self, message: Request) -> None:
        self._writer.write(*encode(message))

    def hear(self) -> ChildEvent | None:
        frame = self._reader.read()
        return decode_event(*frame) if frame is not None else None

    def until(self, kind: type[ChildEvent]) -> ChildEvent:
        while not isinstance(event := self.hear(), kind):
            assert event is not None
        return event


@contextmanager
def child() -> Iterator[Wire]:
    with subprocess.Popen(FAKE_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        try:
            yield Wire(process)
        finally:
            process.kill()


def test_it_beats_while_idle_and_tells_each_phase_before_it_begins():
    with child() as wire:
        wire.until(Ready)
        idle = [event for event in (wire.hear() for _ in range(3)) if isinstance(event, Beat)]
        assert {beat.phase for beat in idle} == {Phase.IDLE}
        wire.say(Open(1, "/models/good"))
        wire.say(Render(2, recipe()))
        events = []
        while not isinstance(event := wire.hear(), Frame):
            events.append(event)
        phases = [(beat.phase, beat.request) for beat in events if isinstance(beat, Beat) and beat.request is not None]
        assert phases == [(Phase.LOAD, 1), (Phase.RUN, 2)]


def test_it_ends_when_told():
    with child() as wire:
        wire.until(Ready)
        wire.say(Shutdown())
        assert wire.process.wait(5) == 0


@pytest.mark.parametrize("do", ["ok", "hang"])
def test_it_ends_when_nobody_asks_any_more(do: str):
    with child() as wire:
        wire.until(Ready)
        wire.say(Open(1, "/models/good"))
        wire.say(Render(2, recipe(do=do)))
        wire.until(Frame if do == "ok" else Beat)
        assert wire.process.stdin is not None
        wire.process.stdin.close()
        began = time.monotonic()
        wire.process.wait(10)
        assert time.monotonic() - began < 3.0


def test_it_ends_when_it_is_told_nonsense():
    with child() as wire:
        wire.until(Ready)
        assert wire.process.stdin is not None
        os.write(wire.process.stdin.fileno(), b"good morning, how do you do?")
        assert wire.process.wait(5) == 0
        assert wire.process.stderr is not None
        assert b"unreadable" in wire.process.stderr.read()


def test_a_package_must_be_open():
    with running(opened=None) as (client, heard):
        assert heard.answer(client.render(recipe())).problem.code == "package"


def test_an_engine_that_cannot_work_here_says_why_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LATENT_ATELIER_FAKE", "no runtime")
    heard = Listener()
    client = EngineClient(command=FAKE_COMMAND)
    client.subscribe(heard)
    request = client.render(recipe())
    client.start()
    problem = heard.answer(request).problem
    assert problem.what == "ONNX Runtime is not installed."
    assert not heard.wait(Died).restarting
    assert heard.answer(client.render(recipe())).problem == problem
    monkeypatch.delenv("LATENT_ATELIER_FAKE")
    client.start()
    heard.wait(Ready)
    client.close()
    assert len(heard.of(Died)) == 1
    assert all(event.request for event in heard.of(Failed))


def test_the_real_child_is_ready_without_a_package():
    command = (sys.executable, "-m", "engine.server")
    with running(command=command, opened=None) as (client, heard):
        ready = heard.wait(Ready)
        assert ready.device.actual.endswith("ExecutionProvider")
        assert set(ready.versions) >= {"onnxruntime", "numpy"}
        told = heard.answer(client.devices())
        assert told.devices[0].requested == "cpu"
