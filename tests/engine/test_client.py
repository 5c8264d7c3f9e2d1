"""The client against a real child with scripted hands: answers, files, order, orders that cannot be sent."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.client import EngineClient
from engine.messages import Died, Frame, Opened, Written
from tests.fakes.listener import Listener, linux, pid_of, recipe, running


def test_a_picture_arrives_with_its_recipe_and_device():
    with running() as (client, heard):
        wanted = recipe(seed=7, size=(6, 3))
        frame = heard.answer(client.render(wanted))
        assert isinstance(frame, Frame)
        assert frame.asset.recipe == wanted
        assert frame.asset.pixels.shape == (3, 6, 4)
        assert int(frame.asset.pixels[0, 0, 0]) == 7
        assert client.last_device is not None
        assert client.last_device.actual == "FakeProvider"


def test_a_file_is_written_and_never_over_another(tmp_path: Path):
    with running() as (client, heard):
        written = heard.answer(client.write(recipe(), str(tmp_path / "a.png")))
        assert isinstance(written, Written)
        assert (tmp_path / "a.png").stat().st_size == written.bytes
        assert heard.answer(client.write(recipe(), str(tmp_path / "a.png"))).problem.code == "file"
        assert isinstance(heard.answer(client.write(recipe(), str(tmp_path / "a.png"), overwrite=True)), Written)


def test_jobs_are_answered_in_order_and_requests_before_start_are_kept():
    heard = Listener()
    client = EngineClient(command=(sys.executable, "-m", "tests.fakes.server_main"))
    client.subscribe(heard)
    opened = client.open("/models/good")
    numbers = [client.render(recipe(seed=seed)) for seed in range(5)]
    client.start()
    heard.answer(numbers[-1])
    client.close()
    assert [event.request for event in heard.events if isinstance(event, Opened | Frame)] == [opened, *numbers]


def test_the_models_fault_and_our_bug_are_told_apart_and_the_child_lives():
    with running() as (client, heard):
        fault = heard.answer(client.render(recipe(do="fail"))).problem
        bug = heard.answer(client.render(recipe(do="bug"))).problem
        hog = heard.answer(client.render(recipe(do="hog"))).problem
        assert (fault.code, fault.remedy) == ("model", "Use another seed.")
        assert (bug.code, hog.code) == ("bug", "memory")
        assert "ZeroDivisionError" in bug.detail
        assert "Traceback" not in bug.sentence()
        assert isinstance(heard.answer(client.render(recipe())), Frame)
        assert not heard.of(Died)


def test_what_libraries_print_does_not_damage_frames():
    with running() as (client, heard):
        assert isinstance(heard.answer(client.render(recipe(do="chatter"))), Frame)
        assert not heard.of(Died)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_handler_that_raises_leaves_nobody_waiting():
    with running() as (client, heard):
        def broken(event: object) -> None:
            if isinstance(event, Frame):
                raise ZeroDivisionError
        leave = client.subscribe(broken)
        client.render(recipe())
        waiting = client.render(recipe(seed=2))
        assert heard.answer(waiting).problem.code == "bug"
        leave()


@pytest.mark.parametrize("value", [float("nan"), "\ud800", None, "x" * 2_000_000],
                         ids=["nan", "surrogate", "none", "long"])
def test_an_order_that_cannot_be_sent_fails_alone(value: Any):
    with running() as (client, heard):
        assert heard.answer(client.preview(recipe(bad=value))).problem.code == "value"
        assert isinstance(heard.answer(client.render(recipe())), Frame)
        assert not heard.of(Died)


@linux
def test_ctrl_c_is_the_parents_business():
    with running() as (client, heard):
        os.kill(pid_of(heard), signal.SIGINT)
        assert isinstance(heard.answer(client.render(recipe())), Frame)
        assert not heard.of(Died)


@linux
def test_the_child_has_no_socket_and_little_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    with running() as (_, heard):
        process = Path(f"/proc/{pid_of(heard)}")
        assert not [link for link in map(Path.readlink, (process / "fd").iterdir()) if "socket" in str(link)]
        environment = (process / "environ").read_bytes()
        assert b"SECRET_TOKEN" not in environment
        assert b"OMP_NUM_THREADS=1" in environment
