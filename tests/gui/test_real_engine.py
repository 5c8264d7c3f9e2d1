"""The whole way once with the real child: open, drag, keep, drop, batch, and a child that is killed."""

from __future__ import annotations

import os
import signal
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
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
from tests.fakes.styles import tiny_style, tiny_vae

WAIT = 30_000


def bare_png(path: Path, shade: int) -> Path:
    """A grey PNG that no program of ours wrote."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + bytes([shade] * 3 * 16)) * 16
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path


@pytest.fixture
def make(request: pytest.FixtureRequest) -> Callable[[Path], Path]:
    """What makes the package: glyphs unless a test asks for another."""
    made: Callable[[Path], Path] = getattr(request, "param", tiny_glyphs)
    return made


@pytest.fixture
def studio(qtbot: QtBot, theme: Theme, tmp_path: Path, make: Callable[[Path], Path]) -> Iterator[Studio]:
    folder = make(tmp_path / "shelf" / "tiny")
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


@pytest.mark.parametrize("make", [tiny_vae], indirect=True)
def test_a_picture_of_somebody_finds_its_place_in_a_vae(studio: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    before = studio.session.recipe
    studio.opener.receive(bare_png(tmp_path / "grey.png", 160))
    dialog = studio.finder.dialog
    qtbot.waitUntil(dialog.take.isEnabled, timeout=WAIT)
    assert dialog.pair.images[0].pixelColor(0, 0).red() == 160
    dialog.take.click()
    assert studio.session.recipe.values["point"].startswith("z:")
    qtbot.waitUntil(lambda: studio.workspace.asset.recipe == studio.session.recipe, timeout=WAIT)
    studio.session.undo_group.undo()
    assert studio.session.recipe == before


@pytest.mark.parametrize("make", [tiny_vae], indirect=True)
def test_a_picture_that_is_no_picture_is_refused_by_the_engine(studio: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(bare_png(tmp_path / "grey.png", 10).read_bytes()[:60] + b"\0" * 40)
    studio.finder.find(broken)
    dialog = studio.finder.dialog
    qtbot.waitUntil(lambda: "broken.png" in dialog.told()[0], timeout=WAIT)
    assert studio.workspace.asset is not None


@pytest.mark.parametrize("make", [tiny_style], indirect=True)
def test_a_stylegan_drags_in_drafts_ends_in_the_real_picture_and_shows_its_strip(studio: Studio, qtbot: QtBot) -> None:
    workspace, canvas = studio.workspace, studio.workspace.stage.canvas
    field = workspace.panel.field("tint")
    place = canvas._view.target()
    field.held.emit(True)
    studio.session.edit("tint", 1.0, 7)
    qtbot.waitUntil(lambda: canvas.draft, timeout=WAIT)
    assert workspace.stage.badges.draft.words() == "Draft · 8 px"
    assert canvas._view.target() == place
    field.held.emit(False)
    qtbot.waitUntil(lambda: not canvas.draft, timeout=WAIT)
    assert workspace.asset.recipe == studio.session.recipe
    studio.session.mark("strips", "tint")
    qtbot.waitUntil(lambda: workspace.strips.pending == 0, timeout=WAIT)
    assert not field.strip.image(4).isNull()
    studio.session.edit("tint", 3.0)
    qtbot.waitUntil(lambda: studio.window.status._place.text() != "", timeout=WAIT)
