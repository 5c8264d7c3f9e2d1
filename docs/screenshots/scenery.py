# ruff: noqa: INP001  beside a script, no package
"""A small checkpoint for pictures of this program at work: a VAE of painted evenings, made by linear algebra alone.

The layout is that of the well-known example of a fully connected VAE (fc1, fc21, fc22, fc3, fc4). Its weights are the
principal components of pictures that are painted here, so that it needs no training and no download.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SIDE, LATENT, PICTURES = 160, 12, 400
Array = NDArray[np.float32]


def evening(dice: np.random.Generator) -> Array:
    """One picture [3, side, side] in 0 .. 1: sky, sun, two ridges of hills, water."""
    y, x = np.mgrid[0:1:SIDE * 1j, -1:1:SIDE * 1j].astype(np.float32)
    hue, dusk = dice.uniform(-0.25, 0.25), dice.uniform(0.2, 1.0)
    low = np.array([0.98, 0.62 + 0.3 * hue, 0.42 - 0.2 * dusk])
    high = np.array([0.25 + 0.3 * hue, 0.35, 0.62]) * (1.25 - 0.6 * dusk)
    sky = low[:, None, None] * (1.3 * y) + high[:, None, None] * (1 - 1.1 * y)
    sun_x, sun_y = dice.normal(0.1, 0.09), dice.normal(0.36, 0.03)
    glow = np.exp(-((x - sun_x) ** 2 + (2 * (y - sun_y)) ** 2) / dice.uniform(0.03, 0.08))
    sky = sky + np.array([0.55, 0.42, 0.2])[:, None, None] * glow
    for depth, shade in ((0.5, 0.55), (0.62, 0.3)):
        ridge = depth + sum(dice.normal(0, 0.022 / k) * np.sin(k * 2.2 * x + dice.normal(k, 0.5)) for k in (1, 2, 3))
        mask = 1 / (1 + np.exp(-60 * (y - ridge)))
        hill = (high * 0.6 + low * 0.25)[:, None, None] * shade * (1.2 - 0.3 * y)
        sky = sky * (1 - mask) + hill * mask
    water = 1 / (1 + np.exp(-90 * (y - 0.8)))
    mirrored = np.flip(sky, axis=1) * 0.8 + 0.05 * np.exp(-((x - sun_x) ** 2) / 0.02)
    return np.clip(sky * (1 - water) + mirrored * water, 0.02, 0.98).astype(np.float32)


def write_checkpoint(path: Path, seed: int = 5) -> Array:
    """Write the VAE as .safetensors; returns one painted picture as uint8 [side, side, 3]."""
    dice = np.random.default_rng(seed)
    pictures = np.stack([evening(dice).ravel() for _ in range(PICTURES)])
    logits = np.log(pictures / (1 - pictures))
    mean = logits.mean(axis=0)
    centred = logits - mean
    powers, mixes = np.linalg.eigh(centred @ centred.T)      # of the small side: as many numbers as pictures
    rows = (mixes[:, ::-1][:, :LATENT] / np.sqrt(powers[::-1][:LATENT])).T @ centred
    sigma = np.sqrt(powers[::-1][:LATENT] / PICTURES)
    latent = centred @ rows.T / sigma
    middle = pictures.mean(axis=0)
    look = np.linalg.lstsq((pictures - middle) @ rows.T, latent, rcond=None)[0].T @ rows
    eye = np.eye(LATENT, dtype=np.float32)
    tensors = {  # ReLU(x) - ReLU(-x) = x: what goes through a hidden layer comes out as it was
        "fc1.weight": np.concatenate([look, -look]), "fc1.bias": np.concatenate([-look @ middle, look @ middle]),
        "fc21.weight": np.concatenate([eye, -eye], axis=1), "fc21.bias": np.zeros(LATENT),
        "fc22.weight": np.zeros((LATENT, 2 * LATENT)), "fc22.bias": np.full(LATENT, -4.0),
        "fc3.weight": np.concatenate([np.diag(sigma), -np.diag(sigma)]) / sigma[0], "fc3.bias": np.zeros(2 * LATENT),
        "fc4.weight": np.concatenate([rows, -rows]).T * sigma[0], "fc4.bias": mean,
    }
    _save(path, {name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()})
    shown = evening(np.random.default_rng(seed + 100))
    return np.ascontiguousarray(shown.transpose(1, 2, 0) * 255, np.uint8)


def _save(path: Path, tensors: dict[str, Array]) -> None:
    """The safetensors format: a JSON header, then the numbers."""
    header, place = {"__metadata__": {"license": "CC0-1.0", "author": "Latent Atelier"}}, 0
    for name, value in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [place, place + value.nbytes]}  # type: ignore[dict-item]
        place += value.nbytes
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(value.tobytes() for value in tensors.values()))
