"""What differs between two states, in the words of the screen."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import Control, ControlKind, PackageInfo, Recipe, Value
from gui.properties import Words, visible

NONE = "–"
OPAQUE = frozenset({ControlKind.LATENT, ControlKind.IMAGE, ControlKind.MASK})
"""Controls whose values nobody can read: that they differ is all there is to say."""
LONG = frozenset({ControlKind.PROMPT, ControlKind.TEXT, ControlKind.AXES})


@dataclass(frozen=True)
class Change:
    """One control that differs: its label, both values, and the step as the undo menu would call it."""

    label: str
    before: str
    after: str
    step: str


def changes(words: Words, info: PackageInfo | None, before: Recipe, after: Recipe) -> tuple[Change, ...]:
    """The controls of one package that differ between two of its recipes, in the order of the panel.

    Without its `info` they go by the names that they have in recipes.
    """
    names = [name for name in {**before.values, **after.values} if before.values.get(name) != after.values.get(name)]
    if info is None:
        return tuple(Change(name, "", "", name) for name in names)
    shown = {**before.values}, {**after.values}
    controls = [control for control in info.controls if control.name in names
                and any(visible(control, values) for values in shown)]
    return tuple(_change(words, control, before.values.get(control.name), after.values.get(control.name))
                 for control in controls)


def _change(words: Words, control: Control, before: Value | None, after: Value | None) -> Change:
    label = words.label(control)
    if control.kind in OPAQUE:
        return Change(label, _there(words, before), _there(words, after), label)
    texts = [NONE if value is None else read(words, control, value) for value in (before, after)]
    return Change(label, texts[0], texts[1], label if after is None else words.edit(control, after))


def read(words: Words, control: Control, value: Value) -> str:
    """A value whole: of prompts every word."""
    if control.kind in LONG:
        return " ".join(str(value).split()) or NONE
    return words.value(control, value) or NONE


def _there(words: Words, value: Value | None) -> str:
    return words.text("on") if value else NONE
