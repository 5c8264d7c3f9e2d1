"""Named directions: rows of directions.npy, and the point they lead to. numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import PackageError

Directions = NDArray[np.float32]
"""[n, dim] float32, rows of unit length"""

MAX_BYTES = 256 << 20
_LENGTH_TOLERANCE = 0.02


def load_directions(path: Path, dim: int, rows: int) -> Directions:
    """Read directions.npy; it must be float32 [at least `rows`, `dim`], finite, unit rows. Raises PackageError."""
    data = read_plain(path, "directions")
    if data.ndim != 2 or data.shape[1] != dim or data.shape[0] < rows:  # noqa: PLR2004
        raise _faulty(path, f"it holds {data.dtype} {list(data.shape)}, not float32 [{rows} or more, {dim}]")
    lengths = np.linalg.norm(data, axis=1)
    if data.size and float(np.abs(lengths - 1).max()) > _LENGTH_TOLERANCE:
        raise _faulty(path, "its rows are not of unit length")
    return np.ascontiguousarray(data)


def read_plain(path: Path, words: str) -> NDArray[np.float32]:
    """An .npy file of finite float32 numbers, read without ever unpickling. Raises PackageError about its `words`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _faulty(path, "it is larger than 256 MB", words)
        with path.open("rb") as file:
            data: NDArray[np.float32] = np.lib.format.read_array(file, allow_pickle=False)
    except OSError as error:
        raise _faulty(path, error.strerror or "it cannot be read", words) from error
    except (ValueError, EOFError, MemoryError, SyntaxError) as error:
        if isinstance(error, PackageError):
            raise
        raise _faulty(path, "it is not a plain array file", words) from error
    if data.dtype != np.float32:
        raise _faulty(path, f"it holds {data.dtype} {list(data.shape)}, not float32", words)
    if not np.isfinite(data).all():
        raise _faulty(path, "it contains numbers that are not finite", words)
    return data


def moved(point: NDArray[np.float32], directions: Directions,
          steps: Sequence[tuple[int, float]]) -> NDArray[np.float32]:
    """`point` moved along directions: each step is (row, distance), the distance being slider value times sigma."""
    result = np.array(point, np.float32)
    for row, distance in steps:
        if distance:
            result += np.float32(distance) * directions[row]
    return result


def _faulty(path: Path, reason: str, words: str = "directions") -> PackageError:
    return PackageError(f"The {words} of the package cannot be used: {reason}.",
                        "Get the package again, or ask its author to correct it.", str(path))
