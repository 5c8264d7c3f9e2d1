"""The library: what is taken in, said of it, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.api import Medium
from engine.errors import FileProblem, ValueProblem
from engine.library.library import Library
from engine.library.records import Keepsake, Query
from engine.paths import library_file
from tests.engine.library.kept import keepsake, recipe


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def test_what_goes_in_comes_out_and_is_there_the_next_time(tmp_path: Path) -> None:
    given = Keepsake(Path("/kept/harbour.txt"), recipe("a calm 港口", "names", size=(3, 4), loud=True, much=0.5),
                     "Names", Medium.TEXT, ("Blue hour", "雾"), (), kept=datetime(2026, 1, 2, 3, tzinfo=UTC))
    with Library.open(tmp_path / "a.db") as library:
        entry = library.add(given)
    with Library.open(tmp_path / "a.db") as library:
        assert library.remarks == ()
        assert library.entries([99, entry.id]) == (entry,)
        assert library.entry(99) is None
        assert library.at(Path("/kept/../kept/harbour.txt")) == entry
    assert (entry.path, entry.recipe, entry.medium, entry.texts) == (given.path, given.recipe, Medium.TEXT, given.texts)
    assert entry.recipe.canonical() == given.recipe.canonical()
    assert (entry.rating, entry.tags, entry.parent, entry.missing) == (0, (), None, False)
    assert entry.kept == datetime(2026, 1, 2, 3, tzinfo=UTC)
    assert entry.words == "a calm 港口. Blue hour. 雾. Names"


def test_it_lies_in_the_persons_data_folder() -> None:
    with Library.open() as library:
        assert library.path == library_file()
        assert library.path.is_file()


def test_a_time_is_set_when_none_is_given(library: Library) -> None:
    assert abs(library.add(keepsake("a.png")).kept - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_same_file_is_one_entry(library: Library) -> None:
    first = library.add(keepsake("a.png", "moss", thumbnail=b"old"))
    library.rate([first.id], 4)
    library.tag([first.id], "walls")
    again = library.add(keepsake("a.png", "moss", thumbnail=b"new"))
    assert again == replace(first, rating=4, tags=("walls",))
    assert library.thumbnail(first.id) == b"new"
    assert library.find(Query()).total == 1


def test_another_recipe_under_the_same_name_is_a_new_entry(library: Library) -> None:
    first = library.add(keepsake("a.png", "moss"))
    child = library.add(keepsake("b.png", "moss", seed=1, parent=first.id))
    library.rate([first.id], 4)
    other = library.add(keepsake("a.png", "rust"))
    assert (other.id != first.id, other.rating) == (True, 0)
    assert library.entry(first.id) is None
    grown = library.entry(child.id)
    assert grown is not None
    assert grown.parent is None


def test_many_are_taken_in_together_or_not_at_all(library: Library) -> None:
    bad = Keepsake(Path("/kept/\udcff.png"), recipe("x"))
    with pytest.raises(FileProblem, match="not UTF-8"):
        library.add_many([keepsake("a.png"), bad])
    assert library.find(Query()).total == 0
    assert len(library.add_many([keepsake(f"{n}.png", seed=n) for n in range(700)])) == 700


def test_an_id_is_never_given_twice(library: Library) -> None:
    first = library.add(keepsake("a.png"))
    library.forget([first.id])
    assert library.add(keepsake("b.png")).id > first.id


def test_forgetting_leaves_the_file_and_takes_what_hangs_on_the_entry(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"")
    one, two = library.add_many([Keepsake(path, recipe("moss"), thumbnail=b"png"),
                                 Keepsake(tmp_path / "b.png", recipe("moss"))])
    library.tag([one.id], "walls")
    library.forget([one.id, 99])
    assert path.exists()
    assert library.tags() == ()
    assert library.thumbnail(two.id) == b"png"            # the same recipe: the same picture
    library.forget([two.id])
    assert library.thumbnail(library.add(Keepsake(path, recipe("moss"))).id) == b""


def test_pictures_come_by_the_handful(library: Library) -> None:
    one, two, three = library.add_many([keepsake("a.png", seed=1, thumbnail=b"1"), keepsake("b.png", seed=2),
                                        keepsake("c.png", seed=3, thumbnail=b"3")])
    assert library.thumbnails([three.id, two.id, one.id, 99]) == {one.id: b"1", three.id: b"3"}
    library.picture(two.id, b"2")
    library.picture(99, b"nobody's")
    assert library.thumbnail(two.id) == b"2"


def test_ratings_go_from_none_to_five(library: Library) -> None:
    ids = [entry.id for entry in library.add_many([keepsake("a.png"), keepsake("b.png", seed=1)])]
    library.rate(ids, 5)
    assert [entry.rating for entry in library.entries(ids)] == [5, 5]
    library.rate(ids[:1], 0)
    assert [entry.rating for entry in library.entries(ids)] == [0, 5]
    for wrong in (-1, 6):
        with pytest.raises(ValueProblem, match="from 0 to 5"):
            library.rate(ids, wrong)


def test_tags_are_the_same_in_any_case_and_go_with_their_last_entry(library: Library) -> None:
    one, two = library.add_many([keepsake("a.png"), keepsake("b.png", seed=1)])
    library.tag([one.id, two.id, 99], "  Old   Walls ")
    library.tag([one.id], "old walls")
    library.tag([one.id], "墙")
    assert [(count.key, count.count) for count in library.tags()] == [("Old Walls", 2), ("墙", 1)]
    entry = library.entry(one.id)
    assert entry is not None
    assert entry.tags == ("Old Walls", "墙")
    library.untag([one.id, two.id], "OLD WALLS")
    assert [count.key for count in library.tags()] == ["墙"]


@pytest.mark.parametrize("tag", ["", "   ", "x" * 61, "bell\a"])
def test_a_tag_that_is_none_is_refused(library: Library, tag: str) -> None:
    entry = library.add(keepsake("a.png"))
    with pytest.raises(ValueProblem, match="1 to 60 letters"):
        library.tag([entry.id], tag)


def test_a_tag_is_renamed_and_two_become_one(library: Library) -> None:
    one, two = library.add_many([keepsake("a.png"), keepsake("b.png", seed=1)])
    library.tag([one.id, two.id], "wall")
    library.tag([one.id], "brick")
    library.rename_tag("WALL", "Wall")
    assert {count.key: count.count for count in library.tags()} == {"Wall": 2, "brick": 1}
    library.rename_tag("wall", "Brick")
    assert {count.key: count.count for count in library.tags()} == {"brick": 2}
    library.rename_tag("nobody has this", "Brick")
    assert len(library.tags()) == 1


def test_packages_are_counted(library: Library) -> None:
    library.add_many([keepsake("a.png"), keepsake("b.png", seed=1), keepsake("c.png", package="icons")])
    assert [(count.key, count.name, count.count) for count in library.packages()] == [
        ("textures", "Textures", 2), ("icons", "Icons", 1)]


def test_lineage_is_told_in_both_directions(library: Library) -> None:
    first = library.add(keepsake("a.png"))
    second = library.add(keepsake("b.png", seed=1, parent=first.id))
    third = library.add(keepsake("c.png", seed=2, parent=second.id))
    fourth = library.add(keepsake("d.png", seed=3, parent=first.id))
    assert [entry.id for entry in library.children(first.id)] == [second.id, fourth.id]
    assert [entry.id for entry in library.parents(third.id)] == [second.id, first.id]
    assert library.add(keepsake("e.png", seed=4, parent=99)).parent is None      # it was forgotten meanwhile
    library.forget([second.id])
    assert library.parents(third.id) == ()
