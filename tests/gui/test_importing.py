"""Bringing a model in, from the drop to the shelf; the conversion follows a script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from engine.api import Problem
from engine.converting.messages import Failed, Inspected, Noted, Told
from engine.packages.questions import Option, Question, QuestionKind
from gui.dialogs.import_window import CARD, END, RUN, ImportWindow
from gui.dialogs.import_words import advised, command_in, share, told_plainly
from tests.gui.conftest import Rig
from tests.gui.conversions import converted, stylegan
from tests.gui.scripted import glyphs
from tests.gui.test_studio import drop

WEB_PAGE = Problem("checkpoint", "“G.ckpt” is a web page, not a model.", "Download it again.", "/models/G.ckpt")
MISSING = Problem("bundle", "Converting needs the export bundle; torch is not installed.",
                  "Install it with `python -m pip install -e '.[cpu,export]'` in /atelier.")


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A file that only an inspection can tell."""
    path = tmp_path / "network-snapshot.pkl"
    path.write_bytes(b"\x80\x04" + b"." * 30)
    return path


@pytest.fixture
def window(rig: Rig, checkpoint: Path, qtbot: QtBot) -> ImportWindow:
    """The import window over an inspected StyleGAN2."""
    drop(rig, checkpoint)
    rig.conversions.last.say(Inspected(stylegan(checkpoint, code_found=True, warnings=("It contains NaN.",))))
    qtbot.waitUntil(lambda: rig.studio.importer.window.pages.currentIndex() == CARD)
    return rig.studio.importer.window


def choose_licence(window: ImportWindow, text: str = "CC-BY-4.0") -> None:
    window.card.form.license.setEditText(text)


def begin(window: ImportWindow, qtbot: QtBot) -> None:
    """Choose a licence and press Convert."""
    choose_licence(window)
    qtbot.mouseClick(window.card.convert, Qt.MouseButton.LeftButton)


def test_a_dropped_checkpoint_is_looked_at_and_shown(window: ImportWindow, rig: Rig, checkpoint: Path) -> None:
    card = window.card
    assert rig.conversions.last.path == checkpoint
    assert window.isVisible()
    assert card._title.text() == "StyleGAN2 generator, 256\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}256, RGB"
    assert window.windowType() is Qt.WindowType.Dialog           # the window manager keeps it above its parent
    assert not window.isModal()
    assert card._about.text() == "network-snapshot.pkl · StyleGAN pickle · 363 MB"
    assert card._why.text().startswith("“synthesis.b4.const” is 512")
    assert "pictures are in -1 .. 1" in card._assumed.text()
    code, warning = card.notices()
    assert "It was not run" in code
    assert warning == "It contains NaN."


def test_nothing_is_converted_before_a_licence_is_chosen(window: ImportWindow) -> None:
    assert not window.card.convert.isEnabled()
    assert "licence" in window.card.missing()
    choose_licence(window, "I do not know")
    assert window.card.convert.isEnabled()
    assert window.card.form.terms() == "unknown"
    window.card.form.name.clear()
    assert not window.card.convert.isEnabled()


def test_return_converts_once_a_licence_is_chosen(window: ImportWindow, qtbot: QtBot) -> None:
    window.card.form.name.setFocus()
    with qtbot.assertNotEmitted(window.convert_wanted):
        qtbot.keyClick(window, Qt.Key.Key_Return)
    choose_licence(window)
    with qtbot.waitSignal(window.convert_wanted):
        qtbot.keyClick(window, Qt.Key.Key_Return)


def test_no_precision_is_chosen_in_silence_and_one_is_recommended(window: ImportWindow) -> None:
    choose_licence(window)
    assert window.card.chosen() == ("fp32",)
    window.card.box("fp32").setChecked(False)
    assert "precision" in window.card.missing()
    assert not window.card.convert.isEnabled()
    assert advised(("fp32", "fp16"), "CPUExecutionProvider") == "fp32"
    assert advised(("fp32", "fp16"), "CUDAExecutionProvider") == "fp16"


def test_the_request_holds_what_was_filled_in(window: ImportWindow, rig: Rig, qtbot: QtBot, checkpoint: Path) -> None:
    window.card.form.name.setText("Faces of the studio")
    window.card.form.credit.setText("Night Garden")
    window.card.box("fp16").setChecked(True)
    begin(window, qtbot)
    request = rig.conversions.last.request
    assert (request.source, request.name, request.license, request.credit, request.precisions, request.arch) == (
        str(checkpoint), "Faces of the studio", "CC-BY-4.0", "Night Garden", ("fp32", "fp16"), "stylegan2")
    assert request.target == ""


