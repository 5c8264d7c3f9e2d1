"""What a person made of a package's sliders: names of their own, favourites, some put away. Kept by package digest.

The package itself stays as it is: the same file means the same thing on every desk.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine import strictjson
from engine.api import PackageInfo
from gui.properties import OWN
from gui.scribe import Scribe

FILE_NAME = "directions.json"
MAX_BYTES = 4_000_000
MOST = 300
LONGEST = 60
"""Letters of a name: longer ones do not fit the panel."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Marks:
    """One package's marks; every member speaks of controls by name."""

    names: Mapping[str, str] = field(default_factory=dict)
    favourites: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    strips: frozenset[str] = frozenset()     # sliders whose filmstrip is open

    def renamed(self, name: str, label: str) -> Marks:
        """With `label` as the name of a control; an empty one gives the package's own back."""
        rest = {key: value for key, value in self.names.items() if key != name}
        return replace(self, names={**rest, name: label} if label else rest)

    def plain(self) -> dict[str, Any]:
        """As it lies in the file; what is empty is left out."""
        told: dict[str, Any] = {"names": dict(self.names), "favourites": sorted(self.favourites),
                                "hidden": sorted(self.hidden), "strips": sorted(self.strips)}
        return {key: value for key, value in told.items() if value}


class MarkBook:
    """The marks of every package, loaded once, written by the scribe after each change."""

    def __init__(self, folder: Path, scribe: Scribe) -> None:
        """`folder` is the person's config folder."""
        self._path = folder / FILE_NAME
        self._scribe = scribe
        self._marks = self._load()

    def of(self, digest: str) -> Marks:
        """The marks of the package with that digest."""
        return self._marks.get(digest, Marks())

    def put(self, digest: str, marks: Marks) -> None:
        """Replace them, and have that written."""
        self._marks.pop(digest, None)
        if marks.plain():
            self._marks[digest] = marks
        self._marks = dict(list(self._marks.items())[-MOST:])
        told = {key: value.plain() for key, value in self._marks.items()}
        self._scribe.write(self._path, json.dumps(told, ensure_ascii=False, indent=1).encode())

    def _load(self) -> dict[str, Marks]:
        try:
            stored = strictjson.parse_object(self._path.read_bytes(), max_bytes=MAX_BYTES)
            return {str(digest): _marks(entry) for digest, entry in stored.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            _log.warning("the names given to sliders are unreadable and start anew: %s", error)
            return {}


def named(info: PackageInfo, marks: Marks) -> PackageInfo:
    """The package as this person calls its controls."""
    if not marks.names:
        return info
    return replace(info, controls=tuple(
        replace(control, labels={OWN: marks.names[control.name]}) if control.name in marks.names else control
        for control in info.controls))


def tidy(text: str) -> str:
    """A typed name: one line, no needless spaces, not too long."""
    return " ".join(text.split())[:LONGEST].strip()


def _marks(entry: Mapping[str, Any]) -> Marks:
    names = {str(name): tidy(str(label)) for name, label in dict(entry.get("names", {})).items()}
    favourites, hidden, strips = (frozenset(map(str, entry.get(key, ()))) for key in ("favourites", "hidden", "strips"))
    return Marks(names, favourites, hidden, strips)
