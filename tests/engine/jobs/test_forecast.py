"""Forecasts: what a batch will cost."""

from __future__ import annotations

from pathlib import Path

from engine.blocking import BlockingEngine
from engine.client import EngineClient
from engine.jobs.forecast import Forecast, Sample, forecast, measure
from engine.jobs.plan import make_plan
from tests.fakes.listener import FAKE_COMMAND, recipe


def test_names_time_and_disk(tmp_path: Path):
    with BlockingEngine(EngineClient(command=FAKE_COMMAND)) as engine:
        info = engine.open("/models/good")
        plan = make_plan(info, [recipe(seed=n) for n in range(10)], str(tmp_path / "not" / "yet"), "{row}")
        sample = measure(engine, plan)
    told = forecast(plan, sample)
    assert told.names[0] == "01.png"
    assert told.count == 10
    assert told.bytes == sample.bytes * 10
    assert told.seconds == sample.seconds * 10
    assert told.free_bytes is not None
    assert told.free_bytes > 0
    assert list(tmp_path.iterdir()) == []
    unmeasured = forecast(plan)
    assert (unmeasured.seconds, unmeasured.bytes) == (None, None)
    assert unmeasured.fits


def test_a_model_that_takes_minutes_is_not_run_for_a_forecast(tmp_path: Path):
    with BlockingEngine(EngineClient(command=FAKE_COMMAND)) as engine:
        info = engine.open("/models/slow")
        rows = [info.default_recipe().with_values({"do": "hang", "seed": seed}) for seed in range(4)]
        plan = make_plan(info, rows, str(tmp_path / "out"), "{row}")
        told = forecast(plan, measure(engine, plan))
    assert told.seconds == 6.0  # what the engine knows of one, four times
    assert told.bytes is None
    assert told.fits


def test_a_disk_that_is_too_small_is_told():
    assert Forecast((), 1, 1.0, 100, 106).fits
    assert not Forecast((), 1, 1.0, 100, 104).fits
    assert Forecast((), 1, 1.0, 100, None).fits
    assert Sample(1.0, 2).bytes == 2
