"""Puts the steps of the recipe together with their files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch

from export.train.glyphs.trainer import Plan, Trainer
from export.train.icons.asked import ASKED
from export.train.icons.build import add_preview, build
from export.train.icons.dataset import Icons
from export.train.icons.evaluate import Gallery, baseline, judge, natural, questions
from export.train.icons.finishing import FineDecoder, memory
from export.train.icons.latents import load_autoencoder, store_latents
from export.train.icons.meanings import embed, store_meanings
from export.train.icons.mosaic import MANNERS, Memory, Mosaic
from export.train.icons.sampling import decode, sample
from export.train.icons.sheets import sheet
from export.train.icons.stage_field import FieldStage

RATE: Final = 2e-3
_COLUMNS: Final = 8
_PREVIEW: Final = ("coffee cup", "rocket", "cat", "house", "umbrella", "crown", "dog", "wine glass")


@dataclass(frozen=True)
class Places:
    """Where the recipe keeps its work; nothing of it is part of the repository."""

    work: Path

    @property
    def drawn(self) -> Path:
        """Fields, items, phrases, latents."""
        return self.work / "drawn"

    @property
    def run(self) -> Path:
        """The checkpoint and its log."""
        return self.work / "run"


def train(places: Places, steps: int, batch: int, threads: int) -> None:
    """Run the autoencoder to its end, resuming from its checkpoint when there is one."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    trainer = Trainer(FieldStage(Icons(places.drawn), batch), Plan(steps, RATE, save_every=100, evaluate_every=100),
                      places.run)
    trainer.resume()
    trainer.run()


def remember(places: Places, model: Path) -> None:
    """Store the latents of all drawings and the meanings of all phrases."""
    icons = Icons(places.drawn)
    store_latents(icons, places.run, places.drawn)
    store_meanings(icons, model, places.drawn)


def pack(places: Places, target: Path, version: str) -> None:
    """Write the package, its preview still missing."""
    icons = Icons(places.drawn)
    build(icons, memory_of(places, icons), places.run, target, version, {"training": _last_line(places.run)})


def examine(places: Places, model: Path, docs: Path, target: Path, count: int) -> None:
    """Write figures.json, the contact sheets and the package's preview."""
    icons = Icons(places.drawn)
    flow = Mosaic(memory_of(places, icons)).eval()
    decoder = FineDecoder(load_autoencoder(places.run).decoder).eval()
    docs.mkdir(parents=True, exist_ok=True)
    vectors = embed([*ASKED, *_PREVIEW], model)
    for number, manner in enumerate(MANNERS):
        latents = torch.cat([sample(flow, vectors[row:row + 1], number, row) for row in range(len(ASKED))])
        name = "sheet.png" if number == 0 else f"sheet-{manner.id}.png"
        cv2.imwrite(str(docs / name), sheet(list(decode(decoder, latents)), ASKED, _COLUMNS))
    first = sample(flow, vectors[len(ASKED):], 0, 2)
    add_preview(target, sheet(list(decode(decoder, first)), ("",) * len(_PREVIEW), 4))
    latents = torch.from_numpy(np.load(places.drawn / "latents.npy").astype(np.float32))
    names = np.load(places.drawn / "phrases.npy")[:len(icons.items)].astype(np.float32)
    gallery = Gallery(icons, latents)
    figures: dict[str, Any] = {}
    for label, chosen in (("held_out", icons.held), ("taught", icons.taught)):
        asked = questions(icons, names, chosen, count)
        figures[label] = {"prompts": len(asked.keys), "nearest_name": baseline(gallery, decoder, asked, names),
                          "other_sets": natural(gallery, decoder, asked)}
        figures[label] |= {manner.id: judge(flow, decoder, gallery, asked, number)
                           for number, manner in enumerate(MANNERS)}
        (docs / "figures.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def memory_of(places: Places, icons: Icons) -> Memory:
    """The taught drawings and their phrases."""
    latents = torch.from_numpy(np.load(places.drawn / "latents.npy").astype(np.float32))
    phrases = torch.from_numpy(np.load(places.drawn / "phrases.npy").astype(np.float32))
    return memory(icons, latents, phrases, np.load(places.drawn / "owners.npy"))


def _last_line(run: Path) -> dict[str, Any]:
    """The held-out figures at the end of the training."""
    lines = [json.loads(line) for line in (run / "field.jsonl").read_text(encoding="utf-8").splitlines()]
    last: dict[str, Any] = [line for line in lines if "held_out_iou" in line][-1]
    return last
