"""What a person wrote in prompts, the newest first: one list for each control, kept in a small file."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from engine import strictjson
from engine.api import ControlKind, PackageInfo, Recipe
from gui.scribe import Scribe

FILE_NAME = "prompts.json"
MAX_BYTES = 4_000_000
MOST, LONGEST = 200, 4000
_log = logging.getLogger(__name__)


class PromptBook:
    """Earlier prompts by the name of their control. They stay on this machine."""

    def __init__(self, folder: Path, scribe: Scribe) -> None:
        """`folder` is the studio's state folder."""
        self._path = folder / FILE_NAME
        self._scribe = scribe
        self._texts = self._load()

    def of(self, control: str) -> tuple[str, ...]:
        """The texts of a control, the newest first."""
        return tuple(self._texts.get(control, ()))

    def note(self, info: PackageInfo, recipe: Recipe) -> None:
        """A result was made with this recipe: its prompts are worth remembering."""
        changed = False
        for control in info.controls:
            text = str(recipe.values.get(control.name, "")).strip()
            if control.kind is not ControlKind.PROMPT or not text or len(text) > LONGEST:
                continue
            before = self._texts.get(control.name, [])
            if before[:1] != [text]:
                self._texts[control.name] = [text, *(old for old in before if old != text)][:MOST]
                changed = True
        if changed:
            self._scribe.write(self._path, json.dumps(self._texts, ensure_ascii=False, indent=1).encode())

    def _load(self) -> dict[str, list[str]]:
        try:
            stored = strictjson.parse_object(self._path.read_bytes(), max_bytes=MAX_BYTES)
            return {str(name): [str(text) for text in texts][:MOST] for name, texts in stored.items()
                    if isinstance(texts, list)}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            _log.warning("the earlier prompts are unreadable and start anew: %s", error)
            return {}
