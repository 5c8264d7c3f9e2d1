"""The file of the library: versions, damage, places that cannot be written, other programs."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

import pytest

from engine.errors import DiskFull, FileProblem
from engine.library import database, schema
from engine.library.copies import KEPT, back_up, opened
from engine.library.database import Damaged, Database
from engine.library.library import Library
from engine.library.records import Query
from tests.engine.library.kept import keepsake

FIRST = (("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)",),)
SECOND = (*FIRST, ("ALTER TABLE things ADD COLUMN color TEXT NOT NULL DEFAULT 'red'", "CREATE TABLE more (x)"))


def test_an_older_file_grows_and_keeps_what_is_in_it(tmp_path: Path) -> None:
    old = Database(tmp_path / "a.db", FIRST)
    with old.change() as connection:
        connection.execute("INSERT INTO things (name) VALUES ('pot')")
    old.close()
    new = Database(tmp_path / "a.db", SECOND)
    assert new.rows("SELECT * FROM things") == [(1, "pot", "red")]
    new.close()


def test_growing_comes_about_whole_or_not_at_all(tmp_path: Path) -> None:
    Database(tmp_path / "a.db", FIRST).close()
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        Database(tmp_path / "a.db", (*FIRST, ("CREATE TABLE more (x)", "CREATE NONSENSE")))
    again = Database(tmp_path / "a.db", SECOND)
    assert again.rows("SELECT count(*) FROM more") == [(0,)]
    again.close()


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    newer = (*schema.LIBRARY, ("CREATE TABLE future (x)",))
    Database(tmp_path / "library.db", newer).close()
    before = (tmp_path / "library.db").read_bytes()
    with pytest.raises(FileProblem, match="newer version") as refused:
        Library.open(tmp_path / "library.db")
    assert refused.value.remedy == "Update Latent Atelier."
    assert (tmp_path / "library.db").read_bytes() == before


def test_the_released_steps_make_the_tables_that_the_code_reads(tmp_path: Path) -> None:
    """A library of each released version opens and answers. (There is one so far.)"""
    for version in range(1, len(schema.LIBRARY) + 1):
        path = tmp_path / f"{version}.db"
        Database(path, schema.LIBRARY[:version]).close()
        with Library.open(path) as library:
            assert library.remarks == ()
            assert library.find(Query()).total == 0


@pytest.mark.parametrize("damage", ["noise", "page", "stranger", "text", "cut"])
def test_a_damaged_library_is_set_aside_and_told(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.add_many([keepsake(f"{number}.png", seed=number) for number in range(60)])
    data = bytearray(path.read_bytes())
    match damage:
        case "noise":
            data[:100] = os.urandom(100)
        case "page":
            data[4096 * 3:4096 * 4] = os.urandom(4096)
        case "stranger":
            path.unlink()
            with sqlite3.connect(path) as other:
                other.execute("CREATE TABLE theirs (x)")
            other.close()
            data = bytearray(path.read_bytes())
        case "text":
            data = bytearray(b"this is no library")
        case "cut":
            del data[len(data) // 2:]
    path.write_bytes(data)
    with Library.open(path) as library:
        told, = library.remarks
        assert library.find(Query()).total == 0
        assert library.add(keepsake("new.png")).id
    aside, = tmp_path.glob("library-damaged-*.db")
    assert aside.read_bytes() == data
    assert "begins anew" in told
    assert str(aside) in told
    with Library.open(path) as library:
        assert (library.remarks, library.find(Query()).total) == ((), 1)


def test_a_damaged_library_goes_back_to_its_newest_sound_copy(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        entry = library.add(keepsake("a.png"))
        library.rate([entry.id], 5)
        copy = library.back_up()
        assert copy is not None
        assert library.back_up() is None                       # one a day
        library.add(keepsake("later.png"))
    newer = copy.with_name("library-2999-01-01.db")
    newer.write_bytes(b"damaged too")
    path.write_bytes(b"no library")
    with Library.open(path) as library:
        assert [found.entry.rating for found in library.find(Query()).found] == [5]
        assert f"as it was on {copy.stem.removeprefix('library-')}" in library.remarks[0]
    assert copy.is_file()


def test_only_the_newest_copies_stay(tmp_path: Path) -> None:
    found, _ = opened(tmp_path / "library.db")
    folder = tmp_path / "library-copies"
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"library-2020-01-0{day}.db").write_bytes(b"")
    (folder / "library-2020-99-99.db").write_bytes(b"not ours")
    back_up(found)
    found.close()
    names = sorted(path.name for path in folder.iterdir())
    assert names[:KEPT - 1] == ["library-2020-01-04.db", "library-2020-01-05.db"]
    assert len(names) == KEPT + 1


@pytest.mark.parametrize("when", ["before", "while it is open"])
def test_small_pictures_that_are_damaged_begin_anew(tmp_path: Path, when: str) -> None:
    path, made = tmp_path / "library.db", tmp_path / "library-made.db"
    library = Library.open(path)
    entry = library.add(keepsake("a.png", thumbnail=b"png" * 5000))
    if when == "before":
        library.close()
        made.write_bytes(b"no such thing")
        library = Library.open(path)
    else:
        with made.open("r+b") as file:
            file.write(os.urandom(made.stat().st_size))
    assert library.remarks == ()
    assert library.thumbnail(entry.id) == b""
    library.picture(entry.id, b"again")
    assert library.thumbnail(entry.id) == b"again"
    library.close()


def test_damage_that_shows_later_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.add_many([keepsake(f"{number}.png", "x" * 300, seed=number) for number in range(200)])
    with Library.open(path) as library:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(os.urandom(size - 4096))
        library._database.rows("PRAGMA shrink_memory")        # or it would answer from what it has read
        with pytest.raises(Damaged, match="is damaged"):
            library.find(Query())


def test_an_index_that_is_wrong_is_put_right_the_next_time_without_loss(tmp_path: Path) -> None:
    """No quick check sees it: a change stumbles over it, and the next opening makes the indexes anew."""
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        ids = [entry.id for entry in library.add_many([keepsake(f"{number}.png", seed=number) for number in range(9)])]
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA writable_schema = ON")
        page, = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entries_by_rating'").fetchone()
    other.close()
    data = bytearray(path.read_bytes())
    data[page * 4096 - 1] ^= 1                            # the last byte of a page of an index: the id of a row
    path.write_bytes(data)
    with Library.open(path) as library, pytest.raises(Damaged, match="is damaged"):
        library.rate(ids, 5)
    with Library.open(path) as library:
        library.rate(ids, 4)
        assert library.remarks == ()
        assert [found.entry.rating for found in library.find(Query()).found] == [4] * 9
    assert sorted(found.name for found in tmp_path.iterdir() if "journal" not in found.name) == [
        "library-made.db", "library.db"]


@pytest.mark.expects_log("entry 1 of the library cannot be read: recipe version 99 is newer")
def test_an_entry_that_this_version_cannot_read_does_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.add_many([keepsake("a.png"), keepsake("b.png", seed=1)])
    with sqlite3.connect(path) as other:
        other.execute("UPDATE contents SET recipe = replace(recipe, '\"version\":1', '\"version\":99') WHERE entry = 1")
    other.close()
    with Library.open(path) as library:
        page = library.find(Query())
        assert ([found.entry.id for found in page.found], page.total) == ([2], 2)


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileProblem, match="not a folder"):
        Library.open(tmp_path / "file" / "library.db")
    (tmp_path / "library.db").mkdir()
    with pytest.raises(FileProblem, match="cannot be opened"):
        Library.open(tmp_path / "library.db")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc takes no files, not even from root")
def test_a_read_only_folder_is_a_sentence() -> None:
    with pytest.raises(FileProblem, match="cannot be opened"):
        Library.open(Path("/proc/library.db"))


def test_a_library_that_may_only_be_read_answers_and_says_what_it_cannot(tmp_path: Path,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        entry = library.add(keepsake("a.png", "moss"))
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **more: connect(
        path if path == ":memory:" else f"file:{path}?mode=ro", uri=True, **more))
    with Library.open(path) as library:                # root may write anywhere: SQLite is told instead
        assert library.find(Query("moss")).total == 1
        with pytest.raises(FileProblem, match="may not be written"):
            library.rate([entry.id], 3)


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.add(keepsake("a.png"))
        library._database.rows(f"PRAGMA max_page_count = {path.stat().st_size // 4096}")
        with pytest.raises(DiskFull, match="disk is full"):
            library.add_many([keepsake(f"{number}.png", "x" * 500, seed=number) for number in range(99)])
        assert library.find(Query()).total == 1
        library._database.rows("PRAGMA max_page_count = 100000")
        library.add(keepsake("b.png", seed=1))


def test_another_program_that_writes_for_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.db"
    Library.open(path).close()
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    with Library.open(path) as library:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert library.find(Query()).total == 0
        with pytest.raises(FileProblem, match="another program"):
            library.add(keepsake("a.png"))
        other.close()
        library.add(keepsake("a.png"))


def test_our_own_slips_are_not_the_worlds(tmp_path: Path) -> None:
    found, _ = opened(tmp_path / "library.db")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        found.rows("SELECT * FROM nowhere")
    with pytest.raises(sqlite3.IntegrityError), found.change() as connection:
        connection.execute("INSERT INTO contents VALUES (99, '', '', '', '')")
    found.close()
