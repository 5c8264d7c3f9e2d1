# ruff: noqa: INP001  beside a script, no package
"""The pictures of the guide's page on documents: a history of several models with a branch, and two states compared."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from take import Photographer

from engine.paths import bundled_packages_folder

LINES: tuple[dict[str, int | float | str], ...] = (
    {"seed": 43, "text": "Night Garden"}, {"weight": 0.9}, {"slant": 1.4, "serif": 1.0},
)
BRANCH: tuple[dict[str, int | float | str], ...] = ({"weight": -0.5}, {"contrast": 0.7}, {"seed": 12})
OTHERS: tuple[tuple[str, dict[str, int | float | str]], ...] = (
    ("palettes", {"prompt": "night in a garden", "seed": 2}),
    ("names", {"mode": "name", "prompt": "Night", "seed": 7}),
    ("textures", {"prompt": "dark green moss", "seed": 3}),
)


def take_history(app: QApplication) -> None:
    """Both of them."""
    photographer = Photographer(app)
    studio = photographer.studio
    documents = studio.documents
    studio.actions["show_history"].trigger()
    photographer.wait(lambda: studio.workspace.asset is not None, still_s=1.0)
    for values in LINES:
        step(photographer, values)
    documents.timeline.step("parent")
    photographer.wait(lambda: True, still_s=1.0)
    documents.history.name(documents.timeline.present().id, "First idea")  # type: ignore[union-attr]
    for values in BRANCH:
        step(photographer, values)
    documents.timeline.pin()
    photographer.wait(lambda: True, still_s=7.0)  # the toast goes
    nodes = documents.history.tree.nodes
    documents.comparer.show(nodes[4], nodes[7])
    photographer.wait(lambda: True, still_s=2.0)
    photographer.take("compare")
    studio.actions["stop"].trigger()
    for package, values in OTHERS:
        studio.opener.open_folder(Path(bundled_packages_folder()) / package)
        photographer.wait(lambda package=package: studio.session.info is not None and studio.session.info.id == package)
        studio.session.edit_many(values, "")
        if not studio.workspace.runs.live:
            studio.workspace.run()
        step(photographer, {})
    documents.timeline.go(7)
    photographer.wait(lambda: studio.session.info is not None and studio.session.info.id == "glyphs", still_s=3.0)
    photographer.take("history")
    studio.window.close()


def step(photographer: Photographer, values: dict[str, int | float | str]) -> None:
    """One state more, once its picture has come."""
    studio = photographer.studio
    if values:
        studio.session.edit_many(values, "")
    wanted = studio.session.recipe
    photographer.wait(lambda: (a := studio.workspace.asset) is not None and a.recipe == wanted and not a.partial)
    studio.documents.recorder.settle()
    photographer.wait(lambda: True)
