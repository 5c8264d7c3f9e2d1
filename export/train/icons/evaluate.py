"""Figures on prompts whose drawings were held out, beside the simple way: show the drawing with the nearest name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from export.train.icons.dataset import Icons
from export.train.icons.mosaic import Mosaic
from export.train.icons.sampling import decode, sample

SEEDS: Final = 4
_NEAR: Final = 5
_COPY: Final = 0.9
_SCALE: Final = 2
Fields = NDArray[np.float32]


@dataclass(frozen=True)
class Gallery:
    """All drawings, held-out ones too: latents [n, 576], fields, and what each shows."""

    icons: Icons
    latents: Tensor

    def nearest(self, latents: Tensor, among: NDArray[np.int64], count: int = _NEAR) -> NDArray[np.int64]:
        """[n, count] places of the drawings that look most alike."""
        apart = torch.cdist(latents.flatten(1), self.latents[torch.from_numpy(among)].flatten(1))
        return np.asarray(among[apart.topk(count, dim=1, largest=False).indices.numpy()])


@dataclass(frozen=True)
class Question:
    """Prompts [n, 384], the names they were made from, and the drawings (places) that answer each."""

    vectors: NDArray[np.float32]
    keys: list[str]
    answers: list[NDArray[np.int64]]


def questions(icons: Icons, names: NDArray[np.float32], places: NDArray[np.int64], count: int) -> Question:
    """One for each thing shown at `places`, evenly picked; `names` [n, 384] are the vectors of all icons' names."""
    first = {icons.items[place].key: int(place) for place in places[::-1]}
    keys = sorted(first)
    keys = [keys[row] for row in np.unique(np.linspace(0, len(keys) - 1, count).astype(int))]
    every = np.array([item.key for item in icons.items])
    return Question(names[[first[key] for key in keys]], keys, [np.flatnonzero(every == key) for key in keys])


def judge(flow: Mosaic, decoder: nn.Module, gallery: Gallery, asked: Question, manner: int) -> dict[str, float]:
    """The model's figures: see `_figures`; SEEDS icons a prompt."""
    drawn = torch.stack([sample(flow, asked.vectors, manner, seed) for seed in range(SEEDS)], dim=1)
    return _figures(drawn, decoder, gallery, asked)


def baseline(gallery: Gallery, decoder: nn.Module, asked: Question, names: NDArray[np.float32]) -> dict[str, float]:
    """The same figures of the SEEDS taught drawings whose names are nearest to the prompt."""
    taught = gallery.icons.taught
    places = taught[np.argsort(-(asked.vectors @ names[taught].T), axis=1)[:, :SEEDS]]
    return _figures(gallery.latents[torch.from_numpy(places)], decoder, gallery, asked)


def natural(gallery: Gallery, decoder: nn.Module, asked: Question) -> dict[str, float]:
    """How alike makers draw who did not copy: `copies`, `nearest` of the drawings that answer, against other sets."""
    icons, closest = gallery.icons, []
    for place in np.unique(np.concatenate(asked.answers)):
        others = icons.taught[icons.style[icons.taught] != icons.style[place]]
        drawn = gallery.latents[place][None]
        fields = decode(decoder, drawn).reshape(1, -1)
        near = gallery.nearest(drawn, others)[0]
        closest.append(max(_overlap(fields[0] > 0, _ink(gallery, other, fields)) for other in near))
    return {"drawings": len(closest), "copies": float(np.mean(np.array(closest) > _COPY)),
            "nearest": float(np.median(closest))}


def _figures(drawn: Tensor, decoder: nn.Module, gallery: Gallery, asked: Question) -> dict[str, float]:
    """`drawn` is [n, SEEDS, 16, 6, 6].

    found: the thing itself is among the five that look nearest, of one picture and of any of four. likeness: overlap
    with the drawing that answers, best of four. variety: 1 - overlap between the four. copies: share that overlaps more
    than 0.9 with a taught drawing; nearest: median of that overlap.
    """
    count = len(asked.keys)
    near = gallery.nearest(drawn.flatten(0, 1), np.arange(len(gallery.icons.items))).reshape(count, SEEDS, _NEAR)
    hits = np.array([[bool(np.isin(near[row, seed], asked.answers[row]).any()) for seed in range(SEEDS)]
                     for row in range(count)])
    fields = decode(decoder, drawn.flatten(0, 1)).reshape(count, SEEDS, -1)
    ink = fields > 0
    twins = gallery.nearest(drawn.flatten(0, 1), gallery.icons.taught).reshape(count, SEEDS, _NEAR)
    closest = np.array([[max(_overlap(ink[row, seed], _ink(gallery, place, fields)) for place in twins[row, seed])
                         for seed in range(SEEDS)] for row in range(count)])
    likeness = [max(_overlap(ink[row, seed], _ink(gallery, place, fields)) for seed in range(SEEDS)
                    for place in asked.answers[row]) for row in range(count)]
    pairs = [(a, b) for a in range(SEEDS) for b in range(a)]
    variety = [1 - np.mean([_overlap(ink[row, a], ink[row, b]) for a, b in pairs]) for row in range(count)]
    return {"found": float(hits.mean()), "found_of_four": float(hits.any(axis=1).mean()),
            "likeness": float(np.mean(likeness)), "variety": float(np.mean(variety)),
            "copies": float((closest > _COPY).mean()), "nearest": float(np.median(closest))}


def _ink(gallery: Gallery, place: int, fields: Fields) -> NDArray[np.bool_]:
    """The drawing as it would be drawn at the size of `fields`."""
    side = round(fields.shape[-1] ** 0.5)
    coarse = gallery.icons.fields[place].astype(np.float32)
    return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_LINEAR).ravel() > 0)


def _overlap(ours: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> float:
    return float((ours & theirs).sum() / max((ours | theirs).sum(), 1))
