"""Keeping results: numbered names in the keep folder, files written by the engine with the recipe inside."""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, Signal

from engine import strictjson
from engine.api import Medium, Problem, Recipe
from engine.atomic import explained
from engine.formats import fits, usual
from gui.engine_bridge import EngineBridge
from gui.scribe import Scribe
from gui.settings import Settings

FOLDER_NAME = "Latent Atelier"
JOURNAL = "keeping.json"
MAX_BYTES = 1_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pending:
    """A file that the engine was asked to write."""

    recipe: Recipe
    path: Path
    card: int | None = None            # of several texts only this one
    medium: Medium = Medium.PICTURE


def default_keep_folder() -> Path:
    """Where kept pictures go until the person says otherwise."""
    return Path(platformdirs.user_pictures_dir()) / FOLDER_NAME


class Journal:
    """The files that are being kept, in a small file: what a killed studio wrote and could not remember any more."""

    def __init__(self, folder: Path, scribe: Scribe) -> None:
        """`folder` is the studio's state folder."""
        self._path = folder / JOURNAL
        self._scribe = scribe
        self._open: dict[str, None] = {}
        self.left = self._load()

    def begin(self, path: Path) -> None:
        """A file is about to be written."""
        self._open[str(path)] = None
        self._save()

    def end(self, path: Path) -> None:
        """It is remembered, or came to nothing."""
        self._open.pop(str(path), None)
        self._save()

    def settle(self) -> None:
        """What was left by the last studio is in the library now."""
        self.left = ()
        self._save()

    def _save(self) -> None:
        kept = [*map(str, self.left), *self._open]
        self._scribe.write(self._path, json.dumps(kept, ensure_ascii=False).encode())

    def _load(self) -> tuple[Path, ...]:
        try:
            found = strictjson.parse(self._path.read_bytes(), max_bytes=MAX_BYTES)
            return tuple(Path(path) for path in found if isinstance(path, str))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError) as error:
            _log.warning("the list of files being kept is unreadable: %s", error)
            return ()


class Keeper(QObject):
    """Writes a recipe's result. Answers come as signals; nothing half-written is ever left."""

    kept = Signal(object, object)              # Pending, notes of the engine
    refused = Signal(object)                   # Problem

    def __init__(self, bridge: EngineBridge, settings: Settings, journal: Journal) -> None:
        super().__init__()
        self._journal = journal
        self._bridge = bridge
        self._settings = settings
        self._pending: dict[int, Pending] = {}
        self._last: dict[tuple[Path, str], int] = {}
        bridge.written.connect(self._written)
        bridge.failed.connect(self._failed)

    def folder(self) -> Path:
        """The keep folder."""
        chosen = self._settings.text("keep_folder")
        return Path(chosen) if chosen else default_keep_folder()

    def keep(self, recipe: Recipe, medium: Medium = Medium.PICTURE, card: int | None = None) -> None:
        """Write the next numbered file of this package; of several texts one `card`, if it is told."""
        folder, suffix = self.folder(), usual(medium)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = self._next_name(folder, recipe.package, suffix)
        except OSError as error:
            self.refused.emit(explained(error, folder / f"result{suffix}").problem())
            return
        self._journal.begin(path)
        self._pending[self._bridge.write(recipe, str(path), card=card)] = Pending(recipe, path, card, medium)

    def save_as(self, recipe: Recipe, path: Path, medium: Medium = Medium.PICTURE) -> None:
        """Write to a name that the person chose (and agreed to replace)."""
        if not fits(path.name, medium):
            path = path.with_name(f"{path.name}{usual(medium)}")
        self._journal.begin(path)
        self._pending[self._bridge.write(recipe, str(path), overwrite=True)] = Pending(recipe, path, medium=medium)

    def remembered(self, path: Path) -> None:
        """The library has a file that was kept."""
        self._journal.end(path)

    @property
    def busy(self) -> bool:
        """Whether a file is still being written."""
        return bool(self._pending)

    def _next_name(self, folder: Path, package: str, suffix: str) -> Path:
        """The number after the greatest one in the folder. It is read once: later only the next names are tried."""
        if (folder, package) not in self._last:
            pattern = re.compile(rf"{re.escape(package)}-(\d+)\.[a-z]+", re.IGNORECASE)
            numbers = [int(match[1]) for name in os.listdir(folder) if (match := pattern.fullmatch(name))]  # noqa: PTH208 - names alone are twice as quick in a folder of 100,000
            self._last[folder, package] = max(numbers, default=0)
        number = self._last[folder, package] + 1
        while (folder / f"{package}-{number:04d}{suffix}").exists():
            number += 1
        self._last[folder, package] = number
        return folder / f"{package}-{number:04d}{suffix}"

    def _written(self, request: int, path: str, notes: tuple[str, ...]) -> None:
        pending = self._pending.pop(request, None)
        if pending:
            self.kept.emit(replace(pending, path=Path(path)), notes)

    def _failed(self, request: int, problem: Problem) -> None:
        pending = self._pending.pop(request, None)
        if pending:
            self._journal.end(pending.path)
            self.refused.emit(problem)
