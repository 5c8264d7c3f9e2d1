"""File names that are safe on every system, inside one folder, and different from each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from engine.api import Medium
from engine.errors import JobProblem
from engine.formats import fits, usual

MAX_NAME_BYTES = 200
_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)
_GAP = re.compile(r"[\s<>:\"/\\|?*]+")


def slug(text: str, longest: int = 60) -> str:
    """A value as part of a name: letters, digits and signs stay, spaces and forbidden characters become one dash."""
    kept = "".join(char for char in unicodedata.normalize("NFC", text) if char.isprintable() or char.isspace())
    return _GAP.sub("-", kept.strip())[:longest].strip("-. ")


def check_name(name: str, row: int, medium: Medium = Medium.PICTURE) -> str:
    """`name` with an ending of its medium, if it is a plain, portable file name; `row` counts from 0.

    Raises JobProblem.
    """
    whole = name if fits(name, medium) else name + usual(medium)
    reason = fault_of(whole)
    if reason:
        raise JobProblem(f"Row {row + 1}: the file name “{_shown(whole)}” {reason}.",
                         "Change the file-name template or the table.", whole)
    return whole


def check_distinct(names: Sequence[str]) -> None:
    """Raise JobProblem when two rows would write the same file (also where only case or accents' spelling differ)."""
    seen: dict[str, int] = {}
    for row, name in enumerate(names):
        key = unicodedata.normalize("NFC", name).casefold()
        if key in seen:
            raise JobProblem(f"Rows {seen[key] + 1} and {row + 1} would both be named “{_shown(name)}”.",
                             "Add {row} or a value that differs to the file-name template.", name)
        seen[key] = row


def fault_of(whole: str) -> str:
    """Why a file name with its ending cannot be used; empty when it can."""
    stem = whole.rpartition(".")[0]
    bad = next((char for char in whole if char in _FORBIDDEN or not char.isprintable()), "")
    faults = (
        (not stem, "is empty"),
        ("/" in whole or "\\" in whole or stem in {".", ".."}, "leads out of the folder"),
        (bad, f"contains {_spelled(bad)}, which not every system allows"),
        (_DEVICES.fullmatch(whole), "is reserved by Windows"),
        (whole.startswith("."), "would be hidden"),
        (stem[-1:] in {".", " "}, "ends with a dot or a space"),
        (len(whole.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES, f"is longer than {MAX_NAME_BYTES} bytes"),
    )
    return next((words for found, words in faults if found), "")


def _spelled(char: str) -> str:
    return f"“{char}”" if not char or char.isprintable() else f"the character U+{ord(char):04X}"


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[:120]
