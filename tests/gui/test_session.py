"""One undo step per gesture; locks; seeds; each package keeps its own desk."""

from __future__ import annotations

import random
from pathlib import Path

from PySide6.QtWidgets import QApplication

from engine.api import PackageInfo
from gui.marks import MarkBook
from gui.properties import Words
from gui.scribe import Scribe
from gui.session import Session
from tests.gui import prompts
from tests.gui.scripted import glyphs


def test_a_drag_is_one_undo_step_and_undo_goes_back_to_its_start(session: Session) -> None:
    for tick in range(1, 61):
        session.edit("weight", tick / 50, gesture=5)
    assert session.undo_group.activeStack().count() == 1
    assert session.undo_group.undoText() == "Weight +1.20 σ"
    session.undo_group.undo()
    assert session.recipe.values["weight"] == 0.0
    session.undo_group.redo()
    assert session.recipe.values["weight"] == 1.2


def test_two_drags_of_one_slider_are_two_steps(session: Session) -> None:
    session.edit("weight", 1.0, gesture=1)
    session.edit("weight", 2.0, gesture=2)
    assert session.undo_group.activeStack().count() == 2


def test_a_drag_that_ends_where_it_began_leaves_no_step(session: Session) -> None:
    for value in (0.5, 1.0, 0.5, 0.0):
        session.edit("weight", value, gesture=9)
    assert session.undo_group.activeStack().count() == 0


def test_an_equal_value_is_no_edit(session: Session) -> None:
    announced = []
    session.changed.connect(announced.append)
    session.edit("weight", 0.0)
    assert announced == []


def test_the_change_names_only_what_changed(session: Session) -> None:
    announced = []
    session.changed.connect(announced.append)
    session.edit("weight", 1.0)
    assert announced == [frozenset({"weight"})]


def test_values_are_brought_to_their_one_form(session: Session) -> None:
    session.edit("ink", "#FFF")
    session.edit("text", "a\r\nb")
    assert session.recipe.values["ink"] == "#ffffff"
    assert session.recipe.values["text"] == "a\nb"


def test_a_value_that_is_not_allowed_is_told_and_changes_nothing(session: Session) -> None:
    told = []
    session.refused.connect(told.append)
    before = session.recipe
    session.edit("weight", 99.0)
    assert session.recipe == before
    assert "weight" in told[0].what


def test_randomise_leaves_locked_sliders_alone_and_is_one_step(session: Session) -> None:
    session.edit("weight", 0.5)
    session.toggle_lock("weight")
    session.randomise()
    values = session.recipe.values
    assert values["weight"] == 0.5
    assert values["width"] != 0.0
    assert -3.0 <= values["width"] <= 3.0
    assert values["seed"] == 0
    assert session.undo_group.activeStack().count() == 2
    session.undo_group.undo()
    assert session.recipe.values["width"] == 0.0


def test_previous_seed_walks_back_and_leaves_the_sliders(session: Session) -> None:
    session.edit("seed", 41)
    session.new_seed()
    session.edit("weight", 1.0)
    session.new_seed()
    session.previous_seed()
    session.previous_seed()
    assert session.recipe.values["seed"] == 41
    assert session.recipe.values["weight"] == 1.0
    session.previous_seed()
    assert session.recipe.values["seed"] == 41


def test_another_package_and_back_keeps_recipe_undo_and_locks(session: Session, info: PackageInfo) -> None:
    session.edit("weight", 1.0)
    session.toggle_lock("weight")
    session.open(glyphs("/models/other", "sha256:" + "b" * 64))
    assert session.recipe.values["weight"] == 0.0
    assert not session.undo_group.canUndo()
    assert session.locked == frozenset()
    session.open(info)
    assert session.recipe.values["weight"] == 1.0
    assert session.undo_group.canUndo()
    assert session.locked == frozenset({"weight"})


def test_reset_is_undoable(session: Session, info: PackageInfo) -> None:
    session.edit("weight", 1.0)
    session.reset()
    assert session.recipe == info.default_recipe()
    session.undo_group.undo()
    assert session.recipe.values["weight"] == 1.0


def test_randomise_leaves_steps_strength_and_how_many_alone(qapp: QApplication, tmp_path: Path) -> None:
    desk = Session(Words("en"), MarkBook(tmp_path / "config", Scribe()), random.Random(3))
    for info in (prompts.painter(), prompts.names()):
        desk.open(info)
        desk.randomise()
        assert desk.recipe == info.default_recipe()
        assert not desk.undo_group.canUndo()
