"""The drawn icons in memory, which of them are held out, and the meanings of their words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from export.train.icons.sources import SOURCES

_HELD_OUT: Final = 40
"""One thing in so many is held out, in every set: no "camera" of any maker is learned from."""


@dataclass(frozen=True)
class Item:
    """What is known of one icon besides its drawing."""

    source: str
    name: str
    key: str
    tags: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        """Whether its thing is kept for the examination."""
        return int(hashlib.sha256(self.key.encode()).hexdigest()[:8], 16) % _HELD_OUT == 0


class Icons:
    """All icons: fields int8 [n, 48, 48], items, the places of those that are learned from and those that are not."""

    def __init__(self, folder: Path) -> None:
        """Read what `draw_all` wrote; fields are mapped, not loaded."""
        self.fields: NDArray[np.int8] = np.load(folder / "fields.npy", mmap_mode="r", allow_pickle=False)
        rows = [json.loads(line) for line in (folder / "items.jsonl").read_text(encoding="utf-8").splitlines()]
        self.items = [Item(row["source"], row["name"], row["key"], tuple(row["tags"])) for row in rows]
        held = np.array([item.held_out for item in self.items])
        self.taught, self.held = np.flatnonzero(~held), np.flatnonzero(held)
        order = [source.id for source in SOURCES]
        self.style = np.array([order.index(item.source) for item in self.items])

    def field(self, places: NDArray[np.int64]) -> Tensor:
        """Fields [n, 1, 48, 48] in units of the spread."""
        return torch.from_numpy(self.fields[places].astype(np.float32) / 127.0)[:, None]
