"""Seeds that mean the same everywhere: a seed names a point of the latent space, on every system and every release."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def seeded_normal(seed: int, dim: int) -> NDArray[np.float32]:
    """[dim] standard normal numbers of `seed` (0 .. 2**32 - 1).

    The convention of the published StyleGAN code, `RandomState(seed).randn(1, dim)`: numpy froze that generator, and
    seeds that people already know keep their pictures.
    """
    return np.random.RandomState(seed).randn(1, dim)[0].astype(np.float32)  # noqa: NPY002 - frozen on purpose
