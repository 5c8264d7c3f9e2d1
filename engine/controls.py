"""Values of controls: from text (command line, table cell, typed), checked, and back to text. One rule for every face.

`parse(control, format_value(control, value)) == value` for every allowed value; `check` also brings values that mean
the same to one form ("#FFF" and "#ffffff", -0.0 and 0.0), so that equal pictures have equal recipes.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from engine.api import Control, ControlKind, PackageInfo, Recipe, Value
from engine.errors import ValueProblem
from engine.latent.points import FROM_SEED, packed, unpacked

SEED_LIMIT = 2**32
TRANSPARENT = "none"
_ESCAPE = re.compile(r"\\([n\\])")
_SIZE = re.compile(r"\s*(\d{1,6})\s*(?:[xX×*]\s*(\d{1,6})\s*)?")
_WHOLE = re.compile(r"[+-]?\d{1,20}")
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_SHOWN_CHOICES = 12
_SHOWN_LENGTH = 40
_PLAIN = (str, float, int, bool)  # types of which equal values are checked equally (a tuple may hold 1 or 1.0)
_SEED_WORD = "seed"
"""A point that is not there, in words: the seed counts."""
_MARK = 6  # hex digits by which a point is told from another


def parse(control: Control, text: str) -> Value:
    r"""The value that `text` stands for. Raises ValueProblem naming the control, the text and what is allowed.

    Text controls read `\n` as a new line and `\\` as one backslash, so that one table cell holds several lines.
    """
    return check(control, _FROM_TEXT[control.kind](control, text))


def check(control: Control, value: object) -> Value:
    """`value` in its one form if the control allows it. Raises ValueProblem otherwise."""
    return _CHECKS[control.kind](control, value)


def format_value(control: Control, value: Value) -> str:
    """The shortest text that `parse` reads back as the same value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"{value[0]}x{value[1]}"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if control.kind is ControlKind.TEXT:
        return str(value).replace("\\", "\\\\").replace("\n", "\\n")
    return str(value)


def shown_value(control: Control, value: Value) -> str:
    """`format_value`, short enough for a table or a file name: of a point only its space and a mark ("w-3fa9c1")."""
    if control.kind is not ControlKind.LATENT:
        return format_value(control, value)
    text = str(value)
    return f"{text.partition(':')[0]}-{hashlib.sha256(text.encode()).hexdigest()[:_MARK]}" if text else _SEED_WORD


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
            raise ValueProblem(f"The model “{info.id}” has no control “{_short(name)}”.",
                               f"It has: {', '.join(known)}.", str(name))
    checked: dict[str, Value] = {}
    for name, control in known.items():
        value, before = values.get(name, control.default), passed.get(name)
        equal = type(value) in _PLAIN and type(value) is type(before) and value == before
        checked[name] = before if equal and before is not None else check(control, value)
    return checked


def allowed(control: Control) -> str:
    """What the control takes, in words for a sentence or a help text."""
    low, high = _number(control.minimum), _number(control.maximum)
    words = {
        ControlKind.TOGGLE: "true or false",
        ControlKind.SEED: f"a whole number from 0 to {SEED_LIMIT - 1}",
        ControlKind.TEXT: "text" if control.maximum is None else f"text of at most {high} characters",
        ControlKind.SIZE: f"WIDTHxHEIGHT in pixels, each from {low} to {high}",
        ControlKind.COLOR: f"a colour such as #1a2b3c{' or none (clear)' if _offers(control, TRANSPARENT) else ''}",
        ControlKind.CHOICE: _listed(control),
        ControlKind.LATENT: f"{_SEED_WORD} (or nothing), or a copied point: {_spaces(control)}",
    }
    return words.get(control.kind, f"a {'whole ' if control.step == 1 else ''}number from {low} to {high}")


def _listed(control: Control) -> str:
    values = [choice.value for choice in control.choices]
    more = f" and {len(values) - _SHOWN_CHOICES} more" if len(values) > _SHOWN_CHOICES else ""
    return f"one of {', '.join(values[:_SHOWN_CHOICES])}{more}"


def _spaces(control: Control) -> str:
    return " or ".join(f"{space}: and {count} numbers in base64" for space, count in control.spaces.items())


def _refused(control: Control, value: object) -> ValueProblem:
    return ValueProblem(f"“{control.name}” cannot be “{_short(value)}”.", f"Allowed is {allowed(control)}.",
                        control.name)


