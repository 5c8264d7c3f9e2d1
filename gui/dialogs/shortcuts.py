"""All keyboard shortcuts on one sheet, from the table of commands."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.commands import COMMANDS, CONTEXT, MENUS, native

ENTER = "Enter"
"""The second key for Return, on the number pad, is not worth a word."""
MNEMONIC = re.compile(r"\(&\w\)")
"""How Chinese menus mark the letter that opens them."""


class ShortcutSheet(QDialog):
    """Three columns of headings, commands and keys; the gestures of the mouse, of prompts, cards and the brush."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        sides = QHBoxLayout()
        sides.setSpacing(46)
        menus = [self._of_menu(menu) for menu in MENUS]
        for side in (menus[::2], menus[1::2], self._gestures()):       # every other one: the long ones are apart
            sides.addLayout(self._side(side))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(18)
        column.addLayout(sides)
        column.addWidget(buttons)

    def _gestures(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What is in no menu: it works where the mouse or the cursor is."""
        return [
            (self.tr("Mouse"), [
                (self.tr("Zoom at the cursor"), self.tr("Ctrl + wheel")),
                (self.tr("Move the picture"), self.tr("Drag, Space-drag, middle button")),
                (self.tr("Fit, or actual pixels"), self.tr("Double-click on the picture")),
                (self.tr("Fine steps on a slider"), self.tr("Shift-drag, Shift + arrows")),
                (self.tr("Reset a slider"), self.tr("Double-click, Delete")),
            ]),
            (self.tr("In a prompt"), [
                (self.tr("Weigh the word at the cursor"), _pair("Ctrl+Up", "Ctrl+Down")),
                (self.tr("Earlier prompts"), _pair("Alt+Up", "Alt+Down")),
            ]),
            (self.tr("In the history, comparing"), [
                (self.tr("Pick a state to compare"), self.tr("Ctrl + click")),
                (self.tr("Each in the other's place"), self.tr("Hold Space")),
            ]),
            (self.tr("On a card of text"), [
                (self.tr("Copy"), native("Return")), (self.tr("Star"), "S"), (self.tr("Keep this one"), "K"),
            ]),
            (self.tr("Library"), [
                (self.tr("Rate, take the rating away"), "1 – 5, 0"), (self.tr("Restore"), native("Return")),
                (self.tr("Forget"), native("Delete")),
            ]),
            (self.tr("Mask brush"), [
                (self.tr("Smaller, larger"), "[  ]"), (self.tr("Brush or eraser"), "X"),
            ]),
        ]

    def _of_menu(self, menu: str) -> tuple[str, list[tuple[str, str]]]:
        rows = [(command.words().rstrip("…"), "  ".join(native(keys) for keys in command.keys[:2] if ENTER not in keys))
                for command in COMMANDS if command.menu == menu and command.keys]
        return MNEMONIC.sub("", QCoreApplication.translate(CONTEXT, menu)).replace("&", ""), rows

    def _side(self, groups: list[tuple[str, list[tuple[str, str]]]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(26)
        grid.setVerticalSpacing(6)
        line = 0
        for title, rows in groups:
            heading = QLabel(title)
            heading.setProperty("role", "heading")
            grid.addWidget(heading, line, 0, 1, 2)
            line += 1
            for name, keys in rows:
                grid.addWidget(QLabel(name), line, 0)
                keys_label = QLabel(keys)
                keys_label.setProperty("role", "muted")
                grid.addWidget(keys_label, line, 1, Qt.AlignmentFlag.AlignRight)
                line += 1
            grid.setRowMinimumHeight(line, 10)
            line += 1
        grid.setRowStretch(line, 1)
        return grid


def _pair(one: str, other: str) -> str:
    return f"{native(one)}  {native(other)}"
