"""The controls of decoder packages, as data: what the panel, --set, table columns, undo and provenance all read."""

from __future__ import annotations

from dataclasses import replace

from engine.api import Choice, Control, ControlKind, Value
from engine.controls import SEED_LIMIT, TRANSPARENT, check, parse
from engine.errors import PackageError, ValueProblem
from engine.packages.manifest import Manifest
from engine.packages.parts import Glyphs, Latent

LINE, CHARACTER = "line", "character"
MAX_TEXT = 400
MIN_SIDE, MAX_SIDE = 16, 8192
SCALES = (1, 2, 3, 4, 6, 8, 12, 16)

_TEXT, _STYLE, _SEED, _PICTURE = "Text", "Style", "Seed", "Picture"


def controls_of(manifest: Manifest) -> tuple[Control, ...]:
    """All that the package lets a person set, in the panel's order. Raises PackageError for unusable defaults."""
    latent = manifest.latent or Latent(dim=1)
    middle = (*_directions(manifest), *_seed(latent))
    if manifest.glyphs is not None:
        controls = (*_text(manifest.glyphs), *middle, *_type_picture())
    else:
        controls = (*_classes(manifest), *middle, *_color_picture(manifest))
    return _with_defaults(controls, manifest)


def _text(glyphs: Glyphs) -> tuple[Control, ...]:
    """What is written: a line of text, or one letter."""
    return (
        Control("mode", ControlKind.CHOICE, "Show", LINE, _TEXT, "A line of text, or one letter alone.",
                choices=(Choice(LINE, "Line of text", {"zh_CN": "一行文字"}),
                         Choice(CHARACTER, "One letter", {"zh_CN": "单个字符"})),
                labels={"zh_CN": "显示"}),
        Control("text", ControlKind.TEXT, "Text", glyphs.sample, _TEXT,
                "What is written; new lines are kept, and long lines are broken where that lets the letters grow.",
                maximum=MAX_TEXT, labels={"zh_CN": "文字"}, shown_when=("mode", (LINE,))),
        Control("character", ControlKind.CHOICE, "Letter", _first_letter(glyphs), _TEXT,
                "The letter that is drawn; all letters share one scale and baseline.",
                choices=tuple(Choice(c, c, {"zh_CN": c}) for c in glyphs.characters),
                labels={"zh_CN": "字符"}, shown_when=("mode", (CHARACTER,))),
    )


def _first_letter(glyphs: Glyphs) -> str:
    """A letter that shows much of a style at once."""
    return next((c for c in "agRAn" if c in glyphs.characters), glyphs.characters[0])


def _directions(manifest: Manifest) -> tuple[Control, ...]:
    """The sliders that the package named."""
    return tuple(
        Control(direction.id, ControlKind.DIRECTION, direction.label, 0.0, _STYLE, direction.help,
                minimum=direction.range[0], maximum=direction.range[1], step=0.01, unit="σ",
                low=direction.low, high=direction.high, labels=direction.labels,
                origin=direction.origin, layers=direction.layers)
        for direction in manifest.controls.directions)


def _seed(latent: Latent) -> tuple[Control, ...]:
    """Where in the latent space one starts."""
    return (
        Control("seed", ControlKind.SEED, "Seed", 0, _SEED,
                "The number of a style: the same number always gives the same style.",
                minimum=0, maximum=SEED_LIMIT - 1, step=1, labels={"zh_CN": "种子"}),
        Control("variety", ControlKind.SLIDER, "Variety", latent.truncation, _SEED,
                "How far the seed may stray from the average style: 0 is the average itself, 1 the seed's full "
                "character, above 1 exaggerates it.",
                minimum=0.0, maximum=1.5, step=0.01, low="Average", high="Extreme", labels={"zh_CN": "变化程度"}),
    )


def _type_picture() -> tuple[Control, ...]:
    """Colours and size of a specimen."""
    return (
        Control("ink", ControlKind.COLOR, "Ink", "#141414", _PICTURE, "The colour of the letters.",
                labels={"zh_CN": "墨色"}),
        Control("paper", ControlKind.COLOR, "Paper", "#faf8f3", _PICTURE,
                "The colour behind the letters, or none for a transparent picture.",
                choices=(Choice(TRANSPARENT, "Transparent", {"zh_CN": "透明"}),), labels={"zh_CN": "纸色"}),
        Control("size", ControlKind.SIZE, "Size", (1024, 512), _PICTURE,
                "Width and height; letters are drawn sharp at any size.",
                minimum=MIN_SIDE, maximum=MAX_SIDE, step=1, unit="px", labels={"zh_CN": "尺寸"}),
    )


def _classes(manifest: Manifest) -> tuple[Control, ...]:
    """What kind of picture, where the model knows several."""
    classes = manifest.controls.classes
    if not classes:
        return ()
    return (Control("kind", ControlKind.CHOICE, "Kind", classes[0].id, _PICTURE, "What the picture shows.",
                    choices=tuple(Choice(entry.id, entry.label, entry.labels) for entry in classes),
                    labels={"zh_CN": "种类"}),)


def _color_picture(manifest: Manifest) -> tuple[Control, ...]:
    """How large a picture of fixed resolution leaves the studio."""
    image = manifest.image
    longest = max(image.width, image.height) if image else 1
    scales = [scale for scale in SCALES if scale == 1 or scale * longest <= MAX_SIDE]
    return (Control("scale", ControlKind.CHOICE, "Enlarge", "1", _PICTURE,
                    "Each pixel of the model becomes a block of that many pixels.",
                    choices=tuple(Choice(str(scale), f"{scale}×", {"zh_CN": f"{scale} 倍"}) for scale in scales),
                    labels={"zh_CN": "放大"}),)


def _with_defaults(controls: tuple[Control, ...], manifest: Manifest) -> tuple[Control, ...]:
    """The package's own first picture."""
    known = {control.name: control for control in controls}
    for name, value in manifest.controls.defaults.items():
        if name not in known:
            raise _unusable(manifest, name, "there is no such control")
        control = known[name]
        try:
            default: Value = parse(control, value) if isinstance(value, str) else check(control, value)
        except ValueProblem as problem:
            raise _unusable(manifest, name, problem.what) from problem
        known[name] = replace(control, default=default)
    return tuple(known.values())


def _unusable(manifest: Manifest, name: str, reason: str) -> PackageError:
    return PackageError(f"The manifest's default for “{name}” cannot be used: {reason}",
                        "Ask the author of the package to correct it.", manifest.id)
