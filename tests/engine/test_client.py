"""The client against a real child with scripted hands: every way to die, to hang, to answer late."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.client import EngineClient, EngineOptions
from engine.messages import Died, Failed, Frame, Opened, Ready, Restarted, Stepped, Written
from engine.outcome import Reason
from tests.fakes.listener import Listener, recipe, running

QUICK = EngineOptions(start_deadline=10.0, load_deadline=1.0, run_deadline=1.0, silence=1.0, cancel_polite=0.2,
                      cancel_hard=0.6)
linux = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc of Linux")


def pid_of(heard: Listener) -> int:
    return heard.of(Ready)[-1].pid


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


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


# Previews

def test_the_latest_preview_wins_and_the_overtaken_are_silent():
    with running() as (client, heard):
        slow = client.render(recipe(do="slow", seconds=0.3))
        heard.wait(Stepped, lambda event: event.request == slow)
        stamps = [client.preview(recipe(seed=seed)) for seed in range(20)]
        heard.answer(stamps[-1])
        shown = [event.request for event in heard.of(Frame) if event.preview]
        assert shown == stamps[-1:]


def test_equal_previews_are_made_once_and_answered_each_time():
    with running() as (client, heard):
        first = heard.answer(client.preview(recipe(seed=3)))
        second = heard.answer(client.preview(recipe(seed=3)))
        assert second.request > first.request
        assert second.asset is first.asset
        heard.answer(client.preview(recipe(seed=4)))
        third = heard.answer(client.preview(recipe(seed=3)))
        assert third.asset is not first.asset


def test_an_equal_preview_that_is_still_open_is_the_same_request():
    with running() as (client, heard):
        slow = client.render(recipe(do="slow", seconds=0.2))
        heard.wait(Stepped, lambda event: event.request == slow)
        assert client.preview(recipe(seed=5)) == client.preview(recipe(seed=5))


def test_a_preview_goes_between_the_rows_of_a_batch(tmp_path: Path):
    with running() as (client, heard):
        rows = [client.write(recipe(do="slow", seconds=0.1, seed=n), str(tmp_path / f"{n}.png")) for n in range(6)]
        heard.answer(rows[0])
        stamp = client.preview(recipe(seed=99))
        heard.answer(stamp)
        written = {event.request for event in heard.of(Written)}
        assert rows[-1] not in written
        heard.answer(rows[-1])


def test_inference_goes_on_while_a_file_is_being_written(tmp_path: Path):
    with running() as (client, heard):
        client.write(recipe(write_seconds=0.5), str(tmp_path / "a.png"))
        began = time.monotonic()
        heard.answer(client.render(recipe(seed=2)))
        assert time.monotonic() - began < 0.4
        assert not heard.of(Written)


# Deaths

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


# Deadlines

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


def test_cancelling_everything_during_a_restart_keeps_the_packages():
    with running() as (client, heard):
        os.kill(pid_of(heard), signal.SIGKILL)
        heard.wait(Died)
        client.cancel()
        heard.wait(Restarted)
        assert isinstance(heard.answer(client.render(recipe())), Frame)


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


@linux
def test_a_package_that_aborts_takes_only_the_child():
    with running() as (client, heard):
        assert heard.answer(client.open("/models/abort")).problem.code == "set_aside"
        assert heard.answer(client.open("/models/broken")).problem.code == "package"
        assert isinstance(heard.answer(client.render(recipe())), Frame)


def test_a_handler_that_takes_its_time_is_not_the_childs_silence():
    with running(replace(QUICK, silence=0.5)) as (client, heard):
        client.subscribe(lambda event: time.sleep(1.0) if isinstance(event, Frame) else None)
        heard.answer(client.render(recipe()))
        heard.answer(client.render(recipe(seed=2)))
        assert not heard.of(Died)


# Cancelling

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


# Bad orders

@pytest.mark.parametrize("value", [float("nan"), "\ud800", None, "x" * 2_000_000],
                         ids=["nan", "surrogate", "none", "long"])
def test_an_order_that_cannot_be_sent_fails_alone(value: Any):
    with running() as (client, heard):
        assert heard.answer(client.preview(recipe(bad=value))).problem.code == "value"
        assert isinstance(heard.answer(client.render(recipe())), Frame)
        assert not heard.of(Died)


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


# The end

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


def test_failed_is_told_once_for_a_request_that_is_cancelled_while_the_engine_dies():
    with running(replace(QUICK, run_deadline=60.0)) as (client, heard):
        request = client.render(recipe(do="hang"))
        heard.wait(Stepped)
        client.cancel(request)
        heard.wait(Restarted)
        heard.answer(client.render(recipe()))
        assert len([event for event in heard.of(Failed) if event.request == request]) == 1
