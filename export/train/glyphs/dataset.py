"""The kept faces and how they are drawn into batches: families balanced, every batch from its step alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.collect import read_faces
from export.train.glyphs.geometry import CHARACTERS, SIZE
from export.train.glyphs.middle import centred
from export.train.glyphs.split import Item, read_items

BALANCE: Final = 0.5
"""Faces are drawn with weight (faces in the family) ** -BALANCE: 1 would weigh all families alike."""


class Faces:
    """The kept faces with their fields (memory-mapped int8) and sampling weights."""

    def __init__(self, faces_file: Path, folder: Path) -> None:
        """`folder` holds all_fields.i8 and items.jsonl."""
        self.items: list[Item] = read_items(folder)
        shape = (len(read_faces(faces_file)), len(CHARACTERS), SIZE, SIZE)
        self.fields = np.memmap(folder / "all_fields.i8", np.int8, "r", shape=shape)
        self.rows = np.array([item.row for item in self.items])
        self.advances = np.array([item.advances for item in self.items], np.float32)
        self.held_out = np.array([item.held_out for item in self.items])
        self.train = np.flatnonzero(~self.held_out)
        self.test = np.flatnonzero(self.held_out)
        sizes = Counter(item.family for item in self.items)
        weights = np.array([sizes[self.items[i].family] ** -BALANCE for i in self.train])
        self.weights = weights / weights.sum()

    def pick(self, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
        """Item numbers of `count` taught faces, families balanced."""
        return rng.choice(self.train, count, p=self.weights)

    def glyphs(self, items: NDArray[np.int64], characters: NDArray[np.int64]) -> NDArray[np.float32]:
        """Fields [items, characters, 128, 128] as drawn, each centred in its frame."""
        stored = (self.fields[self.rows[item], characters].astype(np.float32) / np.float32(127) for item in items)
        return np.stack([np.stack([centred(field)[0] for field in face]) for face in stored])
