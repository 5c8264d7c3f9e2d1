"""Teaches the reader: captions, their meanings by the exact sentence encoder, an honest examination, then all words."""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from export.train.icons.meanings import embed
from export.train.textures.captions import Caption, caption
from export.train.textures.reader import Meanings, examine, meanings, train_reader

_NAMES: Final = "package/dist/colornames.bestof.json"
_KNOWN: Final = 0.9
"""Share of the colour names that the examined reader has heard of."""


@dataclass(frozen=True)
class Lessons:
    """How many captions: to learn from, with unknown words, with known ones, and with all words for what is shipped."""

    taught: int = 30_000
    unknown: int = 1500
    known: int = 1000
    everything: int = 40_000


def color_names(archive: Path) -> dict[str, str]:
    """Names -> "#rrggbb" of the npm package color-name-list."""
    with tarfile.open(archive) as box:
        file = box.extractfile(_NAMES)
        if file is None:
            raise FileNotFoundError(_NAMES)
        return {str(row["name"]): str(row["hex"]) for row in json.load(file)}


def teach(archive: Path, encoder: Path, folder: Path, lessons: Lessons) -> dict[str, Any]:
    """Write reader.pt and reader.json: one reader is examined on words it never met, then one learns all words."""
    torch.set_num_threads(1)
    names = color_names(archive)
    keys = sorted(names)
    np.random.default_rng(9).shuffle(keys)
    cut = int(_KNOWN * len(keys))
    known, unknown = ({key: names[key] for key in part} for part in (keys[:cut], keys[cut:]))
    sets = [_captions(1, lessons.taught, known, held_out=False), _captions(2, lessons.unknown, unknown, held_out=True),
            _captions(3, lessons.known, unknown, held_out=False),
            _captions(4, lessons.everything, names, held_out=None)]
    vectors = embed([each.text for part in sets for each in part], encoder)
    ends = np.cumsum([len(part) for part in sets])[:-1]
    taught, strange, usual, everything = (
        meanings(part, each) for part, each in zip(sets, np.split(vectors, ends), strict=True))
    model = train_reader(taught, 8)
    figures: dict[str, Any] = {"known_words_new_wordings": examine(model, usual),
                               "unknown_words": examine(model, strange),
                               "nearest_caption_known": nearest(taught, usual),
                               "nearest_caption_unknown": nearest(taught, strange)}
    torch.save(train_reader(everything, 10).state_dict(), folder / "reader.pt")
    (folder / "reader.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def _captions(seed: int, count: int, names: dict[str, str], *, held_out: bool | None) -> list[Caption]:
    """That many random captions."""
    rng = np.random.default_rng(seed)
    return [caption(rng, names, held_out=held_out) for _ in range(count)]


def nearest(taught: Meanings, held: Meanings) -> dict[str, float]:
    """The plain way: what the taught caption nearest in meaning says."""
    best: NDArray[np.intp] = (taught.vectors @ held.vectors.T).argmax(0)
    apart = np.linalg.norm(taught.colors[best] - held.colors, axis=2).mean(1)
    return {"first": float((taught.mix[best].argmax(1) == held.mix.argmax(1)).mean()),
            "color_apart_named": float(apart[held.named].mean()), "color_apart": float(apart.mean())}
