"""Which of the training steps a sampler visits, and ramps of noise levels: the choices of diffusers and k-diffusion."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ramp = NDArray[np.float64]
"""[n] float64, falling"""

_RHO = 7.0
_BETA = 0.6
_TERMS, _HALVINGS = 60, 60                   # of a series whose terms halve, of an interval: beyond double precision


def fractional(spacing: str, count: int, total: int, offset: int) -> Ramp:
    """`count` of `total` training steps, from noise to picture: for samplers that work with noise levels (Euler)."""
    if spacing == "linspace":
        return np.linspace(0, total - 1, count, dtype=np.float32)[::-1].astype(np.float64)
    return whole(spacing, count, total, offset)


def whole(spacing: str, count: int, total: int, offset: int) -> Ramp:
    """The same in whole steps: for DDIM and DDPM. Raises ValueError for a spacing that is not known."""
    if spacing == "linspace":
        return np.linspace(0, total - 1, count).round()[::-1].copy()
    if spacing == "leading":
        return (np.arange(count) * (total // count))[::-1].astype(np.float64) + offset
    if spacing == "trailing":
        return _trailing(total, total / count)
    raise ValueError(f"“{spacing}” is no known spacing of steps (timestep_spacing).")


def multistep(spacing: str, count: int, total: int, last: int, offset: int) -> Ramp:
    """The same for DPM-Solver: one step more is laid out and the cleanest left away; `last` is where noise begins."""
    if spacing == "linspace":
        return np.linspace(0, last - 1, count + 1).round()[::-1][:-1].copy()
    if spacing == "leading":
        return (np.arange(count + 1) * (last // (count + 1)))[::-1][:-1].astype(np.float64) + offset
    if spacing == "trailing":
        return _trailing(last, total / count)
    raise ValueError(f"“{spacing}” is no known spacing of steps (timestep_spacing).")


def consistency(count: int, total: int, original: int, strength: float) -> Ramp:
    """The steps of a latent consistency model: `count` of the `original` ones that it was distilled on (2310.04378).

    Raises ValueError when there are fewer of them than asked for.
    """
    known = (np.arange(1, int(original * strength) + 1) * (total // original) - 1)[::-1]
    if len(known) < count:
        raise ValueError(f"This model knows {len(known)} steps here; ask for at most as many.")
    chosen = np.floor(np.linspace(0, len(known), count, endpoint=False)).astype(np.int64)
    return known[chosen].astype(np.float64)


def karras(highest: float, lowest: float, count: int) -> Ramp:
    """Noise levels close together where details form (Karras et al. 2206.00364, equation 5)."""
    ramp = np.linspace(0, 1, count)
    high, low = highest ** (1 / _RHO), lowest ** (1 / _RHO)
    return np.asarray((high + ramp * (low - high)) ** _RHO, np.float64)


def exponential(highest: float, lowest: float, count: int) -> Ramp:
    """Noise levels in equal ratios."""
    return np.exp(np.linspace(np.log(highest), np.log(lowest), count))


def beta(highest: float, lowest: float, count: int) -> Ramp:
    """Noise levels close together at both ends: quantiles of a beta distribution (Lee et al. 2407.12173)."""
    return lowest + (highest - lowest) * beta_quantiles(np.linspace(1, 0, count))


def beta_quantiles(shares: Ramp, shape: float = _BETA) -> Ramp:
    """Below which value such a share (0 .. 1) of a beta distribution lies, whose two parameters are both `shape`.

    The lower half by halving the interval, where the series of the distribution (Abramowitz and Stegun 26.5.4) takes
    sixty terms; the upper half is its mirror.
    """
    powers = np.arange(_TERMS)
    factors = np.cumprod(np.concatenate(([1.0], (powers[1:] - shape) / powers[1:]))) / (shape + powers)
    whole = math.gamma(shape) ** 2 / math.gamma(2 * shape)
    lower = np.minimum(shares, 1 - shares)
    low, high = np.zeros_like(lower), np.full_like(lower, 0.5)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = middle**shape * np.polynomial.polynomial.polyval(middle, factors) / whole < lower
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found = np.where(lower > 0, (low + high) / 2, 0.0)
    return np.where(shares > 1 - shares, 1 - found, found)


def ramped(config: Mapping[str, Any], highest: float, lowest: float, count: int) -> Ramp | None:
    """The ramp between two noise levels that the configuration asks for; None when it asks for none."""
    low, high = config.get("sigma_min"), config.get("sigma_max")
    bottom = lowest if low is None else float(low)
    top = highest if high is None else float(high)
    if config.get("use_karras_sigmas"):
        return karras(top, bottom, count)
    if config.get("use_exponential_sigmas"):
        return exponential(top, bottom, count)
    if config.get("use_beta_sigmas"):
        return beta(top, bottom, count)
    return None


def steps_of(levels: Ramp, trained: Ramp) -> Ramp:
    """The (fractional) training step at which each noise level was seen; `trained` [steps] rises."""
    logs = np.log(trained.astype(np.float32))   # single precision as in diffusers, which cuts off fractions later
    return np.interp(np.log(np.maximum(levels, 1e-10)), logs, np.arange(len(logs), dtype=np.float64))


def _trailing(start: int, step: float) -> Ramp:
    return np.arange(start, 0, -step).round() - 1
