"""Prompts in the window: typed, weighed, remembered, read by the model; sliders between words; palettes as values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from engine.api import Control, ControlKind, Recipe
from gui.prompt_book import PromptBook
from gui.properties import Words
from gui.scribe import Scribe
from gui.session import Session
from gui.theme import Theme
from gui.widgets.fields import AxesField, FieldContext, PaletteField, PromptField
from gui.widgets.fields.palette_field import colors_in
from gui.widgets.panel import ControlPanel
from gui.widgets.swatches import SwatchRow
from tests.gui import prompts
from tests.gui.conftest import Rig


@pytest.fixture
def desk(make_rig: Callable[..., Rig], qtbot: QtBot) -> Rig:
    """A quick model with a prompt, whose engine says what it reads."""
    rig = make_rig(prompts.textures())
    rig.engine.plan = prompts.planner(8)
    return rig


def field(rig: Rig, name: str = "prompt") -> PromptField:
    found = rig.studio.workspace.panel.field(name)
    assert isinstance(found, PromptField)
    return found


def value(rig: Rig, name: str = "prompt") -> object:
    return rig.studio.session.recipe.values[name]


def test_typing_is_one_preview_at_a_pause_and_one_undo_step(desk: Rig, qtbot: QtBot) -> None:
    asked = len(desk.engine.previews)
    qtbot.keyClicks(field(desk).box, "wet stone")
    qtbot.waitUntil(lambda: value(desk) == "wet stone")
    assert len(desk.engine.previews) == asked + 1
    desk.studio.actions["undo"].trigger()
    assert (value(desk), field(desk).box.toPlainText()) == ("", "")


def test_ctrl_up_weighs_the_word_at_the_cursor_and_down_takes_it_back(desk: Rig, qtbot: QtBot) -> None:
    box = field(desk).box
    qtbot.keyClicks(box, "red brick")
    for _ in range(2):
        qtbot.keyClick(box, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert box.toPlainText() == "red (brick:1.2)"
    assert box.textCursor().selectedText() == "brick"
    for _ in range(2):
        qtbot.keyClick(box, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert box.toPlainText() == "red brick"


def test_the_count_the_cut_and_what_the_seed_reads_follow_a_pause(desk: Rig, qtbot: QtBot) -> None:
    qtbot.keyClicks(field(desk).box, "a {red|blue} wall with ivy in the low evening sun")
    qtbot.waitUntil(lambda: field(desk).told()[0].startswith("10"))
    count, reads, cut = field(desk).told()
    assert count == "10 / 8 tokens"
    assert reads == "This seed reads: a blue wall with ivy in the low evening sun"
    assert cut == "Not read any more: “evening sun”"
    block = field(desk).box.document().firstBlock().layout().formats()
    assert any(part.format.fontStrikeOut() and part.start + part.length == 49 for part in block)


def test_a_plan_of_an_older_prompt_is_not_told(desk: Rig, qtbot: QtBot) -> None:
    desk.engine.silent = True
    desk.studio.session.edit("prompt", "one two")
    qtbot.waitUntil(lambda: desk.engine.asked[-1][0] == "consider")
    older = len(desk.engine.asked)
    desk.studio.session.edit("prompt", "three")
    qtbot.waitUntil(lambda: desk.engine.asked[-1][0] == "consider" and len(desk.engine.asked) > older)
    from engine.messages import Considered

    desk.engine.say(Considered(older, prompts.planner()(desk.engine.asked[older - 1][1])))
    QApplication.processEvents()
    assert field(desk).told()[0] == ""


def test_examples_stand_there_while_the_prompt_is_empty(desk: Rig, qtbot: QtBot) -> None:
    chips = field(desk).chips()
    assert [chip.text() for chip in chips] == [choice.value for choice in prompts.EXAMPLES]
    chips[1].click()
    assert value(desk) == "brushed steel"
    assert field(desk).chips() == ()
    desk.studio.actions["undo"].trigger()
    assert len(field(desk).chips()) == 3


@pytest.mark.parametrize(("told", "shown"), [
    ("A mood, a place. {a|b} chooses.", "A mood, a place"), ("An icon.", "An icon"), ("", "Say what you want")])
def test_an_empty_prompt_says_what_belongs_there(qtbot: QtBot, theme: Theme, told: str, shown: str) -> None:
    made = PromptField(Control("prompt", ControlKind.PROMPT, "Prompt", "", "Prompt", told),
                       FieldContext(theme, Words("en"), iter(range(9))))
    qtbot.addWidget(made)
    assert made.box.placeholderText() == shown


def test_alt_up_brings_earlier_prompts_back_and_alt_down_the_one_being_written(desk: Rig, qtbot: QtBot) -> None:
    for text in ("first", "second"):
        desk.studio.session.edit("prompt", text)
        desk.studio.actions["keep"].trigger()
        qtbot.waitUntil(lambda text=text: desk.studio.prompts.of("prompt")[:1] == (text,))
    box = field(desk).box
    box.replace("thi")
    alt = Qt.KeyboardModifier.AltModifier
    shown = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(box, key, alt)
        shown.append(box.toPlainText())
    assert shown == ["second", "first", "first", "second", "thi"]


def test_earlier_prompts_outlive_the_program(tmp_path: Path) -> None:
    info, scribe = prompts.painter(), Scribe()
    book = PromptBook(tmp_path, scribe)
    for text in ("a", "b", "a"):
        book.note(info, info.default_recipe().with_values({"prompt": text, "negative": "dull"}))
    scribe.close()
    again = PromptBook(tmp_path, scribe)
    assert (again.of("prompt"), again.of("negative"), again.of("axes")) == (("a", "b"), ("dull",), ())


@pytest.mark.expects_log("unreadable")
def test_damaged_earlier_prompts_start_anew(tmp_path: Path) -> None:
    (tmp_path / "prompts.json").write_text("{", encoding="utf-8")
    assert PromptBook(tmp_path, Scribe()).of("prompt") == ()


def test_ctrl_return_in_the_box_runs_what_was_typed(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(prompts.painter(), started=False)
    rig.studio.begin(rig.studio.parts.bridge.open("/models/painter"), "", crashed=False)
    qtbot.waitUntil(lambda: rig.studio.session.info is not None)
    box = field(rig).box
    box.setFocus()
    qtbot.keyClicks(box, "harbour")
    rig.studio.window.activateWindow()
    rig.studio.actions["run"].trigger()
    assert rig.engine.previews[-1][1].values["prompt"] == "harbour"
    assert "\n" not in box.toPlainText()


def test_a_negative_prompt_is_folded_until_there_is_one(qtbot: QtBot, theme: Theme) -> None:
    panel = ControlPanel(theme, Words("en"))
    qtbot.addWidget(panel)
    info = prompts.painter()
    panel.set_package(info)
    panel.show()
    folded = panel.field("negative")
    assert not folded.box.isVisible()
    panel.show_values({**info.default_recipe().values, "negative": "blurry"}, frozenset({"negative"}))
    assert folded.box.isVisible()


def test_a_prompt_longer_than_allowed_is_cut_while_typing(qtbot: QtBot, theme: Theme, session: Session) -> None:
    panel = ControlPanel(theme, Words("en"))
    qtbot.addWidget(panel)
    panel.set_controls((Control("prompt", ControlKind.PROMPT, "Prompt", "", "Prompt", maximum=5),))
    qtbot.keyClicks(panel.field("prompt").box, "abcdefgh")
    assert panel.field("prompt").box.toPlainText() == "abcde"


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> ControlPanel:
    """A panel with a field for prompt sliders and one for a palette."""
    made = ControlPanel(theme, Words("en"))
    qtbot.addWidget(made)
    made.set_controls((Control("axes", ControlKind.AXES, "Prompt sliders", "", "Prompt"),
                       Control("palette", ControlKind.PALETTE, "Palette", "", "Style")))
    made.resize(340, 600)
    made.show()
    return made


@pytest.fixture
def axes(panel: ControlPanel) -> AxesField:
    made = panel.field("axes")
    made.edited.connect(lambda _name, text, _gesture: made.show_value(text))
    return made


def test_a_prompt_slider_is_added_moved_named_and_removed(axes: AxesField, qtbot: QtBot) -> None:
    told: list[str] = []
    axes.edited.connect(lambda _name, text, _gesture: told.append(text))
    minus, plus = axes.form.findChildren(QLineEdit)
    qtbot.keyClicks(minus, "calm, quiet")
    qtbot.keyClicks(plus, "wild")
    qtbot.keyClick(plus, Qt.Key.Key_Return)
    assert told[-1] == "calm, quiet -> wild: 0"
    axes.rows[0].moved.emit(0.75)
    assert told[-1] == "calm, quiet -> wild: 0.75"
    axes.rows[0].renamed.emit("Mood")
    assert told[-1] == "Mood = calm, quiet -> wild: 0.75"
    axes.rows[0].removed.emit()
    assert (told[-1], axes.rows) == ("", ())


def test_a_drag_of_a_prompt_slider_is_one_gesture_and_keeps_its_handle(axes: AxesField, qtbot: QtBot) -> None:
    axes.show_value("calm -> wild: 0; grey -> golden: 0")
    told: list[tuple[str, object]] = []
    axes.edited.connect(lambda _name, text, gesture: told.append((text, gesture)))
    row = axes.rows[1]
    middle = row.track.rect().center()
    qtbot.mousePress(row.track, Qt.MouseButton.LeftButton, pos=middle)
    for step in (10, 20, 30):
        qtbot.mouseMove(row.track, middle + QPoint(step, 0))
    qtbot.mouseRelease(row.track, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, 0))
    assert axes.rows[1] is row
    assert len(told) == 3
    assert len({gesture for _, gesture in told}) == 1
    row.moved.emit(0.0)
    assert told[-1][1] != told[0][1]


def test_words_that_cannot_be_a_prompt_slider_are_told(axes: AxesField, qtbot: QtBot) -> None:
    told: list[str] = []
    axes.edited.connect(lambda _name, text, _gesture: told.append(text))
    axes.form.wanted.emit("a; b", "c")
    assert told == []
    assert any("may not hold" in label.text() or "slider" in label.text()
               for label in axes.findChildren(type(axes.title())) if not label.isHidden())


@pytest.fixture
def palette(panel: ControlPanel) -> PaletteField:
    made = panel.field("palette")
    made.edited.connect(lambda _name, text, _gesture: made.show_value(text))
    return made


def test_colours_are_found_in_whatever_is_pasted() -> None:
    assert colors_in("--ink: #1B2a41; b: #fff, e0b089 #c1440e7") == ["#1b2a41", "#ffffff", "#e0b089"]
    assert colors_in("nothing here") == []
    assert len(colors_in(" ".join(["#000000"] * 40))) == 12


def test_a_palette_is_pasted_moved_shortened_and_given_back(palette: PaletteField, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("#000000, #ff0000 and #00ff00")
    told: list[str] = []
    palette.edited.connect(lambda _name, text, _gesture: told.append(text))
    palette.findChildren(type(palette.tool("x", "x")))[0].click()
    assert told[-1] == "#000000 #ff0000 #00ff00"
    row = palette.row
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert told[-1] == "#ff0000 #000000 #00ff00"
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    assert told[-1] == "#ff0000 #00ff00"


def test_a_swatch_is_dragged_to_another_place(palette: PaletteField, qtbot: QtBot) -> None:
    palette.show_value("#000000 #ff0000 #00ff00")
    row: SwatchRow = palette.row
    told: list[object] = []
    row.changed.connect(told.append)
    qtbot.mousePress(row, Qt.MouseButton.LeftButton, pos=QPoint(10, 15))
    qtbot.mouseMove(row, QPoint(110, 15))
    qtbot.mouseRelease(row, Qt.MouseButton.LeftButton, pos=QPoint(110, 15))
    assert told == [["#ff0000", "#00ff00", "#000000"]]


def test_undo_says_what_was_done_to_a_prompt_and_a_source() -> None:
    words, info = Words("en"), prompts.painter()
    named = {name: info.control(name) for name in ("prompt", "mask", "axes")}
    assert words.edit(named["prompt"], "a long prompt about very many things") == "Prompt “a long prompt about very…”"
    assert words.edit(named["mask"], "sha256:" + "a" * 64) == "Mask changed"
    assert words.edit(named["mask"], "") == "Mask taken away"


def test_equal_prompts_of_one_recipe_are_not_sent_twice(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.session.edit("prompt", "moss")
    asked = len(desk.engine.previews)
    field(desk).box.setFocus()
    field(desk).box.clearFocus()
    QApplication.processEvents()
    assert len(desk.engine.previews) == asked
    assert isinstance(desk.studio.session.recipe, Recipe)
