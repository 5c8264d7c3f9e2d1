"""Stable Diffusion 1.5 at full size (860 million weights, random): one step at 512 pixels through our family.

Time: the whole picture (prompt, one guided step, decoding) over the bare runs of its graphs with the same inputs.
Memory: the peak of a fresh process that loads and makes one picture, over that of diffusers' PyTorch pipeline from the
same weights. Making the package takes about ten minutes, 9 GB of disk and 6 GB of memory; it is kept for the next run,
in $ATELIER_BENCHMARK or the system's temporary folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Bench, Row, main, row

KEPT = Path(os.environ.get("ATELIER_BENCHMARK") or Path(tempfile.gettempdir()) / "latent-atelier-benchmark")
SIDE = 512
SLOWEST, LARGEST = 1.15, 0.6                 # what is promised
TURNS_MB = 1                                 # a budget in which the parts take turns, each alone
_PAIRS = 3                                   # a pair takes minutes


def measure(bench: Bench) -> list[Row]:
    """Two rows: time over bare graphs, peak memory over diffusers; the notes tell more."""
    package = packaged(KEPT / "sd15")
    ours = asked("diffusion_child", "ours", package, bench.threads, TURNS_MB, 0)
    warm = asked("diffusion_child", "ours", package, bench.threads, 0, max(1, min(bench.pairs, _PAIRS)))
    theirs = asked("diffusion_torch", "pipeline", KEPT / "sd15" / "model", bench.threads)
    timed = row("SD 1.5, one step at 512 / bare graphs", "s", [tuple(pair) for pair in warm["pairs"]],
                f"wanted at most {SLOWEST}; first picture, loading counted, {warm['first_s']:.1f} s warm, "
                f"{ours['first_s']:.1f} s with parts in turn; diffusers in PyTorch {theirs['first_s']:.1f} s")
    both = [(ours["peak_mb"], theirs["peak_mb"])]
    held = row("SD 1.5, peak memory / diffusers in PyTorch", "MB", both,
               f"wanted at most {LARGEST}; of ours {ours['private_mb']:.0f} MB are private, the rest is files that the "
               f"system may drop; with all parts warm {warm['peak_mb']:.0f} MB")
    return [timed, held]


def packaged(folder: Path) -> Path:
    """The package, from an earlier run or made now: diffusers' folder first, then our converter."""
    package = folder / "package"
    if not package.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "model" / "model_index.json").exists():
            asked("diffusion_torch", "make", folder / "model")
        subprocess.run([sys.executable, "atelier.py", "export", str(folder / "model"), "--license", "unknown", "-o",
                        str(package)], check=True, stdout=sys.stderr, cwd=Path(__file__).resolve().parents[1])
    return package


def asked(program: str, *words: object) -> Any:
    """What a program of the benchmarks answers: the last line that it prints, as JSON."""
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{program}", *map(str, words)], check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main(measure, __doc__)
