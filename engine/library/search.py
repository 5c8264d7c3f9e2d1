"""Answers a question to the library: what must hold as SQL, what is meant as a product of vectors.

Words are looked for letter by letter in one folded text per entry. At 50,000 entries that takes 10 ms, in Chinese as
well, where SQLite's own index of words finds nothing shorter than three signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.library.database import Database
from engine.library.made import Made
from engine.library.records import Meaning, Order, Query
from engine.library.rows import fold

NEAR, SHARE = 0.3, 0.55
"""What is less alike than this, or than this share of the likest, is no answer unless the words occur."""

_ORDERS = {
    Order.NEWEST: "kept DESC, id DESC", Order.OLDEST: "kept ASC, id ASC",
    Order.RATING: "rating DESC, kept DESC, id DESC", Order.NAME: "name, kept DESC, id DESC",
    Order.LIKENESS: "kept DESC, id DESC",
}
_TOTAL = "SELECT count(*) FROM entries WHERE {}"
_IDS = "SELECT id FROM entries WHERE {} ORDER BY {} LIMIT ? OFFSET ?"
_SAID = "SELECT id FROM entries WHERE {}"
_TABLE = "SELECT id, wording FROM entries WHERE {} ORDER BY {}"


class Ranked(NamedTuple):
    """Some answers in their order, and how many there are in all."""

    ids: Sequence[int]
    alike: Sequence[float]
    said: Sequence[bool]
    total: int


class Index:
    """Every id with the number of its wording, the newest first, remembered from one question to the next."""

    def __init__(self, database: Database) -> None:
        """Nothing is read before it is wanted."""
        self._database = database
        self._table: NDArray[np.int64] | None = None
        self._version = 0

    def forget(self) -> None:
        """An entry has come or gone."""
        self._table = None

    def table(self) -> NDArray[np.int64]:
        """[entries, 2]: id and wording."""
        version = self._database.version()
        if self._table is None or version != self._version:
            self._table = _numbers(self._database, _TABLE.format("TRUE", _ORDERS[Order.NEWEST]), [], 2)
            self._version = version
        return self._table


def ranked(database: Database, made: Made, index: Index, query: Query, question: Meaning | None) -> Ranked:
    """The answers from `query.offset` on, at most `query.limit`. Raises FileProblem."""
    where, values = _conditions(query)
    if question is not None:
        plain = not values and query.order in {Order.LIKENESS, Order.NEWEST}
        table = index.table() if plain else _numbers(database, _TABLE.format(where, _ORDERS[query.order]), values, 2)
        return _meant(database, made.alike(question), table, query)
    said, words = _said(query.words)
    if words:
        where, values = f"{where} AND {said}", [*values, *words]
    total, = database.rows(_TOTAL.format(where), values)[0]
    rows = database.rows(_IDS.format(where, _ORDERS[query.order]),
                         [*values, -1 if query.limit is None else query.limit, query.offset])
    ids = [row[0] for row in rows]
    return Ranked(ids, [0.0] * len(ids), [bool(words)] * len(ids), total)


def _meant(database: Database, known: tuple[NDArray[np.int64], NDArray[np.float32]], table: NDArray[np.int64],
           query: Query) -> Ranked:
    """Of `table` what says the words or is like them. `known`: wordings, sorted, and how alike they are."""
    alike = _looked_up(table[:, 1], *known)
    spoken = _spoken(database, table[:, 0], query.words)
    least = max(NEAR, SHARE * float(alike.max(initial=0.0)))
    places = np.flatnonzero(spoken | (alike >= least))
    if query.order is Order.LIKENESS:
        places = places[np.argsort(-(alike[places] + spoken[places]), kind="stable")]
    shown = places[query.offset:None if query.limit is None else query.offset + query.limit]
    return Ranked(table[shown, 0].tolist(), alike[shown].tolist(), spoken[shown].tolist(), len(places))


def _spoken(database: Database, ids: NDArray[np.int64], words: str) -> NDArray[np.bool_]:
    """Which of `ids` say every word."""
    said, values = _said(words)
    if not values:
        return np.zeros(len(ids), bool)
    return np.isin(ids, _numbers(database, _SAID.format(said), values, 1)[:, 0])


def _numbers(database: Database, question: str, values: Sequence[Any], columns: int) -> NDArray[np.int64]:
    """The answers [rows, columns] of a question for whole numbers."""
    return np.array(database.rows(question, values), np.int64).reshape(-1, columns)


def _looked_up(wordings: NDArray[np.int64], numbers: NDArray[np.int64],
               alike: NDArray[np.float32]) -> NDArray[np.float32]:
    """How alike each of `wordings` is; 0 for those that are not among `numbers` (sorted)."""
    if not len(numbers):
        return np.zeros(len(wordings), np.float32)
    places = np.minimum(np.searchsorted(numbers, wordings), len(numbers) - 1)
    return np.where(numbers[places] == wordings, alike[places], np.float32(0.0))


def _conditions(query: Query) -> tuple[str, list[Any]]:
    """What an answer must be, but for the words, as SQL with its values."""
    parts: list[tuple[str, list[Any]]] = [("TRUE", [])]
    if query.package:
        parts.append(("package = ?", [query.package]))
    if query.medium is not None:
        parts.append(("medium = ?", [query.medium.value]))
    if query.rating:
        parts.append(("rating >= ?", [query.rating]))
    if query.missing is not None:
        parts.append(("missing = ?", [int(query.missing)]))
    if query.parent is not None:
        parts.append(("parent = ?", [query.parent]))
    parts += [("id IN (SELECT entry FROM tagged JOIN tags ON tags.id = tag WHERE folded = ?)", [fold(tag)])
              for tag in query.tags]
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _said(words: str) -> tuple[str, list[Any]]:
    """Whether every word occurs, in the text or in a tag, as SQL with its values; without words: no."""
    folded = fold(words).split()
    one = ("(instr(said, ?) > 0 OR id IN (SELECT entry FROM tagged JOIN tags ON tags.id = tag "
           "WHERE instr(folded, ?) > 0))")
    return " AND ".join([one] * len(folded)) or "FALSE", [word for word in folded for _ in range(2)]
