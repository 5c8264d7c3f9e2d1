"""A library of 50,000 entries: opening it, a page, words and meanings, over what SQLite and numpy alone need for it."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Bench, Row, main, row
from engine.api import Recipe
from engine.library.library import Library
from engine.library.records import Keepsake, Meaning, Query

MANY, TOGETHER, DIM = 50_000, 1_000, 384
ENCODER = "of the benchmark"
WORDS = ("stone", "wall", "moss", "brick", "worn", "red", "blue", "calm", "harbour", "storm", "night", "old", "city",
         "house", "garden", "flower", "water", "deep", "sea", "river", "wind", "iron", "rust", "gold", "silver")


def keepsakes() -> Iterator[Keepsake]:
    """Entries with prompts of twelve words, all different."""
    dice = np.random.default_rng(1)
    for number in range(MANY):
        prompt = " ".join(dice.choice(WORDS, 12))
        recipe = Recipe("textures", "sha256:" + "0" * 64, {"prompt": f"{prompt} {number}", "seed": number,
                                                           "size": (512, 512), "steps": 20, "start": "z:" + "A" * 300})
        yield Keepsake(Path(f"/kept/wall {number:05}.png"), recipe, "Textures")


def fill(path: Path) -> NDArray[np.float32]:
    """The library, and the vectors that it knows."""
    vectors = np.random.default_rng(2).standard_normal((MANY, DIM), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with Library.open(path) as library:
        rows = list(keepsakes())
        for start in range(0, MANY, TOGETHER):
            library.take(rows[start:start + TOGETHER])
        texts = library.unread(ENCODER, None)
        library.learn(texts, vectors, ENCODER)
    return vectors


def measure(bench: Bench) -> list[Row]:
    """A row for each thing that a person waits for."""
    with tempfile.TemporaryDirectory(prefix="atelier-benchmark-") as folder:
        path = Path(folder) / "library.db"
        vectors = fill(path)
        bare = sqlite3.connect(path)
        question = Meaning(vectors[7], ENCODER)
        checked = "PRAGMA quick_check(1)"
        page = "SELECT * FROM entries JOIN contents ON entry = id ORDER BY kept DESC, id DESC LIMIT 200"
        said = "SELECT count(*) FROM entries WHERE instr(said, 'moss') > 0 AND instr(said, 'rust') > 0"
        with Library.open(path) as library:
            sides: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
                ("open / check every page", lambda: Library.open(path).close(),
                 lambda: bare.execute(checked).fetchall()),
                ("a page of 200 / its rows", lambda: library.find(Query()), lambda: bare.execute(page).fetchall()),
                ("two words / a count of them", lambda: library.find(Query("moss rust")),
                 lambda: bare.execute(said).fetchall()),
                ("a meaning / one product", lambda: library.find(Query(), question), lambda: vectors @ question.vector),
                ("words and a meaning / both", lambda: library.find(Query("moss rust"), question),
                 lambda: (bare.execute(said).fetchall(), vectors @ question.vector)),
            ]
            found = [_pairs(f"library of {MANY:,}: {what}", ours, alone, bench.pairs) for what, ours, alone in sides]
        bare.close()
    return found


def _pairs(what: str, ours: Callable[[], object], bare: Callable[[], object], pairs: int) -> Row:
    """One row: both sides in turn, the first time of each left out."""
    timed = [(_milliseconds(ours), _milliseconds(bare)) for _ in range(pairs + 1)]
    return row(what, "ms", timed[1:])


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main(measure, __doc__)
