"""The flow stage: straight ways from noise to tiles, early places most often, now and then without saying what of."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from export.train.textures.classes import CLASSES
from export.train.textures.dataset import Tiles
from export.train.textures.net import TextureFlow

_ANYTHING: Final = 0.1
_EXAMINED: Final = 256
_EARLY, _BREADTH = 0.7, 1.5
"""Of the logistic normal that times are drawn from: what a tile shall be is decided early on the way."""

HARD: Final = ("hexagons", "weave", "plaid", "wood", "marble", "terrazzo", "rust")
"""Materials that take longest to learn; tiles of these are drawn as many times as often as others:"""
OFTEN: Final = 2.0


class FlowStage:
    """What the training loop asks of the stage."""

    name = "flow"

    def __init__(self, tiles: Tiles, batch: int, model: nn.Module | None = None) -> None:
        """`model` stands in for the usual network in trials and tests."""
        self.model: nn.Module = model or TextureFlow()
        self.model.to(memory_format=torch.channels_last)
        self._tiles, self._batch = tiles, batch
        hard = tiles.mix[tiles.taught][:, [CLASSES.index(name) for name in HARD]].sum(axis=1, dtype=np.float64)
        chance = 1.0 + (OFTEN - 1.0) * hard
        self._chance = chance / chance.sum()

    def parameters(self) -> list[nn.Parameter]:
        """Everything."""
        return list(self.model.parameters())

    def loss(self, step: int) -> tuple[Tensor, dict[str, float]]:
        """Loss of the batch that belongs to this step."""
        rng = np.random.default_rng((2, step))
        places = rng.choice(self._tiles.taught, self._batch, p=self._chance)
        tiles, moved, mirrored = _moved(self._tiles.numbers(places), rng)
        return self._error(tiles, places, rng, moved, mirrored=mirrored, learning=True), {}

    def evaluate(self) -> dict[str, float]:
        """The error on held-out tiles, and on as many of the others, with the same noise."""
        return {"error": self._examined(self._tiles.held), "error_taught": self._examined(self._tiles.taught)}

    def state(self) -> dict[str, float]:
        """Nothing besides weights."""
        return {}

    def restore(self, state: dict[str, float]) -> None:
        """Nothing to take back."""

    def _examined(self, places: NDArray[np.int64]) -> float:
        """Mean error over the first few of `places`, in batches."""
        rng = np.random.default_rng(5)
        chosen = places[:_EXAMINED]
        parts = [chosen[start:start + 64] for start in range(0, len(chosen), 64)]
        errors = [float(self._error(self._tiles.numbers(part), part, rng, learning=False)) * len(part)
                  for part in parts]
        return sum(errors) / len(chosen)

    def _error(self, tiles: NDArray[np.float32], places: NDArray[np.int64], rng: np.random.Generator,
               moved: tuple[int, int] = (0, 0), *, mirrored: bool = False, learning: bool) -> Tensor:
        """Mean square of the velocity's error at random times of the way."""
        noise = torch.from_numpy(rng.standard_normal(tiles.shape, dtype=np.float32))
        times = 1.0 / (1.0 + np.exp(_EARLY - _BREADTH * rng.standard_normal(len(tiles))))
        time = torch.from_numpy(times.astype(np.float32))
        share = time[:, None, None, None]
        mix = self._tiles.mix[places].copy()
        if learning:
            mix[rng.random(len(mix)) < _ANYTHING] = 0
        tile = torch.from_numpy(tiles)
        sample = ((1.0 - share) * noise + share * tile).contiguous(memory_format=torch.channels_last)
        velocity = self.model(sample, time, torch.from_numpy(mix), torch.from_numpy(self._tiles.settings[places]),
                              moved, mirrored=mirrored)
        return (velocity - (tile - noise)).square().mean()


def _moved(tiles: NDArray[np.float32],
           rng: np.random.Generator) -> tuple[NDArray[np.float32], tuple[int, int], bool]:
    """The same materials elsewhere: rolled round the torus; mirrored, which no light or lettering forbids."""
    down, across = (int(part) for part in rng.integers(0, tiles.shape[2:]))
    tiles, mirrored = np.roll(tiles, (down, across), axis=(2, 3)), bool(rng.random() < 0.5)  # noqa: PLR2004 - half
    return np.ascontiguousarray(tiles[..., ::-1] if mirrored else tiles), (down, across), mirrored
