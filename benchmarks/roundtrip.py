"""A picture through the child process over the same picture made in process, at three sizes."""

from __future__ import annotations

import time

from benchmarks.bare import Bare
from benchmarks.measure import Bench, Pair, Row, main, row
from benchmarks.recipes import styles
from engine.blocking import BlockingEngine
from engine.client import EngineClient
from engine.options import EngineOptions

SIDES = (256, 512, 1024)
WARM = 3


def measure(bench: Bench) -> list[Row]:
    """One row per size."""
    options = EngineOptions(provider="cpu", threads=bench.threads)
    rows = []
    with BlockingEngine(EngineClient(options)) as engine, Bare(bench.package.folder, bench.threads) as bare:
        engine.open(bench.package.folder)
        for side in SIDES:
            pairs: list[Pair] = []
            for number, recipe in enumerate(styles(bench.package, WARM + bench.pairs, (side, side))):
                # Who goes first alternates, so that neither always finds the caches warm.
                other = bare.render(recipe) if number % 2 else 0.0
                begun = time.perf_counter()
                engine.render(recipe)
                ours = (time.perf_counter() - begun) * 1000
                other = other or bare.render(recipe)
                if number >= WARM:
                    pairs.append((ours, other))
            added = sorted(ours - other for ours, other in pairs)[len(pairs) // 2]
            rows.append(row(f"child round trip {side} × {side} / in process", "ms", pairs,
                            f"the process boundary adds {added:.1f} ms (median)"))
    return rows


if __name__ == "__main__":
    main(measure, __doc__)
