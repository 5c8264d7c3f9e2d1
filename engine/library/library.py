"""The catalogue of what a person kept: taking in, looking, saying, forgetting."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from sqlite3 import Connection
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from engine.api import Progress
from engine.cancel import CancelToken
from engine.errors import ValueProblem
from engine.library import copies, moving, search
from engine.library.made import Made
from engine.library.records import BEST, Count, Entry, Found, Keepsake, Meaning, Page, Query
from engine.library.rows import fold, insert, mark_of, number_of, read, sortable, whole_path
from engine.paths import library_file

LONGEST_TAG = 60
"""Letters of a tag."""

AT_ONCE = 64
"""Texts that are asked for at a time."""

_MARKS = "SELECT id, mark FROM entries WHERE id IN ({})"
_WORDINGS = "SELECT id, wording FROM entries WHERE id IN ({})"
_UNTAG = "DELETE FROM tagged WHERE entry = ? AND tag = (SELECT id FROM tags WHERE folded = ?)"


class Taken(NamedTuple):
    """The ids of files that were taken in, and of these the new ones."""

    ids: tuple[int, ...]
    new: tuple[int, ...]


class Library:
    """An open library. From one thread at a time; other processes may have the same file open.

    Ids that nobody has are passed over. Every method may raise FileProblem: the disk is full, may not be written, or
    another program has been writing for too long.
    """

    def __init__(self, path: Path) -> None:
        """Open the library at `path`, or begin one. Raises FileProblem, also for one of a newer version."""
        self.path = path
        self._database, self.remarks = copies.opened(path)
        self._index = search.Index(self._database)
        try:
            self._made = Made(path.with_name(f"{path.stem}-made{path.suffix}"))
        except BaseException:
            self._database.close()
            raise

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """The person's library, or the one at `path`. `remarks` are to be shown: what a person must know of it."""
        return cls(path if path is not None else library_file())

    def close(self) -> None:
        """Give the files back."""
        self._made.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def back_up(self) -> Path | None:
        """Today's copy, unless there is one already; a library that is damaged later goes back to the newest."""
        return copies.back_up(self._database)

    # Taking in

    def add(self, keepsake: Keepsake) -> Entry:
        """`add_many` of one."""
        return self.add_many([keepsake])[0]

    def add_many(self, keepsakes: Iterable[Keepsake]) -> tuple[Entry, ...]:
        """Remember files, all or none.

        One that is remembered with the same recipe stays what it is, tags and rating too; with another recipe a new
        entry takes its place. A file that was moved, same recipe and name and nothing at the old place, is found again.
        """
        return self.entries(self.take(keepsakes).ids)

    def take(self, keepsakes: Iterable[Keepsake]) -> Taken:
        """`add_many` for those who only need the ids."""
        given = list(keepsakes)
        self._index.forget()
        with self._database.change() as connection:
            taken = [_take_in(connection, keepsake) for keepsake in given]
        self._made.store((mark_of(keepsake.recipe), keepsake.thumbnail) for keepsake in given)
        return Taken(tuple(number for number, _ in taken), tuple(number for number, new in taken if new))

    # Looking

    def entry(self, number: int) -> Entry | None:
        """The entry of that id."""
        return read(self._database, [number]).get(number)

    def entries(self, ids: Sequence[int]) -> tuple[Entry, ...]:
        """The entries of these ids, in that order."""
        found = read(self._database, ids)
        return tuple(found[number] for number in ids if number in found)

    def at(self, path: Path) -> Entry | None:
        """The entry of a file."""
        row = self._database.row("SELECT id FROM entries WHERE path = ?", (whole_path(path),))
        return self.entry(row[0]) if row else None

    def find(self, query: Query, question: Meaning | None = None) -> Page:
        """A page of answers. With the meaning of the words (or of anything) also what is like it."""
        ranked = search.ranked(self._database, self._made, self._index, query, question)
        found = read(self._database, ranked.ids)
        answers = zip(ranked.ids, ranked.alike, ranked.said, strict=True)
        return Page(tuple(Found(found[number], alike, said) for number, alike, said in answers if number in found),
                    ranked.total)

    def ids(self, query: Query, question: Meaning | None = None) -> tuple[int, ...]:
        """The ids of a page of answers; without a limit of all, for a list that reads entries as it shows them."""
        return tuple(search.ranked(self._database, self._made, self._index, query, question).ids)

    def thumbnail(self, number: int) -> bytes:
        """The small picture of an entry, a PNG; nothing where there is none."""
        return self.thumbnails([number]).get(number, b"")

    def thumbnails(self, ids: Sequence[int]) -> dict[int, bytes]:
        """The small pictures of these entries, those that there are."""
        marks = dict(self._database.among(_MARKS, ids))
        pictures = self._made.pictures(list(dict.fromkeys(marks.values())))
        return {number: pictures[mark] for number, mark in marks.items() if mark in pictures}

    def picture(self, number: int, png: bytes) -> None:
        """Remember the small picture of an entry."""
        self._made.store((mark, png) for _, mark in self._database.among(_MARKS, [number]))

    def packages(self) -> tuple[Count, ...]:
        """The models that made something, those with the most first."""
        rows = self._database.rows("SELECT package, max(package_name), count(*) FROM entries GROUP BY package")
        return tuple(sorted((Count(*row) for row in rows), key=lambda count: (-count.count, fold(count.name))))

    def tags(self) -> tuple[Count, ...]:
        """The tags that something has, those with the most first."""
        rows = self._database.rows("SELECT name, name, count(*) FROM tags JOIN tagged ON tag = id GROUP BY id")
        return tuple(sorted((Count(*row) for row in rows), key=lambda count: (-count.count, fold(count.name))))

    def children(self, number: int) -> tuple[Entry, ...]:
        """What was made from an entry, the oldest first."""
        rows = self._database.rows("SELECT id FROM entries WHERE parent = ? ORDER BY kept, id", (number,))
        return self.entries([row[0] for row in rows])

    def parents(self, number: int) -> tuple[Entry, ...]:
        """What an entry was made from, what that was made from, and so on."""
        rows = self._database.rows("""WITH RECURSIVE line (id, depth) AS (
            SELECT parent, 1 FROM entries WHERE id = ?
            UNION ALL SELECT entries.parent, depth + 1 FROM line JOIN entries ON entries.id = line.id
            WHERE depth < 1000
            ) SELECT id FROM line WHERE id IS NOT NULL ORDER BY depth""", (number,))
        return self.entries([row[0] for row in rows])

    # Saying

    def rate(self, ids: Sequence[int], rating: int) -> None:
        """Rate entries, 0 (none) to 5. Raises ValueProblem."""
        if not 0 <= rating <= BEST:
            raise ValueProblem(f"A rating is a whole number from 0 to {BEST}.", "Choose one of these.", str(rating))
        with self._database.change() as connection:
            connection.executemany("UPDATE entries SET rating = ? WHERE id = ?", [(rating, number) for number in ids])

    def tag(self, ids: Sequence[int], tag: str) -> None:
        """Give entries a tag; upper and lower case are the same tag. Raises ValueProblem for none or a long one."""
        name = _tidy(tag)
        with self._database.change() as connection:
            connection.execute("INSERT OR IGNORE INTO tags (name, folded) VALUES (?, ?)", (name, fold(name)))
            connection.executemany("INSERT OR IGNORE INTO tagged SELECT tags.id, entries.id FROM tags, entries "
                                   "WHERE folded = ? AND entries.id = ?", [(fold(name), number) for number in ids])
            _tidy_tags(connection)

    def untag(self, ids: Sequence[int], tag: str) -> None:
        """Take a tag from entries; a tag that nothing has any more is gone."""
        folded = fold(" ".join(tag.split()))
        with self._database.change() as connection:
            connection.executemany(_UNTAG, [(number, folded) for number in ids])
            _tidy_tags(connection)

    def rename_tag(self, old: str, new: str) -> None:
        """Call a tag something else; if there is one of that name, both become one. Raises ValueProblem."""
        name, folded = _tidy(new), fold(" ".join(old.split()))
        with self._database.change() as connection:
            if fold(name) == folded:
                connection.execute("UPDATE tags SET name = ? WHERE folded = ?", (name, folded))
                return
            if connection.execute("SELECT 1 FROM tags WHERE folded = ?", (folded,)).fetchone() is None:
                return
            connection.execute("INSERT OR IGNORE INTO tags (name, folded) VALUES (?, ?)", (name, fold(name)))
            connection.execute("INSERT OR IGNORE INTO tagged SELECT new.id, entry FROM tags AS new, tagged "
                               "JOIN tags AS old ON old.id = tag WHERE old.folded = ? AND new.folded = ?",
                               (folded, fold(name)))
            connection.execute("DELETE FROM tags WHERE folded = ?", (folded,))

    def forget(self, ids: Sequence[int]) -> None:
        """Take entries out of the library; the files themselves stay."""
        marks = {row[1] for row in self._database.among(_MARKS, ids)}
        wordings = {row[1] for row in self._database.among(_WORDINGS, ids)}
        self._index.forget()
        with self._database.change() as connection:
            connection.executemany("DELETE FROM entries WHERE id = ?", [(number,) for number in ids])
            _tidy_tags(connection)
        marks -= {row[0] for row in self._database.among("SELECT mark FROM entries WHERE mark IN ({})", list(marks))}
        wordings -= {row[0] for row in self._database.among("SELECT wording FROM entries WHERE wording IN ({})",
                                                            list(wordings))}
        self._made.drop(marks, wordings)

    # Files that come and go

    def look(self, ids: Sequence[int] | None = None) -> tuple[int, ...]:
        """See whether the files are there (None: of all entries); the ids for which that has changed."""
        return moving.look(self._database, ids)

    def relocate(self, folder: Path, on_progress: Callable[[Progress], None] | None = None,
                 cancel: CancelToken | None = None) -> tuple[int, ...]:
        """Find missing files again under `folder`, by their recipe and, of several, by their name; their ids."""
        return moving.relocate(self._database, folder, on_progress, cancel)

    # Meanings

    def unread(self, encoder: str, limit: int | None = AT_ONCE) -> tuple[str, ...]:
        """Texts whose vector by this encoder is not known, those of the newest entries first; None: all of them."""
        known = self._made.known(encoder)
        table = self._index.table()
        _, first = np.unique(table[:, 1], return_index=True)
        new = np.sort(first[~np.isin(table[first, 1], known)])[:limit]
        return tuple(dict.fromkeys(entry.words for entry in self.entries(table[new, 0].tolist())))

    def learn(self, texts: Sequence[str], vectors: NDArray[np.float32], encoder: str) -> None:
        """What texts mean: unit vectors [texts, dim]."""
        self._made.learn([number_of(text) for text in texts], vectors, encoder)

    def known(self, texts: Sequence[str], encoder: str) -> dict[str, NDArray[np.float32]]:
        """Those of the texts whose meaning is known, with their vectors [dim]."""
        numbers = {text: number_of(text) for text in texts}
        vectors = self._made.vectors(list(numbers.values()), encoder)
        return {text: vectors[number] for text, number in numbers.items() if number in vectors}

    def meaning(self, number: int, encoder: str) -> Meaning | None:
        """What an entry means, if that is known: to look for more of the kind."""
        for _, wording in self._database.among(_WORDINGS, [number]):
            for vector in self._made.vectors([wording], encoder).values():
                return Meaning(vector, encoder)
        return None


