"""Our side of `benchmarks.diffusion`: `ours PACKAGE THREADS BUDGET_MB PAIRS`, one line of JSON. No torch here."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.diffusion import SIDE
from benchmarks.memory import Peak
from engine.controls import check_recipe
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.verify import verify
from engine.progress import NO_PROGRESS
from engine.runtime import session as sessions
from engine.runtime.providers import Options, Runtime


def ours(folder: Path, threads: int, budget: int, pairs: int) -> dict[str, Any]:
    """One picture in a fresh process, then pairs of seconds: the whole picture, and the bare runs of its graphs."""
    begun = time.perf_counter()
    with Peak() as peak:
        info = describe(folder)
        runtime = Runtime(Options("cpu", threads=threads, memory=budget or None))
        model = FAMILIES["diffusion"].open(folder, verify(folder, full=False), runtime)
        recipe = check_recipe(info, info.default_recipe().with_values(
            {"prompt": "a cat", "steps": 1.0, "size": (SIDE, SIDE), "guidance": 7.5, "sampler": "ddim"}))
        model.render(recipe, NO_PROGRESS)
        first = time.perf_counter() - begun
        reached = peak.peak_mb
    private = peak.private_mb
    calls: list[tuple[Any, Any, Any]] = []
    plain = sessions.Session.run

    def noted(self: Any, feeds: Any, cancel: Any = None) -> Any:
        """As it is, after a note of what was asked."""
        graph = self._graph
        calls.append((self._session, self._names, {graph.inputs[role].name: sessions.fed(value, graph.inputs[role])
                                                   for role, value in feeds.items()}))
        return plain(self, feeds, cancel)

    found = []
    for number in range(pairs):
        sessions.Session.run = noted  # type: ignore[method-assign]
        calls.clear()
        # Another seed: nothing of an earlier picture but its loaded graphs is to be used again.
        values = {"seed": number, "prompt": f"a cat and {number}"}
        mine = _seconds(lambda values=values: model.render(check_recipe(info, recipe.with_values(values)), NO_PROGRESS))
        sessions.Session.run = plain  # type: ignore[method-assign]
        found.append((mine, _seconds(lambda: [run.run(names, feeds) for run, names, feeds in calls])))
    return {"first_s": first, "peak_mb": reached, "private_mb": private, "pairs": found}


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(json.dumps(ours(Path(sys.argv[2]), *map(int, sys.argv[3:6]))))
