"""Palettes of emoji pictures by their names: every third is held out to be asked for, the rest may be learned from."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path
from typing import Final

import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image

from engine.colors.oklab import to_oklab

Known = dict[str, NDArray[np.float64]]
"""Emoji's name in small letters -> its five main colours, OKLab [5, 3]."""
_PEOPLE: Final = ("FACE", "HAND", "PERSON", "MAN", "WOMAN", "SQUARED", "BUTTON", "CLOCK", "REGIONAL", "SYMBOL", "ARROW",
                  "KEYCAP", "MODIFIER", "TAG", "SIGN", "BALLOT", "IDEOGRAPH", "LETTER", "DIGIT", "FINGER", "BOY",
                  "GIRL", "INDEX")
_VARIANTS: Final = frozenset(re.findall(r"[a-z-]+", """
    with and of on in at face symbol the for without black white heavy left right up down upwards downwards light dark
    large small medium pointing leftwards rightwards facing left-facing right-facing left-pointing right-pointing
    up-pointing down-pointing blue red green yellow orange purple brown"""))
"""Words that make another emoji of the same thing: a blue heart and a green one are both a heart."""
_EVERY, _COLOURS, _ROUNDS, _FEWEST = 3, 5, 12, 500
_OPAQUE, _FIRST = 200, 0x2000
_SAME: Final = 0.004
"""OKLab: palettes nearer than this are those of the same picture."""


def asked_of(known: Known) -> list[str]:
    """Every third: held out of all training."""
    return list(known)[::_EVERY]


def taught_of(known: Known) -> list[str]:
    """The others, but for variants of one that is held out, by name or by picture."""
    asked = asked_of(known)
    things, pictures = {_thing(name) for name in asked}, np.stack([known[name] for name in asked])
    return [name for name, lab in known.items() if _thing(name) not in things and name not in asked
            and np.abs(pictures - lab).max(axis=(1, 2)).min() >= _SAME]


def _thing(name: str) -> frozenset[str]:
    """The name without words of its variants, numbers and plurals."""
    return frozenset(word.rstrip("s") for word in re.split(r"[ ,]+", name)
                     if word not in _VARIANTS and not word.isdigit())


def palettes_of(font: Path) -> Known:
    """Five main colours of each emoji picture of a thing, by its name in small letters."""
    opened = TTFont(font)
    pictures = {name: glyph.imageData for strike in opened["CBDT"].strikeData for name, glyph in strike.items()}
    found: Known = {}
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
