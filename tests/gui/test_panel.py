"""Fields show and edit what their control declares; a gesture is what a person would call one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from engine.api import Choice, Control, ControlKind, PackageInfo
from engine.packages.describe import describe
from engine.paths import resources_folder
from gui.properties import Words
from gui.theme import Theme
from gui.widgets.boxes import RealBox
from gui.widgets.fields import FIELDS, FieldContext
from gui.widgets.fields.choice_field import ChoiceField
from gui.widgets.grid_picker import GridPicker
from gui.widgets.panel import ControlPanel
from gui.widgets.track import Track


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, info: PackageInfo) -> ControlPanel:
    made = ControlPanel(theme, Words("en"))
    qtbot.addWidget(made)
    made.set_package(info)
    made.show_values(info.default_recipe().values, frozenset(info.default_recipe().values))
    made.resize(340, 1400)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def edits(panel: ControlPanel) -> list[tuple[str, object, object]]:
    heard: list[tuple[str, object, object]] = []
    panel.edited.connect(lambda *edit: heard.append(edit))
    return heard


def drag(qtbot: QtBot, track: Track, start: float, *ways: float) -> None:
    """Press at a share of the track's width and move by pixels."""
    at = QPoint(round(track.width() * start), track.height() // 2)
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=at)
    for way in ways:
        at += QPoint(round(way), 0)
        qtbot.mouseMove(track, at)
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=at)


def test_every_kind_of_control_has_a_field() -> None:
    assert set(FIELDS) == set(ControlKind)


def test_the_ticks_of_one_drag_share_a_gesture_and_the_next_drag_has_another(panel, edits, qtbot) -> None:
    track = panel.field("weight").findChild(Track)
    drag(qtbot, track, 0.5, 10, 10, 10)
    first = {gesture for _, _, gesture in edits}
    assert len(edits) == 3
    assert len(first) == 1
    drag(qtbot, track, 0.8, 10)
    assert len({gesture for _, _, gesture in edits}) == 2


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_controls_of_every_starter_model_fit_into_the_narrowest_panel(qtbot: QtBot, theme: Theme,
                                                                           language: str) -> None:
    for folder in sorted((resources_folder() / "packages").iterdir()):
        made = ControlPanel(theme, Words(language))
        qtbot.addWidget(made)
        made.set_package(describe(folder))
        assert made.widget().minimumSizeHint().width() <= made.minimumWidth(), folder.name


def test_options_too_wide_for_segments_become_a_list(qtbot: QtBot, theme: Theme) -> None:
    field = ChoiceField(Control("show", ControlKind.CHOICE, "Show", "b", "Picture", choices=tuple(
        Choice(name, words) for name, words in zip("abcd", ("Colour", "Tone", "Height map", "Normal map"),
                                                   strict=True))), FieldContext(theme, Words("en"), iter(range(9))))
    qtbot.addWidget(field)
    drop = field.findChild(QComboBox)
    assert drop is not None
    assert drop.currentText() == "Tone"
    with qtbot.waitSignal(field.edited) as heard:
        drop.setCurrentIndex(3)
    assert heard.args[:2] == ["show", "d"]


def test_a_click_on_the_track_jumps_there(panel, edits, qtbot) -> None:
    track = panel.field("weight").findChild(Track)
    drag(qtbot, track, 1.0)
    assert edits[-1][:2] == ("weight", 3.0)


def test_double_click_and_the_button_reset(panel, edits, qtbot) -> None:
    field = panel.field("weight")
    field.show_value(2.0)
    track = field.findChild(Track)
    qtbot.mouseDClick(track, Qt.MouseButton.LeftButton)
    assert edits[-1][:2] == ("weight", 0.0)
    field.show_value(2.0)
    reset = next(button for button in field.findChildren(QToolButton) if "Reset" in button.toolTip())
    assert reset.isEnabled()
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert edits[-1][:2] == ("weight", 0.0)


