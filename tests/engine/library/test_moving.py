"""Files that go, come back, and lie elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.api import Progress
from engine.cancel import CancelToken
from engine.library.gathering import gather
from engine.library.library import Library
from engine.library.records import Entry, Query
from tests.engine.library.kept import write


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "data" / "library.db") as opened:
        yield opened


def entry_at(library: Library, path: Path) -> Entry:
    found = library.at(path)
    assert found is not None
    return found


def test_missing_files_are_noticed_and_come_back(library: Library, tmp_path: Path) -> None:
    paths = [write(tmp_path / "kept" / f"{name}.png", "moss", seed=at) for at, name in enumerate("ab")]
    gather(library, paths)
    assert library.look() == ()
    paths[0].unlink()
    gone = entry_at(library, paths[0]).id
    assert library.look([gone]) == (gone,)
    assert library.look() == ()
    assert library.ids(Query(missing=True)) == (gone,)
    assert entry_at(library, paths[0]).missing
    write(paths[0], "moss")
    assert library.look() == (gone,)
    assert library.ids(Query(missing=True)) == ()


def test_moved_files_are_found_again_by_recipe_and_name(library: Library, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    same, renamed, lost, stays = (write(old / name, prompt) for name, prompt in (
        ("same.png", "moss"), ("renamed.png", "rust"), ("lost.png", "gold"), ("stays.png", "iron")))
    gather(library, [old])
    ids = {path.name: entry_at(library, path).id for path in (same, renamed, lost, stays)}
    library.rate([ids["same.png"]], 5)
    (new / "deep").mkdir(parents=True)
    write(new / "a copy.png", "moss")                      # the same recipe, but another name
    same.rename(new / "deep" / "same.png")
    renamed.rename(new / "wall.png")
    lost.unlink()
    write(new / "lost.png", "silver")                      # the name alone is not enough
    steps: list[Progress] = []
    assert set(library.relocate(new, steps.append)) == {ids["same.png"], ids["renamed.png"]}
    assert steps[0] == Progress(0, 4)
    assert entry_at(library, new / "deep" / "same.png").rating == 5
    assert entry_at(library, new / "wall.png").id == ids["renamed.png"]
    assert [found.entry.id for found in library.find(Query("wall.png")).found] == [ids["renamed.png"]]
    assert library.find(Query("renamed.png")).total == 0
    assert library.ids(Query(missing=True)) == (ids["lost.png"],)
    assert library.relocate(new) == ()


def test_two_missing_copies_get_a_file_each(library: Library, tmp_path: Path) -> None:
    gather(library, [write(tmp_path / "old" / name, "moss") for name in ("a.png", "b.png")])
    a, b = (entry_at(library, tmp_path / "old" / name).id for name in ("a.png", "b.png"))
    (tmp_path / "old").rename(tmp_path / "new")
    assert set(library.relocate(tmp_path)) == {a, b}
    assert entry_at(library, tmp_path / "new" / "b.png").id == b


def test_relocating_can_be_cancelled(library: Library, tmp_path: Path) -> None:
    gather(library, [write(tmp_path / "old" / "a.png", "moss")])
    (tmp_path / "old").rename(tmp_path / "new")
    token = CancelToken()
    token.cancel()
    assert library.relocate(tmp_path, cancel=token) == ()


def test_gathering_a_moved_folder_finds_its_files_again(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "old" / "a.png", "moss")
    first = gather(library, [tmp_path / "old"]).added
    library.tag(first, "walls")
    os.rename(path.parent, tmp_path / "new")               # noqa: PTH104
    again = gather(library, [tmp_path / "new"])
    assert (again.added, again.known) == ((), 1)
    assert entry_at(library, tmp_path / "new" / "a.png").tags == ("walls",)
