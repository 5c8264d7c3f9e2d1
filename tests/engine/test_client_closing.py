"""The client against a real child with scripted hands: the end, also of a parent that was killed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.client import EngineClient
from engine.messages import Frame, Stepped
from tests.fakes.listener import alive, linux, pid_of, recipe, running


def test_closing_is_quick_and_fails_what_is_open():
    with running() as (client, heard):
        pid = pid_of(heard)
        request = client.render(recipe(do="slow", seconds=60.0))
        began = time.monotonic()
        client.close()
        client.close()
        assert time.monotonic() - began < 2.0
        assert heard.answer(request).problem.code == "cancelled"
        assert not alive(pid)


def test_closing_ends_a_child_that_hangs():
    with running() as (client, heard):
        pid = pid_of(heard)
        client.render(recipe(do="hang"))
        heard.wait(Stepped)
        began = time.monotonic()
        client.close(timeout=0.3)
        assert time.monotonic() - began < 3.0
        assert not alive(pid)


def test_closing_from_a_handler_does_not_hang():
    with running() as (client, _):
        done = threading.Event()

        def end(event: object) -> None:
            if isinstance(event, Frame):
                client.close()
                done.set()
        client.subscribe(end)
        client.render(recipe())
        assert done.wait(10)


def test_a_file_in_the_making_is_finished_when_closing(tmp_path: Path):
    with running() as (client, heard):
        client.write(recipe(write_seconds=0.3), str(tmp_path / "a.png"))
        heard.answer(client.render(recipe(seed=2)))
        client.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_closing_before_starting_is_allowed():
    EngineClient().close()


PARENT = """
import sys, time
from tests.fakes.listener import running, recipe
from engine.messages import Ready
with running() as (client, heard):
    if "hang" in sys.argv:
        client.render(recipe(do="hang"))
        time.sleep(0.2)
    print(heard.of(Ready)[-1].pid, flush=True)
    time.sleep(60)
"""


@linux
@pytest.mark.parametrize("manner", ["idle", "hang"])
def test_the_child_dies_with_a_parent_that_was_killed(manner: str):
    with subprocess.Popen([sys.executable, "-c", PARENT, manner], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(pid)
