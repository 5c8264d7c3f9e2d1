"""Where the nodes of a tree stand: one row each in the order they came, branches side by side in lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Edge:
    """From a parent to its child: rows and lanes. The line runs in the child's lane."""

    top: int
    bottom: int
    start: int
    lane: int


@dataclass(frozen=True)
class Lanes:
    """The lane of every row, the edges, and how many lanes there are."""

    lanes: tuple[int, ...] = ()
    edges: tuple[Edge, ...] = ()
    count: int = 0


def lay(nodes: Sequence[tuple[int, int | None]]) -> Lanes:
    """Places for (id, parent) pairs of which parents come first.

    A node's oldest child goes on in its lane; every other one begins a lane, the leftmost that is free from its
    parent's row down to the end of what came of it.
    """
    rows = {node: row for row, (node, _) in enumerate(nodes)}
    parents = [rows.get(parent, -1) if parent is not None else -1 for _, parent in nodes]
    heir = [-1] * len(nodes)
    for row, parent in enumerate(parents):
        if parent >= 0 and heir[parent] < 0:
            heir[parent] = row
    end = list(range(len(nodes)))
    for row in range(len(nodes) - 1, -1, -1):
        if heir[row] >= 0:
            end[row] = end[heir[row]]
    lanes = [0] * len(nodes)
    taken: list[list[tuple[int, int]]] = []
    for row, parent in enumerate(parents):
        if parent >= 0 and heir[parent] == row:
            lanes[row] = lanes[parent]
        else:
            first = parent + 1 if parent >= 0 else row
            lanes[row] = _free(taken, first, end[row])
    edges = tuple(Edge(parent, row, lanes[parent], lanes[row]) for row, parent in enumerate(parents) if parent >= 0)
    return Lanes(tuple(lanes), edges, len(taken))


def _free(taken: list[list[tuple[int, int]]], first: int, last: int) -> int:
    """The leftmost lane in which these rows are free; they are taken then."""
    for lane, spans in enumerate(taken):
        if all(last < start or end < first for start, end in spans):
            spans.append((first, last))
            return lane
    taken.append([(first, last)])
    return len(taken) - 1
