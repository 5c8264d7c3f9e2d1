"""Stable Diffusion 1.5 at full size (860 million weights, random): one step at 512 pixels through our family.

Time: the whole picture (prompt, one guided step, decoding) over the bare runs of its graphs with the same inputs.
Memory: the peak of a fresh process that loads and makes one picture, over that of diffusers' pipelines from the same
weights, in PyTorch and in ONNX Runtime. Making the package takes about ten minutes, 13 GB of disk and 6 GB of memory;
it is kept for the next run, in $ATELIER_BENCHMARK or the system's temporary folder.
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
    """Three rows: time over bare graphs, peak memory over both of diffusers' pipelines; the notes tell more."""
    package, model = packaged(KEPT / "sd15"), KEPT / "sd15" / "model"
    turns = asked("diffusion_child", "ours", package, bench.threads, TURNS_MB, 0)
    ours = asked("diffusion_child", "ours", package, bench.threads, 0, max(1, min(bench.pairs, _PAIRS)))
    torch = asked("diffusion_torch", "pipeline", model, bench.threads)
    onnx = asked("diffusion_torch", "onnx", model, bench.threads, package)
    timed = row("SD 1.5, one step at 512 / bare graphs", "s", [tuple(pair) for pair in ours["pairs"]],
                f"wanted at most {SLOWEST}; the first picture of a fresh process: {ours['first_s']:.1f} s, with parts "
                f"in turn {turns['first_s']:.1f} s, diffusers {torch['first_s']:.1f} s in PyTorch and "
                f"{onnx['first_s']:.1f} s in ONNX Runtime")
    return [timed, _held("diffusers' ONNX pipeline", ours, turns, onnx),
            _held("diffusers in PyTorch", ours, turns, torch)]


def _held(whom: str, ours: Any, turns: Any, theirs: Any) -> Row:
    """The row of memory: ours as it is without a choice; the same runs are timed."""
    note = (f"wanted at most {LARGEST} of one of them; private, so that the system cannot drop it: "
            f"{ours['private_mb']:.0f} MB against {theirs['private_mb']:.0f}; in the smallest budget "
            f"{turns['peak_mb']:.0f} MB, private {turns['private_mb']:.0f}")
    return row(f"SD 1.5, peak memory / {whom}", "MB", [(ours["peak_mb"], theirs["peak_mb"])], note)


def packaged(folder: Path) -> Path:
    """The package, from an earlier run or made now: diffusers' folder first, then our converter."""
    package = folder / "package"
    if not package.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "model" / "model_index.json").exists():
            asked("diffusion_torch", "make", folder / "model")
        subprocess.run([sys.executable, "atelier.py", "export", str(folder / "model"), "--license", "unknown", "-o",
                        str(package)], check=True, stdout=sys.stderr, cwd=Path(__file__).resolve().parents[1])
    if not (folder / "expected" / "unet").exists():
        asked("diffusion_torch", "plain", folder / "model", folder / "expected" / "unet")
    return package


def asked(program: str, *words: object) -> Any:
    """What a program of the benchmarks answers: the last line that it prints, as JSON."""
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{program}", *map(str, words)], check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main(measure, __doc__)
