"""A package with one control of each kind, for plans that nobody renders."""

from __future__ import annotations

from typing import Any

from engine.api import Choice, Control, ControlKind, PackageInfo

INFO = PackageInfo("glyphs", "Glyphs", "1.2", "decoder", "sha256:1", "", "CC0-1.0", "", "/models/glyphs", (
    Control("seed", ControlKind.SEED, "Seed", 0),
    Control("weight", ControlKind.DIRECTION, "Weight", 0.0, minimum=-3.0, maximum=3.0),
    Control("text", ControlKind.TEXT, "Text", "Ham", maximum=200),
    Control("mode", ControlKind.CHOICE, "Mode", "line",
            choices=(Choice("line", "Line"), Choice("character", "Character"))),
    Control("size", ControlKind.SIZE, "Size", (64, 32), minimum=16, maximum=8192),
    Control("ink", ControlKind.COLOR, "Ink", "#000000"),
))


def recipe(**values: Any) -> Any:
    """The default recipe with some values changed."""
    return INFO.default_recipe().with_values(values)
