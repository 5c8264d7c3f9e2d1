"""The graphs of one package under a memory budget: loaded when they are asked for, let go when room is needed.

A text encoder, a denoiser and a decoder take turns; whatever fits beside the others stays warm for the next picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.packages.parts import Graph
from engine.runtime.ebb import Ebb
from engine.runtime.memory import free_bytes, give_back

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime
    from engine.runtime.session import Session

_LARGE = 256 << 20
"""Bytes of weights beside a graph from which on they stay in their file, and freed pages go back to the system at once.

It depends on the package alone: a budget must not change a picture.
"""

_NOTABLE = 32 << 20                          # a graph that worked with gigabytes may have weights of this size
_MODEST = 1536 << 20
"""Bytes that nobody minds: a smaller package stays warm as a whole. A larger one keeps half of its weights, unless a
person chooses otherwise: the rest is read again from the system's cache, in a few hundredths of the time it computes.
"""


def is_lean(graph: Graph) -> bool:
    """Whether a graph is so large that its weights stay in the file beside it."""
    return sum(entry.bytes for entry in graph.external.values()) >= _LARGE


class Pool:
    """Sessions by role. Only the newest is sure to be there: ask again before each use."""

    def __init__(self, runtime: Runtime, folder: Path, graphs: Mapping[str, Graph]) -> None:
        """Nothing is loaded yet. The limit is the person's choice, or half of the memory that is free now.

        The budget is that limit; without a choice a large package on a processor takes no more than half its weights.
        """
        self._runtime = runtime
        self._folder = folder
        self._graphs = graphs
        self._sessions: dict[str, Session] = {}      # the least recently used first
        chosen = runtime.options.memory
        self.limit = self.budget = chosen << 20 if chosen is not None else free_bytes() // 2
        if chosen is None and runtime.device.actual == "CPUExecutionProvider":
            self.budget = min(self.limit, max(_MODEST, sum(map(self.weight, graphs)) // 2))

    def weight(self, role: str) -> int:
        """Bytes that a loaded graph keeps: its weights."""
        graph = self._graphs[role]
        return graph.bytes + sum(entry.bytes for entry in graph.external.values())

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles of the package."""
        return tuple(self._graphs)

    @property
    def loaded(self) -> tuple[str, ...]:
        """The roles that are warm, the least recently used first."""
        return tuple(self._sessions)

    def session(self, role: str, work: int = 0, *, seed: int | None = None) -> Session:
        """The session of a role, which will take about `work` bytes while it runs. Raises ModelError.

        Others are let go first, the longest unused before the rest, until the budget holds all; a graph that is larger
        than the budget is loaded alone. With a `seed` it is loaded anew, for graphs that draw random numbers.
        """
        if seed is not None:
            self.drop(role)
        warm = self._sessions.pop(role, None)
        self._make_room(role, self.weight(role) + work)
        if warm is None:
            graph = self._graphs[role]
            warm = self._runtime.session(self._folder / graph.file, graph, seed=seed, lean=is_lean(graph))
        self._sessions[role] = warm
        return warm

    def tide(self, role: str, work: int = 0) -> Ebb:
        """A context for one run: weights beyond the budget are handed back behind it, where they lie in files."""
        files: dict[Path, int] = {}
        graph = self._graphs[role]
        if is_lean(graph) and self.weight(role) + work > self.budget:
            room = max(self.budget - work, 0)
            for name, entry in graph.external.items():
                kept = min(room, entry.bytes)
                room -= kept
                files[self._folder / name] = kept
        return Ebb(files)

    def drop(self, role: str) -> None:
        """Let one go."""
        session = self._sessions.pop(role, None)
        if session is not None:
            session.close()
            if self.weight(role) >= _NOTABLE:
                give_back()

    def peak(self, turns: Iterable[tuple[str, int]]) -> int:
        """Bytes at the worst moment of a run that uses these roles in turn, each with its working memory."""
        warm: list[str] = []
        worst = 0
        for role, work in turns:
            warm = [one for one in warm if one != role]
            need = self.weight(role) + work
            while warm and need + sum(map(self.weight, warm)) > self.budget:
                warm.pop(0)
            worst = max(worst, need + sum(map(self.weight, warm)))
            warm.append(role)
        return worst

    def close(self) -> None:
        """Give all memory back."""
        for role in self.loaded:
            self.drop(role)

    def _make_room(self, role: str, need: int) -> None:
        for other in self.loaded:
            if need + sum(map(self.weight, self._sessions)) <= self.budget:
                return
            if other != role:
                self.drop(other)
