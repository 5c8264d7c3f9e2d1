"""How a child is started: command, environment, and what becomes of its last words."""

from __future__ import annotations

import sys

import pytest

from engine.api import Recipe
from engine.child import Child, child_command, child_environment
from engine.messages import Render, Shutdown


def test_from_source_it_is_a_module_and_packaged_it_is_the_program_itself(monkeypatch: pytest.MonkeyPatch):
    assert child_command()[0] == sys.executable
    assert child_command()[-2:] == ("-m", "engine.server")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == (sys.executable, "--engine-child")


def test_the_environment_is_what_the_engine_needs(monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_SECRET_ACCESS_KEY", "PYTHONSTARTUP", "LD_PRELOAD", "http_proxy"):
        monkeypatch.setenv(name, "x")
    for name in ("CUDA_VISIBLE_DEVICES", "LC_ALL", "LATENT_ATELIER_HOME", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, "kept")
    given = child_environment()
    assert not {"AWS_SECRET_ACCESS_KEY", "PYTHONSTARTUP", "LD_PRELOAD", "http_proxy"} & set(given)
    assert {given[name] for name in ("CUDA_VISIBLE_DEVICES", "LC_ALL", "LATENT_ATELIER_HOME")} == {"kept"}
    assert given["OMP_NUM_THREADS"] == "1"


def test_its_last_words_are_kept_and_bounded():
    script = "import sys; [print('line', n, file=sys.stderr) for n in range(500)]; sys.exit('x' * 10**5)"
    child = Child((sys.executable, "-c", script))
    assert child.events.read() is None
    code, tail = child.reap()
    assert code == 1
    assert len(tail) == 200
    assert max(map(len, tail)) <= 4096


def test_one_that_does_not_end_is_ended():
    child = Child((sys.executable, "-c", "import os, time; os.close(1); time.sleep(60)"))
    assert child.events.read() is None
    assert child.reap()[0] not in (0, None)


READS_LATE = """
import sys, time
from engine.framing import decode_request
from engine.wire import FrameReader
time.sleep(0.3)
frames = FrameReader(0)
while type(message := decode_request(*frames.read())).__name__ == "Render":
    print(message.request, file=sys.stderr)
"""


def test_orders_keep_their_order_whether_sent_at_once_or_later():
    child = Child((sys.executable, "-c", READS_LATE))
    for number in range(100):  # short ones go at once until the pipe is full; every tenth is too long for that
        child.send(Render(number, Recipe("p", "d", {"text": "x" * (20_000 if number % 10 == 9 else 900)})))
    child.send(Shutdown())
    assert child.wait(10)
    assert child.reap() == (0, tuple(str(number) for number in range(100)))
