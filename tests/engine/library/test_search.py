"""What a question to the library finds, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.api import Medium
from engine.library.library import Library
from engine.library.records import Entry, Keepsake, Meaning, Order, Query
from engine.library.rows import fold, sortable
from tests.engine.library.kept import keepsake, recipe, unit

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("library") / "library.db") as opened:
        rows = [keepsake("wall 10.png", "Mossy stone wall"), keepsake("wall 9.png", "brick wall, worn", seed=1),
                keepsake("sea.png", "calm sea, Straße"), keepsake("石墙.png", "古老的石墙，苔藓"),
                keepsake("leaf.png", package="icons", seed=4),
                Keepsake(Path("/kept/names.txt"), recipe("harbour", "names"), "Names", Medium.TEXT, ("Blue hour",)),
                Keepsake(Path("/kept/p.gpl"), recipe(package="palettes"), "Palettes", Medium.PALETTE, (), ("#a0b1c2",))]
        dated = [Keepsake(**{**vars(row), "kept": BEGIN + timedelta(hours=at)}) for at, row in enumerate(rows)]
        entries = opened.add_many(dated)
        opened.rate([entries[1].id], 5)
        opened.rate([entries[2].id, entries[3].id], 3)
        opened.tag([entries[0].id, entries[1].id], "Façade")
        opened.tag([entries[1].id], "Berlin")
        yield opened


def names(library: Library, query: Query, question: Meaning | None = None) -> list[str]:
    page = library.find(query, question)
    assert page.total >= len(page.found)
    assert list(library.ids(query, question)) == [found.entry.id for found in page.found]
    return [found.entry.path.name for found in page.found]


@pytest.mark.parametrize(("words", "expected"), [
    ("WALL", ["wall 9.png", "wall 10.png"]), ("wall stone", ["wall 10.png"]), ("石墙", ["石墙.png"]),
    ("苔", ["石墙.png"]), ("STRASSE", ["sea.png"]), ("hour", ["names.txt"]), ("#A0B1C2", ["p.gpl"]),
    ("icons", ["leaf.png"]), ("berlin", ["wall 9.png"]), ("façade mossy", ["wall 10.png"]), ("\uff53ea", ["sea.png"]),
    ("100%", []), ("wa_l", []), ("'; DROP TABLE entries; --", []), (".png calm", ["sea.png"]),
])
def test_every_word_must_occur_somewhere(library: Library, words: str, expected: list[str]) -> None:
    assert names(library, Query(words)) == expected


def test_nothing_asked_is_everything_the_newest_first(library: Library) -> None:
    page = library.find(Query())
    assert page.total == 7
    assert [found.entry.path.name for found in page.found][:2] == ["p.gpl", "names.txt"]
    assert not any(found.said or found.alike for found in page.found)
    assert names(library, Query(order=Order.OLDEST, limit=1)) == ["wall 10.png"]


def test_filters_hold_together(library: Library) -> None:
    assert names(library, Query(medium=Medium.TEXT)) == ["names.txt"]
    assert names(library, Query(package="textures", rating=3)) == ["石墙.png", "sea.png", "wall 9.png"]
    assert names(library, Query(tags=("façade", "BERLIN"))) == ["wall 9.png"]
    assert names(library, Query(tags=("nobody",))) == []
    assert names(library, Query("wall", tags=("façade",), rating=1)) == ["wall 9.png"]
    assert names(library, Query(missing=True)) == []


def test_orders(library: Library) -> None:
    assert names(library, Query("wall", order=Order.NAME)) == ["wall 9.png", "wall 10.png"]
    assert names(library, Query(package="textures", order=Order.RATING)) == [
        "wall 9.png", "石墙.png", "sea.png", "wall 10.png"]


def test_pages_follow_each_other(library: Library) -> None:
    whole = library.ids(Query(limit=None))
    assert [number for start in range(0, 9, 3) for number in library.ids(Query(limit=3, offset=start))] == list(whole)
    assert library.find(Query(limit=2, offset=6)).total == 7


def test_meanings_rank_and_words_count_more(library: Library) -> None:
    texts = [library.find(Query(words)).found[0].entry.words for words in ("mossy", "worn", "sea")]
    library.learn(texts, np.stack([unit(1, 0, 0), unit(1, 0.4, 0), unit(0.1, 1, 0)]), "encoder")
    asked = Meaning(unit(1, 0.2, 0), "encoder")
    assert names(library, Query("masonry", package="textures"), asked) == ["wall 9.png", "wall 10.png"]
    page = library.find(Query("sea"), asked)
    assert [(found.entry.path.name, found.said) for found in page.found] == [
        ("sea.png", True), ("wall 9.png", False), ("wall 10.png", False)]
    assert page.found[0].score == pytest.approx(1 + float(unit(1, 0.2, 0) @ unit(0.1, 1, 0)), abs=2e-3)
    assert names(library, Query("sea", order=Order.NAME, limit=2), asked) == ["sea.png", "wall 9.png"]
    assert names(library, Query("sea", rating=5), asked) == ["wall 9.png"]
    assert names(library, Query("sea"), Meaning(unit(1, 0, 0), "another encoder")) == ["sea.png"]
    assert names(library, Query("sea"), Meaning(unit(1, 0), "encoder")) == ["sea.png"]


def test_more_of_the_kind(library: Library) -> None:
    first = library.find(Query("mossy")).found[0].entry
    library.learn([first.words], unit(1, 0, 0)[None], "kind")
    asked = library.meaning(first.id, "kind")
    assert asked is not None
    assert names(library, Query(), asked) == ["wall 10.png"]
    assert library.meaning(first.id, "nobody's") is None


def test_what_is_not_read_yet_is_told_newest_first_and_each_text_once(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        library.add_many([keepsake("a.png", "moss"), keepsake("b.png", "moss", seed=1), keepsake("c.png", "rust")])
        assert library.unread("e") == ("rust. Textures", "moss. Textures")
        assert library.unread("e", limit=1) == ("rust. Textures",)
        library.learn(["rust. Textures"], unit(1, 2)[None], "e")
        assert library.unread("e") == ("moss. Textures",)
        assert library.unread("f") == ("rust. Textures", "moss. Textures")
        library.learn(["moss. Textures"], unit(2, 1)[None], "e")
        library.learn(["moss. Textures"], unit(3, 1)[None], "e")
        assert library.unread("e") == ()
        known = library.known(["moss. Textures", "nothing"], "e")
        assert {text: vector.round(2).tolist() for text, vector in known.items()} == {
            "moss. Textures": [pytest.approx(0.95, abs=1e-2), pytest.approx(0.32, abs=1e-2)]}
        assert [found.entry.path.name for found in library.find(Query(), Meaning(unit(3, 1), "e")).found] == [
            "b.png", "a.png", "c.png"]


def test_another_program_may_teach_meanings(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as one, Library.open(tmp_path / "library.db") as other:
        one.add(keepsake("a.png", "moss"))
        assert one.find(Query("green"), Meaning(unit(1, 0), "e")).total == 0
        other.learn(other.unread("e"), unit(1, 0.1)[None], "e")
        assert one.unread("e") == ()
        assert one.find(Query("green"), Meaning(unit(1, 0), "e")).total == 1


def _fits(entry: Entry, query: Query) -> bool:
    """The rule of `Query`, said once more in plain words."""
    said = fold("\n".join((str(entry.recipe.values.get("prompt", "")), *entry.texts, *entry.colors,
                           entry.package_name, entry.recipe.package, entry.path.name)))
    tags = [fold(tag) for tag in entry.tags]
    return (all(word in said or any(word in tag for tag in tags) for word in fold(query.words).split())
            and (not query.package or entry.recipe.package == query.package)
            and query.medium in {None, entry.medium} and entry.rating >= query.rating
            and all(fold(tag) in tags for tag in query.tags))


@given(query=st.builds(
    Query, words=st.lists(st.sampled_from(["wall", "e", "石", "façade", "Blue", "%", "."]), max_size=2).map(" ".join),
    package=st.sampled_from(["", "textures", "names", "none"]), medium=st.none() | st.sampled_from(list(Medium)),
    rating=st.integers(0, 5), tags=st.lists(st.sampled_from(["façade", "Berlin", "x"]), max_size=2).map(tuple),
    order=st.sampled_from(list(Order)), limit=st.none() | st.integers(0, 8), offset=st.integers(0, 8)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_question_is_answered_by_its_rule(library: Library, query: Query) -> None:
    every = library.entries(library.ids(Query(limit=None)))
    keys = {Order.OLDEST: lambda entry: -entry.id, Order.RATING: lambda entry: (entry.rating, entry.id),
            Order.NAME: lambda entry: [-ord(letter) for letter in sortable(entry.path.name)] + [1]}
    right = sorted((entry for entry in every if _fits(entry, query)), reverse=True,
                   key=keys.get(query.order, lambda entry: entry.id))
    page = library.find(query)
    assert page.total == len(right)
    end = None if query.limit is None else query.offset + query.limit
    assert [found.entry for found in page.found] == right[query.offset:end]
