"""The controls of palette packages, as data."""

from __future__ import annotations

from engine.api import Choice, Control, ControlKind
from engine.families import base_controls as shared
from engine.packages.manifest import Manifest

FREE = "free"
FEWEST, MOST = 3, 8
LONGEST_PROMPT = 400

_PROMPT, _COLOURS = "Prompt", "Colours"
_SCHEMES = (
    (FREE, "As the prompt says", "按提示词"), ("one", "One hue", "单色"), ("analogous", "Neighbouring hues", "邻近色"),
    ("complementary", "Opposite hues", "互补色"), ("split", "One against two", "分裂互补色"),
    ("triad", "Three hues", "三角色"), ("square", "Four hues", "四角色"))


def controls_of(manifest: Manifest) -> tuple[Control, ...]:
    """All that the package lets a person set, in the panel's order. Raises PackageError for unusable defaults."""
    examples = manifest.prompt.examples if manifest.prompt is not None else ()
    prompt = Control(
        "prompt", ControlKind.PROMPT, "Prompt", examples[0] if examples else "", _PROMPT,
        "A mood, a place, a season, things: “desert clay and sage”. {red|green} chooses one of the words by the seed.",
        maximum=LONGEST_PROMPT, labels={"zh_CN": "提示词"}, choices=tuple(Choice(words, words) for words in examples))
    return shared.with_defaults((prompt, *_colours(), *_character(), shared.seed()), manifest)


def _colours() -> tuple[Control, ...]:
    """How many, and which stay."""
    return (
        Control("count", ControlKind.SLIDER, "Colours", 5.0, _COLOURS, "How many colours the palette has.",
                minimum=float(FEWEST), maximum=float(MOST), step=1, labels={"zh_CN": "颜色数"}),
        Control("keep", ControlKind.PALETTE, "Fixed colours", "", _COLOURS,
                "Colours that have to be in the palette, for example those of a brand; the others are found to them.",
                labels={"zh_CN": "固定颜色"}),
        Control("harmony", ControlKind.CHOICE, "Harmony", FREE, _COLOURS,
                "How the hues stand to each other: as they come with the prompt, or moved into a scheme.",
                choices=tuple(Choice(name, label, {"zh_CN": chinese}) for name, label, chinese in _SCHEMES),
                labels={"zh_CN": "配色方式"}),
    )


def _character() -> tuple[Control, ...]:
    """Contrast and strength."""
    return (
        Control("contrast", ControlKind.SLIDER, "Contrast", 1.0, _COLOURS,
                "How far apart light and dark colours are: 1 is as found.", minimum=0.2, maximum=2.0, step=0.01,
                low="Even", high="Light and dark", labels={"zh_CN": "明暗对比"}),
        Control("strength", ControlKind.SLIDER, "Strength", 1.0, _COLOURS,
                "How colourful the colours are: 0 is grey, 1 as found.", minimum=0.0, maximum=2.0, step=0.01,
                low="Grey", high="Vivid", labels={"zh_CN": "鲜艳度"}),
        Control("daring", ControlKind.SLIDER, "Daring", 0.35, _COLOURS,
                "How far from the most fitting colours a seed may go.", minimum=0.0, maximum=1.0, step=0.01,
                low="Fitting", high="Surprising", labels={"zh_CN": "大胆程度"}),
    )
