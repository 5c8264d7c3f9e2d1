"""The client against a real child with scripted hands: every way to hang or to take too long."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

from engine.messages import Died, Frame, Written
from engine.outcome import Reason
from tests.fakes.listener import QUICK, recipe, running


def test_a_package_that_never_opens_is_ended_at_its_deadline():
    with running(QUICK) as (client, heard):
        problem = heard.answer(client.open("/models/hang")).problem
        assert problem.code == "deadline"
        assert "the package “hang”" in problem.what
        assert heard.wait(Died).outcome.reason is Reason.LOAD
        assert isinstance(heard.answer(client.render(recipe())), Frame)


def test_a_picture_that_never_comes_is_ended_at_its_deadline():
    with running(replace(QUICK, run_deadline=60.0)) as (client, heard):
        failed = heard.answer(client.render(recipe(do="hang"), run_deadline=0.5))
        assert failed.problem.code == "deadline"
        assert heard.of(Died)[0].outcome.reason is Reason.RUN


def test_a_disk_that_hangs_ends_only_the_file_that_hangs(tmp_path: Path):
    with running(replace(QUICK, write_deadline=0.7)) as (client, heard):
        stuck = client.write(recipe(write_seconds=60.0), str(tmp_path / "a.png"))
        others = [client.write(recipe(seed=seed), str(tmp_path / f"{seed}.png")) for seed in range(5)]
        problem = heard.answer(stuck).problem
        assert problem.code == "file"
        assert "Writing the file took longer than 0.7 s" in problem.what
        assert all(isinstance(heard.answer(other), Written) for other in others)


def test_an_engine_that_never_gets_ready_is_given_up():
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    with running(replace(QUICK, start_deadline=0.5), command, opened=None) as (client, heard):
        assert "not ready after 0.5 s" in heard.answer(client.render(recipe())).problem.what
        assert not heard.of(Died)[0].restarting


def test_a_handler_that_takes_its_time_is_not_the_childs_silence():
    with running(replace(QUICK, silence=0.5)) as (client, heard):
        client.subscribe(lambda event: time.sleep(1.0) if isinstance(event, Frame) else None)
        heard.answer(client.render(recipe()))
        heard.answer(client.render(recipe(seed=2)))
        assert not heard.of(Died)
