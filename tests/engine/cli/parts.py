"""A package description like that of the glyph model, and parsed words, for tests of single parts."""

import argparse

from engine.api import Choice, Control, ControlKind, PackageInfo

SEED = Control("seed", ControlKind.SEED, "Seed", 0)
CONTROLS = (
    SEED,
    Control("mode", ControlKind.CHOICE, "Show", "line",
            choices=(Choice("line", "Line"), Choice("character", "Character"))),
    Control("text", ControlKind.TEXT, "Text", "Hamburg", maximum=100, shown_when=("mode", ("line",))),
    Control("character", ControlKind.CHOICE, "Character", "A", shown_when=("mode", ("character",)),
            choices=tuple(Choice(c, c) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
    Control("weight", ControlKind.DIRECTION, "Weight", 0.0, minimum=-3, maximum=3, unit="σ", low="Thin", high="Heavy"),
    Control("size", ControlKind.SIZE, "Size", (1200, 400), minimum=16, maximum=8192),
    Control("paper", ControlKind.COLOR, "Paper", "none", choices=(Choice("none", "Transparent"),)),
)


def package(*controls: Control) -> PackageInfo:
    """A package with these controls (default: like glyphs)."""
    return PackageInfo("pots", "Pots", "1.0.0", "decoder", "sha256:" + "0" * 64, "Vases", "CC0-1.0", "", "/pots",
                       controls or CONTROLS)


def words(**given: object) -> argparse.Namespace:
    """Parsed words, with the defaults of `render`."""
    return argparse.Namespace(**{"sets": [], "prompt": None, "negative": None, "seed": None, "size": None} | given)
