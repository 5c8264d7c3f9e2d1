"""A training that was cut off and resumed must be the training that was never cut off, bit for bit."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.torch


def tiny_stage():
    """A stage of the loop's protocol: a line through points that follow from the step number."""
    import torch
    from torch import nn

    class Line:
        name = "line"

        def __init__(self):
            torch.manual_seed(3)
            self.model = nn.Sequential(nn.Linear(4, 8), nn.SiLU(), nn.BatchNorm1d(8), nn.Linear(8, 1))
            self.drift = 1.0

        def parameters(self):
            return list(self.model.parameters())

        def loss(self, step):
            points = torch.randn(16, 4, generator=torch.Generator().manual_seed(step))
            self.drift *= 1.01
            error = ((self.model(points)[:, 0] - points.sum(1)) ** 2).mean() * self.drift
            return error, {"error": float(error.detach())}

        def evaluate(self):
            return {"iou": float(self.model(torch.ones(2, 4)).mean())}

        def state(self):
            return {"drift": self.drift}

        def restore(self, state):
            self.drift = state["drift"]

    return Line()


def trainer(folder):
    from export.train.glyphs.trainer import Plan, Trainer

    plan = Plan(steps=12, rate=1e-2, warm_up=3, save_every=5, log_every=4, evaluate_every=6)
    return Trainer(tiny_stage(), plan, folder)


def assert_equal(one, two):
    import torch

    for name, value in one.stage.model.state_dict().items():
        assert torch.equal(value, two.stage.model.state_dict()[name]), name
    for name, value in one.average.items():
        assert torch.equal(value, two.average[name]), name


def test_resumed_equals_unbroken(tmp_path):
    unbroken = trainer(tmp_path / "unbroken")
    unbroken.run()
    trainer(tmp_path / "broken").run(until=7)
    resumed = trainer(tmp_path / "broken")
    assert resumed.resume()
    assert resumed.step == 7
    resumed.run()
    assert_equal(unbroken, resumed)
    assert resumed.stage.drift == unbroken.stage.drift


def test_without_a_checkpoint_there_is_nothing_to_resume(tmp_path):
    assert not trainer(tmp_path).resume()


def test_evaluation_leaves_the_training_weights_alone(tmp_path):
    import torch

    running = trainer(tmp_path)
    running.run(until=5)
    before = {name: value.clone() for name, value in running.stage.model.state_dict().items()}
    running.evaluate_average()
    for name, value in running.stage.model.state_dict().items():
        assert torch.equal(value, before[name])


def test_a_cut_off_write_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    import torch

    running = trainer(tmp_path)
    running.run(until=5)
    before = running.path.read_bytes()
    monkeypatch.setattr(torch, "save", lambda _state, path: path.write_bytes(b"half"))
    monkeypatch.setattr(type(running.path), "replace", lambda *_: (_ for _ in ()).throw(OSError("cut off")))
    with pytest.raises(OSError, match="cut off"):
        running.save()
    assert running.path.read_bytes() == before


def test_the_log_is_json_lines_with_held_out_figures(tmp_path):
    running = trainer(tmp_path)
    running.run()
    lines = [json.loads(line) for line in (tmp_path / "line.jsonl").read_text("utf-8").splitlines()]
    assert [line["step"] for line in lines if "held_out_iou" in line] == [6, 12]
    assert lines[-1]["step"] == 12


def test_the_schedule_warms_up_and_ends_low():
    from export.train.glyphs.trainer import Plan

    plan = Plan(steps=100, rate=1.0, warm_up=10, floor=0.02)
    rates = [plan.rate_at(step) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0)
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[100] == pytest.approx(0.02)
