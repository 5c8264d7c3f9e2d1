"""Models that wait for Run: forecast, steps, unfinished work, cancel, results that undo brings back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Asset, Plan, Problem, Progress
from engine.errors import Cancelled
from engine.messages import Failed, Partial, Stepped
from gui.widgets.run_bar import forecast_words, step_words
from tests.gui import prompts
from tests.gui.conftest import Rig
from tests.gui.scripted import flat, glyphs


@pytest.fixture
def desk(make_rig: Callable[..., Rig], qtbot: QtBot) -> Rig:
    """A slow model is open; nothing was run yet."""
    rig = make_rig(prompts.painter(), glyphs(), started=False)
    rig.engine.plan = prompts.planner()
    rig.studio.begin(rig.studio.parts.bridge.open("/models/painter"), "", crashed=False)
    qtbot.waitUntil(lambda: rig.studio.session.info is not None)
    return rig


def run(rig: Rig, qtbot: QtBot) -> int:
    """Press Run and wait for the result, if the engine answers; the request."""
    rig.studio.actions["run"].trigger()
    if not rig.engine.silent:
        qtbot.waitUntil(lambda: not rig.studio.workspace.runs.state.running)
    return rig.studio.workspace.stamp


def partial(rig: Rig, request: int) -> None:
    recipe = rig.studio.session.recipe
    rig.engine.say(Partial(request, Asset(recipe, flat(recipe)[::8, ::8], partial=True, full=(64, 48))))
    QApplication.processEvents()


def test_nothing_is_made_before_run(desk: Rig, qtbot: QtBot) -> None:
    desk.studio.session.edit("prompt", "harbour")
    desk.studio.session.edit("steps", 5.0)
    assert desk.engine.previews == []
    assert desk.studio.workspace.run_bar.isVisible()
    assert not desk.studio.actions["keep"].isEnabled()
    assert desk.studio.actions["run"].isEnabled()
    run(desk, qtbot)
    assert len(desk.engine.previews) == 1
    assert desk.studio.actions["keep"].isEnabled()


def test_a_live_model_has_no_run_bar_and_answers_as_before(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(prompts.textures())
    assert not rig.studio.workspace.run_bar.isVisible()
    rig.studio.session.edit("seed", 4)
    qtbot.waitUntil(lambda: rig.studio.workspace.asset.recipe.values["seed"] == 4)


def test_the_forecast_stands_there_before_run(desk: Rig, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.studio.workspace.run_bar.texts()[0] != "")
    assert desk.studio.workspace.run_bar.texts()[0] == "20 steps · about 42 s · 2.1 GB of memory"


def test_forecasts_say_what_is_known_and_no_more() -> None:
    assert forecast_words(None) == ""
    assert forecast_words(Plan()) == ""
    assert forecast_words(Plan(steps=1, seconds=3.2)) == "about 3 s"
    assert step_words(Progress(3, 20, "Step 3 of 20")) == "Step 3 of 20"
    assert step_words(Progress(150, 1000, "Reading the prompt")) == "Reading the prompt"


def test_steps_and_the_time_left_are_shown_and_esc_stops(desk: Rig, qtbot: QtBot) -> None:
    desk.engine.silent = True
    request = run(desk, qtbot)
    desk.engine.say(Stepped(request, Progress(7, 20, "Step 7 of 20", 23.0)))
    qtbot.waitUntil(lambda: desk.studio.workspace.run_bar.texts()[0] == "Step 7 of 20")
    assert desk.studio.workspace.run_bar.texts()[1] == "23 s left"
    assert desk.studio.workspace.run_bar.cancel.isVisible()
    desk.studio.actions["stop"].trigger()
    assert desk.engine.asked[-1] == ("cancel", request)
    desk.engine.say(Failed(request, Cancelled().problem()))
    qtbot.waitUntil(desk.studio.workspace.run_bar.run.isVisible)
    assert desk.studio.workspace.stage.empty.isVisible()


def test_unfinished_work_is_marked_and_never_kept(desk: Rig, qtbot: QtBot) -> None:
    run(desk, qtbot)
    made = desk.studio.workspace.asset
    desk.studio.session.edit("seed", 9)
    desk.engine.silent = True
    request = run(desk, qtbot)
    desk.engine.say(Stepped(request, Progress(2, 20, "Step 2 of 20", 30.0)))
    partial(desk, request)
    stage = desk.studio.workspace.stage
    assert stage.badges.partial.words() == "Unfinished · Step 2 of 20"
    assert stage.canvas.draft
    assert desk.studio.workspace.asset is made
    desk.engine.say(Failed(request, Cancelled().problem()))
    qtbot.waitUntil(lambda: not stage.canvas.draft)
    assert stage.badges.partial.words() == ""
    assert stage.badges.changed.words() == "Changed since this result"


def test_unfinished_work_of_a_run_that_was_overtaken_is_not_shown(desk: Rig, qtbot: QtBot) -> None:
    desk.engine.silent = True
    older = run(desk, qtbot)
    run(desk, qtbot)
    assert ("cancel", older) in desk.engine.asked
    partial(desk, older)
    assert not desk.studio.workspace.stage.canvas.has_picture


def test_a_change_marks_the_result_and_undo_takes_the_mark_away(desk: Rig, qtbot: QtBot) -> None:
    run(desk, qtbot)
    badges = desk.studio.workspace.stage.badges
    assert badges.changed.words() == ""
    desk.studio.session.edit("guidance", 9.0)
    assert badges.changed.words() == "Changed since this result"
    desk.studio.actions["undo"].trigger()
    assert badges.changed.words() == ""


def test_undo_shows_the_earlier_result_again_without_a_run(desk: Rig, qtbot: QtBot) -> None:
    run(desk, qtbot)
    first = desk.studio.workspace.asset
    desk.studio.session.edit("seed", 5)
    run(desk, qtbot)
    asked = len(desk.engine.previews)
    desk.studio.actions["undo"].trigger()
    assert desk.studio.workspace.asset is first
    assert desk.studio.workspace.stage.badges.changed.words() == ""
    assert len(desk.engine.previews) == asked


def test_keep_takes_the_result_that_is_shown_not_the_changed_settings(desk: Rig, qtbot: QtBot) -> None:
    run(desk, qtbot)
    desk.studio.session.edit("seed", 77)
    desk.studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: desk.studio.kept.rowCount() == 1)
    assert desk.studio.kept.entry(0).recipe.values["seed"] == 0


def test_a_kept_result_comes_back_with_its_picture(desk: Rig, qtbot: QtBot) -> None:
    run(desk, qtbot)
    desk.studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: desk.studio.kept.rowCount() == 1)
    fresh = desk.studio.kept.entry(0).recipe
    desk.studio.workspace.runs._remembered._pictures.clear()
    desk.studio.session.edit("seed", 3)
    run(desk, qtbot)
    desk.studio.workspace.runs._remembered._pictures.clear()
    asked = len(desk.engine.previews)
    desk.studio.kept_deeds.recall_row(0)
    qtbot.waitUntil(lambda: desk.studio.workspace.asset.recipe == fresh)
    assert desk.engine.asked[-1][0] in {"look", "consider"}
    assert len(desk.engine.previews) == asked
    assert desk.studio.workspace.stage.badges.changed.words() == ""


def test_run_with_a_new_seed_is_one_key(desk: Rig, qtbot: QtBot) -> None:
    run(desk, qtbot)
    desk.studio.actions["run_new_seed"].trigger()
    qtbot.waitUntil(lambda: desk.studio.workspace.asset.recipe.values["seed"] != 0)
    assert len(desk.engine.previews) == 2


def test_a_fault_of_a_run_is_told_and_run_is_back(desk: Rig, qtbot: QtBot) -> None:
    desk.engine.silent = True
    request = run(desk, qtbot)
    desk.engine.say(Failed(request, Problem("memory", "There is not enough memory.", "Make it smaller.")))
    qtbot.waitUntil(desk.studio.workspace.run_bar.run.isVisible)
    assert "There is not enough memory." in desk.studio.workspace.stage.banner.sentence()


def test_the_picture_of_another_model_does_not_stay(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(glyphs(), prompts.painter())
    assert rig.studio.workspace.stage.canvas.has_picture
    rig.studio.opener.open_folder(Path("/models/painter"))
    qtbot.waitUntil(lambda: rig.studio.session.info.id == "painter")
    assert not rig.studio.workspace.stage.canvas.has_picture
    assert rig.studio.workspace.stage.empty.isVisible()
    assert rig.studio.window.status.texts()[1] == ""


@pytest.mark.expects_log("stopped by SIGSEGV")
def test_a_dead_engine_gives_run_back(desk: Rig, qtbot: QtBot) -> None:
    desk.engine.silent = True
    run(desk, qtbot)
    desk.engine.die(restarting=False)
    qtbot.waitUntil(desk.studio.workspace.run_bar.run.isVisible)


def test_the_keyboard_stays_on_the_button_that_takes_the_place(desk: Rig, qtbot: QtBot) -> None:
    bar = desk.studio.workspace.run_bar
    desk.engine.silent = True
    bar.run.setFocus()
    qtbot.keyClick(bar.run, Qt.Key.Key_Space)
    assert desk.studio.workspace.runs.state.running
    assert desk.studio.window.focusWidget() is bar.cancel
