"""The words of the captions: what materials and settings are called, and which colours materials have of old."""

from __future__ import annotations

from typing import Final

NOUNS: Final[dict[str, tuple[str, ...]]] = {
    "brick": ("brick", "bricks", "brick wall", "masonry", "brickwork", "stone blocks", "brick facade"),
    "tiles": ("tiles", "square tiles", "ceramic tiles",
              "bathroom tiles", "tiled floor", "grid of tiles", "mosaic tiles"),
    "hexagons": ("hexagons", "hexagon tiles", "honeycomb", "hex pattern", "hexagonal tiling", "beehive cells"),
    "weave": ("weave", "woven basket", "basketwork", "wicker", "rattan", "woven straw", "woven fabric"),
    "knit": ("knit", "knitted wool", "knitwear", "sweater", "wool jumper", "cable knit", "knitting"),
    "plaid": ("plaid", "tartan", "checked cloth", "flannel", "gingham", "checkered fabric", "scottish tartan"),
    "stripes": ("stripes", "striped pattern", "pinstripes", "bands", "striped fabric", "lines", "awning stripes"),
    "zigzag": ("zigzag", "chevron", "herringbone", "zigzag pattern", "chevrons", "zig zag lines"),
    "waves": ("waves", "wavy lines", "ripples", "water ripples", "sea waves", "wave pattern", "dunes"),
    "scales": ("scales", "fish scales", "roof shingles", "dragon skin", "scallops", "snake skin", "roof tiles"),
    "dots": ("dots", "polka dots", "spots", "dotted pattern", "round dots", "circles", "halftone dots"),
    "wood": ("wood", "wood grain", "timber", "oak planks", "wooden board", "plank", "walnut wood", "pine wood"),
    "marble": ("marble", "veined marble", "polished marble", "marble slab", "carrara marble", "onyx stone"),
    "terrazzo": ("terrazzo", "terrazzo floor", "stone chips", "granite chips", "speckled floor", "venetian terrazzo"),
    "cells": ("cells", "pebbles", "cobblestone", "organic cells", "leather", "lizard skin", "cobbles", "bubbles"),
    "camouflage": ("camouflage", "camo", "army pattern", "military camouflage", "blotches", "cow hide"),
    "clouds": ("clouds", "cloudy sky", "smoke", "fog", "mist", "soft clouds", "nebula"),
    "cracks": ("cracks", "cracked earth", "dried mud",
               "cracked paint", "desert ground", "cracked clay", "broken ground"),
    "grain": ("grain", "sand", "concrete", "paper", "plaster", "cardboard", "stucco", "cement", "sandpaper"),
    "rust": ("rust", "rusty metal", "peeling paint", "corroded iron", "oxidised steel", "old metal sheet", "patina"),
    "moss": ("moss", "grass", "lichen", "foliage", "lawn", "ivy", "turf", "leaves"),
}  # fmt: skip
"""The last of each is held out: the examination asks for it and the lessons never do."""

OVER: Final[dict[str, tuple[str, ...]]] = {
    "moss": ("mossy {}", "{} overgrown with moss", "{} with moss",
             "{} covered in ivy", "grassy {}", "moss growing on {}"),
    "rust": ("rusty {}", "{} with rust", "corroded {}", "{} with peeling paint", "oxidised {}"),
    "cracks": ("cracked {}", "{} with cracks", "broken {}", "{} full of cracks", "shattered {}"),
    "grain": ("sandy {}", "dusty {}", "{} covered in sand", "{} under plaster", "{} with dust"),
    "clouds": ("foggy {}", "{} in the mist", "smoky {}", "{} with smoke"),
    "camouflage": ("camouflaged {}", "blotchy {}", "{} with blotches"),
    "marble": ("{} with marble veins", "marbled {}", "veined {}"),
}  # fmt: skip
"""How one says that something grows on something; the last is held out. Everything else is "{} and {}"."""

