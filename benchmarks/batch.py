"""A batch through the real runner, pictures a second, over bare inference and Pillow's encoding in one loop.

Ours draws, encodes, embeds the recipe, syncs each file to the disk and keeps a journal; the yardstick runs the graph
with the same feeds and saves the same pixels with Pillow, syncing nothing. Above 1 means that overlapping wins.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.bare import Bare
from benchmarks.measure import Bench, Pair, Row, main, row
from benchmarks.recipes import styles
from engine.blocking import BlockingEngine
from engine.client import EngineClient
from engine.jobs.plan import make_plan
from engine.jobs.runner import JobRunner
from engine.options import EngineOptions

BLOCK = 24  # pictures of one side before it is the other's turn


def measure(bench: Bench) -> list[Row]:
    """One row: pictures a second."""
    client = EngineClient(EngineOptions(provider="cpu", threads=bench.threads))
    rounds = max(3, bench.pairs // 10)
    recipes = styles(bench.package, BLOCK * (rounds + 1))
    pairs: list[Pair] = []
    with BlockingEngine(client) as engine, Bare(bench.package.folder, bench.threads) as bare, \
            tempfile.TemporaryDirectory() as scratch:
        engine.open(bench.package.folder)
        for number in range(rounds + 1):
            part = recipes[number * BLOCK:(number + 1) * BLOCK]
            folder, other_folder = Path(scratch) / f"ours{number}", Path(scratch) / f"bare{number}"
            folder.mkdir()
            other_folder.mkdir()
            plan = make_plan(bench.package, part, str(folder), "{model}_{row}")
            begun = time.perf_counter()
            report = JobRunner(client, plan).run()
            ours = BLOCK / (time.perf_counter() - begun)
            if not report.complete:
                raise RuntimeError(f"the batch did not finish: {report}")
            bare.learn(part)
            other = BLOCK / (bare.produce(other_folder) / 1000)
            if number:  # the first block warms both sides
                pairs.append((ours, other))
    what = "batch / inference and Pillow in one loop (higher is better)"
    return [row(what, "/s", pairs, f"blocks of {BLOCK} pictures")]


if __name__ == "__main__":
    main(measure, __doc__)
