"""What can be made again, in a file beside the library: small pictures, and vectors of what texts mean.

A damaged file is begun anew, without a word to the person: pictures come again from the kept files, vectors from the
encoder, and until then search goes by words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.atomic import explained
from engine.library.database import Damaged, Database
from engine.library.records import Meaning
from engine.library.schema import MADE

_PICTURES = "SELECT mark, png FROM pictures WHERE mark IN ({})"
_VECTORS = "SELECT wording, vector FROM vectors WHERE encoder = ? AND wording IN ({})"
T = TypeVar("T")
Numbers = NDArray[np.int64]
Vectors = NDArray[np.float32]
_log = logging.getLogger(__name__)


class Made:
    """Pictures by the number of a recipe, vectors by the number of a wording. Raises FileProblem everywhere."""

    def __init__(self, path: Path) -> None:
        """Open the file or begin it."""
        self._path = path
        self._database = self._opened()
        self._encoder = ""                       # of the vectors in memory
        self._version = -1
        self._numbers: Numbers = np.zeros(0, np.int64)
        self._vectors: Vectors = np.zeros((0, 0), np.float32)
        self._fresh: list[tuple[Numbers, Vectors]] = []

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def pictures(self, marks: Sequence[int]) -> dict[int, bytes]:
        """The small pictures of these recipes, those that there are."""
        return self._safely(lambda: dict(self._database.among(_PICTURES, marks)))

    def store(self, pictures: Iterable[tuple[int, bytes]]) -> None:
        """Small pictures, in place of those that are there."""
        rows = [pair for pair in pictures if pair[1]]
        if rows:
            self._safely(lambda: self._many("INSERT OR REPLACE INTO pictures VALUES (?, ?)", rows))

    def drop(self, marks: Iterable[int], wordings: Iterable[int]) -> None:
        """Pictures and vectors that nobody needs any more."""
        def remove() -> None:
            self._many("DELETE FROM pictures WHERE mark = ?", [(mark,) for mark in marks])
            self._many("DELETE FROM vectors WHERE wording = ?", [(wording,) for wording in wordings])

        self._safely(remove)

    def learn(self, wordings: Sequence[int], vectors: Vectors, encoder: str) -> None:
        """Unit vectors [wordings, dim]; half precision is enough to rank them."""
        rows = [(wording, encoder, vector.astype("<f2").tobytes())
                for wording, vector in zip(wordings, vectors, strict=True)]
        self._safely(lambda: self._many("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows))
        self._fresh.append((np.array(wordings, np.int64), vectors.astype(np.float32)))
        if encoder != self._encoder:
            self._forget()

    def vectors(self, wordings: Sequence[int], encoder: str) -> dict[int, NDArray[np.float32]]:
        """What is known of these wordings."""
        def look() -> dict[int, NDArray[np.float32]]:
            rows = self._database.among(_VECTORS, wordings, [encoder])
            return {wording: np.frombuffer(vector, "<f2").astype(np.float32) for wording, vector in rows}

        return self._safely(look)

    def known(self, encoder: str) -> Numbers:
        """The wordings that have a vector of this encoder, in order of their numbers."""
        self._safely(lambda: self._load(encoder))
        return self._numbers

    def alike(self, question: Meaning) -> tuple[Numbers, Vectors]:
        """The wordings that have a vector, in order of their numbers, and how alike each is to the question."""
        numbers = self.known(question.encoder)
        if self._vectors.shape[1:] != question.vector.shape:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return numbers, self._vectors @ question.vector.astype(np.float32)

    def _load(self, encoder: str) -> None:
        """Have all vectors of an encoder in memory: those of the file, then those that were learned since."""
        version = self._database.version()
        if encoder != self._encoder or version != self._version:
            self._forget()
            rows = self._database.rows("SELECT wording, vector FROM vectors WHERE encoder = ? ORDER BY wording",
                                       (encoder,))
            size = len(rows[0][1]) if rows else 0
            rows = [row for row in rows if len(row[1]) == size]
            self._numbers = np.fromiter((row[0] for row in rows), np.int64, len(rows))
            halves = np.frombuffer(b"".join(row[1] for row in rows), "<f2")
            self._vectors = halves.reshape(len(rows), size // 2).astype(np.float32)
            self._encoder, self._version = encoder, version
        if self._fresh:
            numbers = np.concatenate([self._numbers, *(part for part, _ in self._fresh)])
            parts = [part for _, part in self._fresh]
            vectors = np.concatenate([self._vectors, *parts] if len(self._numbers) else parts)
            # Of one that was learned twice the last counts: the first that `unique` meets from behind.
            self._numbers, places = np.unique(numbers[::-1], return_index=True)
            self._vectors = vectors[::-1][places]
            self._fresh = []

    def _forget(self) -> None:
        """What is in memory is not what is in the file."""
        self._encoder, self._fresh = "", []

    def _many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        with self._database.change() as connection:
            connection.executemany(statement, rows)

    def _safely(self, work: Callable[[], T]) -> T:
        """Do it; if the file turns out to be damaged, with a new one."""
        try:
            return work()
        except Damaged:
            self._database.close()
            self._database = self._begun()
            self._forget()
            return work()

    def _opened(self) -> Database:
        try:
            return Database(self._path, MADE, cautious=False)
        except Damaged:
            return self._begun()

    def _begun(self) -> Database:
        """A new file in place of the damaged one."""
        _log.info("the small pictures of the library are damaged and are made again")
        try:
            for ending in ("", "-journal", "-doubt"):
                Path(f"{self._path}{ending}").unlink(missing_ok=True)
        except OSError as error:
            raise explained(error, self._path) from error
        return Database(self._path, MADE, cautious=False)
