"""Both schemes can be read, every icon exists, and every colour of the style sheet is defined."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from engine.paths import resources_folder
from gui.commands import COMMANDS
from gui.theme import DARK, LIGHT, Colors, Theme
from gui.theme.icons import draw_icon

PAIRS = (("text", "window"), ("text", "panel"), ("text", "field"), ("muted", "window"), ("muted", "panel"),
         ("accent_text", "accent"), ("link", "window"), ("danger", "panel"), ("warning", "banner"),
         ("toast_text", "toast"), ("toast_link", "toast"), ("muted", "banner"), ("link", "hover"))


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(color[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colors", [DARK, LIGHT], ids=lambda colors: colors.name)
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_words_can_be_read(colors: Colors, pair: tuple[str, str]) -> None:
    least = 3.7 if pair == ("accent_text", "accent") else 4.5   # the label of the primary button is bold
    assert contrast(getattr(colors, pair[0]), getattr(colors, pair[1])) >= least


def test_the_style_sheet_uses_only_colours_that_exist() -> None:
    sheet = (resources_folder() / "theme" / "studio.qss").read_text(encoding="utf-8")
    names = set(re.findall(r"(?<!\$)\$\{?([a-z_]+)", sheet))
    assert names <= {*vars(DARK), "folder"}


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_pictures_of_the_style_sheet_exist(name: str) -> None:
    sheet = (resources_folder() / "theme" / "studio.qss").read_text(encoding="utf-8").replace("$name", name)
    for picture in re.findall(r"url\(\$folder/([^)]+)\)", sheet):
        assert (resources_folder() / "theme" / picture).is_file()
        assert (resources_folder() / "theme" / picture.replace(".png", "@2x.png")).is_file()


def test_every_icon_that_the_code_names_exists_and_no_other(qapp: QApplication) -> None:
    folder = resources_folder() / "icons"
    there = {path.stem for path in folder.glob("*.svg")}
    named = {command.icon for command in COMMANDS if command.icon}
    assert named <= there
    code = "\n".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "gui").rglob("*.py"))
    assert {name for name in there if f'"{name}"' not in code} == set()


def test_an_icon_is_drawn_in_its_colour_and_sharp(qapp: QApplication) -> None:
    pixmap = draw_icon(resources_folder() / "icons", "x", "#ff0000", 16, 2.0)
    assert pixmap.width() == 32
    image = pixmap.toImage()
    colors = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
    shades = {color.name() for color in colors if color.alpha() == 255}
    assert shades == {"#ff0000"}


def test_an_icon_with_a_colour_of_its_own_keeps_it_when_checked_and_is_grey_when_disabled(theme: Theme) -> None:
    icon, modes, states = theme.icon("lock", "#ff0000", 16), QIcon.Mode, QIcon.State
    shades = [icon.pixmap(16, mode, state).toImage()
              for mode, state in ((modes.Normal, states.Off), (modes.Normal, states.On),
                                  (modes.Disabled, states.Off), (modes.Disabled, states.On))]
    assert shades[0] == shades[1] != shades[2] == shades[3]


def test_a_choice_is_applied_and_announced_once(theme: Theme) -> None:
    heard = []
    theme.changed.connect(lambda: heard.append(theme.colors.name))
    theme.choose("light")
    theme.choose("light")
    theme.choose("dark")
    assert heard == ["light", "dark"]
