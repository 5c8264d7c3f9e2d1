"""Remarks about many pictures: each said once, with the first picture's name, and counted for the others."""

from __future__ import annotations

from collections import Counter

from engine.cli.console import Console


class Remarks:
    """Collects the notes of one run; `close` tells how many pictures shared one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._heard: Counter[str] = Counter()

    def tell(self, name: str, note: str) -> None:
        """A note about one picture."""
        self._heard[note] += 1
        if self._heard[note] == 1:
            self._console.note(f"{name}: {note}")

    def close(self) -> None:
        """Say what was held back."""
        for note, count in self._heard.items():
            if count > 1:
                self._console.note(f"the same for {count - 1} more: {note}")
