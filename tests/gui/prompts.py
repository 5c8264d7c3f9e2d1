"""Packages that answer prompts, and what they make, for an engine that follows a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.api import Asset, Choice, Control, ControlKind, Medium, PackageInfo, Plan, PromptReading, Recipe, Swatch

KINDS = ControlKind
SEED = Control("seed", KINDS.SEED, "Seed", 0, "Seed", minimum=0, maximum=2**32 - 1, labels={"zh_CN": "种子"})
EXAMPLES = tuple(Choice(text, text) for text in ("worn red brick with moss", "brushed steel", "wet pebbles at night"))


def prompt(name: str = "prompt", label: str = "Prompt", chinese: str = "提示词", default: str = "",
           choices: Sequence[Choice] = ()) -> Control:
    return Control(name, KINDS.PROMPT, label, default, "Prompt", "What it shows.", maximum=1000,
                   labels={"zh_CN": chinese}, choices=tuple(choices))


def slider(name: str, label: str, default: float, low: float, high: float, step: float = 1.0,
           group: str = "Sampling") -> Control:
    return Control(name, KINDS.SLIDER, label, default, group, minimum=low, maximum=high, step=step)


def painter(folder: str = "/models/painter", digest: str = "sha256:" + "d" * 64) -> PackageInfo:
    """A slow model of pictures with everything that a prompt model can have."""
    controls = (
        prompt(choices=EXAMPLES), prompt("negative", "Negative prompt", "反向提示词"),
        Control("axes", KINDS.AXES, "Prompt sliders", "", "Prompt"),
        Control("image", KINDS.IMAGE, "Source picture", "", "Source"),
        Control("mask", KINDS.MASK, "Mask", "", "Source"),
        slider("strength", "Strength", 0.7, 0.0, 1.0, 0.01, "Source"),
        Control("palette", KINDS.PALETTE, "Palette", "", "Style"),
        SEED, slider("steps", "Steps", 20, 1, 100), slider("guidance", "Guidance", 7.5, 0, 20, 0.1),
        Control("size", KINDS.SIZE, "Size", (64, 48), "Picture", minimum=16, maximum=2048, step=8, unit="px"),
    )
    return PackageInfo("painter", "Painter", "1.0.0", "diffusion", digest, "Pictures from words.", "CC0-1.0",
                       "Made in code.", folder, controls, live=False)


def textures(folder: str = "/models/textures", digest: str = "sha256:" + "e" * 64) -> PackageInfo:
    """A quick model of pictures with a prompt and a palette."""
    controls = (prompt(choices=EXAMPLES), Control("palette", KINDS.PALETTE, "Palette", "", "Style"), SEED,
                Control("size", KINDS.SIZE, "Size", (64, 64), "Picture", minimum=16, maximum=2048, step=8, unit="px"))
    return PackageInfo("textures", "Textures", "1.0.0", "flow", digest, "Tiles from words.", "CC0-1.0",
                       "Made in code.", folder, controls)


def names(folder: str = "/models/names", digest: str = "sha256:" + "1" * 64, *, live: bool = True) -> PackageInfo:
    """A model of texts."""
    controls = (prompt(), SEED, slider("count", "How many", 8, 1, 40, group="Text"),
                slider("temperature", "Temperature", 0.8, 0.1, 2, 0.01, group="Text"))
    return PackageInfo("names", "Names", "1.0.0", "text", digest, "Names and slogans.", "CC0-1.0", "Made in code.",
                       folder, controls, medium=Medium.TEXT, live=live)


def palettes(folder: str = "/models/palettes", digest: str = "sha256:" + "2" * 64) -> PackageInfo:
    """A model of palettes."""
    return PackageInfo("palettes", "Palettes", "1.0.0", "palette", digest, "Five colours from words.", "CC0-1.0",
                       "Made in code.", folder, (prompt(), SEED), medium=Medium.PALETTE)


def written(recipe: Recipe, texts: Sequence[str] = (), *, partial: bool = False) -> Asset:
    """The texts of a recipe."""
    seed = recipe.values["seed"]
    shown = tuple(texts) or tuple(f"Name {seed}-{place}" for place in range(3))
    return Asset(recipe, np.full((1, 1, 1), 255, np.uint8), 8.0, 9.0, "CPUExecutionProvider", medium=Medium.TEXT,
                 texts=shown, partial=partial)


def mixed(recipe: Recipe) -> Asset:
    """The palette of a recipe: three colours that the seed moves."""
    seed = int(recipe.values["seed"])
    swatches = tuple(Swatch(f"#{(40 * place + seed) % 256:02x}3050", f"Colour {place}") for place in range(3))
    pixels = np.zeros((256, 1024, 3), np.uint8)
    return Asset(recipe, pixels, 2.0, 3.0, "CPUExecutionProvider", medium=Medium.PALETTE, swatches=swatches)


def planner(limit: int = 8, seconds: float = 42.0) -> Callable[[Recipe], Plan]:
    """What the scripted engine says of a run: a word is a token."""

    def plan(recipe: Recipe) -> Plan:
        """Read `prompt`: of {a|b} the seed takes the last."""
        text = str(recipe.values["prompt"])
        drawn = text.replace("{red|blue}", "blue")
        words = drawn.split()
        cut = " ".join(words[limit:])
        return Plan({"prompt": PromptReading(drawn, len(words), limit, cut)}, 20, seconds, 2_100_000_000)

    return plan
