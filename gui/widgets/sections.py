"""In which order and under which headings the controls of a package stand: named sliders, then what was discovered.

A package can bring dozens of directions that nobody has named yet; a panel of dozens of sliders helps nobody. So each
heading shows a few and folds the rest, favourites come first, and what was put away is one click from coming back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine.api import Control, ControlKind

FEW_NAMED, FEW_FOUND, ALL = 12, 4, 1000
FOLDED = frozenset({"Neighbours", "Mixing", "Noise"})
"""Headings of what is seldom needed: folded until somebody looks."""
SEFA, PCA = "sefa", "pca"
FAVOURITES, HIDDEN = "*favourites", "*hidden"


@dataclass(frozen=True)
class Section:
    """One heading. `key` stays the same in every language; the first `few` of `names` are shown unfolded."""

    key: str
    title: str
    help: str
    names: tuple[str, ...]
    few: int


def sections(controls: Sequence[Control], favourites: Collection[str] = (),
             hidden: Collection[str] = ()) -> tuple[Section, ...]:
    """The headings in order: what was discovered stands after the seed, favourites before the first named sliders.

    Titles of a package's own groups are its English words, ours are translated already.
    """
    bands = _bands(controls)
    own: dict[str, list[str]] = {}
    found: dict[str, list[str]] = {}
    favoured: list[str] = []
    away: list[str] = []
    for control in controls:
        key = _key(control, bands)
        home = (found if key.startswith("*") else own).setdefault(key, [])
        movable = control.kind is ControlKind.DIRECTION
        place = away if movable and control.name in hidden else home
        if place is home and movable and control.name in favourites:
            place = favoured
        place.append(control.name)
    named = next((control.group for control in controls
                  if control.kind is ControlKind.DIRECTION and control.group in own and not _found(control)), "")
    seed = next((control.group for control in controls if control.kind is ControlKind.SEED), named)
    ordered: list[Section] = []
    if not named and not seed:             # a package of nothing but what was found
        own = {"": []} | own
    for key, names in own.items():
        if key == (named or seed):
            ordered += [_ours(FAVOURITES, favoured)]
        few = FEW_NAMED if key == named else 0 if key in FOLDED else ALL
        ordered.append(Section(key, key, "", tuple(names), few))
        if key == (seed or named):
            ordered += [*(_ours(*entry) for entry in found.items()), _ours(HIDDEN, away)]
    return tuple(section for section in ordered if section.names)


def _key(control: Control, bands: dict[tuple[int, int], str]) -> str:
    if not _found(control):
        return control.group
    band = bands.get(control.layers, "") if control.origin == SEFA and control.layers else ""
    return f"*{control.origin}{band}"


def _found(control: Control) -> bool:
    """Whether a direction was discovered and not named by anyone."""
    return control.kind is ControlKind.DIRECTION and control.origin in {SEFA, PCA}


def _bands(controls: Sequence[Control]) -> dict[tuple[int, int], str]:
    """Layer ranges of the directions found in the weights -> how coarse what they change is."""
    ranges = sorted({control.layers for control in controls if control.origin == SEFA and control.layers})
    if len(ranges) < 2:  # noqa: PLR2004 - one range is no division
        return {}
    words = (".coarse", ".middle", ".fine") if len(ranges) > 2 else (".coarse", ".fine")  # noqa: PLR2004
    return {layers: words[index * len(words) // len(ranges)] for index, layers in enumerate(ranges)}


def _ours(key: str, names: list[str]) -> Section:
    translate = QCoreApplication.translate
    weights = translate("Sections", "Found in the weights of the model (SeFa): nobody has named what they change. Try "
                        "them, and double-click a name to give it your own.")
    told = {
        FAVOURITES: (translate("Sections", "Favourites"), ""),
        HIDDEN: (translate("Sections", "Put away"), translate("Sections", "Sliders you do not need. They keep their "
                                                              "values; Randomise leaves them alone.")),
        "*sefa": (translate("Sections", "Discovered"), weights),
        "*sefa.coarse": (translate("Sections", "Discovered: coarse (pose, shape)"), weights),
        "*sefa.middle": (translate("Sections", "Discovered: middle (parts, features)"), weights),
        "*sefa.fine": (translate("Sections", "Discovered: fine (colour, texture)"), weights),
        "*pca": (translate("Sections", "Main variations"), translate(
            "Sections", "The ways in which the model's own pictures differ most (PCA), the greatest first.")),
    }
    title, words = told[key]
    few = {FAVOURITES: ALL, HIDDEN: 0}.get(key, FEW_FOUND)
    return Section(key, title, words, tuple(names), few)
