"""The places at which inner values of networks are compared: fixed, scattered, the same for every program."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

COUNT = 8192


@cache
def places() -> NDArray[np.int64]:
    """Whole numbers [8192]; the place in a value of n numbers is this modulo n.

    The first 4096 count up (a small value is seen whole), the others are scattered over 2^40.
    """
    scattered = np.random.default_rng(20261122).integers(0, 1 << 40, COUNT // 2, dtype=np.int64)
    return np.concatenate([np.arange(COUNT // 2, dtype=np.int64), scattered])


def scattered(value: NDArray[Any]) -> NDArray[np.float32]:
    """The numbers of a value [any shape] at the places, [8192]; nothing of an empty one."""
    flat = value.reshape(-1)
    return flat[places() % flat.size].astype(np.float32) if flat.size else np.zeros(0, np.float32)
