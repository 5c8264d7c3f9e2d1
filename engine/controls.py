"""Values of controls: from text (command line, table cell, typed), checked, and back to text. One rule for every face.

`parse(control, format_value(control, value)) == value` for every allowed value; `check` also brings values that mean
the same to one form ("#FFF" and "#ffffff", -0.0 and 0.0), so that equal pictures have equal recipes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from engine.api import Control, ControlKind, PackageInfo, Recipe, Value
from engine.control_values import CHECKS, READERS, SEED_LIMIT, SEED_WORD, TRANSPARENT, allowed, short
from engine.errors import ValueProblem

__all__ = ["SEED_LIMIT", "TRANSPARENT", "allowed", "check", "check_recipe", "check_values", "format_value", "parse",
           "shown_value"]

_PLAIN = (str, float, int, bool)  # types of which equal values are checked equally (a tuple may hold 1 or 1.0)
_MARK = 6  # hex digits by which a point or a picture is told from another
_WORDS = (ControlKind.TEXT, ControlKind.PROMPT)


def parse(control: Control, text: str) -> Value:
    r"""The value that `text` stands for. Raises ValueProblem naming the control, the text and what is allowed.

    Text controls read `\n` as a new line and `\\` as one backslash, so that one table cell holds several lines.
    """
    return check(control, READERS[control.kind](control, text))


def check(control: Control, value: object) -> Value:
    """`value` in its one form if the control allows it. Raises ValueProblem otherwise."""
    return CHECKS[control.kind](control, value)


def format_value(control: Control, value: Value) -> str:
    """The shortest text that `parse` reads back as the same value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"{value[0]}x{value[1]}"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if control.kind in _WORDS:
        return str(value).replace("\\", "\\\\").replace("\n", "\\n")
    return str(value)


def shown_value(control: Control, value: Value) -> str:
    """`format_value`, short enough for a table or a file name: of a point only its space and a mark ("w-3fa9c1").

    Of a source picture the mark is the beginning of its digest.
    """
    text = str(value)
    if control.kind in (ControlKind.IMAGE, ControlKind.MASK):
        return f"{control.kind}-{text.partition(':')[2][:_MARK]}" if text else "none"
    if control.kind is not ControlKind.LATENT:
        return format_value(control, value)
    return f"{text.partition(':')[0]}-{hashlib.sha256(text.encode()).hexdigest()[:_MARK]}" if text else SEED_WORD


def check_recipe(info: PackageInfo, recipe: Recipe, known: Recipe | None = None) -> Recipe:
    """The recipe with every control of the package set and every value checked. Raises ValueProblem.

    `known` is a recipe of the package that passed: what stands in it as well need not be looked at again.
    """
    if recipe.package != info.id:
        raise ValueProblem(f"This recipe is for the model “{recipe.package}”, not for “{info.id}”.",
                           f"Open the model “{recipe.package}”.", "package")
    if recipe.digest != info.digest:
        raise ValueProblem(f"This recipe was made with another version of the model “{info.id}”.",
                           "Open the version it was made with, or copy the values to the new one.", "digest")
    if not recipe.values:
        return info.default_recipe()
    return recipe.with_values(check_values(info, recipe.values, known.values if known is not None else {}))


def check_values(info: PackageInfo, values: Mapping[str, object],
                 passed: Mapping[str, Value] = MappingProxyType({})) -> dict[str, Value]:
    """Every control of the package with its checked value, defaults where `values` has none. Raises ValueProblem.

    `passed` are values that came out of here before: an equal one is taken as it stands there.
    """
    known = {control.name: control for control in info.controls}
    for name in values:
        if name not in known:
            raise ValueProblem(f"The model “{info.id}” has no control “{short(name)}”.",
                               f"It has: {', '.join(known)}.", str(name))
    checked: dict[str, Value] = {}
    for name, control in known.items():
        value, before = values.get(name, control.default), passed.get(name)
        equal = type(value) in _PLAIN and type(value) is type(before) and value == before
        checked[name] = before if equal and before is not None else check(control, value)
    return checked
