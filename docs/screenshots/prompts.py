# ruff: noqa: INP001  beside a script, no package
"""The pictures of the guide's page on prompts: a slow model at work, a mask, the starter models that answer words."""

from __future__ import annotations

import os
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from stand_in import FOLDER, StandIn, painted
from take import Photographer

from engine.paths import bundled_packages_folder
from gui.dialogs.batch import BatchWindow

PROMPT = ("a (quiet:1.2) evening over a lake, low hills, {amber|violet} sky, mirror-still water, painted in thin "
          "washes on rough paper")
AXES = "calm -> stormy: -0.6; Light = dull, grey -> glowing: 0.8"
PALETTE = "#22223b #4a4e69 #9a8c98 #e0b089 #f2e9e4"
SETTLE_S = 1.2
STARTERS: tuple[tuple[str, dict[str, int | float | str]], ...] = (
    ("textures", {"prompt": "worn red brick with moss", "seed": 4}),
    ("icons", {"prompt": "lighthouse", "seed": 30}),
    ("palettes", {"prompt": "rainy morning in the old town", "seed": 2}),
    ("names", {"mode": "name", "prompt": "Studio", "seed": 7}),
)


def take_prompts(app: QApplication) -> None:
    """All of them."""
    take_slow(app)
    take_starters(app)


def take_slow(app: QApplication) -> None:
    """A model that waits for Run: its prompt, a run half way, a mask."""
    engine = StandIn()
    photographer = Photographer(app, lambda _provider, _threads, _memory: engine, FOLDER)
    studio = photographer.studio
    for name, value in (("prompt", PROMPT), ("axes", AXES), ("palette", PALETTE)):
        studio.session.edit(name, value)
    studio.actions["run"].trigger()
    photographer.wait(lambda: studio.workspace.asset is not None, still_s=SETTLE_S)
    photographer.take("prompt")
    studio.session.edit("seed", 11)
    engine.hold = 13
    studio.actions["run"].trigger()
    photographer.wait(lambda: True, still_s=SETTLE_S)
    photographer.take("prompt-running")
    studio.actions["stop"].trigger()
    photographer.wait(lambda: True, still_s=7.0)  # the toast goes
    engine.hold = None
    source = Path(os.environ["LATENT_ATELIER_HOME"]) / "evening.png"
    Image.fromarray(painted(5)).save(source)
    studio.giver.give("image", source)
    photographer.wait(lambda: bool(studio.session.recipe and studio.session.recipe.values["image"]))
    studio.workspace.panel.field("mask").paint.click()
    photographer.wait(lambda: studio.workspace.masking.tool is not None)
    brush = studio.workspace.masking.tool
    brush.set_size(64)
    brush.press(QPointF(150, 420), 0.7)
    for step in range(1, 30):
        brush.move(QPointF(150 + 8 * step, 420 + 14 * (step % 7) / 7), 0.7 + step / 100)
    brush.release()
    brush.move(QPointF(330, 300))
    studio.workspace.panel.ensureWidgetVisible(studio.workspace.panel.field("mask"))
    photographer.wait(lambda: bool(studio.session.recipe and studio.session.recipe.values["mask"]), still_s=SETTLE_S)
    photographer.take("mask")
    studio.window.close()


def take_starters(app: QApplication) -> None:
    """The models that come with the program, as far as they are there; all that they make lies in one strip."""
    there = [(name, values) for name, values in STARTERS if (bundled_packages_folder() / name).is_dir()]
    if not there:
        return
    photographer = Photographer(app, folder=str(bundled_packages_folder() / there[0][0]))
    studio = photographer.studio
    photographer.theme.choose("light")
    for number, (name, values) in enumerate(there, 1):
        studio.opener.open_folder(bundled_packages_folder() / name)
        photographer.wait(lambda name=name: bool(studio.session.info and studio.session.info.id == name))
        photographer.set({key: value for key, value in values.items() if key in studio.session.recipe.values})
        studio.actions["keep"].trigger()
        photographer.wait(lambda number=number: studio.kept.rowCount() == number, still_s=7.0)  # the toast goes
        photographer.take(f"starter-{name}")
    studio.actions["batch"].trigger()
    window = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, BatchWindow))
    window.form.set_folder("/home/you/Documents/names")
    window.form.set_into(".csv")
    photographer.wait(lambda: window.form.settled, still_s=SETTLE_S)
    photographer.take("batch-texts", window)
    window.close()
    studio.window.close()
