"""What each kind of control takes: how a value is checked and brought to one form, read from text, put into words.

Behind `engine.controls`, which is what everybody else uses.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from engine.api import Control, ControlKind, Value
from engine.errors import ValueProblem
from engine.latent.points import FROM_SEED, packed, unpacked
from engine.media import is_key
from engine.prompting.axes import format_axes, parse_axes

SEED_LIMIT = 2**32
TRANSPARENT = "none"
SEED_WORD = "seed"
"""A point that is not there, in words: the seed counts."""

MAX_COLORS = 12
"""Colours of one palette."""

_NOTHING = "none"
_ESCAPE = re.compile(r"\\([n\\])")
_SIZE = re.compile(r"\s*(\d{1,6})\s*(?:[xX×*]\s*(\d{1,6})\s*)?")
_WHOLE = re.compile(r"[+-]?\d{1,20}")
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_BETWEEN_COLORS = re.compile(r"[\s,;]+")
_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_SHOWN_CHOICES = 12
_SHOWN_LENGTH = 40


def allowed(control: Control) -> str:
    """What the control takes, in words for a sentence or a help text."""
    low, high = _number(control.minimum), _number(control.maximum)
    most = "" if control.maximum is None else f" of at most {high} characters"
    words = {
        ControlKind.TOGGLE: "true or false",
        ControlKind.SEED: f"a whole number from 0 to {SEED_LIMIT - 1}",
        ControlKind.TEXT: f"text{most}",
        ControlKind.PROMPT: f"words to the model{most}",
        ControlKind.IMAGE: "a picture (on the command line: the path of one), or none",
        ControlKind.MASK: "a grey picture, white where to paint anew (on the command line: the path of one), or none",
        ControlKind.PALETTE: f"1 to {MAX_COLORS} colours such as \"#1a2b3c #ffcc00\", or none for the model's own",
        ControlKind.AXES: 'word -> other word: amount, separated by ";", or nothing',
        ControlKind.SIZE: f"WIDTHxHEIGHT in pixels, each from {low} to {high}",
        ControlKind.COLOR: f"a colour such as #1a2b3c{' or none (clear)' if _offers(control, TRANSPARENT) else ''}",
        ControlKind.CHOICE: _listed(control),
        ControlKind.LATENT: f"{SEED_WORD} (or nothing), or a copied point: {_spaces(control)}",
    }
    return words.get(control.kind, f"a {'whole ' if control.step == 1 else ''}number from {low} to {high}")


def _listed(control: Control) -> str:
    values = [choice.value for choice in control.choices]
    more = f" and {len(values) - _SHOWN_CHOICES} more" if len(values) > _SHOWN_CHOICES else ""
    return f"one of {', '.join(values[:_SHOWN_CHOICES])}{more}"


def _spaces(control: Control) -> str:
    return " or ".join(f"{space}: and {count} numbers in base64" for space, count in control.spaces.items())


def refused(control: Control, value: object) -> ValueProblem:
    """The fault of a value that the control does not take."""
    return ValueProblem(f"“{control.name}” cannot be “{short(value)}”.", f"Allowed is {allowed(control)}.",
                        control.name)


def _check_number(control: Control, value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(control, value)
    try:
        number = float(value) + 0.0  # + 0.0 makes -0.0 the one zero
    except OverflowError as error:
        raise refused(control, value) from error
    low = -math.inf if control.minimum is None else control.minimum
    high = math.inf if control.maximum is None else control.maximum
    if not math.isfinite(number) or not low <= number <= high:
        raise refused(control, value)
    return float(round(number)) if control.step == 1 else number  # a step of 1 counts whole things, such as layers


def _check_seed(control: Control, value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < SEED_LIMIT:
        raise refused(control, value)
    return value


def _check_toggle(control: Control, value: object) -> Value:
    if not isinstance(value, bool):
        raise refused(control, value)
    return value


def _check_choice(control: Control, value: object) -> Value:
    if not isinstance(value, str) or not _offers(control, value):
        raise refused(control, value)
    return value


def _check_text(control: Control, value: object) -> Value:
    if not isinstance(value, str):
        raise refused(control, value)
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
        raise refused(control, value)
    width, height = value
    for side in (width, height):
        if isinstance(side, bool) or not isinstance(side, int) or not low <= side <= high:
            raise refused(control, f"{width}x{height}")
    return (width, height)


def _check_color(control: Control, value: object) -> Value:
    if isinstance(value, str):
        if value.lower() == TRANSPARENT and _offers(control, TRANSPARENT):
            return TRANSPARENT
        color = _color(value)
        if color is not None:
            return color
    raise refused(control, value)


def _color(text: str) -> str | None:
    """A colour as "#rrggbb"; None for anything else."""
    match = _HEX.fullmatch(text)
    if not match:
        return None
    digits = match[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * d for d in digits))  # noqa: PLR2004 - rrggbb


def _check_latent(control: Control, value: object) -> Value:
    """A point in its one form, its space known and its numbers complete."""
    if not isinstance(value, str):
        raise refused(control, value)
    if value == FROM_SEED:
        return FROM_SEED
    try:
        space, numbers = unpacked(value)
    except ValueError as error:
        raise ValueProblem(f"The point in “{control.name}” cannot be read: {error}.",
                           f"Allowed is {allowed(control)}.", control.name) from error
    wanted = control.spaces.get(space)
    if wanted is None or numbers.size != wanted:
        raise ValueProblem(f"The point in “{control.name}” is {numbers.size} numbers of “{short(space)}”: it was made "
                           "with another model.", f"Allowed is {allowed(control)}.", control.name)
    return packed(space, numbers)


def _check_media(control: Control, value: object) -> Value:
    """Nothing, or the name of a picture in the media folder; whether it lies there is found out when it is read."""
    if isinstance(value, str):
        key = value.strip().lower()
        if key in ("", _NOTHING):
            return ""
        if is_key(key):
            return key
    raise refused(control, value)


def _check_palette(control: Control, value: object) -> Value:
    """Nothing, or colours as "#rrggbb" with one space between, in the order given."""
    if not isinstance(value, str):
        raise refused(control, value)
    words = [word for word in _BETWEEN_COLORS.split(value.strip()) if word]
    if not words or [word.lower() for word in words] == [_NOTHING]:
        return ""
    colors = [_color(word) for word in words]
    if len(colors) > MAX_COLORS or None in colors:
        raise refused(control, value)
    return " ".join(color for color in colors if color is not None)


def _check_axes(control: Control, value: object) -> Value:
    """Prompt sliders in their one spelling."""
    if not isinstance(value, str):
        raise refused(control, value)
    text = str(_check_text(control, value))
    try:
        return format_axes(parse_axes(text))
    except ValueError as error:
        reason = str(error).strip().rstrip(".")
        raise ValueProblem(f"“{control.name}” cannot be read: {reason}.", f"Allowed is {allowed(control)}.",
                           control.name) from error


def _read_number(control: Control, text: str) -> Value:
    plain = text.strip()
    if "." not in plain and plain.count(",") == 1:
        plain = plain.replace(",", ".")  # tables from many countries write 0,5
    try:
        return float(plain)
    except ValueError as error:
        raise refused(control, text) from error


def _read_seed(control: Control, text: str) -> Value:
    plain = text.strip()
    if not _WHOLE.fullmatch(plain):
        raise refused(control, text)
    return int(plain)


def _read_toggle(control: Control, text: str) -> Value:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise refused(control, text)
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
        raise refused(control, text)
    return found[0]


def _read_text(_control: Control, text: str) -> Value:
    return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else "\\", text)


def _read_size(control: Control, text: str) -> Value:
    match = _SIZE.fullmatch(text)
    if not match:
        raise refused(control, text)
    return (int(match[1]), int(match[2] or match[1]))


def _read_stripped(_control: Control, text: str) -> Value:
    return text.strip()


def _read_latent(_control: Control, text: str) -> Value:
    plain = text.strip()
    return FROM_SEED if plain.casefold() == SEED_WORD else plain


def _offers(control: Control, value: str) -> bool:
    return any(choice.value == value for choice in control.choices)


def _number(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"


def short(value: object) -> str:
    """A stranger's value, fit for a sentence."""
    text = "".join(c if c.isprintable() else "�" for c in str(value)[:_SHOWN_LENGTH + 1])
    return text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH - 3] + "..."


