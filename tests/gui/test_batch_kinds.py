"""Batches of texts, of palettes, and of models that take minutes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Plan, Progress, Recipe
from engine.messages import Considered, Stepped
from engine.provenance import read_recipes
from engine.writers.files import encode_asset
from gui.dialogs.batch import END, RUN, BatchWindow
from tests.gui import prompts
from tests.gui.conftest import Rig
from tests.gui.test_batch import settle

TEXTS, PALETTES = prompts.names(), prompts.palettes()


def kept(recipe: Recipe, path: Path) -> bytes:
    """A file as the engine writes it."""
    if recipe.package == TEXTS.id:
        return encode_asset(prompts.written(recipe), path, TEXTS)
    return encode_asset(prompts.mixed(recipe), path, PALETTES)


def batch_of(rig: Rig, qtbot: QtBot, folder: Path, seeds: str = "3..6") -> BatchWindow:
    rig.studio.actions["batch"].trigger()
    window = rig.studio.deeds._batch
    window.form.set_folder(str(folder))
    window.form.set_seeds(seeds)
    settle(window, qtbot)
    return window


@pytest.fixture
def texts(make_rig: Callable[..., Rig], qtbot: QtBot) -> Rig:
    """A model of texts and one of palettes; the first is open."""
    rig = make_rig(TEXTS, PALETTES, started=False)
    rig.engine.make = lambda recipe: (prompts.written if recipe.package == TEXTS.id else prompts.mixed)(recipe)
    rig.engine.keep = kept
    rig.studio.begin(rig.studio.parts.bridge.open(TEXTS.folder), "", crashed=False)
    qtbot.waitUntil(lambda: rig.studio.workspace.asset is not None)
    return rig


def test_texts_can_go_into_one_table(texts: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    window = batch_of(texts, qtbot, tmp_path / "out")
    assert window.form.told()[0].splitlines()[0] == "names_000003_1.txt"
    window.form.set_into(".csv")
    settle(window, qtbot)
    assert window.form.told()[0] == "names.csv"
    assert window.form.told()[1].startswith("4 texts")
    window.start.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert window._result.text() == "4 texts made"
    assert str(tmp_path / "out" / "names.csv") in window._why.text()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["names.csv"]
    data = (tmp_path / "out" / "names.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data, newline="")))
    assert [row["text"] for row in rows[:4]] == ["Name 3-0", "Name 3-1", "Name 3-2", "Name 4-0"]
    assert texts.studio.parts.settings.text("batch_into") == ".csv"
    window.begin()
    settle(window, qtbot)
    assert window.form.told()[0] == "names-2.csv"


def test_counted_texts_do_not_share_cards(texts: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    texts.studio.session.edit("count", 12)
    texts.studio.actions["batch"].trigger()
    form = texts.studio.deeds._batch.form
    form.set_folder(str(tmp_path / "out"))
    form._count.setValue(3)
    settle(texts.studio.deeds._batch, qtbot)
    assert [row.recipe.values["seed"] for row in form.plan.rows] == [0, 12, 24]


def test_palettes_can_go_into_one_document(texts: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    texts.studio.opener.open_folder(Path(PALETTES.folder))
    qtbot.waitUntil(lambda: texts.studio.session.info.id == "palettes")
    window = batch_of(texts, qtbot, tmp_path / "out")
    window.form.set_into(".json", "evening")
    settle(window, qtbot)
    window.start.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert window._result.text() == "4 palettes made"
    found = read_recipes(tmp_path / "out" / "evening.json")
    assert [made.recipe.values["seed"] for made in found] == [3, 4, 5, 6]


def test_a_name_that_is_taken_or_leads_away_is_a_sentence(texts: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine", encoding="utf-8")
    window = batch_of(texts, qtbot, tmp_path)
    for name, words in (("mine.csv", "already exists"), ("../out", "leads out of the folder")):
        window.form.set_into(".csv", name)
        settle(window, qtbot)
        assert words in window.form.told()[0]
        assert not window.start.isEnabled()


def test_pictures_are_not_offered_one_table(make_rig: Callable[..., Rig], qtbot: QtBot, tmp_path: Path) -> None:
    rig = make_rig(prompts.textures())
    rig.studio.parts.settings.set("batch_into", ".csv")
    window = batch_of(rig, qtbot, tmp_path / "out")
    assert not window.form._into.isVisibleTo(window)
    assert window.form._template.isVisibleTo(window)
    assert window.form.plan is not None
    assert window.form.plan.target is None


def test_a_table_that_was_broken_off_is_found_and_resumed(texts: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    window = batch_of(texts, qtbot, tmp_path / "out")
    window.form.set_into(".csv", "list")
    settle(window, qtbot)
    texts.engine.silent = texts.engine.cancel_answers = True
    window.start.click()
    qtbot.waitUntil(lambda: any(kind == "write" and ".rows" in what[1] for kind, what in texts.engine.asked))
    window.cancel.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert not (tmp_path / "out" / "list.csv").exists()
    texts.engine.silent = texts.engine.cancel_answers = False
    window.form.set_into("")                 # whatever is chosen now, it is found in its folder
    window.begin()
    settle(window, qtbot)
    assert "4 texts (list.csv)" in window._resume_words.text()
    assert window.start.isEnabled()
    window.form.set_into(".csv", "list")
    settle(window, qtbot)
    assert not window.start.isEnabled()
    window.resume.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    assert window._result.text() == "4 texts made"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["list.csv"]


@pytest.fixture
def slow(make_rig: Callable[..., Rig], qtbot: QtBot) -> Rig:
    """A model that takes 42 seconds for a picture is open."""
    rig = make_rig(prompts.painter(), started=False)
    rig.engine.plan = prompts.planner()
    rig.studio.begin(rig.studio.parts.bridge.open("/models/painter"), "", crashed=False)
    qtbot.waitUntil(lambda: rig.studio.session.info is not None)
    return rig


def test_a_slow_model_tells_the_time_of_the_whole_batch_and_makes_nothing_for_it(slow: Rig, qtbot: QtBot,
                                                                                 tmp_path: Path) -> None:
    window = batch_of(slow, qtbot, tmp_path / "out", "1..10")
    qtbot.waitUntil(lambda: "about 7 min" in window.form.told()[1])
    assert not any(kind in {"write", "render", "preview"} for kind, _ in slow.engine.asked)


def test_a_slow_model_that_never_ran_says_that_the_time_is_not_known(slow: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    slow.engine.plan = lambda _: Plan()
    window = batch_of(slow, qtbot, tmp_path / "out", "1..10")
    qtbot.waitUntil(lambda: "time not known before the first run" in window.form.told()[1])


def test_questions_that_overtake_each_other_are_both_answered(slow: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    slow.engine.silent = True
    slow.studio.session.edit("prompt", "harbour")
    qtbot.waitUntil(lambda: slow.engine.asked[-1][0] == "consider")
    batch_of(slow, qtbot, tmp_path / "out", "1..10")
    window = slow.studio.deeds._batch
    qtbot.waitUntil(lambda: slow.engine.asked[-1][1].values["seed"] == 1)
    newest = len(slow.engine.asked)
    slow.engine.silent = False
    slow.engine.say(Considered(newest, Plan(steps=20, seconds=60.0)))    # the one before it is never answered
    qtbot.waitUntil(lambda: "about 10 min" in window.form.told()[1])
    qtbot.waitUntil(lambda: slow.studio.workspace.runs.state.plan is not None)


def test_the_time_left_is_told_from_the_first_step_on(slow: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    window = batch_of(slow, qtbot, tmp_path / "out", "1..3")
    slow.engine.silent = slow.engine.cancel_answers = True
    window.start.click()
    qtbot.waitUntil(lambda: any(kind == "write" for kind, _ in slow.engine.asked))
    assert window.pages.currentIndex() == RUN
    first = next(number for number, (kind, _) in enumerate(slow.engine.asked, 1) if kind == "write")
    slow.engine.say(Stepped(first, Progress(5, 20, "Step 5 of 20", 300.0)))
    qtbot.waitUntil(lambda: window._left.text() == "Step 5 of 20 · 15 min left")
    assert window._doing.text() == "0 of 3 pictures"
    window.cancel.click()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == END)
    QApplication.processEvents()
