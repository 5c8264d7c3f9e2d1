"""A diffusion package opened in the test itself, remembering what its denoiser hears; pictures and masks to show it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import media
from engine.api import Asset, PackageInfo, Value
from engine.controls import check_recipe
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.manifest import load_manifest
from engine.progress import NO_PROGRESS, ProgressSink
from engine.runtime.providers import Options, Runtime

SMALL = (64, 64)


class Opened:
    """A package in this process; remembers what its denoiser was fed."""

    def __init__(self, folder: Path, memory: int | None = None) -> None:
        self.info: PackageInfo = describe(folder)
        self.runtime = Runtime(Options("cpu", threads=1, memory=memory))
        self.model: Any = FAMILIES["diffusion"].open(folder, load_manifest(folder), self.runtime)
        self.fed: list[dict[str, NDArray[Any]]] = []
        self.runs: list[str] = []
        ask = self.model._pool.session

        def session(role: str, work: int = 0, **more: Any) -> Any:
            found = ask(role, work, **more)
            self.runs.append(role)
            if role == "unet" and not hasattr(found, "heard"):
                run = found.run
                found.heard = True
                found.run = lambda feeds, cancel=None: (self.fed.append(dict(feeds)), run(feeds, cancel))[1]
            return found

        self.model._pool.session = session

    def recipe(self, **values: Value) -> Any:
        known = {control.name for control in self.info.controls}
        if self.info.id == "fixed":
            known.remove("size")
        usual: dict[str, Value] = {"steps": 2.0, "size": SMALL, "prompt": "a cat", "sampler": "euler"}
        return check_recipe(self.info, self.info.default_recipe().with_values(
            {**{name: value for name, value in usual.items() if name in known}, **values}))

    def render(self, progress: ProgressSink = NO_PROGRESS, **values: Value) -> Asset:
        self.fed.clear()
        self.runs.clear()
        asset: Asset = self.model.render(self.recipe(**values), progress)
        return asset

    def pixels(self, **values: Value) -> NDArray[np.uint8]:
        return self.render(**values).pixels


Open = Callable[..., Opened]


def picture(change: int = 0, side: int = 64) -> str:
    """The key of a smooth picture in the media folder of this test."""
    ramp = np.linspace(20, 235, side)
    pixels = np.stack([ramp[:, None] + 0 * ramp, ramp + 0 * ramp[:, None], np.full((side, side), 90 + change)], axis=2)
    return stored(pixels.astype(np.uint8))


def stored(pixels: NDArray[np.uint8]) -> str:
    import io

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return media.put(file.getvalue())


def half(side: int = 64) -> str:
    """A mask whose right half is white."""
    mask = np.zeros((side, side), np.uint8)
    mask[:, side // 2:] = 255
    return stored(mask)