SETTING_WORDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "scale": (("tiny", "fine", "small", "dense small", "miniature", "little"),
              ("large", "big", "huge", "coarse", "giant", "oversized")),
    "distortion": (("straight", "regular", "precise", "geometric", "neat", "orderly"),
                   ("warped", "wavy", "crooked", "distorted", "organic", "twisted")),
    "fill": (("thin", "sparse", "slender", "light", "delicate", "airy"),
             ("thick", "dense", "bold", "heavy", "solid", "packed")),
    "wear": (("new", "clean", "fresh", "pristine", "spotless", "tidy"),
             ("worn", "weathered", "old", "damaged", "ancient", "shabby")),
    "roughness": (("smooth", "polished", "glossy", "silky", "sleek", "even"),
                  ("rough", "gritty", "grainy", "coarse-grained", "scratchy", "uneven")),
}  # fmt: skip
"""Words for the low and the high end; the last of each is held out."""

NEUTRAL: Final = {"scale": 0.45, "distortion": 0.12, "fill": 0.55, "wear": 0.05, "roughness": 0.2}
"""What is meant where nothing is said."""

NATURAL: Final[dict[str, str]] = {
    "brick": "#4a241b #8c3f2b #b35a3c #c98a6b #d9cfc0", "tiles": "#3f5d66 #6f949c #a3c0c2 #d3dfdd #f4f2ea",
    "hexagons": "#3a2a12 #8a5a14 #d19a2a #efc869 #fbf0cf", "weave": "#3b2a18 #7a5a34 #b18a55 #d8b983 #f0e0bd",
    "knit": "#4b3d52 #7c6785 #a994ad #d2c4d2 #f3edf0", "plaid": "#1d2a3a #6b1f2a #a8433f #d9b8a0 #f4ead9",
    "stripes": "#1f3550 #3c6a94 #8fb3cc #e6e3d6 #fbf8ef", "zigzag": "#22223b #4a4e69 #9a8c98 #d9c7bd #f5eee8",
    "waves": "#0b2d4d #1c5d8a #4b9ac0 #9fd0df #eaf6f5", "scales": "#123436 #1f5d5c #3f8f84 #8cc0ab #d9ead8",
    "dots": "#2b2140 #7a3b69 #d1607b #f2a7a0 #fdeee1", "wood": "#2f1c10 #5d3a20 #8f6037 #bd8d5b #e0c197",
    "marble": "#4d5156 #8f9498 #c6c9ca #e6e6e3 #fbfaf6", "terrazzo": "#4d4a47 #a5694f #c9a68a #e0d5c6 #f6f1e8",
    "cells": "#2e2622 #5b4a40 #8f7a69 #bfae9b #e6dccd", "camouflage": "#1f2a1c #435233 #6f7a4a #a39a6b #d5c9a0",
    "clouds": "#34537a #6f93b8 #a9c4db #dbe6ee #fbfcfc", "cracks": "#2a1a12 #6b4a34 #a17a58 #c9a57f #e6d0b0",
    "grain": "#6f675c #9a9184 #bfb6a7 #d9d2c5 #efeae0", "rust": "#2b1710 #6b2f16 #a8501f #8fa3a0 #d9ddd4",
    "moss": "#141f10 #2f4a1d #55752c #87a04a #c8cf8f",
}  # fmt: skip
"""The colours that a material has of old, dark to light: what is meant where no colour is named."""

PLAIN_COLORS: Final[dict[str, str]] = {
    "red": "#c0392b", "orange": "#e67e22", "yellow": "#f1c40f", "green": "#3f9b4b", "blue": "#2f6fb7",
    "purple": "#7d3c98", "pink": "#e78fb3", "brown": "#7b4a2b", "grey": "#8a8d91", "gray": "#8a8d91",
    "black": "#25262a", "white": "#eeeeea", "beige": "#d8c3a5", "turquoise": "#2bb3b1", "teal": "#1f7a7a",
    "gold": "#c79a2b", "silver": "#b4b8bd", "navy": "#1f2f55", "olive": "#6f7335", "cream": "#f2e6c9",
    "maroon": "#6b1f2a", "lavender": "#b9a5d9", "mint": "#9fd8bd", "coral": "#f0806a", "ivory": "#f5f0df",
    "crimson": "#a8173a", "charcoal": "#3a3d42", "sand": "#d6bd8f", "copper": "#b4673a", "indigo": "#3c3a8c",
}  # fmt: skip
"""Plain colour words; the names of colours that people invented come from the package color-name-list."""
