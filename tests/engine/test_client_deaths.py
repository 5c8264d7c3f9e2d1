"""The client against a real child with scripted hands: every way to die, and what survives."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.client import EngineOptions
from engine.messages import Died, Frame, Opened, Ready, Restarted
from engine.outcome import Reason
from tests.fakes.listener import QUICK, linux, pid_of, recipe, running


@pytest.mark.parametrize(("do", "name"), [("abort", "SIGABRT"), ("segv", "SIGSEGV")])
@linux
def test_a_recipe_that_kills_twice_is_set_aside_and_the_others_go_on(do: str, name: str):
    with running() as (client, heard):
        before = client.render(recipe(seed=1))
        killer = client.render(recipe(do=do, seed=13))
        after = client.render(recipe(seed=2))
        problem = heard.answer(killer).problem
        assert problem.code == "set_aside"
        assert "“good”, seed 13" in problem.what
        assert isinstance(heard.answer(before), Frame)
        assert isinstance(heard.answer(after), Frame)
        deaths = heard.of(Died)
        assert len(deaths) == 2
        assert deaths[0].outcome.signal_name() == name
        assert deaths[0].requests == (killer, after)
        assert f"stopped by {name}" in deaths[0].outcome.sentence()
        assert client.outcome == deaths[1].outcome
        assert heard.answer(client.preview(recipe(do=do, seed=13))).problem.code == "set_aside"
        assert len(heard.of(Died)) == 2


@linux
def test_a_recipe_that_kills_once_gets_its_picture(tmp_path: Path):
    with running() as (client, heard):
        frame = heard.answer(client.render(recipe(do="die_once", marker=str(tmp_path / "marker"))))
        assert isinstance(frame, Frame)
        kinds = [type(event) for event in heard.events if isinstance(event, Died | Restarted | Frame)]
        assert kinds == [Died, Restarted, Frame]


@linux
def test_a_kill_at_idle_is_noticed_at_once_and_the_packages_are_open_again():
    with running() as (client, heard):
        began = time.monotonic()
        os.kill(pid_of(heard), signal.SIGKILL)
        died = heard.wait(Died)
        assert time.monotonic() - began < 1.0
        assert died.restarting
        assert "SIGKILL" in died.outcome.sentence()
        heard.wait(Restarted)
        assert isinstance(heard.answer(client.render(recipe())), Frame)
        assert len(heard.of(Opened)) == 1  # opened again without telling


@linux
def test_a_frozen_child_is_noticed_and_replaced():
    with running(QUICK) as (client, heard):
        os.kill(pid_of(heard), signal.SIGSTOP)
        for seed in range(200):
            client.preview(recipe(seed=seed))
        last = client.preview(recipe(seed=200))
        died = heard.wait(Died)
        assert died.outcome.reason is Reason.SILENT
        assert "no sign of life" in died.outcome.sentence()
        assert isinstance(heard.answer(last), Frame)


@linux
def test_too_many_deaths_end_in_one_clear_problem_until_start():
    options = EngineOptions(max_deaths=2)
    with running(options) as (client, heard):
        waiting = client.render(recipe(do="hang"))
        for death in range(1, 4):
            os.kill(heard.wait(Ready, count=death).pid, signal.SIGKILL)
            last = heard.wait(Died, count=death)
            if death == 2:
                waiting = client.render(recipe(do="hang", seed=2))
        assert not last.restarting
        assert heard.answer(waiting).problem.code == "engine"
        assert heard.answer(client.render(recipe())).problem.code == "engine"
        client.start()
        fourth = heard.wait(Ready, count=4)
        heard.wait(Restarted, lambda event: event.pid == fourth.pid)
        assert isinstance(heard.answer(client.render(recipe())), Frame)


@linux
def test_garbage_on_the_pipe_is_death():
    with running() as (client, heard):
        heard.answer(client.render(recipe(do="garbage")))
        assert heard.of(Died)[0].outcome.reason is Reason.GARBAGE
        assert isinstance(heard.answer(client.render(recipe())), Frame)


@linux
def test_a_package_that_aborts_takes_only_the_child():
    with running() as (client, heard):
        assert heard.answer(client.open("/models/abort")).problem.code == "set_aside"
        assert heard.answer(client.open("/models/broken")).problem.code == "package"
        assert isinstance(heard.answer(client.render(recipe())), Frame)


def test_a_program_that_does_not_exist_is_told_in_a_sentence():
    with running(command=("/nowhere/engine",), opened=None) as (client, heard):
        problem = heard.answer(client.render(recipe())).problem
        assert problem.code == "engine"
        assert "cannot be started" in problem.what


def test_a_program_that_ends_at_once_is_given_up():
    with running(EngineOptions(max_deaths=2), (sys.executable, "-c", "import sys; sys.exit('no numpy here')"),
                 opened=None) as (client, heard):
        problem = heard.answer(client.render(recipe())).problem
        assert problem.code == "engine"
        assert "no numpy here" in problem.what


@linux
def test_many_restarts_leave_no_descriptors_or_threads():
    options = EngineOptions(max_deaths=100)
    with running(options) as (_, heard):
        def state() -> tuple[int, int]:
            return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
        before = state()
        for death in range(1, 6):
            os.kill(heard.wait(Ready, count=death).pid, signal.SIGKILL)
            heard.wait(Restarted, count=death)
        assert state() == before
