"""What a batch will cost, before it starts: names, count, time, disk."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from engine.blocking import BlockingEngine
from engine.jobs.plan import JobPlan


@dataclass(frozen=True)
class Sample:
    """One row: seconds from asking to the durable file, and its size where one was made."""

    seconds: float
    bytes: int | None


@dataclass(frozen=True)
class Forecast:
    """What to expect. `seconds` and `bytes` are None when nothing was measured."""

    names: tuple[str, ...]
    count: int
    seconds: float | None
    bytes: int | None
    free_bytes: int | None

    @property
    def fits(self) -> bool:
        """Whether the disk has room, with a twentieth to spare; true when nobody can tell."""
        return self.bytes is None or self.free_bytes is None or self.bytes * 1.05 < self.free_bytes


def forecast(plan: JobPlan, sample: Sample | None = None) -> Forecast:
    """The forecast for a plan; with a measured sample also time and disk."""
    count = len(plan.rows)
    size = sample.bytes if sample else None
    return Forecast(tuple(row.name for row in plan.rows), count, sample.seconds * count if sample else None,
                    None if size is None else size * count, _free(Path(plan.folder)))


def measure(engine: BlockingEngine, plan: JobPlan) -> Sample | None:
    """Make two rows in a temporary folder; the first, which may be slow, does not count.

    A model that takes minutes is only asked what it knows of such a run; None when that is nothing. Raises what
    `BlockingEngine.write` raises.
    """
    if not plan.package.live:
        seconds = engine.consider(plan.rows[0].recipe).seconds
        return None if seconds is None else Sample(seconds, None)
    last = Sample(0.0, 0)
    with tempfile.TemporaryDirectory(prefix="atelier-forecast-") as folder:
        for row in (plan.rows[0], plan.rows[len(plan.rows) // 2]):
            began = time.monotonic()
            sample = Path(folder) / f"sample{Path(row.name).suffix}"
            written = engine.write(row.recipe, str(sample), overwrite=True)
            last = Sample(time.monotonic() - began, written.bytes)
    return last


def _free(folder: Path) -> int | None:
    """Free bytes where `folder` is, or will be."""
    for place in (folder, *folder.absolute().parents):
        if place.is_dir():
            return shutil.disk_usage(place).free
    return None
