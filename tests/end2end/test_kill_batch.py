"""Batches of 500, killed again and again: in the end there is what an unbroken run makes, byte for byte."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from engine.blocking import BlockingEngine
from engine.client import EngineClient, EngineOptions
from engine.jobs.runner import JobRunner
from engine.messages import Ready, Written
from tests.fakes.batch_program import plan_for, run
from tests.fakes.listener import Listener
from tests.fakes.packages import tiny_glyphs

ROWS = 500
ENGINE_KILLS = 20
TREE_KILLS = 12
SEED = 20261122

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")


def contents(folder: Path) -> dict[str, str]:
    """Every file below the folder, hidden ones too, by digest."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if not path.is_dir()}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model."""
    return tiny_glyphs(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def unbroken(package: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a run makes that nobody disturbs."""
    folder = tmp_path_factory.mktemp("unbroken")
    report = run(package, folder, ROWS)
    assert report.complete
    result = contents(folder)
    assert len(result) == ROWS
    assert len(set(result.values())) == ROWS  # 500 different pictures
    return result


class Killer:
    """Kills the engine at random moments, so many times."""

    def __init__(self, client: EngineClient, kills: int) -> None:
        self.kills = 0
        self._wanted = kills
        self._random = random.Random(SEED)
        self._ended = threading.Event()
        self._heard = Listener()
        client.subscribe(self._heard)
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _work(self) -> None:
        while self.kills < self._wanted:
            pid = self._heard.wait(Ready, count=self.kills + 1).pid
            rows = self._random.randrange(0, 25)  # none: while the package is being opened again, or shortly after
            if rows:
                self._heard.wait(Written, count=len(self._heard.of(Written)) + rows)
            if self._ended.wait(self._random.uniform(0.0, 0.03)):
                return
            os.kill(pid, signal.SIGKILL)
            self.kills += 1


def test_an_engine_killed_at_random_moments_costs_nothing(package: Path, unbroken: dict[str, str], tmp_path: Path):
    folder = tmp_path / "out"
    client = EngineClient(EngineOptions(max_deaths=1000))
    killer = Killer(client, ENGINE_KILLS)
    with BlockingEngine(client) as engine:
        plan = plan_for(engine.open(str(package)), folder, ROWS)
        with killer:
            report = JobRunner(client, plan, resume=True).run()
    assert report.stopped is None
    if report.failed:  # a row that happened to be at work at two deaths was set aside; resuming makes it
        assert {failure.problem.code for failure in report.failed} == {"set_aside"}
        assert run(package, folder, ROWS).complete
    assert killer.kills == ENGINE_KILLS
    assert contents(folder) == unbroken


def started(package: Path, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "tests.fakes.batch_program", str(package), str(folder), str(ROWS)],
                            stdout=subprocess.PIPE, text=True, start_new_session=True)


def lines(program: subprocess.Popen[str]) -> Iterator[str]:
    assert program.stdout is not None
    for line in program.stdout:
        yield line.strip()


def test_a_program_killed_with_everything_resumes_where_it_was(package: Path, unbroken: dict[str, str], tmp_path: Path):
    folder = tmp_path / "out"
    moments = random.Random(SEED)
    for kill in range(TREE_KILLS):
        rows = moments.randrange(1, 40)
        with started(package, folder) as program:
            for seen, _ in enumerate(lines(program), 1):
                if seen >= rows:
                    break
            time.sleep(moments.uniform(0.0, 0.02))
            if kill % 2:
                os.killpg(program.pid, signal.SIGKILL)  # everything at once
            else:
                program.kill()                          # the engine goes with its parent
            assert program.wait() == -signal.SIGKILL
    with started(package, folder) as program:
        *_, last = lines(program)
        assert last == "complete"
    assert contents(folder) == unbroken
