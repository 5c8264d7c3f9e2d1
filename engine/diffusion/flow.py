"""Straight ways from noise to sample (Lipman et al. 2210.02747): noise levels and their shift for large pictures.

Two kinds of networks: those of diffusers are told 1000 times the share of noise and answer noise - sample ("flow");
our own are told the time, 0 for noise and 1 for the sample, and answer sample - noise ("velocity").
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.diffusion import spacing, training

Numbers = NDArray[np.float64]


def shifted(sigmas: Numbers, shift: float) -> Numbers:
    """More of the steps where there is much noise: shift 1 changes nothing (Esser et al. 2403.03206, equation 23)."""
    return np.asarray(shift * sigmas / (1 + (shift - 1) * sigmas), np.float64)


def dynamic_shift(config: Mapping[str, Any], tokens: int) -> float:
    """The exponent mu for so many patches, on a straight line through the two sizes that the configuration names."""
    small, large = int(config.get("base_image_seq_len", 256)), int(config.get("max_image_seq_len", 4096))
    low, high = float(config.get("base_shift", 0.5)), float(config.get("max_shift", 1.15))
    return low + (tokens - small) * (high - low) / (large - small)


def levels(config: Mapping[str, Any], steps: int, tokens: int | None = None) -> tuple[Numbers, Numbers]:
    """Times [steps] and shares of noise [steps + 1] as diffusers' FlowMatchEulerDiscreteScheduler sets them.

    A static shift comes twice, once for the ends of the ramp and once for all of it; a dynamic one (by `tokens`)
    bends the ramp 1 .. 1 / steps, as the pipelines that use it pass it.
    """
    total = training.steps(config)
    if config.get("use_dynamic_shifting"):
        mu = dynamic_shift(config, tokens if tokens is not None else int(config.get("base_image_seq_len", 256)))
        ramp = np.linspace(1, 1 / steps, steps)
        by = math.exp(mu) if config.get("time_shift_type", "exponential") == "exponential" else mu
        sigmas = by / (by + (1 / ramp - 1))
    else:
        by = float(config.get("shift", 1.0))
        ends = shifted(np.array([1.0, 1 / total]), by)
        sigmas = shifted(np.linspace(ends[0], ends[1], steps), by)
    if config.get("shift_terminal"):
        clean = 1 - sigmas
        sigmas = 1 - clean * (1 - float(config["shift_terminal"])) / clean[-1]
    ramped = spacing.ramped(config, sigmas[0], sigmas[-1], steps)
    sigmas = sigmas if ramped is None else ramped
    return sigmas * total, np.append(sigmas, 0.0)
