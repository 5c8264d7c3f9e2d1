"""Finds what was kept by what it means: words first, and meanings as soon as the engine has told them.

Each kept result is a text: its prompt, its texts, its model. The engine's sentence encoder makes vectors of them, which
are remembered in a file, so that a search asks for one vector only.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, QTimer

from engine.api import Problem
from gui.engine_bridge import EngineBridge
from gui.models.kept import KeptModel
from gui.scribe import Scribe

FILE_NAME = "meanings.bin"
PAUSE_MS = 250
AT_ONCE = 32
"""So many texts are asked for at a time."""
NEAR, SHARE = 0.3, 0.55
"""Results that are less alike than this, or than this share of the likest, are only shown if the words occur."""
_DIGEST = 16
_MOST = 4000
_log = logging.getLogger(__name__)
Vector = NDArray[np.float32]


class Meanings:
    """Vectors of texts by digest, in one file: for each the digest, then its float32 numbers."""

    def __init__(self, folder: Path, scribe: Scribe) -> None:
        self._path = folder / FILE_NAME
        self._scribe = scribe
        self._vectors: dict[bytes, Vector] = {}
        self._dim = 0
        self._load()

    def get(self, text: str) -> Vector | None:
        """The vector of a text, if it is known."""
        return self._vectors.get(_digest(text))

    def put(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """More of them; another encoder's (of another length) replace all that were there."""
        if vectors.shape[1] != self._dim:
            self._vectors, self._dim = {}, vectors.shape[1]
        for text, vector in zip(texts, vectors, strict=True):
            self._vectors[_digest(text)] = np.array(vector, np.float32)
        while len(self._vectors) > _MOST:
            self._vectors.pop(next(iter(self._vectors)))
        head = np.array([self._dim], "<u4").tobytes()
        rows = (key + vector.astype("<f4").tobytes() for key, vector in self._vectors.items())
        self._scribe.write(self._path, head + b"".join(rows))

    def _load(self) -> None:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            _log.warning("meanings are unreadable and are asked for again: %s", error)
            return
        dim = int(np.frombuffer(data[:4], "<u4")[0]) if len(data) >= 4 else 0  # noqa: PLR2004 - bytes of a number
        size = _DIGEST + 4 * dim
        if not 0 < dim <= 4096 or (len(data) - 4) % size:  # noqa: PLR2004 - the longest vector there is
            _log.warning("meanings are damaged and are asked for again")
            return
        self._dim = dim
        for at in range(4, len(data), size):
            self._vectors[data[at:at + _DIGEST]] = np.frombuffer(data, "<f4", dim, at + _DIGEST)


class Ranking(QSortFilterProxyModel):
    """The kept results, or while there are scores only those that have one, the best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scores: dict[int, float] | None = None

    def rank(self, scores: dict[int, float] | None) -> None:
        """Row -> score; None: all, as they were kept."""
        if scores == self._scores:
            return
        self._scores = scores
        self.invalidate()
        self.sort(-1 if scores is None else 0)

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether the row has a score."""
        del parent
        return self._scores is None or row in self._scores

    def lessThan(self, left: QModelIndex | QPersistentModelIndex, right: QModelIndex | QPersistentModelIndex) -> bool:
        """The greater score stands first."""
        scores = self._scores or {}
        return scores.get(left.row(), 0.0) > scores.get(right.row(), 0.0)


class Seeker(QObject):
    """Ranks the kept results by a question. `ranking` is the model for the strip."""

    def __init__(self, bridge: EngineBridge, kept: KeptModel, meanings: Meanings) -> None:
        super().__init__()
        self._bridge = bridge
        self._kept = kept
        self._meanings = meanings
        self._words = ""
        self._asked: dict[int, tuple[str, ...]] = {}
        self._mute = False                 # there is no encoder: words must do
        self.ranking = Ranking(self)
        self.ranking.setSourceModel(kept)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        bridge.embedded.connect(self._embedded)
        bridge.failed.connect(self._failed)
        bridge.died.connect(lambda _sentence, _restarting: self._asked.clear())
        for signal in (kept.rowsInserted, kept.rowsRemoved, kept.modelReset):
            signal.connect(lambda: self._rank() if self._words else None)

    def seek(self, words: str) -> None:
        """Show what is like `words`, the likest first; everything for none."""
        self._words = " ".join(words.split())
        self._rank()
        if self._words:
            self._pause.start()
        else:
            self._pause.stop()

    def close(self) -> None:
        """The window closes: nothing is asked for any more."""
        self._pause.stop()
        self._mute = True

    def source_row(self, row: int) -> int:
        """The row in the kept results that stands at `row` now."""
        return self.ranking.mapToSource(self.ranking.index(row, 0)).row()

    def _texts(self) -> list[str]:
        return [self._kept.kept(row).words() for row in range(self._kept.rowCount())]

    def _ask(self) -> None:
        """Ask for what is not known: the question first, then what was kept."""
        if self._mute or self._asked:
            return
        texts = dict.fromkeys(text for text in (self._words, *self._texts()) if text)
        missing = tuple(text for text in texts if self._meanings.get(text) is None)[:AT_ONCE]
        if missing and self._words:
            self._asked[self._bridge.embed(missing)] = missing

    def _embedded(self, request: int, vectors: NDArray[np.float32]) -> None:
        texts = self._asked.pop(request, None)
        if texts is None:
            return
        self._meanings.put(texts, vectors)
        self._rank()
        self._ask()                        # the question may be another one, and more may be missing

    def _failed(self, request: int, problem: Problem) -> None:
        if self._asked.pop(request, None) is not None:
            self._mute = True
            _log.info("searching goes by words: %s", problem.what)

    def _rank(self) -> None:
        if not self._words:
            self.ranking.rank(None)
            return
        asked = self._meanings.get(self._words)
        question = self._words.casefold()
        texts = self._texts()
        alike = [self._alike(asked, text) for text in texts]
        least = max(NEAR, SHARE * max(alike, default=0.0))
        scores = {}
        for row, (text, score) in enumerate(zip(texts, alike, strict=True)):
            said = question in f"{text} {self._kept.kept(row).path.name}".casefold()
            if said or score >= least:
                scores[row] = score + said
        self.ranking.rank(scores)

    def _alike(self, asked: Vector | None, text: str) -> float:
        """How alike question and text are, as far as that is known."""
        meaning = self._meanings.get(text) if asked is not None and text else None
        return float(asked @ meaning) if asked is not None and meaning is not None else 0.0


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:_DIGEST]
