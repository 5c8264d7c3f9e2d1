"""Our own bugs: logged whole, told calmly, survived. Crashes of the process itself are told at the next start."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

LOG_NAME = "studio.log"
FAULT_NAME = "studio-fault.txt"
LOG_BYTES = 1_000_000
_log = logging.getLogger(__name__)


def open_log(folder: Path) -> Path:
    """Send the log of the program to a file that cannot grow without end; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOG_NAME
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8",
                                                   delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    return path


class FaultLog:
    """Where `faulthandler` writes when the process dies of a signal; empty after a good end."""

    def __init__(self, folder: Path) -> None:
        """Reads what the run before left, then arms itself for this one."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / FAULT_NAME
        self.previous = self._take()
        self._file = self._path.open("w", encoding="utf-8")
        faulthandler.enable(self._file)

    def close(self) -> None:
        """A good end: nothing to tell next time."""
        faulthandler.disable()
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _take(self) -> str:
        """The report of the run before, moved aside so that it is told once."""
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace").strip()
            if text:
                self._path.replace(self._path.with_suffix(".previous.txt"))
        except OSError:
            return ""
        return text


class CrashReporter(QObject):
    """Stands in for `sys.excepthook` while the studio runs."""

    _caught = Signal(str, str)

    def __init__(self, log: Path) -> None:
        """`log` is named in the dialog."""
        super().__init__()
        self._log_path = log
        self._open: QMessageBox | None = None
        self._caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take the hooks of the main thread and of all others."""
        sys.excepthook = self.caught
        threading.excepthook = lambda args: self.caught(args.exc_type, args.exc_value, args.exc_traceback)

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def caught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Log the fault and ask the GUI thread to tell it. Safe on any thread."""
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        _log.critical("unhandled fault\n%s", text)
        self._caught.emit(f"{kind.__name__}: {error}", text)

    @property
    def dialog(self) -> QMessageBox | None:
        """The dialog that is open."""
        return self._open

    def _tell(self, summary: str, text: str) -> None:
        if self._open is not None or QApplication.instance() is None:
            return  # one is enough: the log has them all
        box = self._open = QMessageBox()
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(QCoreApplication.applicationName())
        box.setText(self.tr("Something went wrong inside Latent Atelier."))
        box.setInformativeText(self.tr(
            "This is a fault of the program, not yours. Your work is kept and you can go on. "
            "If it happens again, please report it with the log file:\n{0}").format(self._log_path))
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        copy = box.addButton(self.tr("Copy report"), QMessageBox.ButtonRole.ActionRole)
        report = f"{summary}\nPython {platform.python_version()}, Qt {qVersion()}, {platform.platform()}\n\n{text}"
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        box.setModal(False)
        box.finished.connect(self._closed)
        box.show()

    def _closed(self, _: int) -> None:
        if self._open is not None:
            self._open.deleteLater()
        self._open = None
