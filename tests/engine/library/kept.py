"""Things to keep: keepsakes without files, and real kept files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Medium, PackageInfo, Recipe, Swatch
from engine.library.records import Keepsake
from engine.writers.files import write_asset

DIGEST = "sha256:" + "0" * 64


def recipe(prompt: str = "", package: str = "textures", **values: Any) -> Recipe:
    """A recipe of few values."""
    return Recipe(package, DIGEST, {"seed": 0, **({"prompt": prompt} if prompt else {}), **values})


def keepsake(name: str, prompt: str = "", *, package: str = "textures", seed: int = 0, **more: Any) -> Keepsake:
    """A file that need not be there."""
    named = more.pop("package_name", package.title())
    return Keepsake(Path("/kept") / name, recipe(prompt, package, seed=seed), named, **more)


def write(path: Path, prompt: str, *, package: str = "textures", seed: int = 0, texts: Sequence[str] = (),
          colors: Sequence[str] = ()) -> Path:
    """A real kept file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    medium = Medium.TEXT if texts else Medium.PALETTE if colors else Medium.PICTURE
    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    asset = Asset(recipe(prompt, package, seed=seed), pixels, provider="CPUExecutionProvider", medium=medium,
                  texts=tuple(texts), swatches=tuple(Swatch(color) for color in colors))
    info = PackageInfo(package, package.title(), "1.0.0", "decoder", DIGEST, "", "CC0-1.0", "", "/none", (),
                       medium=medium)
    write_asset(asset, path, info)
    return path


def unit(*numbers: float) -> NDArray[np.float32]:
    """A vector of length one."""
    vector = np.array(numbers, np.float32)
    return vector / np.linalg.norm(vector)
