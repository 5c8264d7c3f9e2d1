"""What torch's own steps yielded, on disk: scattered numbers of each, by the name of the step or of the module."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

VALUE, LAYER = "value:", "layer:"


def write_steps(path: Path, steps: Mapping[str, NDArray[np.float32]]) -> None:
    """One .npz: a list of names that begin with `value:` or `layer:`, and numbered arrays (names may hold slashes)."""
    np.savez(path, allow_pickle=False, names=np.array(list(steps), dtype=np.str_),
             **{str(number): value for number, value in enumerate(steps.values())})


def read_steps(path: Path) -> dict[str, NDArray[np.float32]]:
    """What `write_steps` wrote."""
    with np.load(path, allow_pickle=False) as data:
        return {str(name): data[str(number)] for number, name in enumerate(data["names"])}
