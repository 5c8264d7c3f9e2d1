"""Which file endings each medium is kept in; the first one is the usual one. For writers, names of batches, dialogs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from engine.api import Medium

ENDINGS: Mapping[Medium, tuple[str, ...]] = MappingProxyType({
    Medium.PICTURE: (".png",),
    Medium.TEXT: (".txt", ".csv", ".json"),
    Medium.PALETTE: (".png", ".gpl", ".css", ".json"),
})

WORDS: Mapping[str, str] = MappingProxyType({
    ".png": "PNG picture", ".txt": "Text", ".csv": "Table (CSV)", ".json": "JSON", ".gpl": "GIMP and Inkscape palette",
    ".css": "CSS variables",
})
"""Each ending in words, for dialogs."""


def usual(medium: Medium) -> str:
    """The ending that a file gets when nobody says."""
    return ENDINGS[medium][0]


def fits(name: str, medium: Medium) -> bool:
    """Whether a file of that name can hold that medium."""
    return PurePath(name).suffix.lower() in ENDINGS[medium]


def listed(medium: Medium) -> str:
    """The endings for a sentence: ".txt, .csv or .json"."""
    *first, last = ENDINGS[medium]
    return f"{', '.join(first)} or {last}" if first else last


def is_kept(name: str) -> bool:
    """Whether a file of that name may be one that Latent Atelier kept."""
    return PurePath(name).suffix.lower() in WORDS
