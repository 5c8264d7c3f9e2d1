"""What every benchmark shares: rows, medians and 95th percentiles of interleaved pairs, and the way they are told."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.api import PackageInfo
from engine.errors import AtelierError
from engine.packages.describe import describe
from engine.packages.shelf import default_shelf

Pair = tuple[float, float]  # ours, the yardstick's; same unit


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is the median of the pairs' ratios, ours over the yardstick's."""

    what: str
    unit: str
    ours: float
    ours_p95: float
    bare: float
    bare_p95: float
    ratio: float
    pairs: int
    note: str = ""


@dataclass(frozen=True)
class Bench:
    """What a benchmark is given: the package, the threads both sides use, how many pairs to measure."""

    package: PackageInfo
    threads: int
    pairs: int


def percentile95(values: Sequence[float]) -> float:
    """The value that 95 % of `values` do not exceed; the largest one for few values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def row(what: str, unit: str, pairs: Sequence[Pair], note: str = "") -> Row:
    """The row that sums up interleaved pairs."""
    ours, bare = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return Row(what, unit, statistics.median(ours), percentile95(ours), statistics.median(bare), percentile95(bare),
               statistics.median(a / b for a, b in pairs), len(pairs), note)


def find_package(name: str) -> PackageInfo:
    """A package by folder or by its id on the shelf."""
    folder = Path(name) if Path(name).is_dir() else default_shelf().find(name)
    return describe(folder)


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The options that the whole and each row share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--package", default="glyphs", help="id on the shelf, or a folder (default: glyphs)")
    parser.add_argument("--threads", type=int, default=1, help="ONNX Runtime threads, on both sides (default: 1)")
    parser.add_argument("--pairs", type=int, default=60, help="pairs per row; start-up takes a tenth (default: 60)")
    parser.add_argument("--json", action="store_true", help="rows as data")
    return parser


def main(measure: Callable[[Bench], list[Row]], description: str | None) -> None:
    """Run one benchmark as a program: `python -m benchmarks.NAME`."""
    given = arguments(description).parse_args()
    try:
        rows = measure(Bench(find_package(given.package), given.threads, given.pairs))
    except AtelierError as error:
        sys.exit(f"benchmarks: {error}")
    print(json.dumps([asdict(one) for one in rows]) if given.json else table(rows))


def table(rows: Sequence[Row]) -> str:
    """The rows for people."""
    head = ("", "ours", "p95", "bare", "p95", "unit", "ratio", "pairs")
    lines = [(r.what, f"{r.ours:.2f}", f"{r.ours_p95:.2f}", f"{r.bare:.2f}", f"{r.bare_p95:.2f}", r.unit,
              f"{r.ratio:.3f}", str(r.pairs)) for r in rows]
    widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
    text = [_line(head, widths), "-" * (sum(widths) + 2 * len(widths) - 2)]
    for line, one in zip(lines, rows, strict=True):
        text.append(_line(line, widths))
        text += [f"    {one.note}"] if one.note else []
    return "\n".join(text)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    rest = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return "  ".join([cells[0].ljust(widths[0]), *rest])
