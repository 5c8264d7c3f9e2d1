"""What each command does. One short method per command; the table of `gui.commands` names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from engine.api import Recipe
from engine.formats import ENDINGS, usual
from gui.properties import told
from gui.window import CREATE, LIBRARY

if TYPE_CHECKING:
    from gui.dialogs.batch import BatchWindow
    from gui.studio import Studio

ZOOM_STEP = 1.25
MANIFEST = "manifest.json"


class Deeds(QObject):
    """The commands' hands. Dialogs are window-modal at most and never stop the engine or the canvas.

    Each is imported when it is first asked for: the window must not wait for them.
    """

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._dialogs: dict[str, QDialog] = {}
        self._batch: BatchWindow | None = None

    def table(self) -> Mapping[str, Callable[[], object]]:
        """A function for every command id."""
        studio, session = self._studio, self._studio.session
        return {
            "open_model": self.open_model, "import_file": self.import_file,
            "import_folder": self.import_folder, **studio.documents.table(),
            "keep": self.keep, "save_as": self.save_as, "open_keep_folder": self.open_keep_folder,
            "batch": self.batch, "quit": self.quit,
            "undo": session.undo_group.undo, "redo": session.undo_group.redo, "copy_image": self.copy_image,
            "new_seed": session.new_seed, "previous_seed": session.previous_seed, "randomise": session.randomise,
            "seek": self.seek, "run": self.run, "run_new_seed": self.run_new_seed, "stop": self.stop,
            "reset": self.reset, "settings": self.settings,
            "create": lambda: studio.window.go(CREATE), "library": self.library,
            "fit": self.fit, "actual_size": self.actual_size,
            "zoom_in": lambda: self.zoom(ZOOM_STEP), "zoom_out": lambda: self.zoom(1 / ZOOM_STEP),
            "show_panel": self.show_panel, "show_filmstrip": self.show_filmstrip, "full_screen": self.full_screen,
            "shortcuts": self.shortcuts, "open_log": self.open_log, "restart_engine": studio.restart_engine,
            "about": self.about, "about_qt": QApplication.aboutQt,
        }

    def warm(self) -> None:
        """Load what the batch window needs, aside: it opens three times as fast then."""
        self._studio.background.run(lambda: import_module("gui.dialogs.batch"), lambda _: None, lambda _: None)

    def close(self) -> None:
        """Close what is still open."""
        for dialog in list(self._dialogs.values()):
            dialog.close()
        if self._batch is not None:
            self._batch.close()
            self._batch.deleteLater()
            self._batch = None

    def open_model(self) -> None:
        """The shelf."""
        from gui.dialogs.models import ModelsDialog
        from gui.models.shelf import ShelfModel

        studio = self._studio
        model = ShelfModel(studio.parts.shelf, studio.faces, self)
        digest = studio.session.info.digest if studio.session.info else ""
        dialog = ModelsDialog(studio.parts.shelf, model, studio.parts.theme, digest, studio.window)
        dialog.chosen.connect(studio.opener.open_folder)
        dialog.import_wanted.connect(self.import_file)
        self._show("models", dialog)

    def import_file(self) -> None:
        """Any file: what it is shows when it is looked at."""
        path, _ = QFileDialog.getOpenFileName(self._studio.window, self.tr("Import"), "", self.tr("All files (*)"))
        if path:
            chosen = Path(path)
            self._studio.opener.receive(chosen.parent if chosen.name == MANIFEST else chosen)

    def import_folder(self) -> None:
        """A folder of parts."""
        path = QFileDialog.getExistingDirectory(self._studio.window, self.tr("Import folder"))
        if path:
            self._studio.opener.receive(Path(path))

    def keep(self) -> None:
        """Into the keep folder under the next number."""
        self.keep_cards(())

    def keep_cards(self, cards: tuple[int, ...]) -> None:
        """The same; of several texts these `cards`, if any are told."""
        if (recipe := self._made()) is not None:
            self._studio.keepsakes.keep(recipe, cards)

    def save_as(self) -> None:
        """Under a name of the person's choice."""
        studio = self._studio
        if (recipe := self._made()) is None:
            return
        medium = studio.keepsakes.medium()
        kinds = {".png": self.tr("PNG picture (*.png)"), ".txt": self.tr("Text (*.txt)"),
                 ".json": self.tr("JSON (*.json)"), ".csv": self.tr("Table (*.csv)"),
                 ".gpl": self.tr("GIMP and Inkscape palette (*.gpl)"), ".css": self.tr("CSS variables (*.css)")}
        start = studio.keeper.folder() / f"{recipe.package}{usual(medium)}"
        path, chosen = QFileDialog.getSaveFileName(studio.window, self.tr("Save as"), str(start),
                                                   ";;".join(kinds[suffix] for suffix in ENDINGS[medium]))
        if path:
            wanted = Path(path)
            suffix = next((suffix for suffix, words in kinds.items() if words == chosen), "")
            if not wanted.suffix and suffix:
                wanted = wanted.with_suffix(suffix)
            studio.keeper.save_as(recipe, wanted, medium)

    def _made(self) -> Recipe | None:
        """What Keep keeps: the result of a slow model as it is shown, else the present settings."""
        workspace = self._studio.workspace
        asset = workspace.asset
        return asset.recipe if asset is not None and not workspace.runs.live else self._studio.session.recipe

    def open_keep_folder(self) -> None:
        """In the file manager."""
        show_folder(self._studio.keeper.folder())

    def copy_image(self) -> None:
        """The picture as it is, for other programs; or the texts, or the colours."""
        stage = self._studio.workspace.stage
        if stage.board is not None:
            stage.board.copy()
        elif stage.canvas.draft:
            stage.toast.tell(self.tr("Only a draft so far: the real picture is being made"))
        elif stage.canvas.has_picture:
            QGuiApplication.clipboard().setImage(stage.canvas.image())
            stage.toast.tell(self.tr("Picture copied"))

    def run(self) -> None:
        """Make the result of what is set and typed."""
        self._studio.workspace.run()

    def run_new_seed(self) -> None:
        """The same with another seed."""
        self._studio.workspace.panel.flush()
        self._studio.session.new_seed()
        if not self._studio.workspace.runs.live:
            self._studio.workspace.run()

    def reset(self) -> None:
        """Everything as the model declares it; what is kept then was made from nothing."""
        self._studio.keepsakes.start_anew()
        self._studio.session.reset()

    def seek(self) -> None:
        """The search box of the library's page, or of the strip."""
        if self._studio.window.place == LIBRARY:
            self._studio.kept_deeds.seek_in_page()
            return
        if not self._studio.parts.settings.flag("show_filmstrip"):
            self.show_filmstrip()
        self._studio.workspace.filmstrip.seek()

    def batch(self) -> None:
        """The batch window; a running batch shows its progress there."""
        from gui.dialogs.batch import BatchWindow
        from gui.dialogs.batch_form import BatchForm

        studio = self._studio
        if self._batch is None:
            form = BatchForm(studio.parts.settings, studio.words, studio.keeper.folder(), studio.background)
            self._batch = BatchWindow(form, studio.batches, studio.current, show_folder, studio.window)
        elif self._batch.isVisible():
            self._batch.raise_()
        else:
            self._batch.come_back()
        self._batch.show()
        self._batch.activateWindow()

    @property
    def batch_shown(self) -> bool:
        """Whether the batch window can be seen."""
        return self._batch is not None and self._batch.isVisible()

    def settings(self) -> None:
        """Preferences."""
        from gui.dialogs.settings import SettingsDialog

        studio = self._studio
        device = told(studio.device.name) if studio.device else ""
        dialog = SettingsDialog(studio.parts.settings, studio.keeper.folder(), device, studio.window)
        dialog.engine_changed.connect(studio.restart_engine)
        dialog.accepted.connect(self._store_settings)
        self._show("settings", dialog)

    def quit(self) -> None:
        """Close the window, and with it the program."""
        self._studio.window.close()

    def stop(self) -> None:
        """Back to the stage; there, no more waiting for a slow picture."""
        if self._studio.window.place != CREATE:
            self._studio.window.go(CREATE)
        else:
            self._studio.workspace.stop()

    def library(self) -> None:
        """Everything that was kept; the same key leads back."""
        window = self._studio.window
        window.go(CREATE if window.place == LIBRARY else LIBRARY)

    def fit(self) -> None:
        """The whole picture."""
        self._studio.workspace.stage.canvas.fit()

    def actual_size(self) -> None:
        """Pixel for pixel."""
        self._studio.workspace.stage.canvas.actual_size()

    def zoom(self, factor: float) -> None:
        """Nearer or farther."""
        self._studio.workspace.stage.canvas.zoom_by(factor)

    def show_panel(self) -> None:
        """Show or hide the control panel."""
        self._switch("show_panel", self._studio.workspace.side.setVisible)

    def show_filmstrip(self) -> None:
        """Show or hide the kept pictures."""
        self._switch("show_filmstrip", self._studio.workspace.filmstrip.setVisible)

    def full_screen(self) -> None:
        """In and out of full screen."""
        window = self._studio.window
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()

    def shortcuts(self) -> None:
        """The sheet of keys."""
        from gui.dialogs.shortcuts import ShortcutSheet

        self._show("shortcuts", ShortcutSheet(self._studio.window))

    def open_log(self) -> None:
        """The folder of the log, in the file manager."""
        show_folder(self._studio.parts.log.parent)

    def about(self) -> None:
        """Versions, licences, credits."""
        from gui.dialogs.about import AboutDialog

        studio = self._studio
        device = told(studio.device.name) if studio.device else ""
        self._show("about", AboutDialog(studio.parts.theme, studio.session.info, device, studio.window))

    def _store_settings(self) -> None:
        problem = self._studio.parts.settings.save()
        if problem is not None:
            self._studio.teller.refuse(problem.problem())

    def _switch(self, key: str, show: Callable[[bool], object]) -> None:
        visible = not self._studio.parts.settings.flag(key)
        self._studio.parts.settings.set(key, visible)
        self._studio.actions[key].setChecked(visible)
        show(visible)

    def _show(self, name: str, dialog: QDialog) -> None:
        """One dialog of each kind; it frees itself when it closes."""
        old = self._dialogs.get(name)
        if old is not None:
            dialog.deleteLater()
            old.raise_()
            old.activateWindow()
            return
        self._dialogs[name] = dialog
        dialog.finished.connect(lambda _: self._gone(name))
        dialog.open()

    def _gone(self, name: str) -> None:
        dialog = self._dialogs.pop(name, None)
        if dialog is not None:
            dialog.deleteLater()


def show_folder(folder: Path) -> None:
    """Open a folder in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
