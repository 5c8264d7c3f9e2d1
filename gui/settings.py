"""What the studio remembers between runs: declared once below, kept as readable JSON, written atomically.

A damaged file costs the preferences in it, never the start: wrong values fall back to their defaults one by one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine import strictjson
from engine.atomic import write_text
from engine.errors import FileProblem

FILE_NAME = "settings.json"
MAX_BYTES = 1_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setting:
    """One preference: its key in the file, its default (which also gives its type), and what the dialog calls it."""

    key: str
    default: bool | int | str
    label: str = ""                    # English source text; empty when the dialog does not show it
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    unit: str = ""                     # behind a number
    step: int = 1                      # of a number's arrow keys
    help: str = ""                     # English source text, shown below it

    def accepts(self, value: object) -> bool:
        """Whether `value` may be stored under this key."""
        if type(value) is not type(self.default):
            return False
        if self.choices and value not in self.choices:
            return False
        return not (self.maximum and isinstance(value, int) and not self.minimum <= value <= self.maximum)


SETTINGS = (
    Setting("theme", "system", "Appearance", ("system", "dark", "light")),
    Setting("language", "system", "Language", ("system", "en", "zh_CN")),
    Setting("keep_folder", "", "Keep pictures in"),
    Setting("device", "auto", "Run models on", ("auto", "cpu", "cuda", "directml")),
    Setting("threads", 0, "Processor threads", minimum=0, maximum=256),
    Setting("memory", 0, "Memory for a model", minimum=0, maximum=1 << 20, unit="MB", step=512,
            help="For models of several parts, which take turns in it. Less is slower; the results are the same. "
                 "Automatic: half of what is free; on a processor no more than half of a large model."),
    Setting("export_python", "", "Convert with"),   # a Python that has PyTorch; empty: the one that runs the studio
    Setting("package", ""),            # folder of the package that was open last
    Setting("batch_folder", ""),
    Setting("batch_template", ""),
    Setting("batch_into", "", choices=("", ".csv", ".json")),   # texts and palettes: a file each, or one for all
    Setting("geometry", ""),           # base64 of QMainWindow.saveGeometry
    Setting("panel_width", 340, minimum=200, maximum=2000),
    Setting("thumb_size", 152, minimum=96, maximum=256),   # of the library's pictures, in logical pixels
    Setting("show_panel", True),
    Setting("show_filmstrip", True),
    Setting("show_history", False),
    Setting("history_width", 272, minimum=100, maximum=2000),
    Setting("recent_documents", ""),   # paths, a line each
)
BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


class Settings(QObject):
    """The values of `SETTINGS`, loaded from `<folder>/settings.json`; announces each change."""

    changed = Signal(str)

    def __init__(self, folder: Path) -> None:
        """`folder` is the person's config folder; it is created when something is first saved."""
        super().__init__()
        self.folder = folder
        self._path = folder / FILE_NAME
        self._unknown: dict[str, Any] = {}
        self._values: dict[str, bool | int | str] = {setting.key: setting.default for setting in SETTINGS}
        self._load()

    def text(self, key: str) -> str:
        """A textual preference."""
        return str(self._values[key])

    def number(self, key: str) -> int:
        """A whole-number preference."""
        return int(self._values[key])

    def flag(self, key: str) -> bool:
        """A yes-or-no preference."""
        return bool(self._values[key])

    def engine(self) -> tuple[str, int, int]:
        """What the engine child is started with: provider, threads, and MB of memory (0: it decides)."""
        return self.text("device"), self.number("threads"), self.number("memory")

    def value(self, key: str) -> bool | int | str:
        """Any preference, for the dialog that is built from the declarations."""
        return self._values[key]

    def set(self, key: str, value: bool | int | str) -> None:
        """Store a preference in memory and announce it. Raises ValueError for a value its declaration refuses."""
        if not BY_KEY[key].accepts(value):
            raise ValueError(f"{value!r} is not a value of the setting {key}")
        if self._values[key] != value:
            self._values[key] = value
            self.changed.emit(key)

    def save(self) -> FileProblem | None:
        """Write the file; the problem, when the disk refuses (the studio goes on without it)."""
        changed = {key: value for key, value in self._values.items() if value != BY_KEY[key].default}
        text = json.dumps({**self._unknown, **changed}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_text(self._path, text, overwrite=True)
        except FileProblem as problem:
            return problem
        except OSError as error:
            return FileProblem(f"The settings could not be saved: {error.strerror}.",
                               "Make the folder writable.", str(self._path.parent))
        return None

    def _load(self) -> None:
        try:
            stored = strictjson.parse_object(self._path.read_bytes(), max_bytes=MAX_BYTES)
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            _log.warning("settings are unreadable, defaults are used: %s", error)
            return
        for key, value in stored.items():
            if key not in BY_KEY:
                self._unknown[key] = value  # a newer version's: kept for it
            elif BY_KEY[key].accepts(value):
                self._values[key] = value
