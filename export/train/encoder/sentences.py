"""Prompts of every kind that the small graph is compared on: a word, a phrase, a sentence, a mood, a mistake."""

from __future__ import annotations

from typing import Final

_THINGS: Final = (
    "house", "camera", "coffee cup", "shopping cart", "rocket", "calendar", "bell", "heart", "umbrella", "bicycle",
    "lighthouse", "mountain", "wrench", "microscope", "piano", "cactus", "octopus", "pizza", "sailing boat", "anchor",
)
_FORMS: Final = ("{}", "an icon of a {}", "{} with a small star", "no {}", "{} in a circle, thin lines")
_TEXTURES: Final = (
    "worn red brick with moss", "polished white marble with grey veins", "rough concrete", "soft clouds at dawn",
    "dark oak wood grain, fine", "woven linen", "terrazzo with large chips", "cracked desert mud", "camouflage, large",
    "hexagonal tiles, regular", "waves of sand", "leopard dots", "brushed metal", "a wall of rough stones",
)
_MOODS: Final = (
    "autumn leaves", "cyberpunk neon night", "coral reef", "strawberry milkshake", "desert clay and sage", "calm",
    "a rainy morning in Lisbon", "retro sunset, 1970s", "deep sea", "first snow", "lavender field", "espresso bar",
)
_SENTENCES: Final = (
    "A name for a small bakery that sells bread made of old kinds of wheat.", "slogan for a bicycle shop",
    "The quick brown fox jumps over the lazy dog.", "logo for an eco-friendly cleaning brand, friendly and simple",
    "something blue", "blu sky wiht clouds", "UPPERCASE WORDS", "5 stars", "a", "naïve café", "図書館", "",
    "a very long prompt, " * 30,
)

SENTENCES: Final = (
    *(form.format(thing) for thing in _THINGS for form in _FORMS), *_TEXTURES, *_MOODS, *_SENTENCES,
)
