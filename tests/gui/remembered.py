"""Puts files that were kept into the library of a studio under test, and waits until they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pytestqt.qtbot import QtBot

from engine.api import Medium, Recipe
from engine.library.library import Library
from engine.library.records import Entry, Keepsake
from tests.gui.conftest import Rig

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def prompted(recipe: Recipe, texts: Sequence[str], folder: Path = Path("/kept")) -> list[Keepsake]:
    """A picture for every prompt, the first one the oldest."""
    return [Keepsake(folder / f"{number}.png", recipe.with_values({"prompt": text}), "Textures",
                     kept=BEGAN + timedelta(hours=number)) for number, text in enumerate(texts)]


def mixed(recipe: Recipe, folder: Path = Path("/kept")) -> list[Keepsake]:
    """A picture, a text and a palette."""
    return [Keepsake(folder / "picture.png", recipe, "Glyphs", kept=BEGAN),
            Keepsake(folder / "words.txt", recipe, "Names", Medium.TEXT, ("Ravenna", "Ostia"),
                     kept=BEGAN + timedelta(hours=1)),
            Keepsake(folder / "sea.gpl", recipe, "Palettes", Medium.PALETTE, colors=("#102030", "#405060"),
                     kept=BEGAN + timedelta(hours=2))]


def remember(rig: Rig, keepsakes: Sequence[Keepsake], qtbot: QtBot) -> tuple[Entry, ...]:
    """Add them; returns when the strip shows that many more."""
    wanted = rig.studio.kept.rowCount() + len(keepsakes)
    found: list[Entry] = []

    def add(library: Library) -> None:
        found.extend(library.add_many(keepsakes))

    rig.studio.desk.tell(add)
    qtbot.waitUntil(lambda: rig.studio.kept.rowCount() == wanted)
    return tuple(found)
