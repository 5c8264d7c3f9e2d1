"""Figures: the held-out error, materials told apart, diversity, likeness to taught tiles, seams; beside baselines."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from export.train.textures.classes import CLASSES, Settings
from export.train.textures.dataset import SIDE, Tiles
from export.train.textures.features import Eye, Numbers, Stack, features, frechet, likeness, open_eye, spread_within
from export.train.textures.net import CHANNELS, TextureFlow
from export.train.textures.stage_flow import FlowStage
from export.train.textures.tile import draw

STEPS: Final = 12
EARLY: Final = 1.5
"""How much closer together steps are near the noise: the last one is long, and takes the grain away with it."""
_BATCH: Final = 25
_SEAM_STEPS: Final = 4
_LED: Final = 0.6
"""As in the program: guidance leads over that share of the way."""
_TAUGHT: Final = 2500
"""Tiles that the eye learns from."""


def make(model: TextureFlow, mix: NDArray[np.float32], settings: NDArray[np.float32], seed: int, *,
         steps: int = STEPS, guidance: float = 1.0, size: tuple[int, int] = (SIDE, SIDE)) -> Stack:
    """Tiles [n, 2, height, width] in 0..1 by Euler's method."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    with torch.inference_mode():
        for start in range(0, len(mix), _BATCH):
            told = torch.from_numpy(mix[start:start + _BATCH])
            values = torch.from_numpy(settings[start:start + _BATCH])
            x = torch.randn((len(told), CHANNELS, *size), generator=generator)
            for begin, end in pairwise(grid(steps)):
                time = torch.full((len(told),), begin)
                velocity = model(x, time, told, values)
                if guidance > 1 and begin < _LED:
                    free = model(x, time, torch.zeros_like(told), values)
                    velocity = free + guidance * (velocity - free)
                x = x + velocity * (end - begin)
            made.append(((x.clamp(-1, 1) + 1) / 2).numpy())
    return np.concatenate(made)


def grid(steps: int) -> list[float]:
    """The moments of a walk from noise 0 to tile 1, as the program takes them."""
    even = [step / steps for step in range(steps + 1)]
    return [moment / (moment + EARLY * (1 - moment)) for moment in even]


def figures(model: TextureFlow, tiles: Tiles, guidance: float) -> dict[str, Any]:
    """Everything that can be measured without a prompt."""
    held = tiles.held
    truth = _stack(tiles, held)
    made = make(model, tiles.mix[held], tiles.settings[held], 1, guidance=guidance)
    taught = tiles.taught[:_TAUGHT]
    eye = open_eye(features(_stack(tiles, taught)), tiles.mix[taught])
    seen, real = features(made), features(truth)
    twins = _twins(tiles, held)
    copied = features(_stack(tiles, twins))
    with torch.inference_mode():
        error = FlowStage(tiles, 1, model).evaluate()
    return {
        "held_out_tiles": len(held),
        "error": {name: round(value, 4) for name, value in error.items()},
        "material_told": {"made": _told(eye, seen, tiles.mix[held]),
                          "held_out_truth": _told(eye, real, tiles.mix[held]),
                          "nearest_taught": _told(eye, copied, tiles.mix[held])},
        "frechet_to_held_out": {"made": round(frechet(eye.scaled(seen), eye.scaled(real)), 3),
                                "nearest_taught": round(frechet(eye.scaled(copied), eye.scaled(real)), 3),
                                "noise": round(_noise(eye, real, truth.shape), 3)},
        "by_material": _by_material(eye, seen, tiles.mix[held]),
        "diversity": _diversity(model, eye, guidance),
        "likeness_to_nearest_taught": {"made": _alike(tiles, made, held), "held_out_truth": _alike(tiles, truth, held)},
        "seams": {str(side): _seam(model, side) for side in (128, 256, 512, 1024)},
    }


def _stack(tiles: Tiles, places: NDArray[np.int64]) -> Stack:
    return tiles.tiles[places].astype(np.float32) / np.float32(255)


