"""Schedules of the flow models trained here: time 0 is noise, time 1 the sample."""

from __future__ import annotations

import numpy as np

from engine.diffusion.flow import shifted
from engine.diffusion.schedules import Schedule


def own_schedule(steps: int, *, strength: float = 1.0, shift: float = 1.0, sampler: str = "flow_heun") -> Schedule:
    """Even steps from noise (or from a sample with `strength` 0 .. 1 of noise in it) to the sample.

    `timesteps` are the times of our networks; they answer sample - noise. `sampler`: "flow_euler" or "flow_heun".
    """
    sigmas = shifted(np.linspace(min(max(strength, 0.0), 1.0), 0.0, max(steps, 1) + 1), shift)
    alphas = np.square(1 - sigmas)
    return Schedule(sampler, 1 - sigmas[:-1], sigmas, alphas, alphas[1:], "line", prediction="velocity")
