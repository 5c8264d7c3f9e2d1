"""In which order and under which headings the controls of a package stand: named sliders, then what was discovered.

A package can bring dozens of directions that nobody has named yet; a panel of dozens of sliders helps nobody. So each
heading shows a few and folds the rest, favourites come first, and what was put away is one click from coming back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine.api import Control, ControlKind

FEW_NAMED, FEW_FOUND = 12, 4
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
    """The headings in order. Titles of a package's own groups are its English words, ours are translated already."""
    bands = _bands(controls)
    members: dict[str, list[str]] = {}
    kept: dict[str, list[str]] = {FAVOURITES: [], HIDDEN: []}
    first = ""                               # the heading of the first direction: favourites stand before it
    for control in controls:
        key = _key(control, bands)
        movable = control.kind is ControlKind.DIRECTION
        first = first or (key if movable else "")
        members.setdefault(key, [])
        if movable and control.name in hidden:
            kept[HIDDEN].append(control.name)
        elif movable and control.name in favourites:
            kept[FAVOURITES].append(control.name)
        else:
            members[key].append(control.name)
    ordered: list[Section] = []
    last = max((index for index, key in enumerate(members) if _found(key) or key == first), default=-1)
    for index, (key, names) in enumerate(members.items()):
        if key == first and kept[FAVOURITES]:
            ordered.append(_ours(FAVOURITES, kept[FAVOURITES]))
        if names:
            ordered.append(_ours(key, names) if _found(key) else Section(key, key, "", tuple(names), _few(key, first)))
        if index == last and kept[HIDDEN]:
            ordered.append(_ours(HIDDEN, kept[HIDDEN]))
    return tuple(ordered)


def _few(key: str, first: str) -> int:
    return FEW_NAMED if key == first else 1000


def _found(key: str) -> bool:
    return key.startswith("*")


def _key(control: Control, bands: dict[tuple[int, int], str]) -> str:
    if control.kind is not ControlKind.DIRECTION or control.origin not in {SEFA, PCA}:
        return control.group
    band = bands.get(control.layers, "") if control.origin == SEFA and control.layers else ""
    return f"*{control.origin}{band}"


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
    few = {FAVOURITES: 1000, HIDDEN: 0}.get(key, FEW_FOUND)
    return Section(key, title, words, tuple(names), few)
