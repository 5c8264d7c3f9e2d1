"""Captions with what they mean: shares of the materials, settings, five colours. Many wordings, one meaning each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.colors.oklab import from_hex, to_oklab
from export.train.textures.classes import CLASSES, SETTINGS
from export.train.textures.words import NATURAL, NEUTRAL, NOUNS, OVER, PLAIN_COLORS, SETTING_WORDS

COLORS: Final = 5
_LIGHT: Final = np.array([-0.30, -0.13, 0.0, 0.12, 0.26])
"""How much lighter than the named colour the five of its palette are."""
_STRENGTH: Final = np.array([0.75, 0.95, 1.0, 0.8, 0.45])
_FORMS: Final = ("{}", "{}", "{}", "{} texture", "a surface of {}", "seamless {}", "{} pattern", "close-up of {}")
_JOINED: Final = ("{} and {}", "{} with {}", "{} mixed with {}", "{} under {}")
_GROWN: Final = 0.3
_LEFT: Final = 0.15
_AMOUNTS: Final = (("a few patches of", 0.2), ("a little", 0.2), ("some", 0.35), ("lots of", 0.6), ("covered in", 0.65))


@dataclass(frozen=True)
class Caption:
    """One wording and its meaning: mix [classes], settings [5] in 0..1, OKLab colours [5, 3] from dark to light."""

    text: str
    mix: NDArray[np.float32]
    settings: NDArray[np.float32]
    colors: NDArray[np.float32]
    named: bool                      # whether a colour is named


def caption(rng: np.random.Generator, names: dict[str, str], *, held_out: bool | None = False) -> Caption:
    """A random caption; `names` are colour names -> "#rrggbb".

    `held_out`: in words that lessons never use; None: in all words.
    """
    base = str(rng.choice(CLASSES))
    text = _pick(rng, NOUNS[base], held_out=held_out)
    words, settings = _settings(rng, held_out=held_out)
    color, name = _color(rng, names)
    text = " ".join((*words, *((name,) if name else ()), text))
    over, amount = base, 0.0
    if rng.random() < 0.4:  # noqa: PLR2004 - share of captions in which something grows on something
        text, over, amount = _grown(rng, text, base, held_out=held_out)
    text = _pick(rng, _FORMS, held_out=held_out).format(text)
    mix = np.zeros(len(CLASSES), np.float32)
    mix[CLASSES.index(base)] += 1 - amount
    mix[CLASSES.index(over)] += amount
    return Caption(text, mix, settings, _palette(base, over, amount, color), bool(name))


def _pick(rng: np.random.Generator, words: tuple[str, ...], *, held_out: bool | None) -> str:
    """One of the words that lessons use, or the one they do not, or any."""
    return words[-1] if held_out else words[int(rng.integers(len(words) - (held_out is False)))]


def _settings(rng: np.random.Generator, *, held_out: bool | None) -> tuple[list[str], NDArray[np.float32]]:
    """Up to two adjectives, and all five settings."""
    values = dict(NEUTRAL)
    words = []
    for name in rng.permutation(SETTINGS)[:int(rng.choice((0, 0, 1, 1, 2)))]:
        end = int(rng.integers(2))
        words.append(_pick(rng, SETTING_WORDS[str(name)][end], held_out=held_out))
        values[str(name)] = 0.85 if end else 0.08
    return words, np.array([values[name] for name in SETTINGS], np.float32)


def _color(rng: np.random.Generator, names: dict[str, str]) -> tuple[str, str]:
    """A colour and its name: none, a plain word, or a name that somebody invented."""
    kind = rng.random()
    if kind < 0.4:  # noqa: PLR2004 - shares of the three
        return "", ""
    known = PLAIN_COLORS if kind < 0.7 or not names else names  # noqa: PLR2004
    name = str(rng.choice(list(known)))
    return known[name], name.lower()


def _grown(rng: np.random.Generator, text: str, base: str, *, held_out: bool | None) -> tuple[str, str, float]:
    """The text with something that grows on it, what, and how far."""
    over = str(rng.choice(list(OVER))) if rng.random() < 0.7 else str(rng.choice(CLASSES))  # noqa: PLR2004
    if over == base:
        return text, base, 0.0
    if over in OVER and rng.random() < 0.75:  # noqa: PLR2004
        return _pick(rng, OVER[over], held_out=held_out).format(text), over, _GROWN
    noun = _pick(rng, NOUNS[over], held_out=held_out)
    if rng.random() < 0.4:  # noqa: PLR2004
        words, amount = _AMOUNTS[int(rng.integers(len(_AMOUNTS)))]
        joined = f"{text} {words} {noun}" if words == "covered in" else f"{text} with {words} {noun}"
        return joined, over, amount
    return _pick(rng, _JOINED, held_out=held_out).format(text, noun), over, 0.4


def _palette(base: str, over: str, amount: float, color: str) -> NDArray[np.float32]:
    """Five OKLab colours from dark to light: of the material, of a named colour, and of what grows on it."""
    lab = to_oklab(from_hex(NATURAL[base].split()))
    if color:
        named = to_oklab(from_hex([color]))[0]
        light = np.clip(np.clip(named[0], 0.34, 0.76) + _LIGHT, 0.08, 0.97)
        lab = np.column_stack((light, named[1] * _STRENGTH, named[2] * _STRENGTH))
    if amount:
        grown = to_oklab(from_hex(NATURAL[over].split()))
        # One palette has to colour both: what grows keeps the end of it that is its own, dark moss or light sand.
        own = slice(0, 2) if grown[:, 0].mean() < lab[:, 0].mean() else slice(COLORS - 2, COLORS)
        lab[own] = lab[own] * _LEFT + grown[own] * (1 - _LEFT)
    return np.asarray(lab[np.argsort(lab[:, 0])], np.float32)
