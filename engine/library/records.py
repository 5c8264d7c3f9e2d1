"""What goes into the library and what comes out of it, as frozen plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.api import Medium, Recipe

BEST = 5
"""The highest rating; 0 is none."""

PAGE = 200
"""Entries that a question answers with, unless told otherwise."""


class Order(StrEnum):
    """What stands first. Of equals always the newest."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"        # the best first
    NAME = "name"            # of the file, as a person counts: 9 before 10
    LIKENESS = "likeness"    # what the words mean and say, the likest first; without words the newest


@dataclass(frozen=True)
class Keepsake:
    """A file that shall be remembered."""

    path: Path
    recipe: Recipe
    package_name: str = ""               # for people; the recipe knows the id
    medium: Medium = Medium.PICTURE
    texts: tuple[str, ...] = ()          # the cards in it
    colors: tuple[str, ...] = ()         # the swatches in it, "#rrggbb"
    thumbnail: bytes = b""               # a PNG
    parent: int | None = None            # the entry that it was made from
    kept: datetime | None = None         # when, with a time zone; None: now


@dataclass(frozen=True)
class Entry:
    """A file that is remembered. Its id is never given to another one."""

    id: int
    path: Path
    recipe: Recipe
    package_name: str
    medium: Medium
    texts: tuple[str, ...]
    colors: tuple[str, ...]
    words: str                           # what it is about: what the encoder reads
    rating: int                          # 0 (none) to 5
    tags: tuple[str, ...]                # in order of the alphabet
    kept: datetime                       # UTC
    parent: int | None                   # the entry that it was made from, as long as that is remembered
    missing: bool                        # the file was not there when it was last looked for


@dataclass(frozen=True)
class Query:
    """What is looked for; all of it has to hold. Empty: everything."""

    words: str = ""                      # each occurs in prompt, texts, tags, model or file name; or it is meant
    package: str = ""                    # a package's id
    medium: Medium | None = None
    rating: int = 0                      # at least
    tags: tuple[str, ...] = ()           # all of them
    missing: bool | None = None          # only those whose file is gone, or only those whose file is there
    parent: int | None = None            # only what was made from this entry
    order: Order = Order.LIKENESS
    limit: int | None = PAGE             # None: all
    offset: int = 0


@dataclass(frozen=True)
class Meaning:
    """A unit vector [dim] of what words mean, and which encoder said so: others speak other languages."""

    vector: NDArray[np.float32]
    encoder: str                         # the digest of its package


@dataclass(frozen=True)
class Found:
    """An entry that answers a question: how alike it is (-1 .. 1, 0 if that is not known), and whether it says so."""

    entry: Entry
    alike: float = 0.0
    said: bool = False

    @property
    def score(self) -> float:
        """What occurs counts more than what is meant."""
        return self.alike + self.said


@dataclass(frozen=True)
class Page:
    """Some of the answers, and how many there are in all."""

    found: tuple[Found, ...]
    total: int


@dataclass(frozen=True)
class Count:
    """A package or a tag, and how many entries have it."""

    key: str                             # the package's id; the tag
    name: str                            # for people
    count: int
