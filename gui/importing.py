"""Bringing a model in: from a dropped file to a model on the shelf. Owns the door to conversions and its window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from gui.theme import Theme

if TYPE_CHECKING:
    from engine.converting.messages import Converted, ConvertRequest, Failed, Inspection, Told
    from gui.dialogs.import_window import ImportWindow
    from gui.export_bridge import ExportBridge, Work

PACKAGE, CANCELLED = "package", "cancelled"
PATIENCE_MS = 250
"""A look that takes no longer than this opens no window for itself."""


class Importer(QObject):
    """One file at a time. What is a finished package is handed on; everything else goes through the window."""

    package = Signal(object)               # Path of a folder or zip that is a package already
    made = Signal(str, bool)               # package folder on the shelf, whether this version can run it
    working = Signal(str)                  # words for the status bar; empty: nothing is going on
    ended = Signal(str)                    # words, when something ended that the window could not show

    def __init__(self, theme: Theme, window: Callable[[], QWidget], provider: Callable[[], str],
                 make: Callable[[], Work] | None = None) -> None:
        """`window` is the studio's, `provider` what models run on; `make` builds conversions (tests script them)."""
        super().__init__()
        self._theme = theme
        self._parent = window
        self._provider = provider
        self._make = make
        self._bridge: ExportBridge | None = None
        self._window: ImportWindow | None = None
        self._path = Path()
        self._name = ""
        self._looking = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.show)

    @property
    def converting(self) -> bool:
        """Whether a conversion is running."""
        return self._bridge is not None and self._bridge.converting

    @property
    def window(self) -> ImportWindow:
        """The window; made (and imported) for the first file."""
        if self._window is None:
            from gui.dialogs.import_window import ImportWindow

            window = self._window = ImportWindow(self._theme, self._parent())
            window.convert_wanted.connect(self._convert)
            window.cancel_wanted.connect(self._cancel)
            window.open_wanted.connect(lambda folder: self.made.emit(folder, True))
            window.report_wanted.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(path)))
        return self._window

    def receive(self, path: Path) -> bool:
        """Look at a file or folder; False (and nothing is lost) while another is being converted."""
        if self.converting:
            self.show()
            return False
        self._path, self._looking = path, True
        self.window.show_looking(path)
        self._door().inspect(path)
        if not self.window.isVisible():
            self._patience.start()
        return True

    def show(self) -> None:
        """Bring the window to the front."""
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def rebuild(self) -> None:
        """The studio's window is built anew in another language; a conversion goes on, its window comes back empty."""
        if self._window is not None and not self.converting:
            self._window.close()
            self._window.deleteLater()
            self._window = None
        elif self._window is not None:
            self._window.setParent(self._parent(), self._window.windowFlags())

    def close(self) -> None:
        """Stop what is going on and wait for its end."""
        self._patience.stop()
        if self._bridge is not None:
            self._bridge.close()
        if self._window is not None:
            self._window.close()
            self._window.deleteLater()
            self._window = None

    def _door(self) -> ExportBridge:
        if self._bridge is None:
            from gui.export_bridge import ExportBridge

            bridge = self._bridge = ExportBridge(self._make) if self._make is not None else ExportBridge()
            bridge.told.connect(self._told)
            bridge.noted.connect(self._noted)
            bridge.inspected.connect(self._inspected)
            bridge.converted.connect(self._converted)
            bridge.failed.connect(self._failed)
        return self._bridge

    def _convert(self, request: ConvertRequest) -> None:
        self._name = request.name
        self._door().convert(request)
        self.working.emit(self.tr("Converting “{0}”").format(self._name))

    def _cancel(self) -> None:
        self._patience.stop()
        self._door().cancel()

    def _noted(self, words: str) -> None:
        self.window.run.show_note(words)

    def _told(self, told: Told) -> None:
        self.window.show_told(told)
        if self.converting:
            self.working.emit(self.tr("Converting “{0}”: {1} %").format(self._name, round(told.fraction * 100)))

    def _inspected(self, inspection: Inspection) -> None:
        self._patience.stop()
        self._looking = False
        if inspection.kind == PACKAGE:
            self.window.close()
            self.package.emit(self._path)
            return
        self.window.show_inspection(inspection, self._provider())
        self.show()

    def _converted(self, made: Converted) -> None:
        self.working.emit("")
        self.window.show_converted(made)
        self.made.emit(made.folder, made.runs)
        if not self.window.isVisible():
            self.ended.emit(self.tr("“{0}” is converted").format(self._name))

    def _failed(self, failed: Failed) -> None:
        self._patience.stop()
        self.working.emit("")
        looking, self._looking = self._looking, False
        self.window.show_failed(failed)
        if failed.problem.code == CANCELLED:
            return
        if looking:
            self.show()
        elif not self.window.isVisible():
            self.ended.emit(self.tr("“{0}” could not be converted").format(self._name))
