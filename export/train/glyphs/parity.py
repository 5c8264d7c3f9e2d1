"""Runs an exported graph in ONNX Runtime, in a process of its own: torch and the runtime never share one.

`python -m export.train.glyphs.parity decoder.onnx expected.npz` prints one JSON line: largest errors, ms a glyph.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime


def compare(graph: Path, expected: Path) -> dict[str, float]:
    """Largest absolute errors at batch 1, 3 and 15, and the median milliseconds a glyph at batch 15, one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    data = np.load(expected, allow_pickle=False)
    worst_field = worst_metrics = 0.0
    for batch in (1, 3, 15, len(data["latent"])):
        feeds = {"latent": data["latent"][:batch], "character": data["character"][:batch]}
        field, advance, middle = session.run(["field", "advance", "middle"], feeds)
        if field.shape != data["field"][:batch].shape or field.dtype != np.float32:
            message = f"batch {batch} gave {field.dtype} {field.shape}"
            raise ValueError(message)
        worst_field = max(worst_field, float(np.abs(field - data["field"][:batch]).max()))
        for name, value in (("advance", advance), ("middle", middle)):
            worst_metrics = max(worst_metrics, float(np.abs(value - data[name][:batch]).max()))
    feeds = {"latent": data["latent"][:15], "character": data["character"][:15]}
    times = []
    for _ in range(25):
        started = time.perf_counter()
        session.run(None, feeds)
        times.append(time.perf_counter() - started)
    field, *_ = session.run(None, {"latent": data["latent"], "character": data["character"]})
    shared = ((field > 0) & (data["field"] > 0)).sum((1, 2, 3))
    union = ((field > 0) | (data["field"] > 0)).sum((1, 2, 3))
    agreement = float(np.mean(np.where(union > 0, shared / np.maximum(union, 1), 1.0)))
    return {
        "field_error": worst_field,
        "metrics_error": worst_metrics,
        "ink_agreement": agreement,
        "ms_per_glyph": float(np.median(times)) / 15 * 1000,
    }


if __name__ == "__main__":
    print(json.dumps(compare(Path(sys.argv[1]), Path(sys.argv[2]))))
