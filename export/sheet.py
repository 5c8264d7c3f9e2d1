"""The preview of a package: a sheet of its first pictures, rendered by the engine that will run it."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.api import Asset, ControlKind, PackageInfo, Recipe
from engine.blocking import BlockingEngine
from engine.client import EngineClient
from engine.errors import AtelierError
from engine.options import EngineOptions

NAME = "preview.png"
SEEDS = (0, 1, 2, 3, 4, 5, 6, 7)
_COLUMNS = 4
_SIDE = 128            # of one picture on the sheet, in pixels
_GAP = 4
_OPTIONS = EngineOptions(provider="cpu", max_deaths=1)


def pictures_of(folder: Path, seeds: Sequence[int] = SEEDS) -> tuple[Asset, ...]:
    """The package's first picture with each seed; one picture where there is no seed. Raises AtelierError.

    This is also the package's admission: it was loaded and run in an engine of its own, with deadlines.
    """
    with BlockingEngine(EngineClient(_OPTIONS)) as engine:
        info = engine.open(str(folder))
        return tuple(engine.render(recipe) for recipe in _recipes(info, seeds))


def sheet_of(assets: Sequence[Asset]) -> bytes:
    """A PNG of the pictures in rows of four, on nothing."""
    tiles = [_tile(asset.colors()) for asset in assets]
    height, width = max(tile.size[1] for tile in tiles), max(tile.size[0] for tile in tiles)
    columns = min(_COLUMNS, len(tiles))
    rows = math.ceil(len(tiles) / columns)
    sheet = Image.new("RGBA", (columns * (width + _GAP) - _GAP, rows * (height + _GAP) - _GAP), (0, 0, 0, 0))
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        sheet.paste(tile, (column * (width + _GAP) + (width - tile.size[0]) // 2,
                           row * (height + _GAP) + (height - tile.size[1]) // 2))
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def remarks(assets: Sequence[Asset]) -> tuple[str, ...]:
    """What a person should know of the pictures: remarks of the engine, and seeds that change nothing."""
    notes = list(dict.fromkeys(note for asset in assets for note in asset.notes))
    if len(assets) > 1 and all(np.array_equal(assets[0].colors(), asset.colors()) for asset in assets[1:]):
        notes.append("Every seed gives the same picture.")
    return tuple(notes)


def problem_of(error: AtelierError) -> str:
    """Why there is no preview."""
    return f"There is no preview: {error.what}"


def _recipes(info: PackageInfo, seeds: Sequence[int]) -> list[Recipe]:
    """One recipe a seed; classes take turns where the model has them."""
    first = info.default_recipe()
    seed = next((control for control in info.controls if control.kind is ControlKind.SEED), None)
    if seed is None:
        return [first]
    kinds = info.control("kind")
    classes = [choice.value for choice in kinds.choices] if kinds is not None else []
    return [first.with_values({seed.name: number, **({"kind": classes[index % len(classes)]} if classes else {})})
            for index, number in enumerate(seeds)]


def _tile(pixels: NDArray[np.uint8]) -> Image.Image:
    """A picture no larger than a place on the sheet; small ones keep their pixels, doubled as often as they fit."""
    flat = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    picture = Image.fromarray(np.ascontiguousarray(flat)).convert("RGBA")
    longest = max(picture.size)
    if longest > _SIDE:
        picture.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    elif _SIDE // longest > 1:
        factor = _SIDE // longest
        picture = picture.resize((picture.size[0] * factor, picture.size[1] * factor), Image.Resampling.NEAREST)
    return picture
