"""The noise inputs of a synthesis graph: stored with the model, drawn from a seed, or none; always repeatable."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.api import Recipe
from engine.errors import PackageError
from engine.families.base import number, whole, word
from engine.families.stylegan2_controls import CONST, RANDOM
from engine.packages.parts import Noise

Field = NDArray[np.float32]
"""[height, width] float32"""

_HEAD = 4096  # an .npy header is far shorter


class Grain:
    """The noise of one package."""

    def __init__(self, path: Path, noises: tuple[Noise, ...]) -> None:
        """Read noise.npz. Raises PackageError when it is not what the manifest lists."""
        self._noises = noises
        self._stored = load_noise(path, noises) if noises else {}
        self._drawn: tuple[int, dict[str, Field]] = (-1, {})

    def feeds(self, recipe: Recipe, roles: Collection[str]) -> dict[str, NDArray[np.float32]]:
        """[1, 1, height, width] for each of the `roles`, as the recipe asks."""
        if not self._noises:
            return {}
        mode = word(recipe, "noise")
        if mode == CONST:
            fields = self._stored
        elif mode == RANDOM:
            fields = self._from_seed(whole(recipe, "noise_seed"))
        else:
            fields = {}
        strength = np.float32(number(recipe, "noise_strength"))
        return {noise.role: (fields[noise.role] * strength if fields else
                             np.zeros((noise.height, noise.width), np.float32))[None, None]
                for noise in self._noises if noise.role in roles}

    def _from_seed(self, seed: int) -> dict[str, Field]:
        """One generator for all, coarse to fine, so that a draft has the grain of the picture it stands for."""
        if self._drawn[0] != seed:
            dice = np.random.RandomState(seed)
            self._drawn = seed, {noise.role: dice.randn(noise.height, noise.width).astype(np.float32)
                                 for noise in self._noises}
        return self._drawn[1]


def load_noise(path: Path, noises: tuple[Noise, ...]) -> dict[str, Field]:
    """The stored fields by role: an .npz of finite float32 arrays of the stated sizes. Raises PackageError."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {noise.role: _field(archive, noise, path) for noise in noises}
    except PackageError:
        raise
    except OSError as error:
        raise _faulty(path, error.strerror or "it cannot be read") from error
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, SyntaxError, RuntimeError) as error:
        raise _faulty(path, "it is damaged or lacks an array") from error


def _field(archive: zipfile.ZipFile, noise: Noise, path: Path) -> Field:
    """One member, read no further than its size can be and never unpickled."""
    expected = noise.width * noise.height * 4
    with archive.open(f"{noise.role}.npy") as member:
        data = member.read(expected + _HEAD + 1)
    if len(data) > expected + _HEAD:
        raise _faulty(path, f"“{noise.role}” is larger than the manifest says")
    field: Field = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    if field.dtype != np.float32 or field.shape != (noise.height, noise.width):
        raise _faulty(path, f"“{noise.role}” is {field.dtype} {list(field.shape)}, not float32 "
                            f"[{noise.height}, {noise.width}]")
    if not np.isfinite(field).all():
        raise _faulty(path, f"“{noise.role}” contains numbers that are not finite")
    return field


def _faulty(path: Path, reason: str) -> PackageError:
    return PackageError(f"The noise of the package cannot be used: {reason}.",
                        "Get the package again, or ask its author to correct it.", str(path))
