"""The tree of a document: it grows, branches, is thinned, and never loses what somebody holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.api import Medium, Recipe
from engine.document.tree import Node, Tree, tidy


def recipe(number: int, package: str = "glyphs") -> Recipe:
    return Recipe(package, "sha256:" + package, {"seed": number})


def grown(*numbers: int, tree: Tree | None = None) -> Tree:
    tree = Tree() if tree is None else tree
    for number in numbers:
        tree = tree.grown(recipe(number), Medium.PICTURE, "2026-11-23T04:05:06Z")
    return tree


def test_what_is_made_becomes_a_child_of_what_one_was_at() -> None:
    tree = grown(10, 11)
    assert [(node.id, node.parent) for node in tree] == [(1, None), (2, 1)]
    assert tree.now == tree.nodes[2]


def test_going_on_from_an_earlier_state_makes_a_branch_and_loses_nothing() -> None:
    tree = grown(12, tree=grown(10, 11).moved(1))
    assert [node.id for node in tree.children(1)] == [2, 3]
    assert tree.find(recipe(11)) == tree.nodes[2]


def test_equal_numbers_of_another_kind_are_another_state() -> None:
    tree = grown(1)
    assert tree.find(Recipe("glyphs", "sha256:glyphs", {"seed": 1.0})) is None


def test_a_deleted_branch_leaves_its_parent_current_and_comes_back_whole() -> None:
    tree = grown(13, tree=grown(10, 11, 12).moved(1))
    left = tree.moved(3).without(2)
    assert [node.id for node in left] == [1, 4]
    assert left.current == 1
    assert left.restored(tree.branch(2), 3) == tree.moved(3)


def test_deleting_everything_leaves_an_empty_tree_whose_numbers_go_on() -> None:
    tree = grown(10, 11).without(1)
    assert (len(tree), tree.current) == (0, None)
    assert grown(12, tree=tree).current == 3


def test_a_branch_whose_parent_has_gone_meanwhile_comes_back_as_a_root() -> None:
    tree = grown(10, 11, 12)
    left = tree.without(3).without(2)
    assert left.restored([tree.nodes[3]], None).nodes[3].parent is None


def test_thinning_takes_the_oldest_that_nobody_holds_and_keeps_the_forks() -> None:
    tree = grown(13, 14, tree=grown(10, 11, 12).moved(1))      # 1 - 2 - 3, and 1 - 4 - 5
    tree = tree.changed(3, pinned=True)
    thinned = tree.thinned(3)
    assert [(node.id, node.parent) for node in thinned] == [(1, None), (3, 1), (5, 1)]


def test_what_is_pinned_or_named_is_never_thinned() -> None:
    tree = grown(*range(20))
    for node in range(1, 16):
        tree = tree.changed(node, name="kept")
    assert len(tree.thinned(5)) == 16              # and the current one


def test_names_are_one_line() -> None:
    assert tidy("  Night\n garden ") == "Night garden"
    assert len(tidy("x" * 300)) == 80


@given(st.lists(st.tuples(st.sampled_from(["grow", "move", "delete", "pin", "thin"]), st.integers(0, 30)), max_size=40))
def test_whatever_is_done_the_tree_stays_a_tree(steps: list[tuple[str, int]]) -> None:
    tree = Tree()
    for what, number in steps:
        ids = list(tree.nodes)
        if what == "grow" or not ids:
            tree = grown(number, tree=tree)
        elif what == "move":
            tree = tree.moved(ids[number % len(ids)])
        elif what == "delete":
            tree = tree.without(ids[number % len(ids)])
        elif what == "pin":
            tree = tree.changed(ids[number % len(ids)], pinned=True)
        else:
            held = {node.id for node in tree if node.held}
            tree = tree.thinned(max(1, number))
            assert held <= set(tree.nodes)
        seen: set[int | None] = {None}
        for node in tree:
            assert node.parent in seen
            seen.add(node.id)
        assert tree.current in seen
        assert list(tree.nodes) == sorted(tree.nodes)


def test_a_node_that_was_named_is_held() -> None:
    assert Node(1, None, recipe(1), name="x").held
    assert not Node(1, None, recipe(1)).held
