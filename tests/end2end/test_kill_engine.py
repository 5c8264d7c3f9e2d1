"""The real engine with real ONNX Runtime: models that hang, abort and misbehave cost a child, never more."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.api import PackageInfo
from engine.blocking import BlockingEngine
from engine.client import EngineClient, EngineOptions
from engine.errors import Cancelled, EngineDied, ModelError, PackageError, ValueProblem
from engine.messages import Beat, Died, Failed, Frame, Phase, Ready, Restarted
from engine.outcome import Reason
from tests.fakes import broken
from tests.fakes.listener import Listener
from tests.fakes.packages import slow, slow_load, tiny_glyphs

SMALL = {"mode": "character", "character": "H", "size": (64, 64)}
linux = pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")


class Studio:
    """An engine with a sound model open, and everything it said."""

    def __init__(self, engine: BlockingEngine, info: PackageInfo, heard: Listener) -> None:
        self.engine = engine
        self.heard = heard
        self.good = info.default_recipe().with_values(SMALL)

    def still_works(self) -> bool:
        """Whether the sound model makes its picture as before."""
        return int(np.ptp(self.engine.render(self.good).pixels)) > 100


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    client, heard = EngineClient(EngineOptions(load_deadline=2.0, max_deaths=50)), Listener()
    client.subscribe(heard)
    with BlockingEngine(client) as engine:
        yield Studio(engine, engine.open(str(tiny_glyphs(tmp_path / "good"))), heard)


def test_a_graph_that_hangs_while_it_loads_is_ended_at_the_deadline(studio: Studio, tmp_path: Path):
    with pytest.raises(EngineDied, match="Opening took longer than 2 s") as caught:
        studio.engine.open(str(slow_load(tmp_path / "slow")))
    assert "“slow”" in caught.value.what
    assert caught.value.code == "deadline"
    assert studio.heard.of(Died)[0].outcome.reason is Reason.LOAD
    assert studio.still_works()


@linux
def test_a_graph_that_aborts_while_it_loads_is_set_aside(studio: Studio, tmp_path: Path):
    with pytest.raises(EngineDied, match="set aside") as caught:
        studio.engine.open(str(broken.aborts_at_load(tmp_path / "bad")))
    assert "stopped by SIG" in caught.value.what
    assert len(studio.heard.of(Died)) == 2
    assert studio.still_works()


@linux
def test_a_graph_that_aborts_while_it_runs_is_set_aside(studio: Studio, tmp_path: Path):
    info = studio.engine.open(str(broken.aborts_at_run(tmp_path / "bad")))
    with pytest.raises(EngineDied, match="set aside"):
        studio.engine.render(info.default_recipe())
    assert studio.still_works()


def test_a_graph_that_loops_for_ever_stops_when_cancelled(studio: Studio, tmp_path: Path):
    info = studio.engine.open(str(slow(tmp_path / "slow")))
    client = studio.engine.client
    request = client.render(info.default_recipe())
    while client._keeper._watch.doing != (Phase.RUN, request):
        time.sleep(0.01)
    began = time.monotonic()
    client.cancel(request)
    assert studio.heard.answer(request).problem.code == Cancelled.code
    assert time.monotonic() - began < 0.5
    assert not studio.heard.of(Died)
    assert studio.still_works()


def test_a_graph_that_loops_for_ever_meets_its_deadline(studio: Studio, tmp_path: Path):
    info = studio.engine.open(str(slow(tmp_path / "slow")))
    failed = studio.heard.answer(studio.engine.client.render(info.default_recipe(), run_deadline=1.0))
    assert isinstance(failed, Failed)
    assert failed.problem.code == "deadline"
    assert studio.still_works()


def test_numbers_that_are_none_are_refused(studio: Studio, tmp_path: Path):
    info = studio.engine.open(str(broken.nan_output(tmp_path / "nan")))
    with pytest.raises(ModelError):
        studio.engine.render(info.default_recipe())
    assert not studio.heard.of(Died)


def test_an_empty_picture_is_not_written(studio: Studio, tmp_path: Path):
    info = studio.engine.open(str(broken.constant_output(tmp_path / "empty")))
    with pytest.raises(ModelError, match="not kept"):
        studio.engine.write(info.default_recipe(), str(tmp_path / "a.png"))
    assert not (tmp_path / "a.png").exists()


def test_recipes_are_checked_in_the_child_too(studio: Studio):
    with pytest.raises(ValueProblem, match="weight"):
        studio.engine.render(studio.good.with_values({"weight": 99.0}))
    with pytest.raises(PackageError, match="another version"):
        studio.engine.render(type(studio.good)(studio.good.package, "sha256:0", studio.good.values))


@linux
def test_kills_at_random_moments_of_a_drag_lose_no_last_picture(studio: Studio):
    client, heard = studio.engine.client, studio.heard
    for kill in range(1, 6):
        for step in range(8):
            stamp = client.preview(studio.good.with_values({"weight": round(step / 4 - 1, 3), "seed": kill}))
            if step == kill:
                os.kill(heard.of(Ready)[-1].pid, signal.SIGKILL)
        frame = heard.answer(stamp)
        assert isinstance(frame, Frame)
        assert frame.asset.recipe.values["weight"] == 0.75
        heard.wait(Restarted, count=kill)


@linux
def test_a_frozen_engine_is_replaced_in_seconds(tmp_path: Path):
    client, heard = EngineClient(EngineOptions(silence=1.0)), Listener()
    client.subscribe(heard)
    with BlockingEngine(client) as engine:
        info = engine.open(str(tiny_glyphs(tmp_path / "good")))
        os.kill(heard.of(Ready)[0].pid, signal.SIGSTOP)
        began = time.monotonic()
        assert engine.render(info.default_recipe().with_values(SMALL)).pixels.size
        assert time.monotonic() - began < 6.0
    assert heard.of(Died)[0].outcome.reason is Reason.SILENT


def test_phases_are_told_while_onnx_runtime_is_busy(studio: Studio, tmp_path: Path):
    beats: list[Beat] = []
    watch = studio.engine.client._keeper._watch
    hear = watch.beat
    watch.beat = lambda beat: (beats.append(beat), hear(beat))[1]  # type: ignore[method-assign]
    with pytest.raises(EngineDied):
        studio.engine.open(str(slow_load(tmp_path / "slow")))
    assert len([beat for beat in beats if beat.phase is Phase.LOAD]) >= 4
