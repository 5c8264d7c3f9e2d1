"""What the manifest says of materials and settings: names in both languages, examples of prompts."""

from __future__ import annotations

from typing import Any, Final

from export.train.textures.classes import CLASSES, SETTINGS
from export.train.textures.words import NEUTRAL

LABELS: Final[dict[str, tuple[str, str]]] = {
    "brick": ("Brick", "砖墙"), "tiles": ("Tiles", "瓷砖"), "hexagons": ("Hexagons", "六边形"),
    "weave": ("Weave", "编织"), "knit": ("Knit", "针织"), "plaid": ("Plaid", "格子布"),
    "stripes": ("Stripes", "条纹"), "zigzag": ("Zigzag", "锯齿纹"), "waves": ("Waves", "波纹"),
    "scales": ("Scales", "鳞片"), "dots": ("Dots", "圆点"), "wood": ("Wood", "木纹"),
    "marble": ("Marble", "大理石"), "terrazzo": ("Terrazzo", "水磨石"), "cells": ("Cells", "卵石"),
    "camouflage": ("Camouflage", "迷彩"), "clouds": ("Clouds", "云"), "cracks": ("Cracks", "龟裂"),
    "grain": ("Grain", "颗粒"), "rust": ("Rust", "锈蚀"), "moss": ("Moss", "苔藓"),
}  # fmt: skip

_SETTINGS: Final[dict[str, tuple[str, str, str]]] = {
    "scale": ("Scale", "大小", "How large bricks, cells or waves are."),
    "distortion": ("Distortion", "扭曲", "Straight and regular, or bent and organic."),
    "fill": ("Fullness", "饱满", "Thin lines and wide joints, or full bodies."),
    "wear": ("Wear", "磨损", "New, or stained and chipped."),
    "roughness": ("Roughness", "粗糙度", "Smooth, or rough and grainy."),
}

FIGURES: Final = ("stripes", "zigzag", "waves", "dots")
HOLLOWS: Final = ("cracks", "rust")
"""Materials of which only the raised, or only the low part shows where they lie on another."""

EXAMPLES: Final = (
    "red brick wall", "worn red brick with moss", "turquoise fish scales", "cherry wood", "cracked desert ground",
    "rusty metal sheet", "golden honeycomb", "soft pink knitted wool", "bold orange chevron", "sea waves",
    "mossy cobblestone", "blue ceramic tiles",
)


def classes() -> list[dict[str, Any]]:
    """controls.classes of the manifest, in the order of the network's input."""
    return [{"id": name, "label": LABELS[name][0], "labels": {"zh_CN": LABELS[name][1]}} for name in CLASSES]


def settings() -> list[dict[str, Any]]:
    """flow.settings of the manifest."""
    return [{"id": name, "label": _SETTINGS[name][0], "labels": {"zh_CN": _SETTINGS[name][1]},
             "help": _SETTINGS[name][2], "low": 0.0, "high": 1.0, "default": NEUTRAL[name]} for name in SETTINGS]