def test_a_conversion_shows_steps_and_time_here_and_in_the_status_bar(window: ImportWindow, rig: Rig,
                                                                     qtbot: QtBot) -> None:
    begin(window, qtbot)
    rig.conversions.last.say(Told("trace", 0.4, "synthesis", 28.0))
    rig.conversions.last.say(Noted("The converter may write into its own folder only."))
    qtbot.waitUntil(lambda: window.run.told() == ("Converting “Faces”", "trace", "28 s left"))
    qtbot.waitUntil(lambda: window.run._remark.text() != "")
    assert rig.studio.window.status._work.text() == "Converting “Faces”: 40 %"
    rig.studio.session.edit("weight", 1.0)
    assert rig.engine.previews[-1][1].values["weight"] == 1.0


def test_a_finished_conversion_shows_its_verdict_and_opens_the_model(window: ImportWindow, rig: Rig, qtbot: QtBot,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    begin(window, qtbot)
    rig.conversions.last.say(converted("/models/glyphs"))
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    title, words = window.end.told()
    assert title == "The pictures are the same."
    assert "0.00032 % of its range; 0.01 % is allowed" in words
    assert len(window.end.pairs()) == 1
    assert not window.end.pairs()[0].images[0].isNull()
    assert ("open", "/models/glyphs") in rig.engine.asked[1:]
    assert rig.studio.window.status._work.isHidden()
    qtbot.mouseClick(window.end.report, Qt.MouseButton.LeftButton)
    assert opened == ["/reports/faces.html"]


def test_a_precision_that_was_measured_can_be_made_too(window: ImportWindow, rig: Rig, qtbot: QtBot) -> None:
    begin(window, qtbot)
    made = converted("/models/glyphs")
    figures = {**made.figures, "fp16": replace(made.figures["fp32"], error=1e-3)}
    rig.conversions.last.say(replace(made, figures=figures, recommended="fp16"))
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    buttons = [button for button in window.end._figures.findChildren(QPushButton) if button.text() == "Make it too"]
    assert [button.accessibleName() for button in buttons] == ["Make Half (fp16) too"]
    buttons[0].click()
    assert rig.conversions.last.request.precisions == ("fp16",)
    assert window.pages.currentIndex() == RUN


def test_steps_never_seem_to_go_back(window: ImportWindow, rig: Rig, qtbot: QtBot) -> None:
    begin(window, qtbot)
    assert window.run.told()[1:] == ("open", "Starting…")
    for told in (Told("trace", 0.3, "mapping", 20.0), Told("reference", 0.35, "synthesis", 18.0),
                 Told("reference", 0.35, "synthesis", 25.0)):
        rig.conversions.last.say(told)
    qtbot.waitUntil(lambda: window.run.told()[1:] == ("trace", "18 s left"))


def test_a_model_that_waits_for_a_later_version_is_not_opened(window: ImportWindow, rig: Rig, qtbot: QtBot) -> None:
    begin(window, qtbot)
    asked = len(rig.engine.asked)
    rig.conversions.last.say(replace(converted("/models/text"), runs=False))
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert "waits on the shelf" in window.end.told()[1]
    assert len(rig.engine.asked) == asked


def test_cancel_goes_back_to_the_card(window: ImportWindow, rig: Rig, qtbot: QtBot) -> None:
    begin(window, qtbot)
    assert window.pages.currentIndex() == RUN
    qtbot.mouseClick(window.run.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.pages.currentIndex() == CARD)
    assert rig.conversions.last.cancelled
    assert not rig.studio.importer.converting


@pytest.mark.expects_log("first: b32")
def test_a_failed_conversion_says_what_where_and_what_to_do(window: ImportWindow, rig: Rig, qtbot: QtBot) -> None:
    begin(window, qtbot)
    problem = Problem("conversion", "The pictures differ.", "Send the report.", "layer b32.conv1", detail="first: b32")
    rig.conversions.last.say(Failed(problem, "/reports/failed.html"))
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    title, words = window.end.told()
    assert title == "“Faces” could not be converted"
    assert words == "layer b32.conv1 The pictures differ. Send the report."
    assert window.end.details.text() == "first: b32"
    assert not window.end.report.isHidden()
    qtbot.mouseClick(window.end.again, Qt.MouseButton.LeftButton)
    assert window.pages.currentIndex() == CARD


def test_a_refused_file_is_a_kind_sentence_in_the_same_window(rig: Rig, checkpoint: Path, qtbot: QtBot) -> None:
    drop(rig, checkpoint)
    rig.conversions.last.say(Failed(WEB_PAGE))
    window = rig.studio.importer.window
    qtbot.waitUntil(lambda: window.isVisible() and window.pages.currentIndex() == END)
    assert window.end.told() == ("“network-snapshot.pkl” was not taken in",
                                 "/models/G.ckpt “G.ckpt” is a web page, not a model. Download it again.")
    assert window.end.again.isHidden()


def test_without_torch_the_card_tells_how_to_get_it(rig: Rig, checkpoint: Path, qtbot: QtBot) -> None:
    drop(rig, checkpoint)
    rig.conversions.last.say(Inspected(stylegan(checkpoint, blocked=MISSING)))
    card = rig.studio.importer.window.card
    qtbot.waitUntil(lambda: card.notices() != ())
    assert "torch is not installed" in card.notices()[0]
    assert card.convert.isHidden()
    copy = next(button for button in card._blocked.findChildren(QPushButton) if button.text() == "Copy")
    copy.click()
    assert QGuiApplication.clipboard().text() == "python -m pip install -e '.[cpu,export]'" == command_in(MISSING)


def test_a_foreign_onnx_file_asks_one_screen_with_guesses(rig: Rig, checkpoint: Path, qtbot: QtBot) -> None:
    questions = (
        Question("name", "What is it called?", QuestionKind.TEXT, "decoder"),
        Question("picture", "Which output is the picture?", QuestionKind.CHOICE, "image", "three planes",
                 (Option("image", "image"), Option("mask", "mask"))),
        Question("size", "How wide?", QuestionKind.NUMBER, "64"))
    drop(rig, checkpoint)
    rig.conversions.last.say(Inspected(stylegan(checkpoint, kind="onnx", needs_torch=False, questions=questions,
                                                precisions=("fp32",), adapter="")))
    window = rig.studio.importer.window
    qtbot.waitUntil(lambda: window.pages.currentIndex() == CARD)
    picture = window.card.form.answer_field("picture")
    assert isinstance(picture, QComboBox)
    assert picture.currentText() == "image"
    picture.setCurrentIndex(1)
    begin(window, qtbot)
    answers = rig.conversions.last.request.answers
    assert (answers["picture"], answers["size"], answers["license"]) == ("mask", "64", "CC-BY-4.0")
    assert "name" in answers
    with pytest.raises(KeyError):
        window.card.form.answer_field("name")  # asked above already


def test_a_second_drop_does_not_disturb_a_conversion(window: ImportWindow, rig: Rig, qtbot: QtBot,
                                                    checkpoint: Path) -> None:
    begin(window, qtbot)
    works = len(rig.conversions.works)
    drop(rig, checkpoint)
    assert len(rig.conversions.works) == works
    assert "One conversion at a time" in rig.studio.workspace.stage.toast.words()
    assert rig.studio.importer.converting


def test_closing_the_window_stops_nothing_and_the_end_is_told(window: ImportWindow, rig: Rig, qtbot: QtBot) -> None:
    begin(window, qtbot)
    window.close()
    assert rig.studio.importer.converting
    rig.studio.window.status.work_clicked.emit()
    assert window.isVisible()
    window.close()
    rig.conversions.last.say(converted("/models/glyphs"))
    qtbot.waitUntil(lambda: "is converted" in rig.studio.workspace.stage.toast.words())


def test_closing_the_studio_asks_first(window: ImportWindow, rig: Rig, qtbot: QtBot,
                                       monkeypatch: pytest.MonkeyPatch) -> None:
    begin(window, qtbot)
    monkeypatch.setattr(QMessageBox, "question", lambda *_, **__: QMessageBox.StandardButton.No)
    rig.studio.window.close()
    assert rig.studio.window.isVisible()
    assert not rig.conversions.last.cancelled
    monkeypatch.setattr(QMessageBox, "question", lambda *_, **__: QMessageBox.StandardButton.Yes)
    rig.studio.window.close()
    assert not rig.studio.window.isVisible()
    assert rig.conversions.last.cancelled


def test_a_newer_drop_replaces_a_look_that_takes_its_time(rig: Rig, checkpoint: Path, tmp_path: Path,
                                                         qtbot: QtBot) -> None:
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"\0" * 20)
    drop(rig, checkpoint)
    first = rig.conversions.last
    drop(rig, other)
    assert first.cancelled
    first.say(Inspected(stylegan(checkpoint, title="Old news")))
    rig.conversions.last.say(Inspected(stylegan(other, title="The new one")))
    qtbot.waitUntil(lambda: rig.studio.importer.window.card._title.text() == "The new one")


def test_another_language_in_the_middle_of_a_conversion_loses_nothing(window: ImportWindow, rig: Rig,
                                                                      qtbot: QtBot) -> None:
    begin(window, qtbot)
    old = rig.studio.window
    rig.studio.parts.settings.set("language", "zh_CN")
    qtbot.waitUntil(lambda: rig.studio.window is not old)
    QApplication.processEvents()
    rig.conversions.last.say(converted(glyphs().folder))
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert not rig.studio.importer.converting


def test_names_in_sentences_and_shares_are_readable(qapp: QApplication) -> None:
    assert told_plainly("`b4.const` is 4 × 4") == "“b4.const” is 4 × 4"
    assert [share(part) for part in (0.31, 0.014, 3.2e-6, 1e-4, 0.0)] == ["31 %", "1.4 %", "0.00032 %", "0.01 %", "0 %"]


def test_the_menu_brings_in_what_was_chosen(rig: Rig, checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(checkpoint), ""))
    rig.studio.actions["import_file"].trigger()
    assert rig.conversions.last.path == checkpoint
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(checkpoint.parent))
    rig.studio.actions["import_folder"].trigger()
    assert rig.conversions.last.path == checkpoint.parent
