"""Puts a window together: its workspace, its menus, and the wires from them to the parts of the studio.

The window can be built anew (another language): all that it is wired to here lives longer than it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu

from engine import media
from gui.thumbnails import point_key
from gui.window import LIBRARY, MainWindow
from gui.workspaces.create import CreateWorkspace, Lookups

if TYPE_CHECKING:
    from gui.studio import Studio

MENU_WIDTH = 260


def build_window(studio: Studio) -> MainWindow:
    """A window for all that `studio` has; its actions must be there already."""
    parts, actions = studio.parts, studio.actions
    workspace = CreateWorkspace(studio.session, parts.bridge, studio.kept, parts.theme, studio.words,
                                Lookups(lambda value: _portrait(studio, value), studio.prompts.of), studio.sources)
    window = MainWindow(workspace, actions, parts.settings, parts.theme)
    window.dropped.connect(studio.giver.take_file)
    window.picture_dropped.connect(studio.giver.take_picture)
    window.palette_dropped.connect(studio.giver.take_palette)
    window.models_wanted.connect(lambda menu: _fill_models(studio, menu))
    workspace.stage.canvas.zoomed.connect(window.status.show_zoom)
    window.status.work_clicked.connect(studio.importer.show)
    window.add_place(LIBRARY, lambda: studio.kept_deeds.page(window))
    _wire_workspace(studio, workspace, window)
    studio.documents.dress(window)
    for name in ("show_panel", "show_filmstrip"):
        actions[name].setChecked(parts.settings.flag(name))
    return window


def _wire_workspace(studio: Studio, workspace: CreateWorkspace, window: MainWindow) -> None:
    """What is done on the stage, in the panel and on the strip."""
    panel, stage, strip = workspace.panel, workspace.stage, workspace.filmstrip
    panel.picture_given.connect(studio.giver.give)
    panel.canvas_wanted.connect(studio.giver.give_canvas)
    studio.sources.arrived.connect(panel.show_portrait)
    stage.use_menu_wanted.connect(studio.palettes.fill)
    stage.open_wanted.connect(studio.deeds.open_model)
    stage.keep_wanted.connect(studio.deeds.keep_cards)
    strip.sought.connect(studio.kept_deeds.seek_in_strip)
    strip.chosen.connect(studio.kept_deeds.recall_row)
    strip.menu_wanted.connect(lambda row, at: studio.kept_deeds.show_strip_menu(row, at, window))
    for signal in (workspace.masking.began, workspace.masking.ended):
        signal.connect(studio.consider)


def _portrait(studio: Studio, value: str) -> QImage:
    """The small picture of a picture in use, or of a latent point."""
    return studio.sources.small(value) if media.is_key(value) else studio.points.get(point_key(value))


def _fill_models(studio: Studio, menu: QMenu) -> None:
    """The models one can switch to, and the ways to more."""
    menu.clear()
    digest = studio.session.info.digest if studio.session.info else ""
    entries = [entry for entry in studio.parts.shelf.packages() if entry.problem is None]
    names = [entry.name for entry in entries]
    for entry in entries:
        name = menu.fontMetrics().elidedText(entry.name, Qt.TextElideMode.ElideRight, MENU_WIDTH)
        words = f"{name} {entry.version}" if names.count(entry.name) > 1 else name
        action = menu.addAction(words.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(entry.digest == digest)
        action.triggered.connect(lambda _=False, folder=entry.folder: studio.opener.open_folder(folder))
    menu.addSeparator()
    for name in ("open_model", "import_file", "import_folder"):
        menu.addAction(studio.actions[name])
