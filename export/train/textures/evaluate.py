"""Figures: the held-out error, materials told apart, diversity, likeness to taught tiles, seams; beside baselines."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from export.train.textures.baselines import nearest, quilted, random_phase, twins
from export.train.textures.classes import CLASSES, Settings
from export.train.textures.dataset import SIDE, Tiles
from export.train.textures.features import (
    Eye,
    Numbers,
    Stack,
    features,
    found_again,
    frechet,
    likeness,
    open_eye,
    spread_within,
)
from export.train.textures.net import CHANNELS, TextureFlow
from export.train.textures.shapes import shapes
from export.train.textures.stage_flow import FlowStage
from export.train.textures.tile import draw

STEPS: Final = 8
"""As the package says by itself."""
EARLY: Final = 1.5
"""How much closer together steps are near the noise: the last one is long, and takes the grain away with it."""
_BATCH: Final = 25
_SEAM_STEPS: Final = 4
_LED: Final = 0.6
"""As in the program: guidance leads over that share of the way."""
_TAUGHT: Final = 2500
"""Tiles that an eye learns from."""
_HELD, _COMPARED, _SEEDS = 400, 24, 6
"""Held-out tiles that are drawn; of these looked for among the taught ones; seeds of one description."""


def make(model: TextureFlow, mix: NDArray[np.float32], settings: NDArray[np.float32], seed: int, *,
         steps: int = STEPS, guidance: float = 1.0, size: tuple[int, int] = (SIDE, SIDE)) -> Stack:
    """Tiles [n, 2, height, width] in 0..1 by Heun's method, as the program walks: all steps but the last look twice."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    with torch.inference_mode():
        for start in range(0, len(mix), _BATCH):
            told = torch.from_numpy(mix[start:start + _BATCH])
            values = torch.from_numpy(settings[start:start + _BATCH])
            x = torch.randn((len(told), CHANNELS, *size), generator=generator)
            for begin, end in pairwise(grid(steps)):
                way = _led(model, x, begin, told, values, guidance)
                if end < 1:
                    way = (way + _led(model, x + way * (end - begin), end, told, values, guidance)) / 2
                x = x + way * (end - begin)
            made.append(((x.clamp(-1, 1) + 1) / 2).numpy())
    return np.concatenate(made)


def _led(model: TextureFlow, x: Tensor, moment: float, told: Tensor, values: Tensor, guidance: float) -> Tensor:
    """The velocity, led away from what the network would draw unasked."""
    time = torch.full((len(told),), moment)
    velocity: Tensor = model(x, time, told, values)
    if guidance > 1 and moment < _LED:
        free = model(x, time, torch.zeros_like(told), values)
        velocity = free + guidance * (velocity - free)
    return velocity


def grid(steps: int) -> list[float]:
    """The moments of a walk from noise 0 to tile 1, as the program takes them."""
    even = [step / steps for step in range(steps + 1)]
    return [moment / (moment + EARLY * (1 - moment)) for moment in even]


def figures(model: TextureFlow, tiles: Tiles, guidance: float) -> dict[str, Any]:
    """Everything that can be measured without a prompt."""
    held, taught = tiles.held[:_HELD], tiles.taught[:_TAUGHT]
    shown = _stack(tiles, taught)
    eyes = {"spectrum": open_eye(features(shown), tiles.mix[taught]),
            "shapes": open_eye(shapes(shown), tiles.mix[taught])}
    ways = _ways(tiles, held, make(model, tiles.mix[held], tiles.settings[held], 1, guidance=guidance))
    seen = {name: {"spectrum": features(stack), "shapes": shapes(stack)} for name, stack in ways.items()}
    with torch.inference_mode():
        error = FlowStage(tiles, 1, model).evaluate()
    eye, real = eyes["spectrum"], seen["procedures"]["spectrum"]
    mix = tiles.mix[held]
    return {
        "held_out_tiles": len(mix),
        "error": {name: round(value, 4) for name, value in error.items()},
        "ways": {name: {"told": _told(eye, found["spectrum"], mix),
                        "told_by_shapes": _told(eyes["shapes"], found["shapes"], mix),
                        "frechet": _apart(eye, found["spectrum"], real),
                        "frechet_of_shapes": _apart(eyes["shapes"], found["shapes"], seen["procedures"]["shapes"]),
                        "likeness": _alike(tiles, ways[name])} for name, found in seen.items()},
        "frechet_of_noise": round(_noise(eye, real, shown[:len(mix)].shape), 3),
        "by_material": {by: _by_material(eyes[by], seen["made"][by], mix) for by in eyes},
        "diversity": _diversity(model, tiles, eye, guidance),
        "seams": {str(side): _seam(model, side) for side in (128, 256, 512, 1024)},
    }


