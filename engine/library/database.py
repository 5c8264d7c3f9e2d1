"""One SQLite file: opened, checked, brought up to date, changed in whole steps; its faults as sentences.

The journal is the old kind that is rolled back, not the write-ahead log: the SQLite that many Pythons bring (up to
3.51.2) can damage a write-ahead log when two programs meet at the wrong moment, and the log does not work on network
disks. A commit takes a millisecond either way here, and the library stays one file that can be copied.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.atomic import explained
from engine.errors import DiskFull, FileProblem

BUSY_S = 10.0
"""So long another program may be writing."""

_AT_ONCE = 500
"""Values in one statement: older builds of SQLite take 999."""

_SHAPE = """SELECT tables.name, columns.name, columns.type, columns.pk FROM sqlite_master AS tables
    JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'
    UNION ALL SELECT tables.name, keys."table", keys."from", keys."to" || keys.on_delete FROM sqlite_master AS tables
    JOIN pragma_foreign_key_list(tables.name) AS keys WHERE tables.type = 'table'
    UNION ALL SELECT tbl_name, name, type, 0 FROM sqlite_master WHERE type = 'index' ORDER BY 1, 2, 3, 4"""

_MARK = 0x41746C69
"""Says in the file's head that it is ours."""

Steps = Sequence[Sequence[str]]


class Damaged(FileProblem):
    """A library file that SQLite cannot make sense of any more."""

    code = "library_damaged"


