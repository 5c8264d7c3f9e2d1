"""Makes the eight-bit graph and compares it: a program of its own, since torch and ONNX Runtime never share one.

`python -m export.train.encoder.small full.onnx small.onnx expected.npz` prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from export.precision.quantised import dynamic
from export.precision.weights import save


def make_small(full: Path, target: Path) -> None:
    """Matrix products in eight bits, weights per channel; ranges are taken anew for every sentence."""
    save(dynamic(full, [], edges=True), target)


def compare(graph: Path, expected: Path) -> dict[str, float]:
    """Cosines to the vectors in `expected` (tokens_0, vector_0, tokens_1 ...), one sentence at a time, one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    started = time.perf_counter()
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    loaded = time.perf_counter() - started
    data = np.load(expected, allow_pickle=False)
    count = len(data.files) // 2
    vectors, took = [], []
    for number in range(count):
        tokens = data[f"tokens_{number}"]
        started = time.perf_counter()
        vectors.append(session.run(None, {"tokens": tokens, "mask": np.ones_like(tokens)})[0][0])
        took.append(time.perf_counter() - started)
    ours = np.stack(vectors)
    theirs = np.stack([data[f"vector_{number}"] for number in range(count)])
    cosines = (ours * theirs).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
    return {"cosine_min": float(cosines.min()), "cosine_mean": float(cosines.mean()),
            "length_error": float(np.abs(np.linalg.norm(ours, axis=1) - 1).max()),
            "similarity_shift": float(np.abs(ours @ ours.T - theirs @ theirs.T).max()),
            "same_nearest": _same_nearest(ours, theirs), "load_ms": 1000 * loaded,
            "ms": 1000 * float(np.median(took))}


def _same_nearest(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """The share of sentences whose nearest other one is the same."""
    nearest = []
    for vectors in (ours, theirs):
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -1)
        nearest.append(likeness.argmax(axis=1))
    return float((nearest[0] == nearest[1]).mean())


if __name__ == "__main__":
    make_small(Path(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps({"full": compare(Path(sys.argv[1]), Path(sys.argv[3])),
                      "small": compare(Path(sys.argv[2]), Path(sys.argv[3]))}))
