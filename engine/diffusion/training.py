"""What a diffusion network was trained on: how much of the signal is left at each of its steps.

Reads the keys of scheduler_config.json as diffusers writes them. Betas are held in single precision, as there, so that
both sides see the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEPS = 1000
TINY = 2.0**-24
"""The least share of the signal that one divides by."""

_BIGGEST_BETA = 0.999
_SIGMOID = 6.0


def signal(config: Mapping[str, Any]) -> NDArray[np.float64]:
    """[steps] alpha-bar: the share of the signal's power left after each training step, falling towards 0.

    Raises ValueError for a `beta_schedule` that is not known.
    """
    betas = _betas(config)
    if config.get("rescale_betas_zero_snr"):
        betas = _to_zero(betas)
    return _products(betas)


def sigmas(alphas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Noise over signal of each step; where no signal is left, a number that is large and not infinite."""
    kept = np.maximum(alphas, TINY)
    return np.sqrt((1 - kept) / kept)


def steps(config: Mapping[str, Any]) -> int:
    """How many steps there were in training."""
    return int(config.get("num_train_timesteps") or STEPS)


def _betas(config: Mapping[str, Any]) -> NDArray[np.float32]:
    """The noise that each training step adds."""
    trained = config.get("trained_betas")
    if trained is not None:
        return np.asarray(trained, np.float32)
    count = steps(config)
    kind = str(config.get("beta_schedule") or "linear")
    start, end = float(config.get("beta_start", 0.0001)), float(config.get("beta_end", 0.02))
    if kind == "linear":
        return np.linspace(start, end, count).astype(np.float32)
    if kind == "scaled_linear":
        return np.square(np.linspace(math.sqrt(start), math.sqrt(end), count).astype(np.float32))
    if kind == "squaredcos_cap_v2":
        edges = np.square(np.cos((np.arange(count + 1) / count + 0.008) / 1.008 * math.pi / 2))
        return np.minimum(1 - edges[1:] / edges[:-1], _BIGGEST_BETA).astype(np.float32)
    if kind == "sigmoid":
        ramp = np.linspace(-_SIGMOID, _SIGMOID, count)
        return ((end - start) / (1 + np.exp(-ramp)) + start).astype(np.float32)
    raise ValueError(f"“{kind}” is no known noise schedule (beta_schedule).")


def _products(betas: NDArray[np.float32]) -> NDArray[np.float64]:
    alphas = (np.float32(1) - betas).astype(np.float64)
    return np.cumprod(alphas).astype(np.float32).astype(np.float64)


def _to_zero(betas: NDArray[np.float32]) -> NDArray[np.float32]:
    """Betas whose last step leaves no signal at all (Lin et al. 2305.08891, algorithm 1)."""
    roots = np.sqrt(_products(betas).astype(np.float32))
    first, last = roots[0], roots[-1]
    powers = np.square((roots - last) * (first / (first - last)))
    kept: NDArray[np.float32] = np.concatenate((powers[:1], powers[1:] / powers[:-1]))
    return np.float32(1) - kept
