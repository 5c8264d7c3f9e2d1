"""Deadlines on a clock that the test turns."""

from __future__ import annotations

import pytest

from engine.messages import Beat, Phase
from engine.outcome import Reason
from engine.watch import AwakeClock, Limits, Overdue, Watch

LIMITS = Limits(start=30.0, load=20.0, run=60.0, silence=5.0, cancel=2.0)


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(clock: Clock) -> Watch:
    return Watch(LIMITS, clock)


def beat_for(watch: Watch, clock: Clock, seconds: float, phase: Phase, request: int | None = None) -> None:
    """The child beats as it should for a while."""
    end = clock.time + seconds
    while clock.time < end:
        watch.beat(Beat(phase, 0.0, request))
        clock.time += 0.25
    watch.beat(Beat(phase, 0.0, request))


@pytest.mark.parametrize(("phase", "limit", "reason"), [
    (Phase.START, 30.0, Reason.START), (Phase.LOAD, 20.0, Reason.LOAD), (Phase.RUN, 60.0, Reason.RUN)])
def test_each_phase_has_its_deadline(watch: Watch, clock: Clock, phase: Phase, limit: float, reason: Reason):
    watch.beat(Beat(phase, 0.0, 1))
    beat_for(watch, clock, limit, phase, 1)
    assert watch.check() is None
    clock.time += 0.1
    assert watch.check() == Overdue(reason, limit)


def test_the_deadline_begins_anew_with_each_request(watch: Watch, clock: Clock):
    beat_for(watch, clock, 50.0, Phase.RUN, 1)
    beat_for(watch, clock, 50.0, Phase.RUN, 2)
    assert watch.check() is None


def test_idling_has_no_deadline_but_silence_has(watch: Watch, clock: Clock):
    beat_for(watch, clock, 10_000.0, Phase.IDLE)
    assert watch.check() is None
    clock.time += 5.1
    assert watch.check() == Overdue(Reason.SILENT, 5.0)


def test_a_file_has_its_deadline_whatever_goes_on_beside_it(watch: Watch, clock: Clock):
    for request in range(2, 30):
        watch.beat(Beat(Phase.RUN, 0.0, request, filing=1))
        clock.time += 2.2
    assert watch.check() == Overdue(Reason.WRITE, 60.0, 1)


def test_files_one_after_the_other_are_in_time(watch: Watch, clock: Clock):
    for request in range(2, 30):
        watch.beat(Beat(Phase.RUN, 0.0, request, filing=request))
        clock.time += 2.2
    assert watch.check() is None


def test_silence_is_allowed_while_a_graph_loads(watch: Watch, clock: Clock):
    watch.beat(Beat(Phase.LOAD, 0.0, 1))
    clock.time += 19.0
    assert watch.check() is None


def test_any_event_is_a_sign_of_life(watch: Watch, clock: Clock):
    watch.beat(Beat(Phase.RUN, 0.0, 1))
    clock.time += 4.0
    watch.heard()
    clock.time += 4.0
    assert watch.check() is None


def test_the_deadline_begins_anew_with_each_step(watch: Watch, clock: Clock):
    for _ in range(5):
        beat_for(watch, clock, 50.0, Phase.RUN, 1)
        watch.stepped(1)
    watch.stepped(2)  # of another request: no step of this one
    beat_for(watch, clock, 59.0, Phase.RUN, 1)
    assert watch.check() is None
    watch.stepped(2)
    beat_for(watch, clock, 2.0, Phase.RUN, 1)
    assert watch.check() == Overdue(Reason.RUN, 60.0)


def test_one_package_may_take_longer_to_load(watch: Watch, clock: Clock):
    watch.allow(1, 100.0)
    beat_for(watch, clock, 90.0, Phase.LOAD, 1)
    assert watch.check() is None
    beat_for(watch, clock, 20.0, Phase.LOAD, 1)
    assert watch.check() == Overdue(Reason.LOAD, 100.0)


def test_one_request_may_have_its_own_deadline(watch: Watch, clock: Clock):
    watch.allow(1, 2.0)
    beat_for(watch, clock, 2.5, Phase.RUN, 1)
    assert watch.check() == Overdue(Reason.RUN, 2.0)


def test_a_cancel_that_is_not_obeyed_is_overdue_only_for_the_request_that_runs(watch: Watch, clock: Clock):
    watch.cancel_asked(2)
    beat_for(watch, clock, 3.0, Phase.RUN, 1)
    assert watch.check() is None
    watch.beat(Beat(Phase.RUN, 0.0, 2))
    assert watch.check() == Overdue(Reason.CANCEL, 2.0)


def test_an_answered_cancel_is_forgotten(watch: Watch, clock: Clock):
    watch.cancel_asked(1)
    watch.over(1)
    beat_for(watch, clock, 3.0, Phase.RUN, 1)
    assert watch.check() is None


def test_a_verdict_stands_until_the_next_child(watch: Watch, clock: Clock):
    watch.beat(Beat(Phase.IDLE, 0.0))
    clock.time += 6.0
    assert watch.check() is not None
    watch.beat(Beat(Phase.IDLE, 0.0))
    assert watch.check() is not None
    watch.begin()
    assert watch.check() is None
    assert watch.doing == (Phase.START, None)


def test_a_nap_of_our_own_is_not_the_childs_silence(clock: Clock):
    awake = AwakeClock(clock)
    begin = awake.now()
    for _ in range(10):
        clock.time += 0.05
        awake.tick()
    clock.time += 3600.0  # the lid was closed
    awake.tick()
    assert awake.now() - begin == pytest.approx(0.55, abs=0.01)
