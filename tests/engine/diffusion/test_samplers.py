"""What samplers promise to whoever calls them: the exact answer of an easy network, steps told, samples replaced."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diffusion.noise import TorchNormal
from engine.diffusion.own import own_schedule
from engine.diffusion.samplers import SAMPLERS, run
from engine.diffusion.schedules import make_schedule

SD1 = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1,
       "clip_sample": False, "set_alpha_to_one": False}
TARGET = np.linspace(-1, 1, 64, dtype=np.float32).reshape(1, 4, 4, 4)


def knowing(schedule):
    """A network that knows the one picture there is: what it says leads there from anywhere."""
    def denoise(x, time, step):
        del time
        sigma = np.float32(schedule.sigmas[step])
        if schedule.levels == "line":
            return (x - TARGET) / sigma if schedule.prediction == "flow" else (TARGET - x) / sigma
        if schedule.levels == "sigma":
            x = x * np.hypot(sigma, 1)
            return ((x - TARGET) / sigma).astype(np.float32)
        alpha = schedule.alphas[step]
        return ((x - alpha**0.5 * TARGET) / (1 - alpha) ** 0.5).astype(np.float32)
    return denoise


@pytest.mark.parametrize("name", [name for name in SAMPLERS if name != "flow_heun"])
def test_every_sampler_finds_the_only_picture_there_is(name):
    schedule = make_schedule({**SD1, "set_alpha_to_one": True}, name, 12)
    noise = TorchNormal(1)
    last = run(knowing(schedule), schedule.pure(noise.draw(TARGET.shape)), schedule, noise)
    np.testing.assert_allclose(last, TARGET, atol=2e-3)
    assert last.dtype == np.float32


@pytest.mark.parametrize("name", ["flow_euler", "flow_heun"])
def test_our_own_flows_arrive(name):
    schedule = own_schedule(6, sampler=name)
    calls = []

    def denoise(x, time, step):
        calls.append(time)
        return TARGET - START

    START = TorchNormal(1).draw(TARGET.shape)  # noqa: N806  where the straight way begins
    last = run(denoise, schedule.pure(START), schedule, TorchNormal(0))
    np.testing.assert_allclose(last, TARGET, atol=1e-5)
    assert len(calls) == schedule.calls
    assert max(calls) < 1


def test_heun_is_nearer_than_euler_where_the_way_bends():
    def denoise(x, time, step):
        return x * np.float32(1 - 2 * time)          # x = start * exp(t - t**2): back where it began

    start = np.ones((1, 1, 2, 2), np.float32)
    off = [abs(float(run(denoise, start, own_schedule(8, sampler=name), TorchNormal(0))[0, 0, 0, 0]) - 1)
           for name in ("flow_heun", "flow_euler")]
    assert off[0] < off[1] / 2


@pytest.mark.parametrize("name", list(SAMPLERS))
def test_each_step_is_told_with_the_clean_sample(name):
    schedule = own_schedule(5) if name == "flow_heun" else make_schedule(SD1, name, 5)
    seen = []

    def on_step(step, x, clean):
        seen.append((step, x.shape, float(np.abs(clean - TARGET).max())))

    run(knowing(schedule), schedule.pure(TorchNormal(2).draw(TARGET.shape)), schedule, TorchNormal(3), on_step)
    assert [step for step, _, _ in seen] == list(range(6 if name == "pndm" else 5))
    assert max(off for _, _, off in seen) < 1e-2


@pytest.mark.parametrize("name", list(SAMPLERS))
def test_a_step_may_be_replaced(name):
    schedule = own_schedule(3) if name == "flow_heun" else make_schedule(SD1, name, 3)
    put = np.full(TARGET.shape, 5.0, np.float32)
    seen = []

    def denoise(x, time, step):
        seen.append(float(x[0, 0, 0, 0]))
        return np.zeros_like(x)

    last = run(denoise, schedule.pure(TorchNormal(2).draw(TARGET.shape)), schedule, TorchNormal(3), lambda *_: put)
    assert last is put
    assert seen[-1] == pytest.approx(5.0 / (np.hypot(schedule.sigmas[2], 1) if schedule.levels == "sigma" else 1))


def test_an_exception_in_a_step_stops_the_run():
    schedule = make_schedule(SD1, "euler", 9)

    def stop(step, x, clean):
        if step == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(knowing(schedule), TARGET, schedule, TorchNormal(0), stop)


def test_the_ancestral_sampler_draws_at_the_last_step_too():
    """The stream's position is part of a published seed."""
    noise, count = TorchNormal(0), []

    class Counted:
        def draw(self, shape):
            count.append(shape)
            return noise.draw(shape)

    schedule = make_schedule(SD1, "euler_a", 4)
    run(knowing(schedule), TARGET, schedule, Counted())
    assert len(count) == 4


@pytest.mark.parametrize("name", ["heun", "pndm", "euler"])
def test_the_network_is_asked_as_often_as_is_said(name):
    schedule, asked = make_schedule(SD1, name, 6), []
    knows = knowing(schedule)
    run(lambda x, time, step: (asked.append(time), knows(x, time, step))[1], TARGET, schedule, TorchNormal(0))
    assert len(asked) == schedule.calls == {"heun": 11, "pndm": 7, "euler": 6}[name]