def _ways(tiles: Tiles, held: NDArray[np.int64], made: Stack) -> dict[str, Stack]:
    """The held-out descriptions drawn by the procedures, the network, and from the taught tile that is nearest."""
    source = _stack(tiles, twins(tiles, held))
    rng = np.random.default_rng(7)
    return {"procedures": _stack(tiles, held), "made": made, "nearest_taught": source,
            "random_phase": np.stack([random_phase(tile, rng) for tile in source]),
            "quilted": np.stack([quilted(tile, rng) for tile in source])}


def _stack(tiles: Tiles, places: NDArray[np.int64]) -> Stack:
    return tiles.tiles[places].astype(np.float32) / np.float32(255)


def _apart(eye: Eye, found: Numbers, real: Numbers) -> float:
    """Fréchet distance in units of the taught tiles' spread."""
    return round(frechet(eye.scaled(found), eye.scaled(real)), 3)


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


def _diversity(model: TextureFlow, tiles: Tiles, eye: Eye, guidance: float) -> dict[str, float]:
    """Mean distance between tiles of one description and different seeds; a look-up has none."""
    settings = Settings(0.5, 0.3, 0.55, 0.3, 0.2)
    apart: dict[str, list[float]] = {"made": [], "procedures": [], "random_phase": [], "quilted": []}
    for place in range(0, len(CLASSES), 3):
        mix = np.zeros((_SEEDS, len(CLASSES)), np.float32)
        mix[:, place] = 1
        values = np.repeat(np.array([settings.row()], np.float32), _SEEDS, axis=0)
        source = _stack(tiles, nearest(tiles, mix[:1], values[:1]))[0]
        rngs = [np.random.default_rng((8, seed)) for seed in range(_SEEDS)]
        drawn = {"made": make(model, mix, values, place, guidance=guidance),
                 "procedures": np.stack([draw(CLASSES[place], settings, (SIDE, SIDE), 900_000 + seed)
                                         for seed in range(_SEEDS)]),
                 "random_phase": np.stack([random_phase(source, rng) for rng in rngs]),
                 "quilted": np.stack([quilted(source, rng) for rng in rngs])}
        for name, stack in drawn.items():
            apart[name].append(spread_within(eye.scaled(features(stack))))
    return {name: round(float(np.mean(values)), 2) for name, values in apart.items()}


def _alike(tiles: Tiles, stack: Stack) -> dict[str, float]:
    """Of the first tiles: correlation with the most similar taught tile of the same main material, over all shifts;
    median and greatest; and the median of how well a patch of theirs is found again in any of these tiles.
    """
    kinds = tiles.mix.argmax(axis=1)
    whole, patches = [], []
    for tile, place in zip(stack[:_COMPARED], tiles.held[:_COMPARED], strict=True):
        same = _stack(tiles, tiles.taught[kinds[tiles.taught] == kinds[place]])
        whole.append(likeness(tile, same))
        patches.append(found_again(tile, same))
    return {"median": round(float(np.median(whole)), 3), "greatest": round(float(np.max(whole)), 3),
            "patch_median": round(float(np.median(patches)), 3)}


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
