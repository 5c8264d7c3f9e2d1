"""Composition root of the studio: the engine starts first, then Qt's widgets are loaded and built while it warms up."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from engine.paths import bundled_packages_folder, config_folder, resources_folder, state_folder
from gui.engine_bridge import Engine, EngineBridge, start_client
from gui.settings import Settings

NAME = "Latent Atelier"
STARTER = "glyphs"
MANIFEST = "manifest.json"


def main(argv: Sequence[str] | None = None, make_engine: Callable[[str, int, int], Engine] = start_client) -> int:
    """Open the studio; `argv` may name a package folder or a kept picture. Returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    settings = Settings(config_folder())
    bridge = EngineBridge(make_engine)
    bridge.start(*settings.engine())
    try:
        folder = first_package(settings)
        request = bridge.open(str(folder)) if folder else 0
        return run_studio(arguments, settings, bridge, request)
    finally:
        bridge.close()


def first_package(settings: Settings) -> Path | None:
    """The package of the last session, or the starter; found without reading any."""
    stored = settings.text("package")
    candidates = ([Path(stored)] if stored else []) + [bundled_packages_folder() / STARTER]
    return next((folder for folder in candidates if (folder / MANIFEST).is_file()), None)


def run_studio(arguments: list[str], settings: Settings, bridge: EngineBridge, request: int) -> int:
    """Build the window and run until it closes. `request` is the package being opened, 0 when there is none."""
    from PySide6.QtWidgets import QApplication

    from engine.packages.shelf import default_shelf
    from gui.crash import CrashReporter, FaultLog, open_log
    from gui.language import Language
    from gui.probe import attach as attach_probe
    from gui.studio import Parts, Studio
    from gui.theme import Theme

    app = QApplication([NAME])
    QCoreApplication.setApplicationName(NAME)
    QCoreApplication.setApplicationVersion(version())
    app.setDesktopFileName("latent-atelier")
    log = open_log(state_folder())
    faults = FaultLog(state_folder())
    reporter = CrashReporter(log)
    reporter.install()
    choice = settings.text("theme")
    theme = Theme(app, resources_folder(), "dark" if choice == "dark" else "light" if choice == "light" else "system")
    app.setWindowIcon(theme.application_icon())
    language = Language(resources_folder() / "translations")
    language.speak(settings.text("language"))
    studio = Studio(Parts(settings, bridge, theme, language, default_shelf(), state_folder(), log))
    studio.begin(request, arguments[0] if arguments else "", crashed=bool(faults.previous))
    attach_probe(studio.window, studio.workspace.stage.canvas)
    studio.window.show()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.freeze()        # all of this lives as long as the program: never looked through again while somebody waits
    gc.enable()
    try:
        return app.exec()
    finally:
        reporter.remove()
        faults.close()


def version() -> str:
    """The version of the installed program; empty when it runs from a bare checkout."""
    from importlib import metadata

    try:
        return metadata.version("latent-atelier")
    except metadata.PackageNotFoundError:
        return ""
