"""The settings dialog, built from the declarations in `gui.settings`."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.marking import QT_TRANSLATE_NOOP
from gui.settings import SETTINGS, Setting, Settings
from gui.widgets.boxes import WholeBox

CONTEXT = "Settings"
KEEP_FOLDER = "keep_folder"
WORDS = {
    "system": QT_TRANSLATE_NOOP("Settings", "As the system"), "dark": QT_TRANSLATE_NOOP("Settings", "Dark"),
    "light": QT_TRANSLATE_NOOP("Settings", "Light"), "auto": QT_TRANSLATE_NOOP("Settings", "Best available"),
    "cpu": QT_TRANSLATE_NOOP("Settings", "Processor (CPU)"),
    "cuda": QT_TRANSLATE_NOOP("Settings", "NVIDIA graphics (CUDA)"),
    "directml": QT_TRANSLATE_NOOP("Settings", "Any graphics card (DirectML, Windows)"),
    "en": "English", "zh_CN": "简体中文",
}
LABELS = (
    QT_TRANSLATE_NOOP("Settings", "Appearance"), QT_TRANSLATE_NOOP("Settings", "Language"),
    QT_TRANSLATE_NOOP("Settings", "Keep pictures in"), QT_TRANSLATE_NOOP("Settings", "Run models on"),
    QT_TRANSLATE_NOOP("Settings", "Processor threads"), QT_TRANSLATE_NOOP("Settings", "Convert with"),
)
"""The labels of the declarations, for the translators' tool to find."""


def words(source: str) -> str:
    """A text of this dialog in the language of the screen."""
    return QCoreApplication.translate(CONTEXT, source)


class SettingsDialog(QDialog):
    """Changes take effect when the dialog is accepted; `engine_changed` says that the engine must be started anew."""

    engine_changed = Signal()

    def __init__(self, settings: Settings, keep_folder: Path, device: str, parent: QWidget | None = None) -> None:
        """`keep_folder` is where pictures go now; `device` tells what runs models now."""
        super().__init__(parent)
        self._settings = settings
        self._keep_folder = keep_folder
        self._fields: dict[str, QComboBox | QSpinBox | QLineEdit] = {}
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(480)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(11)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for setting in SETTINGS:
            if setting.label:
                form.addRow(words(setting.label), self._row(setting))
        note = QLabel(self.tr("Now running on: {0}").format(device) if device else "")
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(16)
        column.addLayout(form)
        column.addWidget(note)
        column.addStretch(1)
        column.addWidget(buttons)

    def accept(self) -> None:
        """Store what was changed."""
        before = (self._settings.text("device"), self._settings.number("threads"))
        for key, field in self._fields.items():
            if isinstance(field, QComboBox):
                self._settings.set(key, str(field.currentData()))
            elif isinstance(field, QSpinBox):
                self._settings.set(key, field.value())
            elif field.text() != self._shown(key):
                self._settings.set(key, field.text().strip())
        if before != (self._settings.text("device"), self._settings.number("threads")):
            self.engine_changed.emit()
        super().accept()

    def field(self, key: str) -> QComboBox | QSpinBox | QLineEdit:
        """The widget of a setting. Raises KeyError."""
        return self._fields[key]

    def _row(self, setting: Setting) -> QWidget:
        value = self._settings.value(setting.key)
        if setting.choices:
            drop = QComboBox()
            for choice in setting.choices:
                drop.addItem(words(WORDS[choice]), choice)
            drop.setCurrentIndex(setting.choices.index(str(value)))
            self._fields[setting.key] = drop
            return drop
        if isinstance(setting.default, int):
            box = WholeBox(setting.minimum, setting.maximum)
            box.setValue(int(value))
            box.setSpecialValueText(self.tr("Automatic"))
            self._fields[setting.key] = box
            return box
        line = QLineEdit(self._shown(setting.key))
        folder = setting.key == KEEP_FOLDER
        if not folder:
            line.setPlaceholderText(self.tr("The Python of this program"))
            line.setToolTip(self.tr("A Python with PyTorch, for converting checkpoints"))
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(lambda: self._browse(line) if folder else self._find(line))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(line, 1)
        row.addWidget(browse)
        self._fields[setting.key] = line
        return holder

    def _shown(self, key: str) -> str:
        """What stands in a line before anything is typed."""
        return str(self._keep_folder) if key == KEEP_FOLDER else self._settings.text(key)

    def _find(self, line: QLineEdit) -> None:
        path, _ = QFileDialog.getOpenFileName(self, words("Convert with"), line.text())
        if path:
            line.setText(path)

    def _browse(self, line: QLineEdit) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Keep pictures in"), line.text())
        if folder:
            line.setText(folder)
