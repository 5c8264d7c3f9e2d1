# ruff: noqa: INP001  a script, no package
"""Takes the pictures of this folder from the real studio, without a screen: `python docs/screenshots/take.py`.

`take.py prompts` takes those of the guide's page on prompts alone, `take.py history` those of its page on documents,
`take.py library` those of what was kept, `take.py studio` the others.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["LATENT_ATELIER_HOME"] = tempfile.mkdtemp()

from PySide6.QtGui import QImage  # noqa: E402  after the platform is chosen
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402
from scenery import write_checkpoint  # noqa: E402

from engine.packages.shelf import default_shelf  # noqa: E402
from engine.paths import bundled_packages_folder, config_folder, resources_folder, state_folder  # noqa: E402
from gui.dialogs.import_window import CARD, END  # noqa: E402
from gui.engine_bridge import Engine, EngineBridge, start_client  # noqa: E402
from gui.language import Language  # noqa: E402
from gui.settings import Settings  # noqa: E402
from gui.studio import Parts, Studio  # noqa: E402
from gui.theme import Theme  # noqa: E402

SCENES: tuple[dict[str, int | float | str], ...] = (
    {"seed": 43, "text": "Night Garden", "weight": -0.6},
    {"seed": 62, "text": "Hamburgefonstiv", "weight": 1.2, "width": 0.8},
    {"seed": 12, "text": "Quartz & Quill", "contrast": 1.0, "serif": 1.0},
    {"seed": 5, "text": "Offline\nstudio", "slant": 1.5, "weight": 0.8},
)
LETTER: dict[str, int | float | str] = {
    "seed": 12, "mode": "character", "character": "g", "paper": "none", "contrast": 1.5,
}
PATIENCE_S = 300.0


class Photographer:
    """A studio of its own home, and an eye on it."""

    def __init__(self, app: QApplication, make: Callable[[str, int, int], Engine] = start_client,
                 folder: str = str(bundled_packages_folder() / "glyphs")) -> None:
        """`make` makes the engine, `folder` is the first package."""
        os.environ["LATENT_ATELIER_HOME"] = tempfile.mkdtemp()     # or the strip would hold what another one kept
        self._app = app
        bridge = EngineBridge(make)
        bridge.start("cpu", 1)
        request = bridge.open(folder)
        self.theme = Theme(app, resources_folder(), "dark")
        language = Language(resources_folder() / "translations")
        language.speak("en")
        home = Path(os.environ["LATENT_ATELIER_HOME"])
        settings = self._settings = Settings(config_folder())
        settings.set("language", "en")
        settings.set("keep_folder", str(home / "kept"))
        settings.set("batch_folder", "/home/you/Pictures/alphabets")
        parts = Parts(settings, bridge, self.theme, language, default_shelf(), state_folder(), home / "log")
        self.studio = Studio(parts)
        self.studio.begin(request, "", crashed=False)
        self.studio.window.resize(1360, 860)
        self.studio.window.show()
        self.wait(lambda: self.studio.session.info is not None)

    def set(self, values: dict[str, int | float | str]) -> None:
        """Put the controls so, and wait for the picture."""
        self.studio.session.reset()
        for name, value in values.items():
            self.studio.session.edit(name, value)
        wanted = self.studio.session.recipe
        self.wait(lambda: (a := self.studio.workspace.asset) is not None and a.recipe == wanted)

    def wait(self, done: Callable[[], bool], still_s: float = 0.3) -> None:
        """Turn the event loop until `done`, then a moment longer. Raises TimeoutError."""
        end = time.monotonic() + PATIENCE_S
        while not done():
            self._app.processEvents()
            if time.monotonic() > end:
                raise TimeoutError("the studio did not get there")
        end = time.monotonic() + still_s
        while time.monotonic() < end:
            self._app.processEvents()

    def speak(self, choice: str) -> None:
        """Another language, live: the studio builds its window anew."""
        self._settings.set("language", choice)
        self.studio.rebuild()
        self.wait(lambda: True, still_s=1.0)
        self.studio.window.resize(1360, 860)
        self.wait(lambda: True, still_s=1.0)

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Save what the window (or `widget`) shows."""
        (widget or self.studio.window).grab().save(str(HERE / f"{name}.png"))


def main() -> None:
    """Every picture of the folder."""
    app = QApplication([])
    from collected import take_library  # beside this file, and all of them need the photographer
    from history import take_history
    from prompts import take_prompts

    asked = sys.argv[1:]
    if asked in ([], ["prompts"]):
        take_prompts(app)
    if asked in ([], ["history"]):
        take_history(app)
    if asked in ([], ["library"]):
        take_library(app)
    if asked and asked != ["studio"]:
        return
    photographer = Photographer(app)
    studio = photographer.studio
    for number, scene in enumerate(SCENES, 1):
        photographer.set(scene)
        studio.actions["keep"].trigger()
        photographer.wait(lambda number=number: studio.kept.rowCount() == number)
    photographer.wait(lambda: True, still_s=7.0)  # the toast goes
    photographer.take("studio-dark")
    photographer.set(SCENES[2])
    photographer.theme.choose("light")
    photographer.wait(lambda: True)
    photographer.take("studio-light")
    photographer.speak("zh_CN")
    photographer.take("studio-light-zh")
    photographer.speak("en")
    photographer.set(LETTER)
    photographer.take("letter-transparent")
    photographer.set(SCENES[2])
    studio.actions["batch"].trigger()
    photographer.wait(lambda: True, still_s=3.0)
    others = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget is not studio.window]
    photographer.take("batch", others[0])
    others[0].close()
    bring_a_model(photographer)
    studio.window.close()


def bring_a_model(photographer: Photographer) -> None:
    """From a checkpoint to sliders: the import window, filmstrips, a picture that finds its place."""
    studio = photographer.studio
    home = Path(os.environ["LATENT_ATELIER_HOME"])
    painted = write_checkpoint(home / "evenings.safetensors")
    studio.opener.receive(home / "evenings.safetensors")
    window = studio.importer.window
    photographer.wait(lambda: window.pages.currentIndex() == CARD)
    window.card.form.name.setText("Evenings")
    window.card.form.license.setEditText("CC0-1.0")
    window.card.form.credit.setText("Painted by a script of Latent Atelier")
    window.card.box("int8").setChecked(True)
    photographer.wait(lambda: True)
    photographer.take("import", window)
    window.card.convert.click()
    photographer.wait(lambda: window.run.told()[1] == "trace")
    photographer.take("import-running", window)
    photographer.wait(lambda: window.pages.currentIndex() == END, still_s=1.5)
    photographer.take("import-done", window)
    window.close()
    info = studio.session.info
    found = [control.name for control in info.controls if control.origin] if info else []
    for name in found[:3]:
        studio.session.mark("strips", name)
    if found:
        studio.session.rename(found[0], "Sun spreads")
        studio.session.edit(found[0], 1.0)
    studio.workspace.stage.canvas.zoom_by(2.9 / studio.workspace.stage.canvas.zoom)
    photographer.wait(lambda: studio.workspace.strips.pending == 0, still_s=6.0)
    photographer.take("directions")
    side = painted.shape[0]
    QImage(painted.data, side, side, 3 * side, QImage.Format.Format_RGB888).save(str(home / "holiday.png"))
    studio.opener.receive(home / "holiday.png")
    photographer.wait(lambda: studio.finder.dialog is not None and studio.finder.dialog.take.isEnabled())
    photographer.take("find", studio.finder.dialog)
    studio.finder.close()


if __name__ == "__main__":
    main()
