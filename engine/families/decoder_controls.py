"""The controls of decoder packages, as data: what the panel, --set, table columns, undo and provenance all read."""

from __future__ import annotations

from engine.api import Choice, Control, ControlKind
from engine.controls import TRANSPARENT
from engine.families import base_controls as shared
from engine.packages.manifest import Manifest
from engine.packages.parts import Glyphs, Latent

LINE, CHARACTER = "line", "character"
MAX_TEXT = 400
MIN_SIDE = 16

_TEXT = "Text"


def controls_of(manifest: Manifest) -> tuple[Control, ...]:
    """All that the package lets a person set, in the panel's order. Raises PackageError for unusable defaults."""
    latent = manifest.latent or Latent(dim=1)
    style = shared.directions(manifest)
    if manifest.glyphs is not None:
        controls = (*_text(manifest.glyphs), *style, shared.seed(), _variety(latent), *_type_picture())
    else:
        kinds = shared.classes(manifest, 0)
        seed = shared.seed_plane({"z": latent.dim})
        controls = (*kinds, *style, *seed, _variety(latent), shared.enlarging(manifest))
    return shared.with_defaults(controls, manifest)


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


def _variety(latent: Latent) -> Control:
    """How far from the average one may stray."""
    return Control("variety", ControlKind.SLIDER, "Variety", latent.truncation, shared.SEED,
                   "How far the seed may stray from the average style: 0 is the average itself, 1 the seed's full "
                   "character, above 1 exaggerates it.",
                   minimum=0.0, maximum=1.5, step=0.01, low="Average", high="Extreme", labels={"zh_CN": "变化程度"})


def _type_picture() -> tuple[Control, ...]:
    """Colours and size of a specimen."""
    return (
        Control("ink", ControlKind.COLOR, "Ink", "#141414", shared.PICTURE, "The colour of the letters.",
                labels={"zh_CN": "墨色"}),
        Control("paper", ControlKind.COLOR, "Paper", "#faf8f3", shared.PICTURE,
                "The colour behind the letters, or none for a transparent picture.",
                choices=(Choice(TRANSPARENT, "Transparent", {"zh_CN": "透明"}),), labels={"zh_CN": "纸色"}),
        Control("size", ControlKind.SIZE, "Size", (1024, 512), shared.PICTURE,
                "Width and height; letters are drawn sharp at any size.",
                minimum=MIN_SIDE, maximum=shared.MAX_SIDE, step=1, unit="px", labels={"zh_CN": "尺寸"}),
    )
