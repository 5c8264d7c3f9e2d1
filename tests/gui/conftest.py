"""A studio in a temporary home with a scripted engine; every test gets its own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import PackageInfo
from engine.packages.shelf import Shelf
from engine.paths import resources_folder
from gui.engine_bridge import EngineBridge
from gui.language import Language
from gui.marks import MarkBook
from gui.properties import Words
from gui.scribe import Scribe
from gui.session import Session
from gui.settings import Settings
from gui.studio import Parts, Studio
from gui.theme import Theme
from tests.gui.conversions import Conversions
from tests.gui.scripted import ScriptedEngine, glyphs


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QtBot:
    """pytest-qt's five seconds are little on a machine with other work; what comes at all comes within twenty."""
    monkeypatch.setattr(qtbot, "waitUntil", partial(qtbot.waitUntil, timeout=20_000))
    return qtbot


@pytest.fixture
def info() -> PackageInfo:
    return glyphs()


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, resources_folder(), "dark")


@pytest.fixture
def session(info: PackageInfo, qapp: QApplication, tmp_path: Path) -> Session:
    made = Session(Words("en"), MarkBook(tmp_path / "config", Scribe()), random.Random(7))
    made.open(info)
    return made


@dataclass
class Rig:
    """A studio and the engine it talks to."""

    studio: Studio
    engine: ScriptedEngine
    engines: list[ScriptedEngine]
    conversions: Conversions
    starts: list[tuple[str, int, int]]     # provider, threads and memory of each engine


@pytest.fixture
def make_rig(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[Callable[..., Rig]]:
    made: list[Rig] = []

    def make(*infos: PackageInfo, language: str = "en", shelf: Shelf | None = None, started: bool = True) -> Rig:
        packages = infos or (glyphs(),)
        engines: list[ScriptedEngine] = []
        starts: list[tuple[str, int, int]] = []

        def engine(*chosen: *tuple[str, int, int]) -> ScriptedEngine:
            starts.append(chosen)
            engines.append(ScriptedEngine(*packages))
            return engines[-1]

        settings = Settings(tmp_path / "config")
        settings.set("language", language)
        settings.set("keep_folder", str(tmp_path / "kept"))
        bridge = EngineBridge(engine)
        bridge.start("auto", 0)
        speaker = Language(resources_folder() / "translations")
        speaker.speak(language)
        conversions = Conversions()
        studio = Studio(Parts(settings, bridge, theme, speaker, shelf or Shelf((tmp_path / "shelf",)),
                              tmp_path / "state", tmp_path / "state" / "studio.log", conversions))
        rig = Rig(studio, engines[0], engines, conversions, starts)
        made.append(rig)
        studio.window.show()
        if started:
            studio.begin(bridge.open(packages[0].folder), "", crashed=False)
            qtbot.waitUntil(lambda: studio.workspace.asset is not None)
        return rig

    yield make
    for rig in made:
        rig.studio.window.may_close = lambda: True
        rig.studio.window.close()
        rig.studio.window.deleteLater()
        rig.studio.parts.language.speak("en")
    QCoreApplication.processEvents()


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    return make_rig()
