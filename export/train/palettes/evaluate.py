"""Figures: palettes of emoji pictures, which the model never saw, against those it makes of the emoji's name.

A palette's distance to another: for each colour the OKLab distance to the nearest of the other, both ways, averaged.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.blocking import BlockingEngine
from engine.colors.oklab import from_hex, to_oklab
from export.train.palettes.emoji import asked_of, palettes_of, taught_of


def figures(package: Path, emoji: Path, work: Path) -> dict[str, Any]:
    """Mean distances: ours, retrieval alone, the nearest other emoji (of all, and of those taught), a random one."""
    known = palettes_of(emoji)
    names = list(known)
    with BlockingEngine() as engine:
        first = engine.open(str(package)).default_recipe()
        meanings = np.concatenate([engine.embed(names[start:start + 128]) for start in range(0, len(names), 128)])
        asked = [names.index(name) for name in asked_of(known)]
        ours = [_lab([swatch.color for swatch in engine.preview(first.changed(prompt=names[place], seed=0)).swatches])
                for place in asked]
        wild = [_lab([swatch.color for swatch in engine.preview(first.changed(prompt=names[place], seed=1)).swatches])
                for place in asked[::4]]
        vocabulary = json.loads((package / "names.json").read_text("utf-8"))
    vectors = np.load(work / "names.npy").astype(np.float32)
    likeness = meanings @ meanings.T
    np.fill_diagonal(likeness, -1)
    taught = [names.index(name) for name in taught_of(known)]
    dice = np.random.default_rng(0)
    true = [known[names[place]] for place in asked]
    lists = {
        "model": ours,
        "five nearest names": [_lab([vocabulary[int(row)][1] for row in np.argsort(-(vectors @ meanings[place]))[:5]])
                               for place in asked],
        "nearest other emoji": [known[names[int(likeness[place].argmax())]] for place in asked],
        "nearest taught emoji": [known[names[taught[int(likeness[place, taught].argmax())]]] for place in asked],
        "random emoji": [known[names[int(dice.integers(len(names)))]] for _ in asked],
        "random names": [_lab([vocabulary[int(row)][1] for row in dice.integers(len(vocabulary), size=5)])
                         for _ in asked]}
    spans = {key: float(np.mean([np.ptp(lab[:, 0]) for lab in rows])) for key, rows in lists.items()}
    return {"emoji asked": len(asked), "emoji taught": len(taught),
            "distance": {key: round(float(np.mean([distance(a, b) for a, b in zip(rows, true, strict=True)])), 4)
                         for key, rows in lists.items()},
            "lightness span": {key: round(value, 3) for key, value in spans.items()}
            | {"emoji": round(float(np.mean([np.ptp(lab[:, 0]) for lab in true])), 3)},
            "between seeds": round(float(np.mean([distance(a, b) for a, b in zip(wild, ours[::4], strict=True)])), 4)}


def distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Both ways, OKLab."""
    apart = np.sqrt(((one[:, None] - other) ** 2).sum(axis=2))
    return float(apart.min(axis=0).mean() + apart.min(axis=1).mean()) / 2


def _lab(colors: list[str]) -> NDArray[np.float64]:
    return to_oklab(from_hex(colors))
