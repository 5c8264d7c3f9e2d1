"""One graph on one device against torch's answers: runs it, compares, times it. Never raises for a faulty graph."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from engine.errors import ModelError
from engine.packages.parts import Graph
from engine.runtime.pool import is_lean
from engine.runtime.providers import CPU, Runtime
from engine.runtime.session import Session
from export.proof.compare import PictureTally, Tally, picture_low, ranges, scale_of
from export.proof.figures import Outcome
from export.samples import Arrays, each_run, read_index
from export.timing import median_ms

SHOWN = 6
"""Pictures kept for the report."""


def torch_ranges(path: Path) -> dict[str, tuple[float, float]]:
    """The lowest and highest number of each of torch's outputs, over all runs of the index at `path`."""
    known: dict[str, tuple[float, float]] = {}
    for _, _, outputs in each_run(path):
        ranges(outputs, known)
    return known


class Trial:
    """One graph on one device, against one reference."""

    def __init__(self, path: Path, known: dict[str, tuple[float, float]] | None = None,
                 limit: int | None = None) -> None:
        """`path` is the reference's index, `known` the range of torch's outputs, `limit` how many runs to compare."""
        self._path = path
        self._limit = limit
        reference = read_index(path)
        known = torch_ranges(path) if known is None else known
        self._tallies = {role: Tally(scale_of(nominal, *known[role]))
                         for role, nominal in reference.scales.items() if role in known}
        self.picture: PictureTally | None = None
        role = reference.picture
        if role is not None and role in known:
            nominal = reference.scales[role]
            self.picture = PictureTally(role, picture_low(nominal, known[role][0]), self._tallies[role].scale)

    def outcome(self, file: Path, graph: Graph, runtime: Runtime) -> Outcome:
        """Load, run everything, measure the time."""
        faults: list[str] = []
        sizes: list[dict[str, int]] = []
        runs, worst, highest, milliseconds = 0, 0, -1.0, None
        try:
            session = runtime.session(file, graph, lean=is_lean(graph))   # as the engine will run it
        except ModelError as error:
            return Outcome({}, faults=(error.what,))
        try:
            for run, inputs, outputs in itertools.islice(each_run(self._path), self._limit):
                problem = self._run(session, inputs, outputs)
                if problem:
                    worst = runs
                    where = ", ".join(f"{name} {size}" for name, size in run.sizes.items())
                    faults.append(f"{problem} (at {where})" if where else problem)
                    break
                if self._error() > highest:
                    worst, highest = runs, self._error()
                runs += 1
                if run.sizes not in sizes:
                    sizes.append(run.sizes)
            else:
                faults += self._dead()
                milliseconds = self._median_ms(session)
        finally:
            session.close()
        figures = {role: tally.figures() for role, tally in self._tallies.items() if tally.samples}
        return Outcome(figures, self.picture.figures() if self.picture and runs else None, milliseconds, runs,
                       tuple(sizes), tuple(faults), tuple(self._notes()) if not faults else (), worst)

    def _error(self) -> float:
        """The largest error so far, over the range."""
        return max((tally.max_abs / tally.scale for tally in self._tallies.values()), default=0.0)

    def _run(self, session: Session, inputs: Arrays, wanted: Arrays) -> str:
        """Compare one run; why it cannot be compared, or nothing."""
        try:
            given = session.run(inputs)
        except ModelError as error:
            return error.what
        for role, theirs in wanted.items():
            if given[role].shape != theirs.shape:
                return f"“{role}” has the shape {list(given[role].shape)} instead of {list(theirs.shape)}"
            self._tallies[role].add(theirs, given[role])
        if self.picture is not None:
            self.picture.add(wanted[self.picture.output], given[self.picture.output], SHOWN)
        return ""

    def _dead(self) -> Iterable[str]:
        """Outputs that never change although torch's do."""
        return [f"“{role}” is the same number everywhere, whatever goes in"
                for role, tally in self._tallies.items() if tally.constant == (False, True)]

    def _notes(self) -> Iterable[str]:
        """Outputs that never change in torch either: the model's own affair, but worth a word."""
        return [f"“{role}” is the same number everywhere in PyTorch too" for role, tally in self._tallies.items()
                if tally.constant == (True, True) and tally.numbers > 1]

    def _median_ms(self, session: Session) -> float:
        """The median of one call in milliseconds at the first sizes."""
        _, inputs, _ = next(each_run(self._path))
        return median_ms(lambda: session.run(inputs), on_card=session.provider != CPU)
