"""Checkpoints written byte by byte, without the libraries that usually write them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np


def safetensors(path: Path, tensors: dict[str, np.ndarray]) -> Path:
    """A .safetensors file written by hand."""
    header: dict[str, object] = {"__metadata__": {"license": "CC-BY-4.0"}}
    body = b""
    for name, value in tensors.items():
        data = value.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)
    return path


def dcgan(path: Path) -> Path:
    """A generator of the DCGAN tutorial: 8 numbers to 16 x 16 RGB."""
    dice = np.random.default_rng(0)
    sizes = {"main.0.weight": (8, 12, 4, 4), "main.3.weight": (12, 6, 4, 4), "main.6.weight": (6, 3, 4, 4)}
    tensors = {name: dice.standard_normal(shape).astype(np.float32) for name, shape in sizes.items()}
    for layer, width in ((1, 12), (4, 6)):
        for name in ("weight", "bias", "running_mean", "running_var"):
            tensors[f"main.{layer}.{name}"] = np.ones(width, np.float32)
    return safetensors(path, tensors)
