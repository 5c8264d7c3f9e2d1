"""Every way in: real packages on a real shelf, real provenance in real files; the engine is scripted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from engine.api import Asset, PackageInfo, Problem, Recipe
from engine.messages import Failed
from engine.packages.describe import describe
from engine.packages.shelf import Shelf
from engine.writers.files import write_asset
from tests.fakes.packages import tiny_glyphs
from tests.gui.conftest import Rig
from tests.gui.prompts import textures
from tests.gui.scripted import glyphs
from tests.gui.test_studio import banner, drop


@pytest.fixture
def packages(tmp_path: Path) -> tuple[PackageInfo, PackageInfo]:
    """Two versions of one model, on the shelf."""
    shelf = tmp_path / "shelf"
    return tuple(describe(tiny_glyphs(shelf / name, version=name)) for name in ("1.0.0", "2.0.0"))


@pytest.fixture
def rig(make_rig: Callable[..., Rig], packages: tuple[PackageInfo, PackageInfo]) -> Rig:
    return make_rig(*packages)


def kept_picture(path: Path, info: PackageInfo, **values: object) -> Recipe:
    """A file as the engine writes it."""
    recipe = info.default_recipe().with_values(values)
    noise = np.random.default_rng(1).integers(0, 255, (32, 64, 3), np.uint8)
    write_asset(Asset(recipe, noise, provider="CPUExecutionProvider"), path, info)
    return recipe


def test_a_dropped_picture_restores_its_exact_state_undoably(rig: Rig, packages, tmp_path: Path) -> None:
    recipe = kept_picture(tmp_path / "mine.png", packages[0], weight=1.25, seed=77, text="AHA", paper="none")
    before = rig.studio.session.recipe
    drop(rig, tmp_path / "mine.png")
    assert rig.studio.session.recipe == recipe
    assert rig.studio.session.undo_group.undoText() == "Restore mine.png"
    assert "Restored mine.png" in rig.studio.workspace.stage.toast.words()
    rig.studio.session.undo_group.undo()
    assert rig.studio.session.recipe == before


def test_a_picture_of_another_installed_package_opens_it(rig: Rig, packages, tmp_path: Path, qtbot: QtBot) -> None:
    recipe = kept_picture(tmp_path / "other.png", packages[1], weight=-2.0)
    drop(rig, tmp_path / "other.png")
    qtbot.waitUntil(lambda: rig.studio.session.recipe == recipe)
    assert rig.studio.session.info.version == "2.0.0"
    assert rig.studio.session.undo_group.canUndo()


def test_a_picture_of_a_version_that_is_gone_offers_the_installed_one(rig: Rig, tmp_path: Path, qtbot: QtBot) -> None:
    gone = describe(tiny_glyphs(tmp_path / "elsewhere", version="0.9.0"))
    kept_picture(tmp_path / "old.png", gone, weight=0.5, seed=5)
    drop(rig, tmp_path / "old.png")
    assert "another version" in banner(rig)
    rig.studio.workspace.stage.banner.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: rig.studio.session.recipe.values["seed"] == 5)
    assert rig.studio.session.recipe.digest == rig.studio.session.info.digest


def test_a_picture_of_a_model_that_is_not_installed_says_which(rig: Rig, tmp_path: Path) -> None:
    gone = describe(tiny_glyphs(tmp_path / "elsewhere", id="marble"))
    kept_picture(tmp_path / "marble.png", gone)
    drop(rig, tmp_path / "marble.png")
    assert "marble" in banner(rig)


def test_a_picture_that_was_cut_off_is_a_sentence(rig: Rig, packages, tmp_path: Path) -> None:
    kept_picture(tmp_path / "whole.png", packages[0])
    (tmp_path / "half.png").write_bytes((tmp_path / "whole.png").read_bytes()[:60])
    before = rig.studio.session.recipe
    drop(rig, tmp_path / "half.png")
    assert "half.png" in banner(rig)
    assert rig.studio.session.recipe == before


def test_a_dropped_package_folder_goes_on_the_shelf_and_opens(make_rig, packages, tmp_path: Path, qtbot: QtBot) -> None:
    source = tiny_glyphs(tmp_path / "download", id="new-model")
    rig = make_rig(*packages)
    drop(rig, source)
    shelf = Shelf((tmp_path / "shelf",))
    qtbot.waitUntil(lambda: "new-model" in {entry.id for entry in shelf.packages()})
    qtbot.waitUntil(lambda: ("open", str(shelf.find("new-model"))) in rig.engine.asked)


def test_a_dropped_folder_that_is_a_broken_package_leaves_nothing(rig: Rig, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "manifest.json").write_text("{}", encoding="utf-8")
    before = {path.name for path in (tmp_path / "shelf").iterdir()}
    drop(rig, tmp_path / "holiday")
    qtbot.waitUntil(lambda: banner(rig) != "")
    assert "holiday" in banner(rig)
    assert {path.name for path in (tmp_path / "shelf").iterdir()} == before


def test_under_the_name_of_a_slower_package_the_picture_of_another_does_not_stay(
        make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(glyphs(), textures())
    stage, answer = rig.studio.workspace.stage, rig.engine.answer
    rig.engine.answer = lambda *_args, **_draft: None
    rig.studio.opener.open_folder(Path("/models/textures"))
    assert stage.canvas.has_picture                        # a quick model would replace it before it could flicker
    qtbot.waitUntil(lambda: not stage.canvas.has_picture)
    assert stage.empty.isVisible()
    answer(*rig.engine.previews[-1])
    qtbot.waitUntil(lambda: stage.canvas.has_picture)
    assert rig.studio.workspace.asset.recipe.package == "textures"


def test_the_line_runs_while_a_package_is_opened_and_ends_when_it_is_refused(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(glyphs())
    busy = rig.studio.workspace.stage.busy
    assert not busy.busy
    rig.engine.silent = True
    rig.studio.opener.open_folder(Path("/models/large"))
    assert busy.busy
    number = rig.engine.open("/models/later") - 1
    rig.engine.say(Failed(number, Problem("package", "The package is damaged.", "Add it again.", "large")))
    QApplication.processEvents()
    assert "The package is damaged." in banner(rig)
    assert not busy.busy


def test_where_a_package_was_left_is_remembered_for_the_next_start(make_rig, packages, qtbot: QtBot) -> None:
    rig = make_rig(packages[0])
    rig.studio.session.edit("seed", 123)
    rig.studio.memory.save()
    rig.studio.scribe.close()
    again = make_rig(packages[0])
    qtbot.waitUntil(lambda: again.studio.session.recipe.values["seed"] == 123)


def test_the_models_menu_lists_the_shelf_and_marks_the_open_one(rig: Rig) -> None:
    menu = rig.studio.window._models
    menu.aboutToShow.emit()
    marked = {action.text(): action.isChecked() for action in menu.actions() if action.isCheckable()}
    assert marked == {"Tiny glyphs 2.0.0": False, "Tiny glyphs 1.0.0": True}


def test_the_models_menu_tells_versions_only_where_there_are_two(make_rig, packages) -> None:
    shutil.rmtree(packages[1].folder)
    menu = make_rig(packages[0]).studio.window._models
    menu.aboutToShow.emit()
    assert "Tiny glyphs" in [action.text() for action in menu.actions()]
