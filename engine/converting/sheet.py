"""The preview of a package: a sheet of its first pictures, rendered by the engine that will run it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, ControlKind, Medium, PackageInfo, Recipe, Value
from engine.blocking import BlockingEngine
from engine.cancel import CancelToken
from engine.client import EngineClient
from engine.options import EngineOptions
from engine.writers import png

NAME = "preview.png"
SEEDS = (0, 1, 2, 3, 4, 5, 6, 7)
_COLUMNS = 4
_SIDE = 128            # of one picture on the sheet, in pixels
_GAP = 4
_FEW_WORDS = {"count": 2.0, "length": 8.0}     # enough to see that a language model runs
_FEW_STEPS = 8.0       # enough to see what a slow model paints
_FEW_PIXELS = 400      # of a side, likewise: it is shown at 128
_OPTIONS = EngineOptions(provider="cpu", max_deaths=1)


def pictures_of(folder: Path, seeds: Sequence[int] = SEEDS, cancel: CancelToken | None = None) -> tuple[Asset, ...]:
    """The package's first picture with each seed; one picture where there is no seed. Raises AtelierError.

    Of a slow model one picture, sketched: at full size and in all its steps each takes minutes. This is also the
    package's admission: it was loaded and run in an engine of its own, with deadlines.
    """
    with BlockingEngine(EngineClient(_OPTIONS)) as engine:
        info = engine.open(str(folder), cancel)
        return tuple(engine.render(recipe, cancel=cancel) for recipe in recipes_of(info, seeds))


def sheet_of(assets: Sequence[Asset]) -> bytes | None:
    """A PNG of the pictures in rows of four, on nothing; None where they are texts."""
    if any(asset.medium is Medium.TEXT for asset in assets):
        return None
    tiles = [_tile(asset.colors()) for asset in assets]
    height, width = (max(tile.shape[axis] for tile in tiles) for axis in (0, 1))
    columns = min(_COLUMNS, len(tiles))
    rows = math.ceil(len(tiles) / columns)
    sheet = np.zeros((rows * (height + _GAP) - _GAP, columns * (width + _GAP) - _GAP, 4), np.uint8)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        top = row * (height + _GAP) + (height - tile.shape[0]) // 2
        left = column * (width + _GAP) + (width - tile.shape[1]) // 2
        sheet[top:top + tile.shape[0], left:left + tile.shape[1]] = tile
    return png.encode(sheet, ())


def remarks(assets: Sequence[Asset]) -> tuple[str, ...]:
    """What a person should know of the pictures: remarks of the engine, and seeds that change nothing."""
    notes = list(dict.fromkeys(note for asset in assets for note in asset.notes))
    if len(assets) > 1 and all(np.array_equal(assets[0].colors(), asset.colors()) for asset in assets[1:]):
        notes.append("Every seed gives the same picture.")
    return tuple(notes)


def recipes_of(info: PackageInfo, seeds: Sequence[int]) -> list[Recipe]:
    """One recipe a seed; classes take turns where the model has them."""
    first = info.default_recipe()
    if info.medium is Medium.TEXT:
        return [first.with_values(_FEW_WORDS)]
    if not info.live:
        return [first.with_values(_sketch(info))]
    seed = next((control for control in info.controls if control.kind is ControlKind.SEED), None)
    if seed is None:
        return [first]
    kinds = info.control("kind")
    classes = [choice.value for choice in kinds.choices] if kinds is not None else []
    return [first.with_values({seed.name: number, **({"kind": classes[index % len(classes)]} if classes else {})})
            for index, number in enumerate(seeds)]


def _sketch(info: PackageInfo) -> dict[str, Value]:
    """A size halved while it can be and is large, few steps, and the first of the prompts that the family suggests.

    Always the same, however quick the machine: the same checkpoint yields the same package.
    """
    values: dict[str, Value] = {}
    for control in info.controls:
        if control.kind is ControlKind.SIZE and isinstance(control.default, tuple):
            values[control.name] = _halved(control.default, int(control.minimum or 1), int(control.step or 1))
        elif control.name == "steps" and isinstance(control.default, float):
            values[control.name] = min(control.default, _FEW_STEPS)
        elif control.name == "prompt" and control.choices and not control.default:
            values[control.name] = control.choices[0].value
    return values


def _halved(size: tuple[int, int], least: int, step: int) -> tuple[int, int]:
    """The size, halved until it is small or cannot be halved any more: sides are multiples of `step`."""
    while max(size) > _FEW_PIXELS and all(side % (2 * step) == 0 and side // 2 >= least for side in size):
        size = size[0] // 2, size[1] // 2
    return size


def _tile(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGBA no larger than a place on the sheet: blocks of a large picture become their mean, small pixels grow."""
    colors = np.full((*pixels.shape[:2], 4), 255, np.uint8)
    colors[:, :, :3] = pixels[:, :, :3] if pixels.shape[2] > 1 else pixels
    if pixels.shape[2] == 4:  # noqa: PLR2004 - with alpha
        colors[:, :, 3] = pixels[:, :, 3]
    longest = max(colors.shape[:2])
    if longest <= _SIDE:
        factor = _SIDE // longest
        return colors.repeat(factor, axis=0).repeat(factor, axis=1)
    step = math.ceil(longest / _SIDE)
    height, width = (max(size // step, 1) * step for size in colors.shape[:2])
    blocks = colors[:height, :width].reshape(height // step, step, width // step, step, 4)
    means: NDArray[np.uint8] = np.rint(blocks.mean(axis=(1, 3), dtype=np.float32)).astype(np.uint8)
    return means
