"""Puts a stage together with its data and the weights of the stage before, and runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from export.nets.glyph_vae import GlyphVae
from export.train.glyphs.codes import Codes, encode_round
from export.train.glyphs.dataset import Faces
from export.train.glyphs.stage_detail import DetailStage
from export.train.glyphs.stage_field import FieldStage
from export.train.glyphs.stage_joint import JointStage
from export.train.glyphs.stage_style import StyleStage
from export.train.glyphs.trainer import Plan, Stage, Trainer


@dataclass(frozen=True)
class Order:
    """What to train: `steps` is where the cosine ends, `rounds` how many rounds of codes to learn from."""

    stage: str
    steps: int
    rate: float
    rounds: int = 5
    batch: int = 0
    nats: float = 110.0
    threads: int = 1


def train(faces_file: Path, drawn: Path, run: Path, order: Order) -> None:
    """Run a stage to its end, resuming from its checkpoint when there is one."""
    torch.set_num_threads(order.threads)
    torch.manual_seed(0)
    faces = Faces(faces_file, drawn)
    stage = _stage(order, faces, drawn, run)
    trainer = Trainer(stage, Plan(order.steps, order.rate, save_every=250, evaluate_every=250), run)
    trainer.resume()
    trainer.run()


def encode(faces_file: Path, drawn: Path, run: Path, round_: int, threads: int = 1) -> None:
    """Store one round of codes with the averaged reader of stage 1."""
    torch.set_num_threads(threads)
    model = fresh_model()
    take(model, run / "field.pt", "reader.")
    encode_round(model.reader, Faces(faces_file, drawn), drawn, round_)


def fresh_model() -> GlyphVae:
    """A new model; the convolutions keep channels last, which is three times as fast here."""
    model = GlyphVae()
    model.reader.to(memory_format=torch.channels_last)
    model.renderer.to(memory_format=torch.channels_last)
    return model


def take(model: GlyphVae, checkpoint: Path, *parts: str) -> bool:
    """Load the averaged weights of some parts of another stage's checkpoint, if it is there."""
    if not checkpoint.is_file():
        return False
    state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    average: dict[str, Tensor] = state["average"]
    model.load_state_dict({name: value for name, value in average.items() if name.startswith(parts)}, strict=False)
    return True


def _stage(order: Order, faces: Faces, drawn: Path, run: Path) -> Stage:
    """The stage, its model filled with what earlier stages learned."""
    model = fresh_model()
    if order.stage == "field":
        return FieldStage(model, faces, order.batch or 64)
    take(model, run / "field.pt", "reader.", "renderer.")
    codes = Codes(faces, drawn, order.rounds)
    if order.stage == "detail":
        return DetailStage(model, codes, order.batch or 64)
    take(model, run / "detail.pt", "renderer.")
    if order.stage == "style":
        return StyleStage(model, codes, order.batch or 32, 24, order.nats)
    stage = JointStage(model, codes, order.batch or 16, 12, order.nats)
    take(model, run / "style.pt", "encoder.", "decoder.")
    return stage
