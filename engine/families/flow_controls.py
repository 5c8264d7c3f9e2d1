"""What a flow package lets a person set: prompt, classes, settings, colours, size, sampling."""

from __future__ import annotations

from engine.api import Choice, Control, ControlKind
from engine.controls import TRANSPARENT
from engine.families import base_controls as shared
from engine.packages.manifest import Manifest
from engine.packages.parts import Flow, Image, Setting

AS_PROMPT, NONE = "prompt", "none"
"""Choices of a class: what the prompt says, and nothing."""

COLOR, TONE, HEIGHT, NORMAL = "color", "tone", "height", "normal"
LONGEST_PROMPT = 300
LARGEST_TILE = 2048
LARGEST_ICON = 8192
MOST_COPIES = 3

_PROMPT, _COLORS, _SAMPLING = "Prompt", "Colours", "Sampling"


def parts_of(manifest: Manifest) -> tuple[Flow, Image]:
    """The parts that every flow package has (`engine.packages.check_families` sees to it)."""
    if manifest.flow is None or manifest.image is None:
        raise ValueError("a flow package without its parts was not checked")
    return manifest.flow, manifest.image


def controls_of(manifest: Manifest) -> tuple[Control, ...]:
    """All controls in the panel's order, with the package's own defaults."""
    flow, image = parts_of(manifest)
    made = (*_words(manifest),
            *(_material(manifest, flow) if image.content == "material" else _icon(manifest)),
            shared.seed(), *_sampling(flow))
    return shared.with_defaults(made, manifest)


def _words(manifest: Manifest) -> tuple[Control, ...]:
    """The prompt, with examples of what the package can do."""
    if manifest.prompt is None:
        return ()
    examples = tuple(Choice(text, text) for text in manifest.prompt.examples)
    return (Control("prompt", ControlKind.PROMPT, "Prompt", examples[0].value if examples else "", _PROMPT,
                    "What it should be, in English words. {red|blue} lets the seed choose.",
                    maximum=LONGEST_PROMPT, choices=examples, labels={"zh_CN": "提示词"}),)


def _material(manifest: Manifest, flow: Flow) -> tuple[Control, ...]:
    """Which materials, how they are, their colours, and what of them becomes the picture."""
    offsets = (_offset(setting, manifest) for setting in flow.settings)
    return (*_classes(manifest, flow), *offsets, *_colors(), *_tile(flow))


def _classes(manifest: Manifest, flow: Flow) -> tuple[Control, ...]:
    """A material, one that grows on it, and how far."""
    known = tuple(Choice(entry.id, entry.label, entry.labels) for entry in manifest.controls.classes)
    if not known:
        return ()
    from_prompt = (Choice(AS_PROMPT, "As the prompt says", {"zh_CN": "按提示词"}),)
    nothing = (Choice(NONE, "Nothing", {"zh_CN": "无"}),)
    first = from_prompt if manifest.prompt else ()
    growths = (*(first if flow.layers else ()), *nothing, *known)
    return (
        Control("material", ControlKind.CHOICE, "Material", (*first, *known)[0].value, shared.STYLE,
                "What the surface is.", choices=(*first, *known), labels={"zh_CN": "材质"}),
        Control("growth", ControlKind.CHOICE, "Growing on it", growths[0].value, shared.STYLE,
                "A second material that covers part of the first.", choices=growths,
                labels={"zh_CN": "覆盖物"}),
        Control("blend", ControlKind.SLIDER, "Covered", 0.4, shared.STYLE, "How much of the surface is covered.",
                minimum=0.0, maximum=1.0, step=0.01, low="A little", high="All", labels={"zh_CN": "覆盖程度"},
                shown_when=("growth", tuple(choice.value for choice in growths if choice.value != NONE))),
    )


def _offset(setting: Setting, manifest: Manifest) -> Control:
    """A setting relative to what the prompt says, 0; alone on its own scale where there is no prompt."""
    if manifest.prompt is None:
        return Control(setting.id, ControlKind.SLIDER, setting.label, setting.default, shared.STYLE, setting.help,
                       minimum=setting.low, maximum=setting.high, step=0.01, labels=setting.labels)
    return Control(setting.id, ControlKind.SLIDER, setting.label, 0.0, shared.STYLE,
                   f"{setting.help} 0 is what the prompt says.".strip(), minimum=-1.0, maximum=1.0, step=0.01,
                   low="Less", high="More", labels=setting.labels)


