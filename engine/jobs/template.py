"""File-name templates: `{model}_{seed:06}_{row}`. A fixed list of words plus the package's controls; nothing is run.

Words: `model` and `version` (the package's), `row` (from 1, padded to the width of the last), `fingerprint` (of the
recipe), and every control by name. After a colon: `06` pads a whole number with zeros, `.2` rounds a real one.
`{{` and `}}` are braces. Values are cleaned for use in a name; the template itself may not leave the folder.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.api import Control, ControlKind, PackageInfo, Recipe
from engine.controls import shown_value
from engine.errors import JobProblem
from engine.jobs.names import check_name, slug

DEFAULT_TEMPLATE = "{model}_{seed:06}_{row}"
WORDS = ("model", "version", "row", "fingerprint")

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}:]*)(?::([^{}]*))?\}|[^{}]+|[{}]")
_PADDED = re.compile(r"0?([1-9]|1[0-9])")
_ROUNDED = re.compile(r"\.([0-6])")
_WHOLE_KINDS = frozenset({ControlKind.SEED})
_REAL_KINDS = frozenset({ControlKind.SLIDER, ControlKind.DIRECTION})


@dataclass(frozen=True)
class _Place:
    """Where in the batch a name is made."""

    recipe: Recipe
    row: int
    count: int


class Template:
    """A template checked against a package, ready to name rows."""

    def __init__(self, text: str, info: PackageInfo) -> None:
        """Raises JobProblem that names the faulty part and what is allowed."""
        self._text = text
        self._info = info
        self._parts = [self._part(match) for match in _PIECE.finditer(text)]
        if not text.strip():
            raise JobProblem("The file-name template is empty.", f"Use for example {DEFAULT_TEMPLATE}.")

    def name(self, recipe: Recipe, row: int, count: int, own: str | None = None) -> str:
        """The file name of row `row` (from 0) of `count`; `own` replaces the template. Raises JobProblem."""
        place = _Place(recipe, row, count)
        return check_name(own or "".join(part(place) for part in self._parts), row, self._info.medium)

    def _part(self, match: re.Match[str]) -> Callable[[_Place], str]:
        piece = match[0]
        if piece in {"{{", "}}"}:
            return lambda _: piece[0]
        if piece in {"{", "}"}:
            raise JobProblem(f"The file-name template “{self._text}” has a single “{piece}”.",
                             "Write {{ or }} for a brace in the name.", self._text)
        if match[1] is None:
            return lambda _: piece
        return self._token(match[1].strip(), match[2])

    def _token(self, word: str, spec: str | None) -> Callable[[_Place], str]:
        """One `{word:spec}`."""
        info = self._info
        if word in {"model", "version", "fingerprint"}:
            if spec is not None:
                raise self._bad_spec(word, spec)
            return {"model": lambda _: slug(info.id), "version": lambda _: slug(info.version),
                    "fingerprint": lambda place: place.recipe.fingerprint()}[word]
        if word == "row":
            width = self._width(word, spec)
            return lambda place: f"{place.row + 1:0{width or len(str(place.count))}}"
        control = info.control(word)
        if control is None:
            near = difflib.get_close_matches(word, [*WORDS, *(known.name for known in info.controls)], 1)
            meant = f" Did you mean {{{near[0]}}}?" if near else ""
            allowed = ", ".join([*WORDS, *(known.name for known in info.controls)])
            raise JobProblem(f"The file-name template has {{{word}}}, which “{info.id}” does not know.{meant}",
                             f"Allowed are: {allowed}.", self._text)
        return self._value(control, spec)

    def _value(self, control: Control, spec: str | None) -> Callable[[_Place], str]:
        name = control.name
        if spec is None:
            number = control.kind in _WHOLE_KINDS | _REAL_KINDS  # keeps its sign, which a slug would lose
            return lambda place: (str if number else slug)(shown_value(control, place.recipe.values[name]))
        if control.kind in _WHOLE_KINDS:
            width = self._width(name, spec)
            return lambda place: f"{place.recipe.values[name]:0{width}}"
        rounded = _ROUNDED.fullmatch(spec)
        if control.kind not in _REAL_KINDS or rounded is None:
            raise self._bad_spec(name, spec)
        places = int(rounded[1])
        return lambda place: f"{place.recipe.values[name]:.{places}f}"

    def _width(self, word: str, spec: str | None) -> int:
        if spec is None:
            return 0
        padded = _PADDED.fullmatch(spec)
        if padded is None:
            raise self._bad_spec(word, spec)
        return int(padded[1])

    def _bad_spec(self, word: str, spec: str) -> JobProblem:
        return JobProblem(f"The file-name template has {{{word}:{spec}}}; “{spec}” does not fit “{word}”.",
                          "Use {seed:06} to pad a whole number, {weight:.2} to round a real one, otherwise no colon.",
                          self._text)
