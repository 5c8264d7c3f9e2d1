"""The language of the studio: its own translations and Qt's, chosen by setting or system."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from gui.sentences import SentenceTranslator

SUPPORTED = ("en", "zh_CN")


def locale_of(choice: str) -> str:
    """The locale for a setting: itself, or the system's where we speak it, or English."""
    if choice in SUPPORTED:
        return choice
    system = QLocale.system().name()
    return "zh_CN" if system.startswith("zh") else "en"


class Language:
    """Installs translators for one locale at a time."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds `atelier_<locale>.qm`."""
        self._folder = folder
        self._installed: list[QTranslator] = []
        self.locale = "en"

    def speak(self, choice: str) -> str:
        """Install the translators of a language setting; returns the locale spoken."""
        for translator in self._installed:
            QCoreApplication.removeTranslator(translator)
        self._installed = []
        self.locale = locale_of(choice)
        QLocale.setDefault(QLocale(self.locale))
        if self.locale != "en":
            self._add(SentenceTranslator(self._folder / f"told_{self.locale}.json", QCoreApplication.instance()))
            qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            self._install(qt / f"qtbase_{self.locale}.qm")
        self._install(self._folder / f"atelier_{self.locale}.qm")    # English has one too, for its plurals
        return self.locale

    def _install(self, path: Path) -> None:
        translator = QTranslator(QCoreApplication.instance())
        if translator.load(str(path)):
            self._add(translator)

    def _add(self, translator: QTranslator) -> None:
        QCoreApplication.installTranslator(translator)    # the last one is asked first
        self._installed.append(translator)
