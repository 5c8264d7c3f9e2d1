"""Samplers: plain functions that lead noise to a sample, step by step, over any network that can be called.

Each takes (denoise, x, schedule, noise, on_step) and gives the last sample. `denoise(x, t, step)` answers what the
network says of x [batch, ...] at time t; `on_step(step, x, clean)` hears of each step, with the clean sample that the
network saw, and may give another x to go on with (inpainting does).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.diffusion import denoisers
from engine.diffusion.noise import Noise
from engine.diffusion.schedules import Schedule

Sample = NDArray[np.float32]
Denoise = Callable[[Sample, float, int], Sample]
OnStep = Callable[[int, Sample, Sample], Sample | None]
Sampler = Callable[[Denoise, Sample, Schedule, Noise, OnStep], Sample]


def quietly(step: int, x: Sample, clean: Sample) -> Sample | None:
    """An `on_step` for those who do not watch."""
    del step, x, clean
    return None


def run(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep = quietly) -> Sample:
    """The sampler that the schedule was made for, run to its end."""
    return SAMPLERS[schedule.sampler](denoise, x, schedule, noise, on_step)


def ddim(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """Denoising diffusion implicit models (Song et al. 2010.02502, equations 12 and 16)."""
    for step, time in enumerate(schedule.timesteps):
        answer = denoise(x, float(time), step)
        clean = denoisers.clean(schedule, step, x, answer)
        seen = denoisers.noise(schedule, step, x, answer)
        alpha, after = float(schedule.alphas[step]), float(schedule.after[step])
        spread = schedule.eta * math.sqrt(max((1 - after) / (1 - alpha) * (1 - alpha / after), 0.0))
        x = _f(math.sqrt(after)) * clean + _f(math.sqrt(max(1 - after - spread**2, 0.0))) * seen
        if schedule.eta > 0:
            x = x + _f(spread) * noise.draw(answer.shape)
        x = _told(on_step, step, x, clean)
    return x


def ddpm(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """Denoising diffusion probabilistic models (Ho et al. 2006.11239, equation 7)."""
    for step, time in enumerate(schedule.timesteps):
        answer = denoise(x, float(time), step)
        clean = denoisers.clean(schedule, step, x, answer)
        alpha, after = float(schedule.alphas[step]), float(schedule.after[step])
        kept = alpha / after
        ahead, behind = math.sqrt(after) * (1 - kept), math.sqrt(kept) * (1 - after)
        x = _f(ahead / (1 - alpha)) * clean + _f(behind / (1 - alpha)) * x
        if time > 0:
            large = schedule.variance.startswith("fixed_large")
            power = 1 - kept if large else max((1 - after) / (1 - alpha) * (1 - kept), 1e-20)
            x = x + _f(math.sqrt(power)) * noise.draw(answer.shape)
        x = _told(on_step, step, x, clean)
    return x


def euler(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """Euler's method along the noise levels (Karras et al. 2206.00364, algorithm 2 without churn)."""
    del noise
    for step, time in enumerate(schedule.timesteps):
        sigma, following = float(schedule.sigmas[step]), float(schedule.sigmas[step + 1])
        clean = denoisers.clean(schedule, step, x, denoise(_dimmed(x, sigma), float(time), step))
        x = x + (x - clean) * _f((following - sigma) / sigma)
        x = _told(on_step, step, x, clean)
    return x


