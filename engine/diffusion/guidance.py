"""How strongly a prompt pulls: guidance without a classifier, and the same told to networks that learned it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Sample = NDArray[np.float32]


def guided(without: Sample, prompted: Sample, scale: float) -> Sample:
    """Away from the answer without a prompt, or with the negative one (Ho and Salimans 2207.12598); 1: the prompt's."""
    return without + np.float32(scale) * (prompted - without)


def rescaled(mixed: Sample, prompted: Sample, amount: float) -> Sample:
    """Strong guidance brought back to the contrast of the prompt's own answer (Lin et al. 2305.08891, section 3.4).

    `amount` 0 changes nothing, 1 takes all of the contrast back; each of the batch by itself.
    """
    if not amount:
        return mixed
    axes = tuple(range(1, mixed.ndim))
    ratio = (np.std(prompted, axis=axes, keepdims=True, ddof=1, dtype=np.float64)
             / np.maximum(np.std(mixed, axis=axes, keepdims=True, ddof=1, dtype=np.float64), 1e-12))
    return np.asarray(mixed * (amount * ratio + (1 - amount)), np.float32)


def embedded(scale: float, width: int) -> NDArray[np.float32]:
    """[1, width] guidance as latent consistency models are told it: sines and cosines of 1000 (scale - 1)."""
    half = width // 2
    rates = np.exp(np.arange(half) * -(math.log(10000.0) / max(half - 1, 1)))
    turns = (scale - 1) * 1000.0 * rates
    told = np.concatenate((np.sin(turns), np.cos(turns), np.zeros(width - 2 * half)))
    return told.astype(np.float32)[None]
