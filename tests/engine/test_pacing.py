"""Time left and what was learned, on a clock that the test turns."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.api import Asset, Progress, Recipe
from engine.cancel import CancelToken
from engine.errors import Cancelled
from engine.pacing import MAX_SHAPES, Paces, StepClock, Stretches, work_of
from engine.progress import ProgressSink

RECIPE = Recipe("m", "sha256:1", {"size": (64, 64), "guidance": 7.5, "count": 1.0})


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def run(clock: Clock, watch: StepClock, *, head: float, step: float, total: int) -> list[Progress]:
    """The steps of a run, as they come out."""
    clock.time += head
    told = []
    for done in range(total + 1):
        told.append(watch.step(Progress(done, total)))
        clock.time += step if done < total else 0.0
    return told


def test_the_time_left_is_told_after_two_steps():
    clock = Clock()
    told = run(clock, StepClock(clock=clock), head=5.0, step=2.0, total=4)
    assert [step.seconds_left for step in told] == [None, None, 4.0, 2.0, 0.0]


def test_a_first_step_that_loads_the_model_does_not_count():
    clock = Clock()
    watch = StepClock(clock=clock)
    watch.step(Progress(0, 10))
    clock.time += 40.0
    watch.step(Progress(1, 10))
    clock.time += 1.0
    assert watch.step(Progress(2, 10)).seconds_left == 8.0


def test_one_slow_step_does_not_scare_anybody():
    clock = Clock()
    watch = StepClock(clock=clock)
    run(clock, watch, head=0.0, step=1.0, total=10)
    watch = StepClock(clock=clock)
    for done in range(6):
        left = watch.step(Progress(done, 10)).seconds_left
        clock.time += 60.0 if done == 4 else 1.0
    assert left == 5.0


def test_what_was_learned_counts_until_there_are_steps():
    clock = Clock()
    known = Stretches(head=5.0, body=40.0, tail=3.0, steps=20)
    told = run(clock, StepClock(known, clock), head=5.0, step=1.0, total=20)
    assert told[0].seconds_left == 43.0
    assert told[1].seconds_left == 41.0
    assert told[2].seconds_left == 21.0  # 18 steps of this run, and the end of the last one


def test_a_worker_that_knows_better_is_believed():
    assert StepClock().step(Progress(1, 2, seconds_left=9.0)).seconds_left == 9.0


def test_a_run_is_remembered_by_its_three_stretches():
    clock = Clock()
    watch = StepClock(clock=clock)
    run(clock, watch, head=5.0, step=2.0, total=10)
    clock.time += 4.0
    assert watch.stretches(10) == Stretches(5.0, 20.0, 4.0, 10)
    assert watch.seconds == 29.0
    assert Stretches(5.0, 20.0, 4.0, 10).seconds(20) == 49.0
    assert Stretches(5.0, 20.0, 4.0, 10).seconds(10, scale=2.0) == 53.0


@pytest.mark.parametrize("steps", [[], [0], [3, 3, 3]])
def test_a_run_that_told_no_steps_teaches_nothing(steps: list[int]):
    watch = StepClock()
    for done in steps:
        watch.step(Progress(done, 10))
    assert watch.stretches(10) is None


def test_steps_pass_through_with_looks_and_cancels():
    told, seen, token = [], [], CancelToken()
    sink = StepClock().sink(ProgressSink(told.append, token, show=seen.append))
    sink.stepped(Progress(1, 2, "Step 1 of 2"))
    assert (told[0].done, told[0].label) == (1, "Step 1 of 2")
    assert sink.watched
    sink.show(Asset(RECIPE, None))  # type: ignore[arg-type]
    assert len(seen) == 1
    token.cancel()
    with pytest.raises(Cancelled):
        sink.stepped(Progress(2, 2))
    assert not StepClock().sink(ProgressSink()).watched


def test_the_forecast_follows_the_work_and_outlives_the_engine(tmp_path: Path):
    path = tmp_path / "cache" / "paces.json"
    paces = Paces("CPU, 2", path)
    assert paces.seconds(RECIPE, 20) is None
    paces.learn(RECIPE, Stretches(2.0, 20.0, 4.0, 10))
    assert Paces("CPU, 2", path).seconds(RECIPE, 10) == 26.0
    assert Paces("CPU, 2", path).seconds(RECIPE, 20) == 46.0
    larger = RECIPE.with_values({"size": (128, 64)})
    assert Paces("CPU, 2", path).seconds(larger, 10) == 50.0  # twice the pixels: twice the steps and the end
    plain = RECIPE.with_values({"guidance": 1.0})
    assert Paces("CPU, 2", path).seconds(plain, 10) == 14.0
    assert Paces("GPU, 2", path).seconds(RECIPE, 10) is None
    assert Paces("CPU, 2", path).seconds(Recipe("m", "sha256:2", RECIPE.values), 10) is None


def test_the_nearest_of_what_was_seen_counts(tmp_path: Path):
    paces = Paces("CPU, 2", tmp_path / "paces.json")
    paces.learn(RECIPE, Stretches(0.0, 10.0, 0.0, 10))
    paces.learn(RECIPE.with_values({"size": (512, 512)}), Stretches(0.0, 1000.0, 0.0, 10))
    assert paces.seconds(RECIPE.with_values({"size": (64, 128)}), 10) == 20.0
    assert paces.seconds(RECIPE.with_values({"size": (512, 256)}), 10) == 500.0


def test_only_so_much_is_kept(tmp_path: Path):
    paces = Paces("CPU, 2", tmp_path / "paces.json")
    for side in range(1, 2 * MAX_SHAPES):
        paces.learn(RECIPE.with_values({"size": (side, 1)}), Stretches(0.0, 1.0, 0.0, 1))
    kept = Paces("CPU, 2", tmp_path / "paces.json")._load()
    assert len(kept["sha256:1 on CPU, 2"]) == MAX_SHAPES


STRANGE = '{"format": 1, "paces": {"sha256:1 on CPU, 2": {"wide": {"head": 0, "body": 1, "tail": 1, "steps": 1}}}}'


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1, "paces": 3}', '{"format": 9}', "\xff", STRANGE])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, text: str):
    (tmp_path / "paces.json").write_text(text, encoding="latin-1")
    assert Paces("CPU, 2", tmp_path / "paces.json").seconds(RECIPE, 10) is None


def test_a_memory_that_cannot_be_written_costs_nothing_else(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    paces = Paces("CPU, 2", tmp_path / "file" / "paces.json")
    paces.learn(RECIPE, Stretches(0.0, 10.0, 0.0, 10))
    assert paces.seconds(RECIPE, 10) == 10.0


def test_work_counts_pixels_guidance_and_cards():
    assert work_of(Recipe("m", "d", {})) == 1.0
    assert work_of(RECIPE) == 64 * 64 * 2
    assert work_of(RECIPE.with_values({"count": 4, "guidance": 0.0})) == 64 * 64 * 4
