"""The whole way once with the real child: open, drag, keep, drop, batch, and a child that is killed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.packages.shelf import Shelf
from engine.paths import resources_folder
from engine.provenance import read_recipe
from gui.engine_bridge import EngineBridge
from gui.language import Language
from gui.settings import Settings
from gui.studio import Parts, Studio
from gui.theme import Theme
from tests.fakes.packages import tiny_glyphs

WAIT = 30_000


@pytest.fixture
def studio(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Studio]:
    folder = tiny_glyphs(tmp_path / "shelf" / "tiny")
    settings = Settings(tmp_path / "config")
    settings.set("keep_folder", str(tmp_path / "kept"))
    bridge = EngineBridge()
    bridge.start("cpu", 1)
    language = Language(resources_folder() / "translations")
    language.speak("en")
    made = Studio(Parts(settings, bridge, theme, language, Shelf((tmp_path / "shelf",)), tmp_path / "state",
                        tmp_path / "state" / "studio.log"))
    made.window.show()
    made.begin(bridge.open(str(folder)), "", crashed=False)
    qtbot.waitUntil(lambda: made.workspace.asset is not None, timeout=WAIT)
    yield made
    made.window.close()
    made.window.deleteLater()


def test_from_the_first_picture_to_a_kept_and_restored_one(studio: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    session, workspace = studio.session, studio.workspace
    assert studio.device.actual == "CPUExecutionProvider"
    session.edit("size", (128, 64))
    with qtbot.waitSignal(workspace.stage.canvas.painted, timeout=WAIT):
        session.edit("weight", 1.5)
    qtbot.waitUntil(lambda: workspace.asset.recipe == session.recipe, timeout=WAIT)
    wanted = session.recipe
    studio.actions["keep"].trigger()
    qtbot.waitUntil(lambda: studio.kept.rowCount() == 1, timeout=WAIT)
    picture = tmp_path / "kept" / "tiny-glyphs-0001.png"
    assert read_recipe(picture).recipe == wanted
    session.reset()
    studio.opener.receive(picture)
    assert session.recipe == wanted
    qtbot.waitUntil(lambda: workspace.asset.recipe == wanted, timeout=WAIT)


def test_a_batch_beside_previews(studio: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    studio.session.edit("size", (64, 32))
    studio.actions["batch"].trigger()
    window = studio.deeds._batch
    window.form.set_folder(str(tmp_path / "out"))
    window.form.set_seeds("1..12")
    window.form.consider_now()
    qtbot.waitUntil(lambda: window.form.settled, timeout=WAIT)
    window.start.click()
    studio.session.edit("weight", -1.0)
    qtbot.waitUntil(lambda: window._result.text() == "12 pictures made", timeout=WAIT)
    qtbot.waitUntil(lambda: studio.workspace.asset.recipe == studio.session.recipe, timeout=WAIT)
    seeds = sorted(read_recipe(path).recipe.values["seed"] for path in (tmp_path / "out").glob("*.png"))
    assert seeds == list(range(1, 13))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the child through /proc")
@pytest.mark.expects_log("The engine was stopped by SIGKILL")
def test_a_killed_child_comes_back_and_nothing_is_lost(studio: Studio, qtbot: QtBot) -> None:
    studio.session.edit("weight", 1.0)
    qtbot.waitUntil(lambda: studio.workspace.asset.recipe == studio.session.recipe, timeout=WAIT)
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()    # a child is listed under the thread that started it
    child = int(next(word for task in tasks for word in (task / "children").read_text(encoding="ascii").split()))
    with qtbot.waitSignal(studio.parts.bridge.restarted, timeout=WAIT):
        os.kill(child, signal.SIGKILL)
    assert "SIGKILL" in studio.workspace.stage.banner.sentence()
    studio.session.edit("weight", -1.0)
    qtbot.waitUntil(lambda: studio.workspace.asset.recipe.values["weight"] == -1.0, timeout=WAIT)
