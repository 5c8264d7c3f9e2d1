"""Reference answers: every size, repeatable inputs, refused where the network itself is broken."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ConversionError
from export.samples import each_run, read_index

pytestmark = pytest.mark.torch


def test_every_size_is_asked_and_answered_by_torch(tmp_path):
    import torch

    from export.reference import save_reference
    from tests.fakes.parts import painter

    part = painter()
    path = save_reference(part, tmp_path, count=2)
    index = read_index(path)
    assert (index.role, index.picture, index.scales) == ("decoder", "image", {"image": 2.0, "conv2d": None})
    assert index.torch_ms > 0
    seen = []
    for run, inputs, outputs in each_run(path):
        seen.append(run.sizes)
        assert inputs["latent"].shape == (run.sizes["batch"], 8)
        with torch.no_grad():
            image, mean = part.module(torch.from_numpy(inputs["latent"]), torch.from_numpy(inputs["gain"]))
        np.testing.assert_allclose(outputs["image"], image.numpy(), atol=1e-6)
        np.testing.assert_allclose(outputs["conv2d"], mean.numpy(), atol=1e-6)
    assert seen == [{"batch": 1}, {"batch": 5}] * 2


def test_inputs_repeat_for_a_seed_and_differ_from_run_to_run(tmp_path):
    from export.reference import save_reference
    from tests.fakes.parts import speller

    runs = [[inputs["state"] for _, inputs, _ in each_run(save_reference(speller(), tmp_path / name, seed=seed))]
            for name, seed in (("a", 0), ("b", 0), ("c", 1))]
    assert len(runs[0]) == 16
    assert all(np.array_equal(a, b) for a, b in zip(runs[0], runs[1], strict=True))
    assert not np.array_equal(runs[0][0], runs[2][0])
    assert not np.array_equal(runs[0][0], runs[0][2])


def test_a_part_without_trials_still_runs_at_other_sizes_than_the_traced_one(tmp_path):
    from export.reference import save_reference
    from tests.fakes.parts import stack

    sizes = {run.sizes["batch"] for run in read_index(save_reference(stack(), tmp_path, count=1)).runs}
    assert sizes == {1, 4}


def test_the_authors_network_answers_and_the_rewriting_is_measured_against_it(tmp_path):
    import torch
    from torch import nn

    from export.reference import save_reference
    from tests.fakes.parts import changed, stack

    part = stack()

    class Rewritten(nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
            return (part.module(x)[0] * 1.5,)

    index = read_index(save_reference(changed(part, module=Rewritten(), reference=part.module), tmp_path, count=1))
    assert 0.1 < index.rewriting["y"] < 0.6


def test_a_network_that_yields_nan_is_refused_with_the_reason(tmp_path):
    import torch

    from export.reference import save_reference
    from tests.fakes.parts import stack

    part = stack()
    with torch.no_grad():
        part.module.layers[0][0].bias[0] = float("nan")
    with pytest.raises(ConversionError, match="NaN") as caught:
        save_reference(part, tmp_path)
    assert "training run" in caught.value.remedy


def test_a_budget_ends_early_but_never_before_every_size_ran(tmp_path):
    from export.reference import save_reference
    from tests.fakes.parts import painter

    runs = read_index(save_reference(painter(), tmp_path, count=50, seconds=0.0)).runs
    assert [run.sizes["batch"] for run in runs] == [1, 5]


def test_slow_calls_are_timed_while_they_are_made_and_quick_ones_alone(monkeypatch):
    from export import timing

    clock = iter(float(number) for number in range(100))
    monkeypatch.setattr(timing.time, "process_time", lambda: next(clock) ** 2)
    monkeypatch.setattr(timing.sys, "platform", "linux")
    watch, made = timing.Stopwatch(), []
    timed = watch.around(made.append)
    timed("warm")
    assert watch.slow_ms(lambda: timed("more")) is None  # nothing but the call that warmed up
    timed("first")
    assert watch.slow_ms(lambda: timed("more")) == 7000.0  # 3² - 2² = 5 s and 5² - 4² = 9 s
    assert made == ["warm", "first", "more"]
    quick = timing.Stopwatch()
    monkeypatch.setattr(timing.time, "process_time", lambda: 0.0)
    for _ in range(4):
        quick.around(made.append)("quick")
    assert quick.slow_ms(lambda: None) is None
