"""What a prompt says of two materials: "worn red brick with moss" is a worn red brick, and moss that grows on it.

Each of the two is read by itself, so that "red" belongs to the brick. A prompt that names one thing stays whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.families.flow_colors import COLORS, KINDS


class Manner(StrEnum):
    """How the second material lies on the first."""

    PATCHES = "patches"       # grows, in patches and hollows
    FIGURE = "figure"         # is printed: only its figure shows
    HOLLOWS = "hollows"       # eats in: only its low parts show
    TONES = "tones"           # takes the darker bodies of the same material: blue among white tiles, rust on paint
    LINES = "lines"           # fills the lines of the first: joints
    VEINS = "veins"           # runs through it in lines of its own


@dataclass(frozen=True)
class Phrases:
    """One material, or two: what lies on `base`, how much more or less of it than usual, and whether only in lines."""

    base: str
    over: str = ""
    more: float = 1.0        # the share covered is taken to the power of 1 / more
    manner: Manner = Manner.PATCHES    # or lines, or veins: then `over` may be no more than a colour

    @property
    def colored(self) -> bool:
        """Whether `over` names a colour of its own."""
        return any(word in COLORS for word in self.over.split())


_SMALL: Final = frozenset(("a", "an", "the", "and", "off", *KINDS, *COLORS, *" ".join(COLORS).split()))
"""Words that name a colour, or say more of one, and no material: "navy and cream tartan" is one thing."""

_WITH: Final = re.compile(
    r"^(?P<base>.+?)(?:,| and| mixed with"
    r"| (?:partly |half )?(?:overgrown|covered|sprinkled|streaked|dotted) (?:with|in|by)"
    r"| full of| veined with| under| beneath| with)\s+(?P<over>.+)$")
_ON: Final = re.compile(r"^(?P<over>.+?)\s+(?:growing )?(?:on top of|on|over|across)\s+(?P<base>.+)$")
_VEINED: Final = re.compile(r"^(?P<over>[\w ]+)-veined\s+(?P<base>.+)$")
_GROWN: Final = re.compile(r"^(?P<before>.*?)\b(?P<over>\w+)[- ](?:covered|overgrown)\s+(?P<base>.+)$")
_GROWTHS: Final = {"mossy": "moss", "grassy": "grass", "rusty": "rust", "sandy": "sand"}
_VEINS: Final = re.compile(r"\b(?:veins?|veining)\b")
_LINES: Final = re.compile(r"\b(?:joints?|mortar|grout(?:ing)?|seams?|gaps?)\b")
_AMOUNTS: Final = (
    (re.compile(r"^(?:a few|few|a little|a bit of|a touch of|a hint of|traces of)\s+"), 0.55),
    (re.compile(r"^(?:lots of|a lot of|much|plenty of|thick|heavy)\s+"), 1.8),
    (re.compile(r"^some\s+"), 0.85),
)
_PATCHES: Final = re.compile(r"^(?:(?:large |small )?patches of)\s+")
_ENTIRELY: Final = re.compile(r"\bcovered (?:in|with|by)\b|\bovergrown\b|\bunder\b|\bbeneath\b")
_MOSTLY: Final = 1.8


def phrases(text: str) -> Phrases:
    """The one or two materials of a prompt, lower case."""
    plain = " ".join(text.lower().split())
    for pattern in (_VEINED, _WITH, _ON, _GROWN):
        found = pattern.match(plain)
        if found is None:
            continue
        base, over = found["base"].strip(" ,"), found["over"].strip(" ,")
        base = (found.groupdict().get("before") or "") + base
        manner = _manner(over, veined=pattern is _VEINED or "veined with" in plain)
        more = _MOSTLY if _ENTIRELY.search(plain) else 1.0
        over, said = _amount(over)
        if _names_something(base) and (manner is not Manner.PATCHES or _names_something(over)):
            return Phrases(base, over, said or more, manner)
    return _adjective(plain)


def _manner(over: str, *, veined: bool) -> Manner:
    """What the words for the second one say of how it lies there."""
    if veined or _VEINS.search(over):
        return Manner.VEINS
    return Manner.LINES if _LINES.search(over) else Manner.PATCHES


def _adjective(plain: str) -> Phrases:
    """"Mossy brick" is brick, and moss on it."""
    words = plain.split()
    for word in words:
        base = " ".join(other for other in words if other != word)
        if word in _GROWTHS and _names_something(base):
            return Phrases(base, _GROWTHS[word])
    return Phrases(plain)


def _amount(over: str) -> tuple[str, float]:
    """What lies on it without the words for how much, and how much more than usual; 0 where nothing is said."""
    more = 0.0
    for pattern, said in _AMOUNTS:
        if pattern.match(over):
            over, more = pattern.sub("", over), said
    return _PATCHES.sub("", over), more


def _names_something(text: str) -> bool:
    """Whether more is said than a colour."""
    return any(word not in _SMALL for word in re.findall(r"[^\W\d_]+", text))
