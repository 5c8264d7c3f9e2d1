"""Keeps the code of every glyph on disk, for the faces as they are and for rounds of changed copies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from export.nets.glyph_field import CODE, FieldEncoder
from export.train.glyphs.augment import FOLLOWS_X_HEIGHT, change_of, changed_advances, warp, x_height_of
from export.train.glyphs.dataset import Faces
from export.train.glyphs.geometry import CHARACTERS
from export.train.glyphs.middle import centred


def encode_round(reader: FieldEncoder, faces: Faces, folder: Path, round_: int) -> None:
    """Write codes_<round>.f16 [faces, 82, 1024] and middles_<round>.npy; each appears only when it is complete."""
    shape = (len(faces.items), len(CHARACTERS), CODE)
    draft = folder / f"codes_{round_}.tmp"
    codes = np.memmap(draft, np.float16, "w+", shape=shape)
    middles = np.empty(shape[:2], np.float32)
    reader.eval()
    with torch.inference_mode():
        for item in range(shape[0]):
            fields, middles[item] = fields_of(faces, item, round_, np.arange(shape[1]))
            codes[item] = reader(torch.from_numpy(fields)[:, None]).numpy().astype(np.float16)
    codes.flush()
    np.save(folder / f"middles_{round_}.npy", middles, allow_pickle=False)
    draft.rename(folder / f"codes_{round_}.f16")


def fields_of(
    faces: Faces, item: int, round_: int, characters: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Fields [k, 128, 128] of some characters of one face in one round, centred, and their middles [k]."""
    fields = faces.fields[faces.rows[item], characters].astype(np.float32) / np.float32(127)
    if round_ == 0:
        return _centred(fields)
    change = change_of(item, round_)
    x_height = x_height_of(faces.fields[faces.rows[item], CHARACTERS.index("x")])
    follows = FOLLOWS_X_HEIGHT[characters]
    return _centred([warp(f, change, x_height if low else 0.0) for f, low in zip(fields, follows, strict=True)])


def _centred(fields: Iterable[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Every field with its ink in the middle, and where that middle was."""
    pairs = [centred(field) for field in fields]
    return np.stack([field for field, _ in pairs]), np.array([middle for _, middle in pairs], np.float32)


class Codes:
    """The rounds of codes that are there by now; more may appear while training runs."""

    def __init__(self, faces: Faces, folder: Path, rounds: int) -> None:
        """Map `rounds` rounds; raises FileNotFoundError when one is missing."""
        shape = (len(faces.items), len(CHARACTERS), CODE)
        self.faces = faces
        self.rounds = [np.memmap(folder / f"codes_{r}.f16", np.float16, "r", shape=shape) for r in range(rounds)]
        self.middles = [np.load(folder / f"middles_{r}.npy", allow_pickle=False) for r in range(rounds)]
        self.mean = self.rounds[0][faces.train].mean(0, dtype=np.float32)
        self.mean_metrics = np.stack([faces.advances[faces.train].mean(0), self.middles[0][faces.train].mean(0)], -1)

    def batch(self, items: NDArray[np.int64], rounds: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """Residual codes [n, 82, 1024] and residual metrics [n, 82, 2]: advances and middles."""
        codes = np.stack([self.rounds[r][item] for item, r in zip(items, rounds, strict=True)]).astype(np.float32)
        pairs = zip(items, rounds, strict=True)
        advances = np.stack([changed_advances(self.faces.advances[i], change_of(int(i), int(r))) for i, r in pairs])
        middles = np.stack([self.middles[r][item] for item, r in zip(items, rounds, strict=True)])
        metrics = np.stack([advances, middles], -1) - self.mean_metrics
        return torch.from_numpy(codes - self.mean), torch.from_numpy(metrics)