class Database:
    """An open file. One thread at a time; other processes may have it open as well."""

    def __init__(self, path: Path, steps: Steps, *, cautious: bool = True) -> None:
        """Open or begin the file, whose tables come of `steps`: the n-th makes version n of version n - 1.

        `cautious`: every page is looked at, and each commit waits for the disk. Raises Damaged, FileProblem.
        """
        self.path = path
        self._doubt = Path(f"{path}-doubt")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise explained(NotADirectoryError(errno.ENOTDIR, ""), path) from error
        except OSError as error:
            raise explained(error, path.parent) from error
        with self._faults():
            # One thread at a time is the caller's promise; the file may be opened by one and closed by another.
            self._connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            with self._faults():
                self._prepare(steps, cautious=cautious)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def rows(self, question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All answers. Raises FileProblem."""
        with self._faults():
            return self._connection.execute(question, values).fetchall()

    def among(self, question: str, values: Sequence[Any], before: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The answers for many values, which stand where `question` says `({})`; `before`: values before these."""
        for start in range(0, len(values), _AT_ONCE):
            some = values[start:start + _AT_ONCE]
            yield from self.rows(question.format(",".join("?" * len(some))), [*before, *some])

    def row(self, question: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first answer, if there is one. Raises FileProblem."""
        found = self.rows(question, values)
        return found[0] if found else None

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """All that is done inside comes about, or nothing of it: whatever ends the process. Raises FileProblem."""
        with self._faults():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:   # a full disk has already rolled it back
                    self._connection.execute("ROLLBACK")
                raise

    def version(self) -> int:
        """Another number than before: another program has changed the file."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def copy(self, target: Path) -> None:
        """A sound copy of the file as it is now, at a name that is free. Raises FileProblem."""
        with self._faults():
            other = sqlite3.connect(target)
            try:
                self._connection.backup(other)
            finally:
                other.close()

    def _prepare(self, steps: Steps, *, cautious: bool) -> None:
        try:
            version = self._settle(len(steps), cautious=cautious)
        except sqlite3.OperationalError as error:
            if _code(error) == sqlite3.SQLITE_ERROR:      # what was asked is without fault, so the file is not
                raise self._damaged() from error
            raise
        run = self._connection.execute
        if version < len(steps):
            self._grow(steps)
            return
        sound = run(_SHAPE).fetchall() == _shape_of(steps)
        if sound and cautious:
            if self._doubt.exists():
                run("REINDEX")                # a quick check looks at every page, but not whether indexes are right
            sound = run("PRAGMA quick_check(1)").fetchall() == [("ok",)]
        if not sound:
            raise self._damaged()
        self._doubt.unlink(missing_ok=True)

    def _settle(self, newest: int, *, cautious: bool) -> int:
        """How this connection works with the file; the version of its tables."""
        run = self._connection.execute
        # A letter that a failing disk changed must not hide all the others.
        self._connection.text_factory = lambda data: data.decode(errors="replace")
        run("PRAGMA foreign_keys = ON")
        run("PRAGMA trusted_schema = OFF")
        run("PRAGMA journal_mode = TRUNCATE")
        run(f"PRAGMA synchronous = {'FULL' if cautious else 'NORMAL'}")
        run("PRAGMA fullfsync = ON")                  # macOS: plain fsync only reaches the drive's cache
        return self._known(newest)

    def _known(self, newest: int) -> int:
        """The version of the tables in the file. Raises Damaged for a stranger's file, FileProblem for a newer one."""
        mark, = self._connection.execute("PRAGMA application_id").fetchone()
        version, = self._connection.execute("PRAGMA user_version").fetchone()
        if version > newest:
            raise FileProblem(f"“{self.path.name}” was written by a newer version of Latent Atelier.",
                              "Update Latent Atelier.", str(self.path))
        if mark != _MARK and (mark or version or self._connection.execute("SELECT 1 FROM sqlite_master").fetchone()):
            raise self._damaged()
        return int(version)

    def _grow(self, steps: Steps) -> None:
        """Take the steps that the file lacks, all or none; another program may have been quicker."""
        with self.change() as connection:
            begin = self._known(len(steps))
            for step in steps[begin:]:
                for statement in step:
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_MARK}")
            connection.execute(f"PRAGMA user_version = {len(steps)}")

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        """SQLite's errors as sentences; our own mistakes in a statement stay what they are."""
        try:
            yield
        except UnicodeDecodeError as error:               # in the words of SQLite's own complaint
            raise self._damaged() from error
        except sqlite3.OperationalError as error:
            raise self._refused(error) from error
        except sqlite3.DatabaseError as error:
            if _code(error) not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise
            raise self._damaged() from error

    def _refused(self, error: sqlite3.OperationalError) -> Exception:
        """The sentence for what the disk or another program does not allow; for all else the error itself."""
        name, folder, subject = self.path.name, self.path.parent, str(self.path)
        table = {
            sqlite3.SQLITE_FULL: (f"The disk is full: “{name}” could not be written to {folder}.",
                                  "Free some space or choose a folder on another disk, then go on."),
            sqlite3.SQLITE_BUSY: ("The library has been written by another program for a long time.",
                                  "Wait until it is done, then try again."),
            sqlite3.SQLITE_READONLY: (f"The library “{name}” in {folder} may not be written.",
                                      "Allow it to be written, or move the folder."),
            sqlite3.SQLITE_CANTOPEN: (f"The library “{name}” in {folder} cannot be opened.",
                                      "Check that the folder may be read and written."),
            sqlite3.SQLITE_IOERR: (f"The disk failed while working on “{name}” in {folder}.",
                                   "Check the drive and its cable, or choose another disk."),
        }
        code = _code(error)
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return self._damaged()
        if code not in table:
            return error
        what, remedy = table[code]
        return (DiskFull if code == sqlite3.SQLITE_FULL else FileProblem)(what, remedy, subject)

    def _damaged(self) -> Damaged:
        """The fault; who opens the file next looks closer."""
        with contextlib.suppress(OSError):
            self._doubt.touch()
        return Damaged(f"The library “{self.path.name}” is damaged.",
                       "Close Latent Atelier and open it again: the library is put right then.", str(self.path))


def set_aside(path: Path, when: str) -> Path:
    """Move a damaged file, and the journal that may belong to it, to a name of its own; that name.

    Raises FileProblem.
    """
    number, target = 1, path.with_name(f"{path.stem}-damaged-{when}{path.suffix}")
    while os.path.lexists(target):
        number += 1
        target = path.with_name(f"{path.stem}-damaged-{when}-{number}{path.suffix}")
    try:
        path.rename(target)
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}-journal").rename(f"{target}-journal")
        Path(f"{path}-doubt").unlink(missing_ok=True)
    except OSError as error:
        raise explained(error, path) from error
    return target


def _shape_of(steps: Steps) -> list[tuple[Any, ...]]:
    """Tables, columns, keys and indexes as these steps make them."""
    blank = sqlite3.connect(":memory:")
    try:
        for statement in (statement for step in steps for statement in step):
            blank.execute(statement)
        return blank.execute(_SHAPE).fetchall()
    finally:
        blank.close()


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; the extended ones carry more in their upper bits."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
