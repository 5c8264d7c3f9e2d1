"""The contact sheet: 64 prompts that were written down before anything was drawn, seed 0 each, nothing left out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from engine.api import Asset
from engine.blocking import BlockingEngine

PROMPTS: Final = (
    "autumn leaves", "cyberpunk neon night", "desert clay and sage", "coral reef", "strawberry milkshake",
    "rainy morning in the old town", "1970s kitchen", "lavender fields at dusk", "deep forest after rain",
    "winter coast",
    "citrus and mint", "velvet theatre", "ceramic studio", "arctic dawn", "spice market", "calm",
    "a bank that people trust", "organic baby food", "heavy metal", "spring wedding", "ocean and sand", "campfire",
    "vintage travel poster", "matcha latte", "tropical fruit", "midnight library", "bauhaus", "art deco hotel",
    "Scandinavian living room", "Mexican tiles", "cherry blossom", "thunderstorm", "golden hour", "moss and stone",
    "blueberry pie", "retro video game", "hospital, clean and kind", "luxury watch", "kindergarten", "punk flyer",
    "northern lights", "old books and leather", "peach and charcoal", "vineyard in october", "honey",
    "ice cream parlour",
    "mountain lake", "toxic waste", "royal court", "sunflower field", "coffee roastery", "denim",
    "Halloween", "Christmas",
    "eco start-up", "Mars", "under the sea", "tomato basil mozzarella", "fog", "carnival in Rio", "Japanese garden",
    "rust and teal", "love letter", "silence")
_WIDTH, _COLUMNS, _CELL, _STRIPE = 1680, 4, 96, 46


def draw(package: Path, docs: Path) -> None:
    """docs/sheet.png and the package's preview."""
    with BlockingEngine() as engine:
        first = engine.open(str(package)).default_recipe()
        found = [engine.preview(first.changed(prompt=prompt, seed=0)) for prompt in PROMPTS]
    docs.mkdir(parents=True, exist_ok=True)
    _sheet(found).quantize(256).save(docs / "sheet.png", optimize=True)
    _preview(found[:4]).save(package / "preview.png", optimize=True)


def _sheet(found: list[Asset]) -> Image.Image:
    """Four columns: the prompt, the stripes, and the names under them."""
    wide = _WIDTH // _COLUMNS
    picture = Image.new("RGB", (_WIDTH, _CELL * (len(found) // _COLUMNS) + 8), "#ffffff")
    pen, bold, small = ImageDraw.Draw(picture), ImageFont.load_default(15), ImageFont.load_default(9)
    for number, asset in enumerate(found):
        x, y = wide * (number % _COLUMNS) + 10, _CELL * (number // _COLUMNS) + 8
        pen.text((x, y - 2), PROMPTS[number], "#222222", bold)
        each = (wide - 20) // len(asset.swatches)
        for place, swatch in enumerate(asset.swatches):
            left = x + each * place
            pen.rectangle((left, y + 18, left + each - 1, y + 18 + _STRIPE), swatch.color)
            pen.text((left + 1, y + 21 + _STRIPE), swatch.name[:17], "#555555", small)
    return picture


def _preview(found: list[Asset]) -> Image.Image:
    """Four palettes above each other."""
    picture = Image.new("RGB", (512, 256))
    for number, asset in enumerate(found):
        picture.paste(Image.fromarray(asset.colors()).resize((512, 64), Image.Resampling.NEAREST), (0, 64 * number))
    return picture