def test_shift_and_arrow_is_one_step_of_the_control(panel, edits, qtbot) -> None:
    track = panel.field("weight").findChild(Track)
    qtbot.keyClick(track, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert edits[-1][:2] == ("weight", 0.01)


def test_quick_key_presses_are_one_gesture(panel, edits, qtbot) -> None:
    track = panel.field("weight").findChild(Track)
    for _ in range(4):
        qtbot.keyClick(track, Qt.Key.Key_Right)
    assert len({gesture for _, _, gesture in edits}) == 1


def test_a_typed_value_takes_comma_and_minus(panel, edits, qtbot) -> None:
    box = panel.field("weight").findChild(RealBox)
    box.setFocus()
    box.lineEdit().setText("-1,25")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert edits[-1][:2] == ("weight", -1.25)
    assert box.text() == "−1.25 σ"


def test_showing_values_announces_nothing(panel, edits, info) -> None:
    values = {**info.default_recipe().values, "weight": 1.5, "text": "other", "seed": 2**32 - 1, "ink": "#ff0000",
              "paper": "none", "size": (100, 50), "mode": "character", "character": "B", "round": True}
    panel.show_values(values, frozenset(values))
    assert edits == []
    assert panel.field("weight").findChild(RealBox).value() == 1.5
    assert panel.field("seed").findChild(RealBox).text() == str(2**32 - 1)
    assert panel.field("text").findChild(QPlainTextEdit).toPlainText() == "other"


def test_fields_that_do_not_count_are_hidden(panel, info) -> None:
    assert not panel.field("text").isHidden()
    assert panel.field("character").isHidden()
    values = {**info.default_recipe().values, "mode": "character"}
    panel.show_values(values, frozenset({"mode"}))
    assert panel.field("text").isHidden()
    assert not panel.field("character").isHidden()


def test_typing_is_one_preview_per_pause(panel, edits, qtbot) -> None:
    box = panel.field("text").findChild(QPlainTextEdit)
    box.selectAll()
    with qtbot.waitSignal(panel.edited):
        qtbot.keyClicks(box, "Ave")
    assert [edit[:2] for edit in edits] == [("text", "Ave")]


def test_text_longer_than_allowed_is_cut_and_counted(panel, edits, qtbot) -> None:
    box = panel.field("text").findChild(QPlainTextEdit)
    with qtbot.waitSignal(panel.edited):
        box.setPlainText("x" * 500)
    assert len(edits[-1][1]) == 400


def test_linked_sides_keep_the_shape(panel, edits, qtbot) -> None:
    field = panel.field("size")
    wide, high = field.findChildren(QSpinBox)
    link = next(button for button in field.findChildren(QToolButton) if button.isCheckable())
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    wide.setValue(200)
    assert edits[-1][:2] == ("size", (200, 100))
    high.setValue(50)
    assert edits[-1][:2] == ("size", (100, 50))


def test_a_colour_is_typed_and_a_wrong_one_marked(panel, edits, qtbot) -> None:
    line = panel.field("ink").findChild(QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, "#00ff7f")
    assert edits[-1][:2] == ("ink", "#00ff7f")
    heard = len(edits)
    line.selectAll()
    qtbot.keyClicks(line, "#zzzzzz")
    assert len(edits) == heard
    assert line.property("invalid")


def test_transparent_and_back_to_the_colour_before(panel, edits) -> None:
    field = panel.field("paper")
    field.findChild(QCheckBox).setChecked(True)
    assert edits[-1][:2] == ("paper", "none")
    field.show_value("none")
    field.findChild(QCheckBox).setChecked(False)
    assert edits[-1][:2] == ("paper", "#faf8f3")


def test_the_wheel_over_a_slider_without_focus_changes_nothing(panel, edits) -> None:
    track = panel.field("weight").findChild(Track)
    track.clearFocus()
    event = QWheelEvent(QPointF(50, 8), QPointF(track.mapToGlobal(QPoint(50, 8))), QPoint(), QPoint(0, 120),
                        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(track, event)
    assert edits == []


def test_everything_that_can_be_used_has_a_name_for_screen_readers(panel) -> None:
    nameless = [f"{type(widget).__name__} in {panel.field(name).control.name}"
                for name in panel._fields for widget in panel.field(name).findChildren(QToolButton)
                if not (widget.accessibleName() or widget.text())]
    sliders = [track for track in panel.findChildren(Track) if not track.accessibleName()]
    assert nameless == []
    assert sliders == []


def test_help_becomes_the_tool_tip(panel) -> None:
    assert "Thin to Heavy" in panel.field("weight").toolTip()


def test_labels_follow_the_locale(qtbot: QtBot, theme: Theme, info: PackageInfo) -> None:
    words = Words("zh_CN")
    assert words.label(info.control("weight")) == "字重"
    assert words.edit(info.control("weight"), 1.2) == "字重 +1.20 σ"
    assert words.choice(info.control("mode"), "character") == "单个字符"


def test_a_value_is_told_as_a_person_reads_it(info: PackageInfo) -> None:
    words = Words("en")
    told = {name: words.value(info.control(name), value) for name, value in (
        ("weight", -0.004), ("width", -1.5), ("variety", 0.8), ("size", (64, 32)), ("paper", "none"), ("seed", 7),
        ("text", "a\nb" + "c" * 40), ("round", True))}
    assert told == {"weight": "0.00 σ", "width": "−1.50 σ", "variety": "0.80", "size": "64 × 32",
                    "paper": "Transparent", "seed": "7", "text": "“a b" + "c" * 21 + "…”", "round": "on"}


def test_resources_hold_the_icon_licence() -> None:
    licence = Path(__file__).parents[2] / "resources" / "icons" / "LICENSE.txt"
    assert "ISC License" in licence.read_text(encoding="utf-8")


def test_a_segment_is_chosen_by_a_click(panel, edits, qtbot) -> None:
    button = next(button for button in panel.field("mode").findChildren(QToolButton) if button.text() == "One letter")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [edit[:2] for edit in edits] == [("mode", "character")]
    assert button.isChecked()


def test_a_letter_is_typed_stepped_or_picked_from_the_grid(panel, edits, qtbot) -> None:
    picker = panel.field("character").findChild(GridPicker)
    qtbot.keyClick(picker, "j")
    qtbot.keyClick(picker, Qt.Key.Key_Left)
    picker._grid.itemClicked.emit(picker._grid.item(0))
    assert [edit[:2] for edit in edits] == [("character", "j"), ("character", "i"), ("character", "A")]
    assert picker.text() == "A"
