"""Held-out figures: IoU over every character of every held-out face, by encoder alone and after refining the style."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from export.nets.glyph_vae import GlyphVae
from export.train.glyphs.codes import Codes
from export.train.glyphs.geometry import CHARACTERS
from export.train.glyphs.losses import edge_loss, soft_iou_loss
from export.train.glyphs.overlap import iou

DISPLAY_GROUPS: Final = frozenset({"compagnon", "okolaks", "millimetre"})
"""Held-out groups that are not text faces (a script, two constructed), by eye, set after a first evaluation."""

_EVERY = torch.arange(len(CHARACTERS))


def reconstruct(model: GlyphVae, style: NDArray[np.floating]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Fields [82, 128, 128] and advances [82] of one style in the network's own space."""
    with torch.inference_mode():
        fields, advances = model.draw(torch.from_numpy(np.asarray(style, np.float32))[None], _EVERY)
    return fields[0].numpy(), advances[0].numpy()


def truth(codes: Codes, item: int) -> NDArray[np.float32]:
    """Drawn fields [82, 128, 128] of one face."""
    stored: NDArray[np.int8] = codes.faces.fields[codes.faces.rows[item]]
    return stored.astype(np.float32) / np.float32(127)


def refine(
    model: GlyphVae, style: NDArray[np.floating], target: NDArray[np.float32], steps: int = 40
) -> NDArray[np.float64]:
    """The style [dim] that draws `target` best, found by gradient descent from the encoder's guess."""
    z = torch.tensor(np.asarray(style, np.float32)[None], requires_grad=True)
    optimiser = torch.optim.Adam([z], lr=0.05)
    goal = torch.from_numpy(target)
    for step in range(steps):
        chosen = torch.from_numpy(np.random.default_rng([9, step]).permutation(len(CHARACTERS))[:41].copy())
        fields, _ = model.draw(z, chosen)
        loss = edge_loss(fields[0], goal[chosen]) + soft_iou_loss(fields[0], goal[chosen]) + 1e-4 * (z**2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    result: NDArray[np.float64] = z.detach()[0].numpy().astype(np.float64)
    return result


def one_of_each_group(codes: Codes) -> list[int]:
    """The first face of every held-out group: refining all of them would take too long."""
    first: dict[str, int] = {}
    for item in codes.faces.test.tolist():
        first.setdefault(codes.faces.items[item].group, item)
    return list(first.values())


def score(
    model: GlyphVae, codes: Codes, styles: NDArray[np.float64], items: list[int], refine_steps: int = 0
) -> dict[str, object]:
    """Mean IoU over characters and `items`: all, text, display, by group and by character. `styles` of every face."""
    by_group: defaultdict[str, list[float]] = defaultdict(list)
    by_character = np.zeros(len(CHARACTERS))
    advance_errors = []
    for item in items:
        target = truth(codes, item)
        style = refine(model, styles[item], target, refine_steps) if refine_steps else styles[item]
        drawn, advances = reconstruct(model, style)
        scores = iou(drawn, target)
        by_character += scores / len(items)
        by_group[codes.faces.items[item].group].append(float(scores.mean()))
        advance_errors.append(float(np.abs(advances - codes.faces.advances[item]).mean()))
    text = [s for group, values in by_group.items() if group not in DISPLAY_GROUPS for s in values]
    display = [s for group, values in by_group.items() if group in DISPLAY_GROUPS for s in values]
    return {
        "iou_all": float(np.mean(text + display)),
        "iou_text": float(np.mean(text)),
        "iou_display": float(np.mean(display)) if display else None,
        "iou_letters_and_figures": float(by_character[[c.isalnum() for c in CHARACTERS]].mean()),
        "iou_families_alike": float(np.mean([np.mean(values) for values in by_group.values()])),
        "advance_error": float(np.mean(advance_errors)),
        "faces": len(text) + len(display),
        "by_group": {group: round(float(np.mean(values)), 4) for group, values in sorted(by_group.items())},
        "by_character": dict(zip(CHARACTERS, np.round(by_character, 4).tolist(), strict=True)),
    }