def _take_in(connection: Connection, keepsake: Keepsake) -> tuple[int, bool]:
    """The id of the file's entry, and whether that is new."""
    path, mark = whole_path(keepsake.path), mark_of(keepsake.recipe)
    there = connection.execute("SELECT id, mark FROM entries WHERE path = ?", (path,)).fetchone()
    if there is not None and there[1] == mark:
        connection.execute("UPDATE entries SET missing = 0 WHERE id = ?", (there[0],))
        return int(there[0]), False
    if there is not None:
        connection.execute("DELETE FROM entries WHERE id = ?", (there[0],))
    same = connection.execute("SELECT id, path FROM entries WHERE mark = ? AND name = ?",
                              (mark, sortable(Path(path).name))).fetchall()
    for number, old in same:
        if not os.path.lexists(old):
            moving.move(connection, number, keepsake.path)
            return int(number), False
    return insert(connection, keepsake), True


def _tidy(tag: str) -> str:
    """A tag as it is kept. Raises ValueProblem."""
    name = " ".join(tag.split())
    if not name or len(name) > LONGEST_TAG or not name.isprintable():
        raise ValueProblem(f"A tag has 1 to {LONGEST_TAG} letters.", "Choose another one.", tag)
    return name


def _tidy_tags(connection: Connection) -> None:
    """Tags that nothing has are gone."""
    connection.execute("DELETE FROM tags WHERE id NOT IN (SELECT tag FROM tagged)")
