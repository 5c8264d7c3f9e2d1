"""The tiles that are learned from: drawn once, stored as bytes, each with the materials and settings it shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from export.train.textures.classes import CLASSES, SETTINGS, Settings
from export.train.textures.tile import Tile, draw, grown

SIDE: Final = 128
_BLENDED: Final = 0.35
"""Share of tiles on which a second material grows."""
_HELD_OUT: Final = 20
"""One tile in so many is kept for the examination."""


@dataclass(frozen=True)
class Lot:
    """What one tile shows: shares of the materials (one or two, summing to 1) and the settings."""

    base: int
    over: int                        # equal to `base` where nothing grows on it
    amount: float                    # share of the tile that `over` covers
    settings: Settings
    seed: int

    def mix(self) -> NDArray[np.float32]:
        """[classes] shares."""
        shares = np.zeros(len(CLASSES), np.float32)
        shares[self.base] += 1 - self.amount
        shares[self.over] += self.amount
        return shares


def lot(number: int) -> Lot:
    """The description of tile `number`; the same for ever."""
    rng = np.random.default_rng((11, number))
    first, second = sorted(int(place) for place in rng.choice(len(CLASSES), 2, replace=False))
    # Most things are not worn, and not bent: half of the draws lean to the quiet end.
    values = rng.random(len(SETTINGS))
    quiet = rng.random(2) < 0.5  # noqa: PLR2004 - half of them
    values[1] *= 0.25 if quiet[0] else 1.0
    values[3] *= 0.15 if quiet[1] else 1.0
    settings = Settings(*(float(value) for value in values))
    if rng.random() >= _BLENDED:
        alone = int(rng.integers(len(CLASSES)))
        return Lot(alone, alone, 0.0, settings, number)
    return Lot(first, second, float(rng.uniform(0.15, 0.7)), settings, number)


def drawn(what: Lot, side: int = SIDE) -> Tile:
    """The tile of a description."""
    base = draw(CLASSES[what.base], what.settings, (side, side), what.seed)
    if what.base == what.over:
        return base
    over = draw(CLASSES[what.over], what.settings, (side, side), what.seed)
    return grown(base, over, what.amount, what.settings.scale, np.random.default_rng((12, what.seed)))


def draw_all(folder: Path, count: int) -> None:
    """Write tiles.npy uint8 [count, 2, 128, 128], mix.npy, settings.npy; goes on where it was stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    path, progress = folder / "tiles.npy", folder / "drawn.json"
    done = json.loads(progress.read_text()) if progress.is_file() else 0
    shape = (count, 2, SIDE, SIDE)
    tiles = np.lib.format.open_memmap(path, "r+" if done else "w+", np.uint8, None if done else shape)
    for number in range(done, count):
        tiles[number] = np.rint(drawn(lot(number)) * 255).astype(np.uint8)
        if number % 200 == 199 or number == count - 1:  # noqa: PLR2004 - now and then
            tiles.flush()
            progress.write_text(json.dumps(number + 1))
    lots = [lot(number) for number in range(count)]
    np.save(folder / "mix.npy", np.stack([each.mix() for each in lots]))
    np.save(folder / "settings.npy", np.array([each.settings.row() for each in lots], np.float32))


class Tiles:
    """All tiles in memory: uint8 [n, 2, 128, 128], shares, settings, and the places that are learned from or not."""

    def __init__(self, folder: Path) -> None:
        """Read what `draw_all` wrote; pixels are mapped, not loaded."""
        self.tiles: NDArray[np.uint8] = np.load(folder / "tiles.npy", mmap_mode="r", allow_pickle=False)
        self.mix: NDArray[np.float32] = np.load(folder / "mix.npy", allow_pickle=False)
        self.settings: NDArray[np.float32] = np.load(folder / "settings.npy", allow_pickle=False)
        places = np.arange(len(self.mix))
        self.held, self.taught = places[places % _HELD_OUT == 0], places[places % _HELD_OUT != 0]

    def numbers(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """[n, 2, 128, 128] in -1..1."""
        return self.tiles[places].astype(np.float32) / np.float32(127.5) - np.float32(1)
