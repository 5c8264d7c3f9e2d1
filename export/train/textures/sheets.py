"""The contact sheet: 64 prompts, one seed each, none chosen, drawn by the engine from the package."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from engine.blocking import BlockingEngine
from engine.client import EngineClient
from engine.options import EngineOptions

PROMPTS: Final = (
    "worn red brick with moss", "polished white marble", "turquoise fish scales", "old oak planks",
    "cracked desert ground", "navy and cream tartan", "rusty metal sheet", "golden honeycomb",
    "soft pink knitted wool", "terrazzo floor", "mossy cobblestone", "blue ceramic tiles",
    "black and white zigzag", "green camouflage", "stormy clouds", "fine beach sand",
    "wicker basket", "red polka dots", "sea waves", "brown crocodile leather",
    "yellow stripes", "grey concrete wall", "peeling green paint", "ivy on an old wall",
    "lavender hexagon tiles", "dusty wooden floor", "cherry wood", "cobalt blue knit",
    "emerald dragon skin", "pastel terrazzo", "dried mud", "purple plaid blanket",
    "thin wavy lines", "bold orange chevron", "tiny mint dots", "weathered teal planks",
    "broken bathroom tiles", "snowy grass", "charcoal marble with gold veins", "rust on blue steel",
    "straw mat", "large cream bricks", "warped checkered fabric", "silver scales",
    "foggy forest moss", "pink clouds at dusk", "rough plaster", "sandstone blocks",
    "giant pebbles", "small hexagons", "clean white brick wall", "dirty old tiles",
    "desert camouflage", "indigo denim weave", "roof shingles with moss", "coral reef waves",
    "copper honeycomb", "cracked black leather", "bright yellow knitwear", "grey slate stripes",
    "overgrown stone wall", "smooth ivory surface", "ocean foam", "autumn leaves",
)  # fmt: skip
"""Written before any of them was tried; number and place on the sheet are the seed."""

_COLUMNS: Final = 8
_GAP: Final = 4
_COLORS: Final = 192


def contact_sheet(package: Path, target: Path, **changes: Any) -> list[int]:
    """Draw every prompt with its number as the seed; write sheet.png and sheet.json. Milliseconds each took."""
    pictures, times = [], []
    with BlockingEngine(EngineClient(EngineOptions(provider="cpu"))) as engine:
        info = engine.open(str(package))
        for seed, prompt in enumerate(PROMPTS):
            values = {"prompt": prompt, "seed": seed, "size": (128, 128), **changes}
            asset = engine.render(info.default_recipe().with_values(values))
            pictures.append(asset.colors())
            times.append(round(asset.total_ms))
    side = pictures[0].shape[0] + _GAP
    sheet = np.full((side * (len(pictures) // _COLUMNS) - _GAP, side * _COLUMNS - _GAP, 3), 255, np.uint8)
    for place, pixels in enumerate(pictures):
        row, column = divmod(place, _COLUMNS)
        sheet[row * side:row * side + side - _GAP, column * side:column * side + side - _GAP] = pixels
    packed = io.BytesIO()
    Image.fromarray(sheet).quantize(_COLORS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    target.mkdir(parents=True, exist_ok=True)
    (target / "sheet.png").write_bytes(packed.getvalue())
    (target / "sheet.json").write_text(json.dumps(list(PROMPTS), indent=1) + "\n", encoding="utf-8")
    return times
