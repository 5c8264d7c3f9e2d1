"""The sheet of keys: whatever has a key is on it, in the words of the language."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine.paths import resources_folder
from gui.commands import COMMANDS
from gui.dialogs.shortcuts import ShortcutSheet
from gui.language import Language


def labels(qtbot: QtBot) -> list[str]:
    sheet = ShortcutSheet()
    qtbot.addWidget(sheet)
    return [label.text() for label in sheet.findChildren(QLabel)]


def test_every_command_with_a_key_is_on_the_sheet_and_so_are_the_keys_of_prompts(qtbot: QtBot) -> None:
    told = labels(qtbot)
    assert [command.id for command in COMMANDS if command.keys and command.words().rstrip("…") not in told] == []
    assert "Ctrl+Up  Ctrl+Down" in told
    assert "Ctrl+Return" in told


def test_headings_in_chinese_are_words_without_the_letter_of_the_menu(qtbot: QtBot, qapp: QApplication) -> None:
    speaker = Language(resources_folder() / "translations")
    speaker.speak("zh_CN")
    try:
        assert "文件" in labels(qtbot)
    finally:
        speaker.speak("en")
