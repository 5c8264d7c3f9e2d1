"""Runs the exported graphs in ONNX Runtime, in a process of its own: torch and the runtime never share one.

`python -m export.train.icons.parity graph.onnx expected.npz` prints one JSON line: largest error, milliseconds a call.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime


def compare(graph: Path, expected: Path) -> dict[str, float]:
    """Largest absolute error at the batches in the file (in_<n>_<input>, out_<n>), and the median call at batch 1."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_inputs()]
    worst = 0.0
    with np.load(expected, allow_pickle=False) as data:
        trials = sum(name.startswith("out_") for name in data.files)
        for number in range(trials):
            feeds = {name: data[f"in_{number}_{name}"] for name in names}
            worst = max(worst, float(np.abs(session.run(None, feeds)[0] - data[f"out_{number}"]).max()))
        feeds = {name: data[f"in_0_{name}"] for name in names}
    times = []
    for _ in range(15):
        started = time.perf_counter()
        session.run(None, feeds)
        times.append(time.perf_counter() - started)
    return {"largest_error": worst, "ms": 1000 * float(np.median(times))}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(compare(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
