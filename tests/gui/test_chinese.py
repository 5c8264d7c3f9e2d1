"""A Chinese designer meets no English sentence: every label and tool tip of the window, for each starter package."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.api import ControlKind, Device, PackageInfo
from engine.errors import FileProblem
from engine.packages.describe import describe
from engine.paths import bundled_packages_folder
from gui.dialogs.settings import SettingsDialog
from tests.gui.conftest import Rig

PACKAGES = sorted(folder for folder in bundled_packages_folder().iterdir() if (folder / "manifest.json").exists())
WORD = re.compile(r"[A-Za-z][a-z'’]+")
ENOUGH = 3
"""So many English words in a row are a sentence; fewer may be a name: “DPM++ 2M Karras”, “Latent Atelier”."""
ROW = re.compile(rf"(?:{WORD.pattern}[ ,.;:]+){{{ENOUGH - 1},}}{WORD.pattern}")
ENGLISH_TO_MODELS = re.compile(r"“[^”]*”")
"""Examples of prompts: the models read English."""


def english(text: str) -> str:
    """The English sentence in a text, empty when there is none: three words in a row outside of quotation marks."""
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    found = ROW.search(ENGLISH_TO_MODELS.sub("", plain))
    return found[0] if found else ""


def texts_of(widget: QWidget | QAction) -> Iterator[str]:
    """What one widget shows, offers, explains and says to a screen reader."""
    yield widget.toolTip()
    yield widget.statusTip()
    if isinstance(widget, QAction):
        yield widget.text()
        return
    yield widget.windowTitle()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
        yield from (str(widget.itemData(row, Qt.ItemDataRole.ToolTipRole) or "") for row in range(widget.count()))


def leftovers(window: QWidget, allowed: Iterable[str] = ()) -> list[str]:
    """English sentences in a window, with the widget they stand in; `allowed` are no such."""
    found = []
    for widget in (window, *window.findChildren(QWidget), *window.findChildren(QAction)):
        for text in texts_of(widget):
            rest = html.unescape(text)
            for name in allowed:
                rest = rest.replace(name, "")
            if english(rest):
                found.append(f"{type(widget).__name__} {widget.objectName()}: {text}")
    return found


def examples(info: PackageInfo) -> tuple[str, ...]:
    """Prompts that are offered: they are meant for a model that reads English."""
    return tuple(choice.value for control in info.controls if control.kind is ControlKind.PROMPT
                 for choice in control.choices)


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_no_english_in_the_window_of_a_starter_package(folder, make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    info = describe(folder)
    rig = make_rig(info, language="zh_CN", started=False)
    rig.engine.draw = lambda _: np.zeros((8, 8, 3), np.uint8)
    rig.studio.begin(rig.studio.parts.bridge.open(info.folder), "", crashed=False)
    qtbot.waitUntil(lambda: rig.studio.session.info is not None)
    panel = rig.studio.workspace.panel
    for control in info.controls:
        assert panel.field(control.name) is not None
    assert leftovers(rig.studio.window, (*examples(info), info.folder)) == []


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_every_word_of_a_control_is_chinese_or_a_name(folder, make_rig: Callable[..., Rig]) -> None:
    """Single words too, which the walk through the window lets pass."""
    words = make_rig(language="zh_CN").studio.session.words
    missing = []
    for control in describe(folder).controls:
        said = [words.label(control), *(words.text(text) for text in (control.group, control.help, control.low,
                                                                      control.high) if text)]
        if control.kind is not ControlKind.PROMPT:
            said += [words.label(choice) for choice in control.choices]
        missing += [f"{control.name}: {text}" for text in said
                    if re.search("[A-Za-z]{2}", text) and not re.search(r"[\u4e00-\u9fff]", text)]
    assert missing == []


def test_dialogs_and_problems_speak_chinese(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    info = describe(bundled_packages_folder() / "glyphs")
    studio = make_rig(info, language="zh_CN").studio
    studio.teller.refuse(FileProblem("“a.csv” is not a folder.", "Choose a folder.").problem())
    studio.window.status.show_device(Device("cuda", "CPUExecutionProvider", "CPU, 2 threads",
                                           "NVIDIA GPU (CUDA) is not part of this installation. The processor is used "
                                           "instead."), "CUDA")
    dialog = SettingsDialog(studio.parts.settings, studio.keeper.folder(), "", studio.window)
    qtbot.addWidget(dialog)
    assert leftovers(studio.window, (info.folder,)) == []


def test_the_walk_finds_an_english_sentence(qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel("保留")
    qtbot.addWidget(label)
    label.setToolTip("<p>How strongly light falls on it.</p>")
    assert len(leftovers(label)) == 1
    assert english("处理器 (CPU), DPM++ 2M Karras, “a red fox in the snow”") == ""
