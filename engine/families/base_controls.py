"""The controls that several families declare alike: directions, seed and its plane, a point, classes, enlarging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.api import Choice, Control, ControlKind, Value
from engine.controls import SEED_LIMIT, check, parse
from engine.errors import PackageError, ValueProblem
from engine.latent.points import FROM_SEED
from engine.packages.manifest import Manifest

PICTURE, STYLE, SEED, NEIGHBOURS = "Picture", "Style", "Seed", "Neighbours"
MAX_SIDE = 8192
SCALES = (1, 2, 3, 4, 6, 8, 12, 16)

_WITHOUT_POINT = ("point", (FROM_SEED,))


def directions(manifest: Manifest) -> tuple[Control, ...]:
    """The sliders that the package named."""
    return tuple(
        Control(direction.id, ControlKind.DIRECTION, direction.label, 0.0, STYLE, direction.help,
                minimum=direction.range[0], maximum=direction.range[1], step=0.01, unit="σ",
                low=direction.low, high=direction.high, labels=direction.labels,
                origin=direction.origin, layers=direction.layers)
        for direction in manifest.controls.directions)


def seed() -> Control:
    """The number of a style, where it is all there is."""
    return Control("seed", ControlKind.SEED, "Seed", 0, SEED,
                   "The number of a style: the same number always gives the same style.",
                   minimum=0, maximum=SEED_LIMIT - 1, step=1, labels={"zh_CN": "种子"})


def seed_plane(spaces: Mapping[str, int]) -> tuple[Control, ...]:
    """The seed, a place between it and its neighbours, and a point of one of `spaces` that takes the seed's place."""
    return (
        replace(seed(), shown_when=_WITHOUT_POINT),
        Control("plane_x", ControlKind.SLIDER, "Neighbours across", 0.0, NEIGHBOURS,
                "How far towards the seed before (left) or after (right): 1 is that seed itself.",
                minimum=-1.0, maximum=1.0, step=0.01, low="Seed − 1", high="Seed + 1",
                labels={"zh_CN": "横向相邻"}, shown_when=_WITHOUT_POINT),
        Control("plane_y", ControlKind.SLIDER, "Neighbours down", 0.0, NEIGHBOURS,
                "How far towards the seed 100 before (up) or 100 after (down): 1 is that seed itself.",
                minimum=-1.0, maximum=1.0, step=0.01, low="Seed − 100", high="Seed + 100",
                labels={"zh_CN": "纵向相邻"}, shown_when=_WITHOUT_POINT),
        Control("point", ControlKind.LATENT, "Starting point", FROM_SEED, SEED,
                "Where the sliders start from: empty for the seed, or the place of a picture that the model looked at.",
                labels={"zh_CN": "起点"}, spaces=spaces),
    )


def classes(manifest: Manifest, count: int) -> tuple[Control, ...]:
    """What kind of picture, where the model knows several: by name, or by number where the package has no names."""
    named = manifest.controls.classes
    choices = (tuple(Choice(entry.id, entry.label, entry.labels) for entry in named) if named else
               tuple(Choice(str(number), f"Class {number}", {"zh_CN": f"类别 {number}"}) for number in range(count)))
    if not choices:
        return ()
    digits = all(choice.label.isdigit() for choice in choices)
    label, chinese = ("Digit", "数字") if digits else ("Kind", "种类")
    return (Control("kind", ControlKind.CHOICE, label, choices[0].value, PICTURE, "What the picture shows.",
                    choices=choices, labels={"zh_CN": chinese}),)


def enlarging(manifest: Manifest) -> Control:
    """How large a picture of fixed resolution leaves the studio."""
    image = manifest.image
    longest = max(image.width, image.height) if image else 1
    scales = [scale for scale in SCALES if scale == 1 or scale * longest <= MAX_SIDE]
    return Control("scale", ControlKind.CHOICE, "Enlarge", "1", PICTURE,
                   "Each pixel of the model becomes a block of that many pixels.",
                   choices=tuple(Choice(str(scale), f"{scale}×", {"zh_CN": f"{scale} 倍"}) for scale in scales),
                   labels={"zh_CN": "放大"})


def with_defaults(controls: tuple[Control, ...], manifest: Manifest) -> tuple[Control, ...]:
    """The package's own first picture. Raises PackageError for a default that its control would not take."""
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
