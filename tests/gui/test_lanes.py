"""Branches side by side: lines never run into one another, and what is there stays where it is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gui.widgets.lanes import Edge, lay


def test_a_line_is_one_lane() -> None:
    found = lay([(1, None), (2, 1), (5, 2)])
    assert (found.lanes, found.count) == ((0, 0, 0), 1)
    assert found.edges == (Edge(0, 1, 0, 0), Edge(1, 2, 0, 0))


def test_a_branch_goes_beside_and_its_lane_is_free_again_below() -> None:
    found = lay([(1, None), (2, 1), (3, 1), (4, 2), (5, 4), (6, 5), (7, 5)])
    assert found.lanes == (0, 0, 1, 0, 0, 0, 1)
    assert found.count == 2


def test_nothing_is_no_lane() -> None:
    assert lay([]).count == 0


@settings(max_examples=40)
@given(st.lists(st.integers(0, 1000), max_size=25))
def test_no_two_lines_share_a_lane_in_a_row(choices: list[int]) -> None:
    nodes = [(row + 1, None if not choice % (row + 1) else choice % (row + 1)) for row, choice in enumerate(choices)]
    found = lay(nodes)
    used: dict[tuple[int, int], int] = {}
    for edge in found.edges:
        for row in range(edge.top + 1, edge.bottom + 1):
            assert used.setdefault((row, edge.lane), edge.bottom) == edge.bottom
            if row < edge.bottom:
                assert found.lanes[row] != edge.lane
