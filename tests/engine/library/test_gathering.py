"""Folders of kept files become entries, and so do the rows of the strip of before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.api import Medium, Progress
from engine.cancel import CancelToken
from engine.errors import FileProblem
from engine.library.gathering import Gathered, gather
from engine.library.library import Library
from engine.library.records import Order, Query
from engine.library.strip import keepsakes
from tests.engine.library.kept import recipe, write


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "data" / "library.db") as opened:
        yield opened


def test_everything_with_a_recipe_is_taken_in_once(library: Library, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    write(kept / "wall.png", "moss")
    write(kept / "deep" / "names.txt", "harbour", package="names", texts=("Blue hour", "Mole"))
    write(kept / "sea.gpl", "calm", package="palettes", colors=("#102030", "#a0b0c0"))
    write(kept / "sea.json", "calm", package="palettes", colors=("#102030", "#a0b0c0"))
    write(kept / "sea.css", "calm", package="palettes", colors=("#102030", "#a0b0c0"))
    write(kept / ".hidden" / "no.png", "moss")
    (kept / "stranger.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (kept / "readme.txt").write_text("hello", encoding="utf-8")
    (kept / "movie.mp4").write_bytes(b"")
    os.utime(kept / "wall.png", (1_600_000_000, 1_600_000_000))
    steps: list[Progress] = []
    done = gather(library, [kept, kept / "wall.png"], steps.append)
    assert (len(done.added), done.known, done.passed, done.cancelled) == (5, 0, 2, False)
    assert (steps[0], steps[-1]) == (Progress(0, 7), Progress(7, 7))
    page = library.find(Query(order=Order.NAME))
    entries = {found.entry.path.name: found.entry for found in page.found}
    assert list(entries) == ["names.txt", "sea.css", "sea.gpl", "sea.json", "wall.png"]
    assert [entry.medium for entry in entries.values()] == [
        Medium.TEXT, *[Medium.PALETTE] * 3, Medium.PICTURE]
    assert entries["names.txt"].texts == ("Blue hour", "Mole")
    assert {entries[name].colors for name in ("sea.json", "sea.gpl", "sea.css")} == {("#102030", "#a0b0c0")}
    assert entries["wall.png"].kept == datetime.fromtimestamp(1_600_000_000, UTC)
    assert entries["wall.png"].package_name == "Textures"
    assert gather(library, [kept]) == Gathered((), 5, 2)


def test_a_palette_that_was_kept_as_a_picture_is_one_if_its_model_makes_palettes(library: Library,
                                                                                tmp_path: Path) -> None:
    path = write(tmp_path / "sea.png", "calm", package="palettes")
    entry = library.entries(gather(library, [path], media={"palettes": Medium.PALETTE}).added)[0]
    assert entry.medium is Medium.PALETTE


def test_a_path_that_is_not_there_is_told_before_anything_is_done(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.png", "moss")
    with pytest.raises(FileProblem, match="was not found"):
        gather(library, [path, tmp_path / "nowhere"])
    assert library.find(Query()).total == 0


def test_what_was_taken_in_before_a_cancel_stays(library: Library, tmp_path: Path) -> None:
    for number in range(60):
        write(tmp_path / "kept" / f"{number:02}.png", "moss", seed=number)
    token = CancelToken()
    done = gather(library, [tmp_path / "kept"], lambda step: token.cancel() if step.done else None, token)
    assert (len(done.added), done.cancelled) == (50, True)
    token.cancel()
    assert gather(library, [tmp_path / "kept"], cancel=token) == Gathered((), 0, 0, cancelled=True)


@pytest.mark.skipif(os.name != "posix", reason="names that are no text")
def test_a_name_that_is_no_text_is_passed_over(library: Library, tmp_path: Path) -> None:
    write(tmp_path / "kept" / "a.png", "moss").rename(tmp_path / "kept" / "\udcff.png")
    assert gather(library, [tmp_path / "kept"]) == Gathered((), 0, 1)


def test_the_strip_of_before_is_taken_over_in_its_order(library: Library, tmp_path: Path) -> None:
    old = write(tmp_path / "old.png", "moss")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    rows = [{"path": "/gone/new.txt", "recipe": recipe("harbour", "names").to_dict(), "texts": ["Mole"]},
            {"path": str(old), "recipe": recipe("moss").to_dict()},
            {"path": "/gone/older.gpl", "recipe": recipe(package="palettes").to_dict(), "colors": ["#102030"]},
            {"path": "no recipe"}, "no row", {"path": "x", "recipe": {"version": 99}}]
    found = keepsakes(rows, {"textures": "Textures"}, lambda fingerprint: fingerprint.encode())  # type: ignore[arg-type]
    assert [keepsake.path.name for keepsake in found] == ["older.gpl", "old.png", "new.txt"]
    assert [keepsake.medium for keepsake in found] == [Medium.PALETTE, Medium.PICTURE, Medium.TEXT]
    assert found[1].thumbnail == recipe("moss").fingerprint().encode()
    assert found[1].package_name == "Textures"
    library.add_many(found)
    assert [entry.entry.path.name for entry in library.find(Query()).found] == ["new.txt", "old.png", "older.gpl"]
