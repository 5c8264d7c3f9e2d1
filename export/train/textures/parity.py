"""Runs a graph in ONNX Runtime beside what torch said of the same numbers; the two never share a process.

`python -m export.train.textures.parity GRAPH EXPECTED.npz` prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime


def compare(graph: Path, expected: Path) -> dict[str, float]:
    """Largest and mean absolute error over all trials and outputs."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    data = np.load(expected, allow_pickle=False)
    inputs, outputs = [port.name for port in session.get_inputs()], [port.name for port in session.get_outputs()]
    errors = []
    for number in sorted({int(name.split("_")[1]) for name in data.files}):
        feeds = {name: data[f"in_{number}_{name}"] for name in inputs}
        answers = session.run(outputs, feeds)
        errors += [np.abs(answer - data[f"out_{number}_{name}"]).ravel()
                   for name, answer in zip(outputs, answers, strict=True)]
    apart = np.concatenate(errors)
    return {"largest_error": float(apart.max()), "mean_error": float(apart.mean())}


if __name__ == "__main__":
    print(json.dumps(compare(Path(sys.argv[1]), Path(sys.argv[2]))))
