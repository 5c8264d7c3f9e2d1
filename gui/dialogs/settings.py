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
WIDTH = 520
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
    QT_TRANSLATE_NOOP("Settings", "Processor threads"), QT_TRANSLATE_NOOP("Settings", "Memory for a model"),
    QT_TRANSLATE_NOOP("Settings", "Convert with"),
    QT_TRANSLATE_NOOP("Settings", "For models of several parts, which take turns in it. Less is slower; the results "
                                  "are the same. Automatic: half of what is free; on a "
                                  "processor no more than half of a large model."),
)
"""The labels and helps of the declarations, for the translators' tool to find."""


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
        self.setMinimumWidth(WIDTH)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(11)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for setting in SETTINGS:
            if setting.label:
                form.addRow(words(setting.label), _explained(self._row(setting), setting))
        note = _muted(self.tr("Now running on: {0}").format(device) if device else "")
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
        self.ensurePolished()
        self.resize(WIDTH, column.totalHeightForWidth(WIDTH))      # lines that wrap are not in the size hint

    def accept(self) -> None:
        """Store what was changed."""
        before = self._settings.engine()
        for key, field in self._fields.items():
            if isinstance(field, QComboBox):
                self._settings.set(key, str(field.currentData()))
            elif isinstance(field, QSpinBox):
                self._settings.set(key, field.value())
            elif field.text() != self._shown(key):
                self._settings.set(key, field.text().strip())
        if before != self._settings.engine():
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
            box.setSingleStep(setting.step)
            box.setSuffix(f" {setting.unit}" if setting.unit else "")
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


def _explained(field: QWidget, setting: Setting) -> QWidget:
    """The field with its help below it, if it has one."""
    if not setting.help:
        return field
    field.setAccessibleDescription(words(setting.help))
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(5)
    column.addWidget(field)
    column.addWidget(_muted(words(setting.help)))
    return holder


def _muted(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setProperty("role", "muted")
    return label