def euler_ancestral(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """Euler to below the next level, then noise up to it; drawn at the last step too, so that the stream goes on."""
    for step, time in enumerate(schedule.timesteps):
        sigma, following = float(schedule.sigmas[step]), float(schedule.sigmas[step + 1])
        clean = denoisers.clean(schedule, step, x, denoise(_dimmed(x, sigma), float(time), step))
        up = math.sqrt(max(following**2 * (sigma**2 - following**2), 0.0)) / sigma
        down = math.sqrt(max(following**2 - up**2, 0.0))
        x = x + (x - clean) * _f((down - sigma) / sigma) + _f(up) * noise.draw(x.shape)
        x = _told(on_step, step, x, clean)
    return x


def heun(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """Heun's method along the noise levels: each step but the last asks again at its end (2206.00364, algorithm 1)."""
    del noise
    for step, time in enumerate(schedule.timesteps):
        sigma, following = float(schedule.sigmas[step]), float(schedule.sigmas[step + 1])
        clean = denoisers.clean(schedule, step, x, denoise(_dimmed(x, sigma), float(time), step))
        way, slope = _f(following - sigma), (x - clean) * _f(1 / sigma)
        if step < schedule.steps - 1:
            ahead, then = x + way * slope, float(schedule.timesteps[step + 1])
            again = denoisers.clean(schedule, step + 1, ahead, denoise(_dimmed(ahead, following), then, step + 1))
            slope = (slope + (ahead - again) * _f(1 / following)) * _f(0.5)
        x = x + way * slope
        x = _told(on_step, step, x, clean)
    return x


def pndm(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """Pseudo linear multi-step (Liu et al. 2202.09778, equations 9 and 12), as Stable Diffusion 1 was published with.

    The first step is taken twice: the second time with the mean of the answers at both of its ends.
    """
    del noise
    behind: list[Sample] = []
    begun = x
    for step, time in enumerate(schedule.timesteps):
        answer = denoise(x, float(time), step)
        clean = denoisers.clean(schedule, step, x, answer)
        alpha, after = float(schedule.alphas[step]), float(schedule.after[step])
        if step == 1:
            x, alpha, after = begun, float(schedule.before[step]), alpha
            mixed = (behind[0] + answer) * _f(0.5)
        else:
            behind = [answer, *behind[:len(_MIXES) - 1]]
            mixed = sum((_f(share) * one for share, one in zip(_MIXES[len(behind) - 1], behind, strict=True)),
                        np.zeros_like(answer))
        seen = denoisers.noise_at(schedule.prediction, alpha, x, mixed)
        below = alpha * math.sqrt(1 - after) + math.sqrt(alpha * (1 - alpha) * after)
        x = _f(math.sqrt(after / alpha)) * x - _f((after - alpha) / below) * seen
        x = _told(on_step, step, x, clean)
    return x


_MIXES = ((1.0,), (3 / 2, -1 / 2), (23 / 12, -16 / 12, 5 / 12), (55 / 24, -59 / 24, 37 / 24, -9 / 24))
"""How much each answer counts, the newest first, where so many are known (Adams and Bashforth)."""


def dpmpp_2m(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """DPM-Solver++(2M), midpoint (Lu et al. 2211.01095, algorithm 2)."""
    del noise
    return _multistep(denoise, x, schedule, None, on_step)


def dpmpp_2m_sde(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """The same with fresh noise at every step, the last included (Lu et al. 2211.01095, appendix on SDE solvers)."""
    return _multistep(denoise, x, schedule, noise, on_step)


def _multistep(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise | None, on_step: OnStep) -> Sample:
    before: Sample | None = None
    for step, time in enumerate(schedule.timesteps):
        answer = denoise(x, float(time), step)
        clean = denoisers.clean(schedule, step, x, answer)
        sigma, following = float(schedule.sigmas[step]), float(schedule.sigmas[step + 1])
        # In terms of log-SNR: exp(-h) is the ratio of the noise levels.
        ratio = following / sigma
        shrink = ratio if noise is None else ratio**2
        alpha = 1 / math.hypot(following, 1)
        target = clean
        last = step == schedule.steps - 1 and schedule.first_order_end
        if before is not None and not last:
            behind = math.log(float(schedule.sigmas[step - 1]) / sigma)
            target = clean + (clean - before) * _f(0.5 * math.log(sigma / following) / behind)
        x = x * _f(shrink * alpha * math.hypot(sigma, 1)) + target * _f(alpha * (1 - shrink))
        if noise is not None:
            x = x + _f(following * alpha * math.sqrt(1 - shrink)) * noise.draw(answer.shape)
        before = clean
        x = _told(on_step, step, x, clean)
    return x


def lcm(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """Latent consistency: each step goes all the way, and all but the last begin anew from noise (2310.04378)."""
    for step, time in enumerate(schedule.timesteps):
        answer = denoise(x, float(time), step)
        clean = denoisers.clean(schedule, step, x, answer)
        scaled = float(time) * schedule.boundary
        skip, out = 0.25 / (scaled**2 + 0.25), scaled / math.sqrt(scaled**2 + 0.25)      # sigma_data is 0.5
        clean = _f(out) * clean + _f(skip) * x
        x = clean
        if step < schedule.steps - 1:
            alpha = float(schedule.alphas[step + 1])
            x = _f(math.sqrt(alpha)) * clean + _f(math.sqrt(1 - alpha)) * noise.draw(answer.shape)
        x = _told(on_step, step, x, clean)
    return x


def flow_euler(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """Euler's method along the straight ways of flow matching (Esser et al. 2403.03206)."""
    del noise
    for step, time in enumerate(schedule.timesteps):
        answer = denoise(x, float(time), step)
        clean = denoisers.clean(schedule, step, x, answer)
        x = x + _f(_signed(schedule, step)) * answer
        x = _told(on_step, step, x, clean)
    return x


def flow_heun(denoise: Denoise, x: Sample, schedule: Schedule, noise: Noise, on_step: OnStep) -> Sample:
    """Heun's method: each step but the last asks again at its end and takes the mean of both answers."""
    del noise
    for step, time in enumerate(schedule.timesteps):
        first = denoise(x, float(time), step)
        clean = denoisers.clean(schedule, step, x, first)
        way = _f(_signed(schedule, step))
        if step < schedule.steps - 1:
            second = denoise(x + way * first, float(schedule.timesteps[step + 1]), step)
            first = (first + second) * _f(0.5)
        x = x + way * first
        x = _told(on_step, step, x, clean)
    return x


def _signed(schedule: Schedule, step: int) -> float:
    """How far along the answer this step goes: noise - sample is followed backwards, sample - noise forwards."""
    way = float(schedule.sigmas[step + 1] - schedule.sigmas[step])
    return way if schedule.prediction == "flow" else -way


def _dimmed(x: Sample, sigma: float) -> Sample:
    """As networks that were trained on samples of power 1 want to see it."""
    return x * _f(1 / math.hypot(sigma, 1))


def _told(on_step: OnStep, step: int, x: Sample, clean: Sample) -> Sample:
    replaced = on_step(step, x, clean)
    return x if replaced is None else replaced


def _f(value: float) -> np.float32:
    """A factor in single precision, so that float32 samples stay float32."""
    return np.float32(value)


SAMPLERS: Mapping[str, Sampler] = MappingProxyType({
    "ddim": ddim, "ddpm": ddpm, "pndm": pndm, "euler": euler, "euler_a": euler_ancestral, "heun": heun,
    "dpmpp_2m": dpmpp_2m, "dpmpp_2m_karras": dpmpp_2m, "dpmpp_2m_sde": dpmpp_2m_sde,
    "dpmpp_2m_sde_karras": dpmpp_2m_sde, "lcm": lcm, "flow_euler": flow_euler, "flow_heun": flow_heun,
})
"""Every sampler by the name that recipes hold."""
