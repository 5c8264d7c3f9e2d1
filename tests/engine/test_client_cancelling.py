"""The client against a real child with scripted hands: cancelling, politely and by force."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace

from engine.messages import Died, Failed, Frame, Restarted, Stepped
from engine.outcome import Reason
from tests.fakes.listener import QUICK, pid_of, recipe, running


def test_cancelling_everything_during_a_restart_keeps_the_packages():
    with running() as (client, heard):
        os.kill(pid_of(heard), signal.SIGKILL)
        heard.wait(Died)
        client.cancel()
        heard.wait(Restarted)
        assert isinstance(heard.answer(client.render(recipe())), Frame)


def test_cancelling_is_polite_first():
    with running() as (client, heard):
        request = client.render(recipe(do="slow", seconds=60.0))
        heard.wait(Stepped, lambda event: event.request == request)
        began = time.monotonic()
        client.cancel(request)
        assert heard.answer(request).problem.code == "cancelled"
        assert time.monotonic() - began < 0.5
        assert not heard.of(Died)


def test_a_deaf_picture_counts_as_cancelled_and_is_ended_a_little_later():
    with running(replace(QUICK, run_deadline=60.0)) as (client, heard):
        request = client.render(recipe(do="hang"))
        waiting = client.render(recipe(seed=2))
        heard.wait(Stepped)
        client.cancel(request)
        assert heard.answer(request).problem.code == "cancelled"
        assert heard.wait(Died).outcome.reason is Reason.CANCEL
        assert isinstance(heard.answer(waiting), Frame)


def test_what_waits_is_cancelled_at_once_and_alone():
    with running() as (client, heard):
        running_now = client.render(recipe(do="slow", seconds=0.3))
        waiting, kept = client.render(recipe(seed=2)), client.render(recipe(seed=3))
        client.cancel(waiting)
        assert heard.answer(waiting).problem.code == "cancelled"
        assert isinstance(heard.answer(running_now), Frame)
        assert isinstance(heard.answer(kept), Frame)


def test_cancelling_everything():
    with running() as (client, heard):
        requests = [client.render(recipe(do="slow", seconds=9.0, seed=seed)) for seed in range(4)]
        client.cancel()
        assert [heard.answer(request).problem.code for request in requests] == ["cancelled"] * 4
        assert isinstance(heard.answer(client.render(recipe())), Frame)


def test_failed_is_told_once_for_a_request_that_is_cancelled_while_the_engine_dies():
    with running(replace(QUICK, run_deadline=60.0)) as (client, heard):
        request = client.render(recipe(do="hang"))
        heard.wait(Stepped)
        client.cancel(request)
        heard.wait(Restarted)
        heard.answer(client.render(recipe()))
        assert len([event for event in heard.of(Failed) if event.request == request]) == 1
