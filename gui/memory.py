"""The last recipe of each package, stored while one works, so that the next start goes on where this one stopped."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from engine import strictjson
from engine.api import PackageInfo, Recipe
from engine.controls import check_recipe
from engine.errors import ValueProblem
from gui.scribe import Scribe
from gui.session import Session

FILE_NAME = "session.json"
MAX_BYTES = 2_000_000
MOST = 50
SETTLE_MS = 1500
_log = logging.getLogger(__name__)


class Memory(QObject):
    """Watches the session and writes its recipe a moment after the last change, and at the end."""

    def __init__(self, folder: Path, session: Session, scribe: Scribe) -> None:
        """`folder` is the studio's state folder."""
        super().__init__()
        self._path = folder / FILE_NAME
        self._session = session
        self._scribe = scribe
        self._stored = self._load()
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self.save)
        session.changed.connect(lambda _: self._timer.start())

    def recall(self, info: PackageInfo) -> Recipe | None:
        """Where this package was left, if that still fits it."""
        stored = self._stored.get(info.digest)
        if stored is None:
            return None
        try:
            return check_recipe(info, Recipe.from_dict(stored))
        except (ValueProblem, KeyError, ValueError, TypeError) as error:
            _log.info("the stored recipe of %s does not fit any more: %s", info.id, error)
            return None

    def save(self) -> None:
        """Have it written now."""
        self._timer.stop()
        recipe = self._session.recipe
        if recipe is None or self._stored.get(recipe.digest) == recipe.to_dict():
            return
        self._stored.pop(recipe.digest, None)
        self._stored[recipe.digest] = recipe.to_dict()
        self._stored = dict(list(self._stored.items())[-MOST:])
        self._scribe.write(self._path, json.dumps(self._stored, ensure_ascii=False).encode())

    def _load(self) -> dict[str, dict[str, object]]:
        try:
            stored = strictjson.parse_object(self._path.read_bytes(), max_bytes=MAX_BYTES)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            _log.warning("the stored session is unreadable and starts anew: %s", error)
            return {}
        return {str(digest): recipe for digest, recipe in stored.items() if isinstance(recipe, dict)}
