"""Preferences survive; a damaged file or value never stops the start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gui.dialogs.settings import SettingsDialog
from gui.settings import FILE_NAME, Settings


@pytest.fixture(autouse=True)
def app(qapp: QApplication) -> None:
    """Signals need an application."""


def test_values_come_back_with_their_types(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.set("theme", "light")
    settings.set("threads", 3)
    settings.set("show_panel", False)
    assert settings.save() is None
    again = Settings(tmp_path)
    assert (again.text("theme"), again.number("threads"), again.flag("show_panel")) == ("light", 3, False)


def test_only_what_differs_from_the_default_is_stored(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.set("theme", "dark")
    settings.save()
    assert json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8")) == {"theme": "dark"}


@pytest.mark.expects_log("settings are unreadable")
def test_a_damaged_file_means_defaults(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"theme": "li', encoding="utf-8")
    assert Settings(tmp_path).text("theme") == "system"


def test_a_wrong_value_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"theme": 5, "threads": true, "language": "zh_CN"}', encoding="utf-8")
    settings = Settings(tmp_path)
    assert (settings.text("theme"), settings.number("threads"), settings.text("language")) == ("system", 0, "zh_CN")


def test_unknown_keys_of_a_newer_version_are_kept(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"later": [1]}', encoding="utf-8")
    settings = Settings(tmp_path)
    settings.set("theme", "dark")
    settings.save()
    assert json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8")) == {"later": [1], "theme": "dark"}


def test_a_value_outside_the_declaration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="theme"):
        Settings(tmp_path).set("theme", "pink")


def test_a_folder_that_cannot_be_made_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "file" / "config")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    problem = settings.save()
    assert problem is not None
    assert problem.remedy


def test_the_python_to_convert_with_is_typed_and_kept(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(tmp_path)
    dialog = SettingsDialog(settings, tmp_path / "kept", "CPU")
    qtbot.addWidget(dialog)
    line = dialog.field("export_python")
    assert isinstance(line, QLineEdit)
    assert line.text() == ""
    line.setText(" /opt/torch/bin/python ")
    dialog.accept()
    assert settings.text("export_python") == "/opt/torch/bin/python"
    assert settings.text("keep_folder") == ""    # untouched lines change nothing
