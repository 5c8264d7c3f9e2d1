"""Training: lines of alike length together, every twentieth held out; resumable, with a log."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from export.train.names.lines import END, MARKS, lines
from export.train.names.model import NameModel, padded
from export.train.names.pieces import cut, pieces_of

PIECES: Final = 900
HELD_OUT: Final = 20
_BATCH, _RATE, _EVERY = 96, 3e-3, 100


@dataclass(frozen=True)
class Corpus:
    """Lines by way of writing; every twentieth of each is held out."""

    texts: list[str]                         # of the vocabulary: a token's number is its place
    known: list[tuple[str, str]]             # (way of writing, line)
    unseen: list[tuple[str, str]]


def encoded(data: Corpus, rows: list[tuple[str, str]]) -> list[list[int]]:
    """Mark, pieces, end of each line."""
    places = {text: number for number, text in enumerate(data.texts)}
    return [[places[MARKS[mode]], *cut(line, places), places[END]] for mode, line in rows]


def corpus(colors: Path, work: Path) -> Corpus:
    """Lines and vocabulary; the vocabulary is kept in `work`."""
    found = lines(colors)
    known = [(mode, line) for mode, entries in found.items()
             for number, line in enumerate(entries) if number % HELD_OUT]
    unseen = [(mode, line) for mode, entries in found.items() for line in entries[::HELD_OUT]]
    path = work / "characters.json"
    if not path.is_file():
        work.mkdir(parents=True, exist_ok=True)
        letters = sorted({letter for _, line in known + unseen for letter in line})
        pieces = pieces_of([line for _, line in known], PIECES)
        texts = [END, *MARKS.values(), *dict.fromkeys([*letters, *pieces])]
        path.write_text(json.dumps(texts), "utf-8")
    return Corpus(json.loads(path.read_text("utf-8")), known, unseen)


def bits(model: NameModel, rows: list[list[int]]) -> list[float]:
    """Bits that the model needs for each row after its mark, the end included."""
    found: list[float] = []
    model.eval()
    with torch.no_grad():
        for start in range(0, len(rows), 256):
            batch = padded(rows[start:start + 256], -1)
            losses = _losses(model, batch)
            found += (losses.sum(1) / math.log(2)).tolist()
    return found


def train(data: Corpus, work: Path, steps: int) -> None:
    """Up to `steps`, going on from the last checkpoint."""
    torch.manual_seed(0)
    rows, held = encoded(data, data.known), encoded(data, data.unseen)
    letters = sum(len(line) + 1 for _, line in data.unseen)
    model = NameModel(len(data.texts))
    optimiser = torch.optim.AdamW(model.parameters(), _RATE, weight_decay=0.01)
    path, step, seconds = work / "names.pt", 0, 0.0
    if path.is_file():
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step, seconds = state["step"], state["cpu_seconds"]
    begun = time.process_time()
    while step < steps:
        for group in optimiser.param_groups:
            group["lr"] = _rate(step, steps)
        torch.manual_seed(step)
        loss = _step(model, optimiser, _batch(rows, step))
        step += 1
        if step % _EVERY == 0 or step == steps:
            now = time.process_time()
            seconds, begun = seconds + now - begun, now
            line = {"step": step, "cpu_seconds": round(seconds, 1), "loss": round(float(loss), 4)}
            if step % (5 * _EVERY) == 0 or step == steps:
                line["held_out_bits"] = round(sum(bits(model, held)) / letters, 4)
                draft = path.with_suffix(".tmp")
                torch.save({"step": step, "cpu_seconds": seconds, "model": model.state_dict(),
                            "optimiser": optimiser.state_dict()}, draft)
                draft.replace(path)
            with (work / "names.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")


def _rate(step: int, steps: int) -> float:
    """A short warm-up, then a cosine."""
    return _RATE * min(1.0, (step + 1) / 50) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / steps)))


def _batch(rows: list[list[int]], step: int) -> Tensor:
    """Rows of alike length: many are drawn, a stretch of them in order of length is taken."""
    dice = torch.Generator().manual_seed(step)
    numbers = torch.randint(len(rows), (8 * _BATCH,), generator=dice).tolist()
    drawn = sorted((rows[number] for number in numbers), key=len)
    start = int(torch.randint(7 * _BATCH + 1, (1,), generator=dice))
    return padded(drawn[start:start + _BATCH], -1)


def _losses(model: NameModel, batch: Tensor) -> Tensor:
    """Nats [batch, time - 1], nothing after the end."""
    logits = model(batch[:, :-1].clamp(min=0))
    return functional.cross_entropy(logits.transpose(1, 2), batch[:, 1:], ignore_index=-1, reduction="none")


def _step(model: NameModel, optimiser: torch.optim.Optimizer, batch: Tensor) -> Tensor:
    model.train()
    loss = _losses(model, batch).sum() / (batch[:, 1:] >= 0).sum()
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.detach()