CHECKS: Mapping[ControlKind, Callable[[Control, object], Value]] = MappingProxyType({
    ControlKind.SLIDER: _check_number, ControlKind.DIRECTION: _check_number, ControlKind.CHOICE: _check_choice,
    ControlKind.TOGGLE: _check_toggle, ControlKind.SEED: _check_seed, ControlKind.TEXT: _check_text,
    ControlKind.SIZE: _check_size, ControlKind.COLOR: _check_color, ControlKind.LATENT: _check_latent,
    ControlKind.PROMPT: _check_text, ControlKind.IMAGE: _check_media, ControlKind.MASK: _check_media,
    ControlKind.PALETTE: _check_palette, ControlKind.AXES: _check_axes,
})
"""Kind -> the value in its one form, or ValueProblem."""

READERS: Mapping[ControlKind, Callable[[Control, str], Any]] = MappingProxyType({
    ControlKind.SLIDER: _read_number, ControlKind.DIRECTION: _read_number, ControlKind.CHOICE: _read_choice,
    ControlKind.TOGGLE: _read_toggle, ControlKind.SEED: _read_seed, ControlKind.TEXT: _read_text,
    ControlKind.SIZE: _read_size, ControlKind.COLOR: _read_stripped, ControlKind.LATENT: _read_latent,
    ControlKind.PROMPT: _read_text, ControlKind.IMAGE: _read_stripped, ControlKind.MASK: _read_stripped,
    ControlKind.PALETTE: _read_stripped, ControlKind.AXES: _read_stripped,
})
"""Kind -> what a text stands for, to be checked."""
