"""Slow models: steps told and shown, deadlines that follow them, questions between two steps, cancels and deaths."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.api import Medium, Recipe
from engine.blocking import BlockingEngine
from engine.client import EngineClient, EngineOptions
from engine.errors import Cancelled, EngineDied
from engine.messages import Considered, Died, Embedded, Failed, Frame, Looked, Partial, Restarted, Stepped
from engine.options import LOAD_PACE, folder_bytes
from tests.fakes.listener import FAKE_COMMAND, Listener, recipe, running

SHORT = EngineOptions(run_deadline=0.6, cancel_polite=1.5, max_deaths=20)


@pytest.fixture(scope="module")
def engine() -> Iterator[tuple[EngineClient, Listener]]:
    """One scripted engine for all tests that leave it well."""
    with running(SHORT) as (client, heard):
        yield client, heard


def steps(count: int, seconds: float, **values: object) -> Recipe:
    return recipe(do="steps", steps=count, seconds=seconds, **values)


def test_a_slow_model_that_moves_on_is_not_ended_at_the_deadline(engine: tuple[EngineClient, Listener]):
    client, heard = engine
    answer = heard.answer(client.render(steps(5, 0.3)))  # 1.5 s in all, and 0.6 s is the limit of one step
    assert isinstance(answer, Frame)
    assert not heard.of(Died)


def test_a_step_that_hangs_is_ended_at_its_deadline_counted_from_the_last_step():
    with running(SHORT) as (client, heard):
        request = client.render(steps(2, 0.4, hang_at="1"))
        last = heard.wait(Stepped, lambda event: event.request == request and event.progress.done == 1)
        failed = heard.answer(request)
        assert last.progress.total == 2
        assert failed.problem.code == "deadline"
        assert len(heard.of(Died)) == 1


def test_packages_that_are_not_live_are_given_more_time():
    with running(replace(SHORT, slow_deadline=30.0), opened="/models/slow") as (client, heard):
        asked = Recipe("slow", "sha256:0", {"seed": 1, "do": "steps", "steps": 1, "seconds": 1.2})
        assert isinstance(heard.answer(client.render(asked)), Frame)
        assert not heard.of(Died)


def test_unfinished_work_is_shown_ten_times_a_second_at_most(engine: tuple[EngineClient, Listener]):
    client, heard = engine
    request = client.preview(steps(40, 0.01, seed=2))
    heard.answer(request)
    looks = [look for look in heard.of(Partial) if look.request == request]
    assert 1 <= len(looks) <= 20
    assert looks[0].asset.partial
    assert (looks[0].asset.medium, looks[0].asset.texts) == (Medium.TEXT, ("so far",))
    assert looks[0].asset.recipe.values["steps"] == 40


def test_who_renders_for_a_file_makes_no_looks_unless_asked(engine: tuple[EngineClient, Listener]):
    client, heard = engine
    silent, watched = client.render(steps(2, 0.01, seed=3)), client.render(steps(2, 0.01, seed=4), watched=True)
    heard.answer(watched)
    assert {look.request for look in heard.of(Partial)} & {silent, watched} == {watched}


def test_a_plan_is_told_in_the_middle_of_a_run_and_only_the_newest(engine: tuple[EngineClient, Listener]):
    client, heard = engine
    slow = client.render(steps(20, 0.1, seed=5))
    heard.wait(Stepped, lambda event: event.request == slow)
    asked = [client.consider(steps(count, 0.0, prompt="a red brick")) for count in (1, 2, 7)]
    told = heard.wait(Considered, lambda event: event.request == asked[-1])
    assert (told.plan.steps, told.plan.seconds) == (7, 1.5)
    assert (told.plan.prompts["prompt"].text, told.plan.prompts["prompt"].tokens) == ("a red brick", 3)
    assert not [event for event in heard.of(Frame) if event.request == slow]  # the run still goes on
    client.cancel(slow)
    heard.answer(slow)


def test_meanings_are_told_in_the_middle_of_a_run(engine: tuple[EngineClient, Listener]):
    client, heard = engine
    slow = client.render(steps(20, 0.1, seed=6))
    heard.wait(Stepped, lambda event: event.request == slow)
    asked = client.embed(["one", "twelve"])
    found = heard.wait(Embedded, lambda event: event.request == asked)
    assert np.array_equal(found.vectors, [[3, 1], [6, 1]])
    assert not found.vectors.flags.writeable
    client.cancel(slow)
    heard.answer(slow)


def test_a_file_is_looked_at_in_the_middle_of_a_run(engine: tuple[EngineClient, Listener], tmp_path: Path):
    client, heard = engine
    slow = client.render(steps(20, 0.1, seed=6))
    heard.wait(Stepped, lambda event: event.request == slow)
    (tmp_path / "a.png").write_bytes(b"a picture, as far as this engine is concerned")
    asked = client.look(str(tmp_path / "a.png"), 40)
    found = heard.wait(Looked, lambda event: event.request == asked)
    assert (found.pixels.shape, found.full) == ((1, 40, 3), (80, 2))
    missing = client.look(str(tmp_path / "b.png"), 40)
    assert heard.wait(Failed, lambda event: event.request == missing).problem.what == "It is not there."
    client.cancel(slow)
    heard.answer(slow)


def test_a_plan_never_goes_before_a_preview(engine: tuple[EngineClient, Listener]):
    client, heard = engine
    slow = client.render(recipe(do="slow", seconds=0.2, seed=7))
    heard.wait(Stepped, lambda event: event.request == slow)
    client.cancel(slow)
    preview, plan = client.preview(recipe(seed=8)), client.consider(recipe(seed=8))
    heard.wait(Considered, lambda event: event.request == plan)
    order = [event.request for event in heard.events if isinstance(event, Frame | Considered)]
    assert order.index(preview) < order.index(plan)


def test_a_cancel_in_a_step_ends_the_run_at_once_and_spares_the_engine(engine: tuple[EngineClient, Listener]):
    client, heard = engine
    deaths = len(heard.of(Died))
    slow = client.preview(steps(2, 60.0, seed=9))
    heard.wait(Stepped, lambda event: event.request == slow)
    began = time.monotonic()
    client.cancel(slow)
    assert heard.answer(slow).problem.code == "cancelled"
    assert time.monotonic() - began < 1.0
    assert isinstance(heard.answer(client.render(recipe(seed=10))), Frame)
    assert len(heard.of(Died)) == deaths


def test_an_engine_killed_in_the_middle_of_a_run_runs_again_and_twice_is_enough():
    with running(SHORT) as (client, heard):
        request = client.preview(steps(4, 0.01, die_at="2"))
        plan = client.consider(steps(3, 0.0))
        failed = heard.answer(request)
        assert isinstance(failed, Failed)
        assert failed.problem.code == "set_aside"
        assert len(heard.of(Died)) == 2
        heard.wait(Restarted)
        assert isinstance(heard.answer(plan), Considered)
        assert isinstance(heard.answer(client.render(recipe(seed=3))), Frame)


def test_waiting_calls_see_steps_and_looks():
    with BlockingEngine(EngineClient(command=FAKE_COMMAND)) as engine:
        engine.open("/models/slow")
        mine = Recipe("slow", "sha256:0", {"do": "steps", "steps": 3, "seconds": 0.12, "seed": 4})
        told, seen = [], []
        engine.render(mine, told.append, on_look=seen.append)
        assert [step.label for step in told] == ["Step 1 of 3", "Step 2 of 3", "Step 3 of 3"]
        assert all(look.partial for look in seen)
        assert engine.consider(mine).steps == 3
        assert engine.embed(["four"]).tolist() == [[4.0, 1.0]]
        with pytest.raises(EngineDied):
            engine.render(mine.with_values({"die_at": "1"}))
        with pytest.raises(Cancelled):
            engine.render(mine.with_values({"seconds": 60.0}), lambda _: engine.client.cancel())


def test_large_packages_may_take_longer_to_open(tmp_path):
    with (tmp_path / "weights.bin").open("wb") as file:
        file.truncate(50_000_000)
    assert folder_bytes(str(tmp_path)) / LOAD_PACE == 2.0
    assert folder_bytes(str(tmp_path / "missing")) == 0
