# ruff: noqa: INP001  beside a script, no package
"""The picture of the library: what several starter models made, rated and tagged, one of them looked at."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from take import Photographer

from engine.paths import bundled_packages_folder
from gui.workspaces.library import LibraryWorkspace

KEPT: tuple[tuple[str, str, int], ...] = (
    ("names", "Studio", 7), ("palettes", "rainy morning in the old town", 2), ("icons", "lighthouse", 4),
    ("textures", "worn red brick with moss", 4), ("textures", "wet pebbles, grey stone", 5),
    ("icons", "leaf", 9), ("palettes", "a calm sea in the evening", 3), ("textures", "old oak planks", 2),
    ("names", "Harbour", 3), ("textures", "blue marble with golden veins", 8), ("icons", "sailing boat", 2),
    ("palettes", "autumn leaves on wet stone", 5),
)
STARS = (0, 3, 0, 5, 4, 0, 4, 3, 0, 5, 0, 2)
TAGS = {3: ("facade", "tileable"), 4: ("tileable",), 9: ("hotel lobby", "tileable")}


def take_library(app: QApplication) -> None:
    """The page with one chosen, dark; searched, light."""
    photographer = Photographer(app, folder=str(bundled_packages_folder() / KEPT[0][0]))
    studio = photographer.studio
    for number, (package, prompt, seed) in enumerate(KEPT, 1):
        if studio.session.info is None or studio.session.info.id != package:
            studio.opener.open_folder(bundled_packages_folder() / package)
            photographer.wait(lambda name=package: bool(studio.session.info and studio.session.info.id == name))
        photographer.set({"prompt": prompt, "seed": seed})
        studio.actions["keep"].trigger()
        photographer.wait(lambda number=number: studio.kept.rowCount() == number, still_s=0.1)
    ids = [studio.kept.id_at(row) for row in reversed(range(len(KEPT)))]
    for place, stars in enumerate(STARS):
        studio.kept_deeds.rate([ids[place]], stars)
        for tag in TAGS.get(place, ()):
            studio.kept_deeds.tag([ids[place]], tag)
    studio.actions["library"].trigger()
    page = studio.window.here()
    if not isinstance(page, LibraryWorkspace):
        raise TypeError("the library did not open")
    photographer.wait(lambda: page.model.rowCount() == len(KEPT), still_s=7.0)   # the toast goes
    page.choose(ids[9])
    photographer.wait(lambda: bool(page.details.name.text()), still_s=1.0)
    photographer.take("library")
    photographer.theme.choose("light")
    page.bar.search.setText("stone")
    photographer.wait(lambda: page.model.rowCount() < len(KEPT), still_s=6.0)
    page.choose(page.model.id_at(0))
    photographer.wait(lambda: True, still_s=1.0)
    photographer.take("library-search")
    studio.window.close()