def _colors() -> tuple[Control, ...]:
    """A palette, and light that shows the relief."""
    return (
        Control("palette", ControlKind.PALETTE, "Palette", "", _COLORS,
                "Colours from dark to light; empty for those of the prompt.", labels={"zh_CN": "调色板"}),
        Control("relief", ControlKind.SLIDER, "Relief", 0.35, _COLORS,
                "How strongly light falls on the height of the surface.",
                minimum=0.0, maximum=1.0, step=0.01, low="Flat", high="Deep", labels={"zh_CN": "起伏"}),
        Control("output", ControlKind.CHOICE, "Show", COLOR, _COLORS, "The coloured surface, or one of its maps.",
                choices=(Choice(COLOR, "Colour", {"zh_CN": "颜色"}), Choice(TONE, "Tone", {"zh_CN": "明暗"}),
                         Choice(HEIGHT, "Height map", {"zh_CN": "高度图"}),
                         Choice(NORMAL, "Normal map", {"zh_CN": "法线图"})),
                labels={"zh_CN": "显示"}),
    )


def _tile(flow: Flow) -> tuple[Control, ...]:
    """The size of a tile, and how often it is repeated."""
    return (
        Control("size", ControlKind.SIZE, "Size", (2 * flow.width, 2 * flow.height), shared.PICTURE,
                f"Width and height of a tile, in steps of {flow.multiple}; other sizes are rounded.",
                minimum=flow.multiple, maximum=LARGEST_TILE, step=flow.multiple, unit="px", labels={"zh_CN": "尺寸"}),
        Control("copies", ControlKind.CHOICE, "Repeat", "1", shared.PICTURE,
                "Shows the tile side by side with itself: no seam can be seen.",
                choices=tuple(Choice(str(n), f"{n} × {n}") for n in range(1, MOST_COPIES + 1)),
                labels={"zh_CN": "平铺"}),
    )


def _icon(manifest: Manifest) -> tuple[Control, ...]:
    """The hand an icon is drawn in, the weight of its lines, colours and size."""
    known = tuple(Choice(entry.id, entry.label, entry.labels) for entry in manifest.controls.classes)
    style = (Control("kind", ControlKind.CHOICE, "Style", known[0].value, shared.STYLE,
                     "How freely parts are put together.", choices=known, labels={"zh_CN": "风格"}),) if known else ()
    return (
        *style,
        Control("weight", ControlKind.SLIDER, "Line weight", 0.0, shared.STYLE,
                "Thinner or thicker lines, in parts of the usual width.", minimum=-0.5, maximum=1.0, step=0.01,
                low="Thin", high="Bold", labels={"zh_CN": "线条粗细"}),
        Control("ink", ControlKind.COLOR, "Ink", "#1c1c1e", _COLORS, "The colour of the lines.",
                labels={"zh_CN": "墨色"}, shown_when=("palette", ("",))),
        Control("paper", ControlKind.COLOR, "Paper", "#ffffff", _COLORS,
                "The colour behind the icon, or none for a transparent picture.",
                choices=(Choice(TRANSPARENT, "Transparent", {"zh_CN": "透明"}),), labels={"zh_CN": "纸色"}),
        Control("palette", ControlKind.PALETTE, "Palette", "", _COLORS,
                "With a palette its darkest colour draws and its lightest lies behind.", labels={"zh_CN": "调色板"}),
        Control("size", ControlKind.SIZE, "Size", (512, 512), shared.PICTURE, "Width and height; sharp at any size.",
                minimum=16, maximum=LARGEST_ICON, step=1, unit="px", labels={"zh_CN": "尺寸"}),
    )


def _sampling(flow: Flow) -> tuple[Control, ...]:
    """How carefully, and how strictly; a model made to be followed as it is, at 1, has nothing to set there."""
    steps = Control("steps", ControlKind.SLIDER, "Steps", float(flow.steps), _SAMPLING,
                    "More steps are more careful and take longer.", minimum=2.0, maximum=50.0, step=1.0,
                    labels={"zh_CN": "步数"})
    if flow.guidance <= 1:
        return (steps,)
    return (
        steps,
        Control("guidance", ControlKind.SLIDER, "Guidance", flow.guidance, _SAMPLING,
                "How strictly the model follows what was asked for; 1 is as it learned.",
                minimum=1.0, maximum=6.0, step=0.05, labels={"zh_CN": "引导强度"}),
    )
