"""Plain colour words of a prompt, exactly as they are meant; all other wordings are left to a package's reader."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.colors.oklab import from_hex, from_oklab, to_hex, to_oklab

COLORS: Final[dict[str, str]] = {
    "red": "#c0392b", "orange": "#e67e22", "yellow": "#f1c40f", "green": "#3f9b4b", "blue": "#2f6fb7",
    "purple": "#7d3c98", "violet": "#7a4fb0", "pink": "#e78fb3", "brown": "#7b4a2b", "grey": "#8a8d91",
    "gray": "#8a8d91", "black": "#25262a", "white": "#f2f2ee", "beige": "#d8c3a5", "turquoise": "#2bb3b1",
    "teal": "#1f7a7a", "gold": "#c79a2b", "golden": "#c79a2b", "silver": "#b4b8bd", "navy": "#1f2f55",
    "olive": "#6f7335", "cream": "#f2e6c9", "maroon": "#6b1f2a", "lavender": "#b9a5d9", "mint": "#9fd8bd",
    "coral": "#f0806a", "ivory": "#f5f0df", "crimson": "#a8173a", "charcoal": "#3a3d42", "copper": "#b4673a",
    "indigo": "#3c3a8c", "cyan": "#29b6d8", "magenta": "#c2307f", "bronze": "#8c6a36", "emerald": "#1f8a5b",
    "scarlet": "#cf2a1e", "lilac": "#c3a6d6", "amber": "#e0992a", "aqua": "#4cc6c9", "mustard": "#c9a227",
    "khaki": "#b3a56b", "ochre": "#c08a2e", "burgundy": "#6e1f33", "terracotta": "#b9603f",
    "sky blue": "#7fb8e0", "royal blue": "#2b4fb3", "midnight blue": "#1b2447", "baby blue": "#a9cfe8",
    "forest green": "#2a5a34", "army green": "#59613a", "lime green": "#8ac63f", "sea green": "#3f9a7c",
    "hot pink": "#e5488f", "burnt orange": "#b9581f", "blood red": "#861c1c", "off white": "#ece7da",
}  # fmt: skip

KINDS: Final[dict[str, tuple[float, float]]] = {
    "dark": (-0.14, 0.9), "deep": (-0.08, 1.1), "light": (0.12, 0.75), "pale": (0.15, 0.55), "soft": (0.07, 0.6),
    "pastel": (0.14, 0.6), "bright": (0.05, 1.2), "vivid": (0.0, 1.3), "bold": (0.0, 1.2), "warm": (0.0, 1.0),
    "cold": (0.0, 1.0),
}  # fmt: skip
"""What a word before a colour makes of it: lighter by so much (OKLab), and so much of its chroma."""

_LIGHT: Final = np.array([-0.30, -0.13, 0.0, 0.12, 0.26])
_STRENGTH: Final = np.array([0.75, 0.95, 1.0, 0.8, 0.45])
"""A colour's palette: five of its hue, so much lighter and so strong."""
_MIDDLE: Final = (0.24, 0.80)
_NEUTRAL, _ASTRAY_NEUTRAL, _ASTRAY = 0.03, 0.02, 0.07
"""How far a reader's palette may be from the one named colour in hue and chroma (OKLab): less where that is a grey."""

_WORD: Final = re.compile(
    rf"\b(?:({'|'.join(KINDS)})\s+)?({'|'.join(sorted(COLORS, key=len, reverse=True))})\b")


def named_palette(text: str) -> str:
    """Five colours from dark to light for the plain colours that the text names; empty where it names none.

    Shades of one colour; from the darkest to the lightest of several.
    """
    found = [_color(COLORS[name], kind) for kind, name in _WORD.findall(text.lower())]
    if not found:
        return ""
    if len(found) == 1:
        light = np.clip(np.clip(found[0][0], *_MIDDLE) + _LIGHT, 0.08, 0.97)
        lab = np.column_stack((light, found[0][1] * _STRENGTH, found[0][2] * _STRENGTH))
    else:
        given = np.array(sorted(found, key=lambda color: float(color[0])))
        places = np.linspace(0, 1, len(given))
        lab = np.column_stack([np.interp(np.linspace(0, 1, len(_LIGHT)), places, given[:, axis]) for axis in range(3)])
    return " ".join(to_hex(from_oklab(lab)))


def corrected(palette: str, text: str) -> str:
    """A reader's palette, or that of the colours that the text names where the reader went astray.

    Where it did not, its palette knows more: the light joints of a red brick.
    """
    named = named_palette(text)
    if not named or len(_WORD.findall(text.lower())) > 1:
        return named or palette
    read, meant = (to_oklab(from_hex(colors.split()))[1:4, 1:] for colors in (palette, named))
    apart = np.linalg.norm(read - meant, axis=1)
    if np.linalg.norm(meant, axis=1).max() < _NEUTRAL:
        return palette if apart.max() < _ASTRAY_NEUTRAL else named
    return palette if apart.mean() < _ASTRAY else named


def _color(code: str, kind: str) -> NDArray[np.float64]:
    """OKLab of a colour as the word before it changes it."""
    lighter, strength = KINDS.get(kind, (0.0, 1.0))
    lab = to_oklab(from_hex([code]))[0]
    return np.array([np.clip(lab[0] + lighter, 0.05, 0.98), lab[1] * strength, lab[2] * strength])
