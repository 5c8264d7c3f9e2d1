"""Tokens a second against Transformers' `generate` and a loop in PyTorch: GPT-2 small in fp32 and four bits, a GRU.

Random weights in the shapes of the public models, made once into packages under `--folder` (1.5 GB there). Each side is
a process of its own with the same number of threads; they take turns, one whole text of 64 tokens a turn, the
likeliest token each time. Before anything is measured both sides must have written the same tokens (fp32).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.measure import Pair, Row, row, table
from benchmarks.measure import arguments as shared_arguments
from benchmarks.versus import Side

PROGRAM = "benchmarks.text_sides"
TOKENS = 64
PROMPT = (464, 9017, 318, 1266, 2497, 832, 257, 4324)


@dataclass(frozen=True)
class Match:
    """One comparison: a model, the form it has on our side, what is promised, whether the tokens must be the same."""

    what: str
    model: str                               # "gpt2", "gru"
    precision: str
    target: float | None = None
    exact: bool = True


MATCHES = (
    Match("GPT-2 small, 64 tokens, fp32 / Transformers fp32", "gpt2", "fp32", 1.8),
    Match("GPT-2 small, 64 tokens, int4 / Transformers fp32", "gpt2", "int4", 3.3, exact=False),
    Match("GRU 2 × 200, 64 tokens, fp32 / PyTorch loop", "gru", "fp32"),
)


def measure(folder: Path, threads: int, rounds: int, only: str = "") -> list[Row]:
    """One row a match: tokens a second, how many times as many as the other side."""
    rows = []
    for match in MATCHES:
        if only not in match.what:
            continue
        home = prepared(folder, match.model)
        request = {"folder": str(home), "model": match.model, "precision": match.precision, "threads": threads,
                   "tokens": TOKENS, "prompt": PROMPT}
        with Side("ours", request, PROGRAM) as ours, Side("theirs", request, PROGRAM) as theirs:
            _compare(match, home)
            ours.turn(0)
            theirs.turn(0)
            times = [_pair(ours, theirs, number) for number in range(rounds)]
        rates = [(1000 * TOKENS / mine, 1000 * TOKENS / other) for mine, other in times]
        goal = f"wanted {match.target:.2f}; " if match.target else ""
        rows.append(row(f"{match.what} (higher is better)", "tokens/s", rates,
                        f"{goal}{threads} thread(s) a side; {_loss(home) if not match.exact else 'the same tokens'}"))
    return rows


def prepared(folder: Path, model: str) -> Path:
    """The folder with weights and packages of a model; made in a process of its own where it is not there yet."""
    home = folder / model
    if not (home / "ready.json").is_file():
        for step in ("weights", "graphs"):       # torch and ONNX Runtime never share a process
            subprocess.run([sys.executable, "-m", PROGRAM, step], input=json.dumps({"folder": str(home),
                           "model": model}) + "\n", stdout=subprocess.DEVNULL, text=True, check=True)
    return home


def _pair(ours: Side, theirs: Side, number: int) -> Pair:
    """A text each, in milliseconds; who begins changes from pair to pair."""
    if number % 2:
        other = theirs.turn(0)
        return ours.turn(0), other
    mine = ours.turn(0)
    return mine, theirs.turn(0)


def _compare(match: Match, home: Path) -> None:
    """Raises ValueError when the two sides wrote different texts although they should not."""
    mine, theirs = (json.loads((home / f"{side}.json").read_text(encoding="utf-8")) for side in ("ours", "theirs"))
    if len(mine) != TOKENS or (match.exact and mine != theirs):
        raise ValueError(f"{match.what}: the two sides wrote different tokens; nothing to compare")


def _loss(home: Path) -> str:
    """What four bits cost, as the conversion said it."""
    return str(json.loads((home / "ready.json").read_text(encoding="utf-8"))["loss"])


def main() -> None:
    """`python -m benchmarks.text [--folder FOLDER] [--threads N] [--pairs N] [--json]`."""
    parser = shared_arguments(__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "latent-atelier-benchmarks",
                        help="where weights and packages are kept between runs")
    parser.add_argument("--only", default="", help="matches whose name holds these words")
    given = parser.parse_args()
    rows = measure(given.folder, given.threads, max(3, given.pairs // 6), given.only)
    print(json.dumps([asdict(one) for one in rows]) if given.json else table(rows))


if __name__ == "__main__":
    main()