def _check_number(control: Control, value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(control, value)
    try:
        number = float(value) + 0.0  # + 0.0 makes -0.0 the one zero
    except OverflowError as error:
        raise _refused(control, value) from error
    low = -math.inf if control.minimum is None else control.minimum
    high = math.inf if control.maximum is None else control.maximum
    if not math.isfinite(number) or not low <= number <= high:
        raise _refused(control, value)
    return float(round(number)) if control.step == 1 else number  # a step of 1 counts whole things, such as layers


def _check_seed(control: Control, value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < SEED_LIMIT:
        raise _refused(control, value)
    return value


def _check_toggle(control: Control, value: object) -> Value:
    if not isinstance(value, bool):
        raise _refused(control, value)
    return value


def _check_choice(control: Control, value: object) -> Value:
    if not isinstance(value, str) or not _offers(control, value):
        raise _refused(control, value)
    return value


def _check_text(control: Control, value: object) -> Value:
    if not isinstance(value, str):
        raise _refused(control, value)
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    bad = next((c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cs")), None)
    if bad is not None:
        raise ValueProblem(f"“{control.name}” contains a character that cannot be written (U+{ord(bad):04X}).",
                           "Remove that character; letters, signs and new lines are fine.", control.name)
    if control.maximum is not None and len(text) > control.maximum:
        raise ValueProblem(f"“{control.name}” has {len(text)} characters.", f"Allowed is {allowed(control)}.",
                           control.name)
    return text


def _check_size(control: Control, value: object) -> Value:
    low = 1 if control.minimum is None else control.minimum
    high = math.inf if control.maximum is None else control.maximum
    if not isinstance(value, tuple | list) or len(value) != 2:  # noqa: PLR2004 - width and height
        raise _refused(control, value)
    width, height = value
    for side in (width, height):
        if isinstance(side, bool) or not isinstance(side, int) or not low <= side <= high:
            raise _refused(control, f"{width}x{height}")
    return (width, height)


def _check_color(control: Control, value: object) -> Value:
    if isinstance(value, str):
        if value.lower() == TRANSPARENT and _offers(control, TRANSPARENT):
            return TRANSPARENT
        match = _HEX.fullmatch(value)
        if match:
            digits = match[1].lower()
            return "#" + (digits if len(digits) == 6 else "".join(2 * d for d in digits))  # noqa: PLR2004 - rrggbb
    raise _refused(control, value)


def _check_latent(control: Control, value: object) -> Value:
    """A point in its one form, its space known and its numbers complete."""
    if not isinstance(value, str):
        raise _refused(control, value)
    if value == FROM_SEED:
        return FROM_SEED
    try:
        space, numbers = unpacked(value)
    except ValueError as error:
        raise ValueProblem(f"The point in “{control.name}” cannot be read: {error}.",
                           f"Allowed is {allowed(control)}.", control.name) from error
    wanted = control.spaces.get(space)
    if wanted is None or numbers.size != wanted:
        raise ValueProblem(f"The point in “{control.name}” is {numbers.size} numbers of “{_short(space)}”: it was made "
                           "with another model.", f"Allowed is {allowed(control)}.", control.name)
    return packed(space, numbers)


def _read_number(control: Control, text: str) -> Value:
    plain = text.strip()
    if "." not in plain and plain.count(",") == 1:
        plain = plain.replace(",", ".")  # tables from many countries write 0,5
    try:
        return float(plain)
    except ValueError as error:
        raise _refused(control, text) from error


def _read_seed(control: Control, text: str) -> Value:
    plain = text.strip()
    if not _WHOLE.fullmatch(plain):
        raise _refused(control, text)
    return int(plain)


def _read_toggle(control: Control, text: str) -> Value:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise _refused(control, text)
    return word in _YES


def _read_choice(control: Control, text: str) -> Value:
    """The value itself, or a label in any language if only one choice carries it."""
    for spelling in (text, text.strip()):
        if _offers(control, spelling):
            return spelling
    word = text.strip().casefold()
    found = [choice.value for choice in control.choices
             if word in {label.casefold() for label in (choice.label, *choice.labels.values())}]
    if len(found) != 1:
        raise _refused(control, text)
    return found[0]


def _read_text(_control: Control, text: str) -> Value:
    return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else "\\", text)


def _read_size(control: Control, text: str) -> Value:
    match = _SIZE.fullmatch(text)
    if not match:
        raise _refused(control, text)
    return (int(match[1]), int(match[2] or match[1]))


def _read_stripped(_control: Control, text: str) -> Value:
    return text.strip()


def _read_latent(_control: Control, text: str) -> Value:
    plain = text.strip()
    return FROM_SEED if plain.casefold() == _SEED_WORD else plain


def _offers(control: Control, value: str) -> bool:
    return any(choice.value == value for choice in control.choices)


def _number(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"


def _short(value: object) -> str:
    """A stranger's value, fit for a sentence."""
    text = "".join(c if c.isprintable() else "�" for c in str(value)[:_SHOWN_LENGTH + 1])
    return text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH - 3] + "..."


_CHECKS: dict[ControlKind, Callable[[Control, object], Value]] = {
    ControlKind.SLIDER: _check_number, ControlKind.DIRECTION: _check_number, ControlKind.CHOICE: _check_choice,
    ControlKind.TOGGLE: _check_toggle, ControlKind.SEED: _check_seed, ControlKind.TEXT: _check_text,
    ControlKind.SIZE: _check_size, ControlKind.COLOR: _check_color,
    ControlKind.LATENT: _check_latent,
}
_FROM_TEXT: dict[ControlKind, Callable[[Control, str], Any]] = {
    ControlKind.SLIDER: _read_number, ControlKind.DIRECTION: _read_number, ControlKind.CHOICE: _read_choice,
    ControlKind.TOGGLE: _read_toggle, ControlKind.SEED: _read_seed, ControlKind.TEXT: _read_text,
    ControlKind.SIZE: _read_size, ControlKind.COLOR: _read_stripped,
    ControlKind.LATENT: _read_latent,
}
