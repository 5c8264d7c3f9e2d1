"""What this program is, which versions it runs on, and whose work it stands on."""

from __future__ import annotations

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.api import PackageInfo
from gui.theme import Theme


class AboutDialog(QDialog):
    """Name, version, licences, and the credit of the open model."""

    def __init__(self, theme: Theme, info: PackageInfo | None, device: str, parent: QWidget | None = None) -> None:
        """`device` is what runs models now, in words."""
        super().__init__(parent)
        program = QCoreApplication.applicationName()
        self.setWindowTitle(self.tr("About {0}").format(program))
        self.setMinimumWidth(460)
        mark = QLabel()
        mark.setPixmap(theme.application_icon().pixmap(64, 64))
        title = QLabel(f"{program} {QCoreApplication.applicationVersion()}".strip())
        title.setProperty("role", "title")
        words = [
            self.tr("An offline studio for generative models: sliders that mean something, pictures that remember how "
                    "they were made."),
            self.tr("Apache License 2.0. Qt and PySide6 are used under the LGPL 3: you may replace them with your own "
                    "build. Icons: Lucide (ISC licence)."),
            " · ".join(word for word in (f"PySide6 {pyside_version}", f"Qt {qVersion()}",
                                         f"Python {platform.python_version()}", device) if word),
        ]
        if info is not None:
            words.append(self.tr("Model {0} {1} ({2}): {3}").format(info.name, info.version, info.license, info.credit))
        text = QVBoxLayout()
        text.setSpacing(10)
        text.addWidget(title)
        for paragraph in words:
            label = QLabel(paragraph)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.addWidget(label)
        top = QHBoxLayout()
        top.setSpacing(20)
        top.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(text, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 18)
        column.setSpacing(18)
        column.addLayout(top)
        column.addWidget(buttons)
