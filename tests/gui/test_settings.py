"""Preferences survive; a damaged file or value never stops the start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from gui.dialogs.settings import SettingsDialog
from gui.engine_bridge import start_client
from gui.settings import FILE_NAME, Settings
from tests.gui.conftest import Rig


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


def memory_box(dialog: SettingsDialog) -> QSpinBox:
    box = dialog.field("memory")
    assert isinstance(box, QSpinBox)
    return box


def test_memory_is_automatic_until_a_number_is_typed_and_then_remembered(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(tmp_path)
    dialog = SettingsDialog(settings, tmp_path / "kept", "CPU")
    qtbot.addWidget(dialog)
    box = memory_box(dialog)
    assert (box.text(), settings.engine()) == ("Automatic", ("auto", 0, 0))
    box.setValue(2048)
    assert box.text() == "2048 MB"
    with qtbot.waitSignal(dialog.engine_changed):
        dialog.accept()
    assert settings.save() is None
    assert Settings(tmp_path).engine() == ("auto", 0, 2048)


def test_an_untouched_dialog_leaves_the_engine_alone(tmp_path: Path, qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(tmp_path), tmp_path / "kept", "CPU")
    qtbot.addWidget(dialog)
    with qtbot.assertNotEmitted(dialog.engine_changed):
        dialog.accept()


def test_another_memory_starts_the_engine_anew_and_the_picture_comes_back(rig: Rig, qtbot: QtBot) -> None:
    rig.studio.session.edit("weight", 1.0)
    rig.studio.actions["settings"].trigger()
    dialog = rig.studio.deeds._dialogs["settings"]
    memory_box(dialog).setValue(1024)
    dialog.accept()
    assert rig.starts == [("auto", 0, 0), ("auto", 0, 1024)]
    assert rig.engine.closed
    qtbot.waitUntil(lambda: [recipe.values["weight"] for _, recipe in rig.engines[1].previews] == [1.0])


@pytest.mark.parametrize(("memory", "told"), [(0, None), (1024, 1024)])
def test_the_real_engine_is_told_the_memory_as_the_command_line_tells_it(memory: int, told: int | None) -> None:
    client = start_client("cpu", 0, memory)
    options = client._keeper._options
    client.close()
    assert (options.provider, options.threads, options.memory) == ("cpu", None, told)
