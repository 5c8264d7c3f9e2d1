"""Seeds that mean the same everywhere: a seed names a point of the latent space, on every system and every release."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray


@functools.lru_cache(maxsize=64)
def seeded_normal(seed: int, dim: int) -> NDArray[np.float32]:
    """[dim] standard normal numbers of `seed` (0 .. 2**32 - 1); read-only.

    The convention of the published StyleGAN code, `RandomState(seed).randn(1, dim)`: numpy froze that generator, and
    seeds that people already know keep their pictures.
    """
    numbers: NDArray[np.float32] = np.random.RandomState(seed).randn(1, dim)[0].astype(np.float32)
    numbers.flags.writeable = False  # shared by every caller
    return numbers