def _twins(tiles: Tiles, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The taught tile whose description is nearest: what looking it up would give."""
    said = np.concatenate((3 * tiles.mix, tiles.settings), axis=1)
    known = said[tiles.taught]
    return tiles.taught[[int(((known - said[place]) ** 2).sum(axis=1).argmin()) for place in places]]


def _told(eye: Eye, found: Numbers, mix: NDArray[np.float32]) -> dict[str, float]:
    """How often the main material is named first, and among the first two."""
    order = np.argsort(-eye.named(found), axis=1)
    wanted = mix.argmax(axis=1)[:, None]
    return {"first": round(float((order[:, :1] == wanted).mean()), 3),
            "among_two": round(float((order[:, :2] == wanted).any(axis=1).mean()), 3)}


def _by_material(eye: Eye, found: Numbers, mix: NDArray[np.float32]) -> dict[str, float]:
    """How often each material is named first where it is alone."""
    first, alone = eye.named(found).argmax(axis=1), mix.max(axis=1) > 0.99  # noqa: PLR2004 - alone
    kinds = mix.argmax(axis=1)
    return {name: round(float((first[alone & (kinds == place)] == place).mean()), 2)
            for place, name in enumerate(CLASSES) if (alone & (kinds == place)).any()}


def _noise(eye: Eye, real: Numbers, shape: tuple[int, ...]) -> float:
    """The distance of plain noise, for scale."""
    noise = np.clip(np.random.default_rng(0).normal(0.5, 0.25, shape), 0, 1).astype(np.float32)
    return frechet(eye.scaled(features(noise)), eye.scaled(real))


def _diversity(model: TextureFlow, eye: Eye, guidance: float) -> dict[str, float]:
    """Mean distance between tiles of one description and different seeds, made and drawn by the procedures."""
    settings = Settings(0.5, 0.3, 0.55, 0.3, 0.2)
    apart: dict[str, list[float]] = {"made": [], "procedures": []}
    for place in range(0, len(CLASSES), 3):
        mix = np.zeros((6, len(CLASSES)), np.float32)
        mix[:, place] = 1
        values = np.repeat(np.array([settings.row()], np.float32), 6, axis=0)
        made = make(model, mix, values, place, guidance=guidance)
        drawn = np.stack([draw(CLASSES[place], settings, (SIDE, SIDE), 900_000 + seed) for seed in range(6)])
        apart["made"].append(spread_within(eye.scaled(features(made))))
        apart["procedures"].append(spread_within(eye.scaled(features(drawn))))
    return {name: round(float(np.mean(values)), 2) for name, values in apart.items()}


def _alike(tiles: Tiles, stack: Stack, places: NDArray[np.int64]) -> dict[str, float]:
    """Correlation with the most similar taught tile of the same main material, over all shifts: median and greatest."""
    kinds = tiles.mix.argmax(axis=1)
    found = []
    for tile, place in list(zip(stack, places, strict=True))[:120]:
        same = tiles.taught[kinds[tiles.taught] == kinds[place]]
        found.append(likeness(tile, _stack(tiles, same)))
    return {"median": round(float(np.median(found)), 3), "greatest": round(float(np.max(found)), 3)}


def _seam(model: TextureFlow, side: int) -> dict[str, float]:
    """Pebbles with moss. `moved`: made from rolled noise the tile is the rolled tile, but for this at most; were there
    an edge, it would be elsewhere. `edge`: the mean step over the edges in units of the greatest between neighbours.
    """
    mix = torch.zeros(1, len(CLASSES))
    mix[0, [CLASSES.index("cells"), CLASSES.index("moss")]] = torch.tensor([0.6, 0.4])
    settings = torch.tensor([[0.5, 0.3, 0.5, 0.2, 0.3]])
    noise = torch.randn((1, CHANNELS, side, side), generator=torch.Generator().manual_seed(4))
    shift = (side // 2, side // 4)

    def walk(x: Tensor, moved: tuple[int, int]) -> Tensor:
        for step in range(_SEAM_STEPS):
            x = x + model(x, torch.full((1,), step / _SEAM_STEPS), mix, settings, moved) / _SEAM_STEPS
        return x

    with torch.inference_mode():
        plain, rolled = walk(noise, (0, 0)), walk(noise.roll(shift, (2, 3)), shift)
    apart = float((plain.roll(shift, (2, 3)) - rolled).abs().max())
    tone = plain[0, 0].numpy()
    steps = [np.abs(np.diff(tone, axis=axis, append=np.take(tone, [0], axis=axis))).mean(axis=1 - axis)
             for axis in (0, 1)]
    return {"moved": float(f"{apart:.1e}"), "edge": round(max(float(step[-1] / step[:-1].max()) for step in steps), 3)}
