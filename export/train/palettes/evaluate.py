"""Figures: palettes of emoji pictures, which the model never saw, against those it makes of the emoji's name.

A palette's distance to another: for each colour the OKLab distance to the nearest of the other, both ways, averaged.
"""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path
from typing import Any, Final

import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image

from engine.blocking import BlockingEngine
from engine.colors.oklab import from_hex, to_oklab

_PEOPLE: Final = ("FACE", "HAND", "PERSON", "MAN", "WOMAN", "SQUARED", "BUTTON", "CLOCK", "REGIONAL", "SYMBOL", "ARROW",
                  "KEYCAP", "MODIFIER", "TAG", "SIGN", "BALLOT", "IDEOGRAPH", "LETTER", "DIGIT", "FINGER", "BOY",
                  "GIRL", "INDEX")
_EVERY, _COLOURS, _ROUNDS, _FEWEST = 3, 5, 12, 500
_OPAQUE, _FIRST = 200, 0x2000


def figures(package: Path, emoji: Path, work: Path) -> dict[str, Any]:
    """Mean distances: ours, retrieval alone, the nearest other emoji, a random one. Every third emoji is asked for."""
    known = palettes_of(emoji)
    names = list(known)
    with BlockingEngine() as engine:
        first = engine.open(str(package)).default_recipe()
        meanings = np.concatenate([engine.embed(names[start:start + 128]) for start in range(0, len(names), 128)])
        asked = list(range(0, len(names), _EVERY))
        ours = [_lab([swatch.color for swatch in engine.preview(first.changed(prompt=names[place], seed=0)).swatches])
                for place in asked]
        wild = [_lab([swatch.color for swatch in engine.preview(first.changed(prompt=names[place], seed=1)).swatches])
                for place in asked[::4]]
        vocabulary = json.loads((package / "names.json").read_text("utf-8"))
    vectors = np.load(work / "names.npy").astype(np.float32)
    likeness = meanings @ meanings.T
    np.fill_diagonal(likeness, -1)
    dice = np.random.default_rng(0)
    true = [known[names[place]] for place in asked]
    lists = {
        "model": ours,
        "five nearest names": [_lab([vocabulary[int(row)][1] for row in np.argsort(-(vectors @ meanings[place]))[:5]])
                               for place in asked],
        "nearest other emoji": [known[names[int(likeness[place].argmax())]] for place in asked],
        "random emoji": [known[names[int(dice.integers(len(names)))]] for _ in asked],
        "random names": [_lab([vocabulary[int(row)][1] for row in dice.integers(len(vocabulary), size=5)])
                         for _ in asked]}
    spans = {key: float(np.mean([np.ptp(lab[:, 0]) for lab in rows])) for key, rows in lists.items()}
    return {"emoji asked": len(asked),
            "distance": {key: round(float(np.mean([distance(a, b) for a, b in zip(rows, true, strict=True)])), 4)
                         for key, rows in lists.items()},
            "lightness span": {key: round(value, 3) for key, value in spans.items()}
            | {"emoji": round(float(np.mean([np.ptp(lab[:, 0]) for lab in true])), 3)},
            "between seeds": round(float(np.mean([distance(a, b) for a, b in zip(wild, ours[::4], strict=True)])), 4)}


def distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Both ways, OKLab."""
    apart = np.sqrt(((one[:, None] - other) ** 2).sum(axis=2))
    return float(apart.min(axis=0).mean() + apart.min(axis=1).mean()) / 2


def palettes_of(font: Path) -> dict[str, NDArray[np.float64]]:
    """Five main colours of each emoji picture of a thing, by its name in small letters."""
    opened = TTFont(font)
    pictures = {name: glyph.imageData for strike in opened["CBDT"].strikeData for name, glyph in strike.items()}
    found: dict[str, NDArray[np.float64]] = {}
    for code, glyph in sorted(opened.getBestCmap().items()):
        name = unicodedata.name(chr(code), "")
        if not name or glyph not in pictures or code < _FIRST or any(word in name for word in _PEOPLE):
            continue
        pixels = np.asarray(Image.open(io.BytesIO(pictures[glyph])).convert("RGBA")).reshape(-1, 4)
        opaque = pixels[pixels[:, 3] > _OPAQUE][:, :3] / 255
        if len(opaque) >= _FEWEST:
            found[name.lower()] = _main(to_oklab(opaque[::max(1, len(opaque) // 3000)]))
    return found


def _main(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Five means (Lloyd), begun with the colours farthest apart."""
    means = lab[:1]
    for _ in range(_COLOURS - 1):
        far = ((lab[:, None] - means) ** 2).sum(axis=2).min(axis=1)
        means = np.concatenate([means, lab[far.argmax()][None]])
    for _ in range(_ROUNDS):
        nearest = ((lab[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
        means = np.stack([lab[nearest == place].mean(axis=0) if (nearest == place).any() else means[place]
                          for place in range(_COLOURS)])
    return means


def _lab(colors: list[str]) -> NDArray[np.float64]:
    return to_oklab(from_hex(colors))
