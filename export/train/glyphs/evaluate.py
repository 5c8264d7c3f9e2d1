"""Held-out figures: IoU over every character of every held-out face, by encoder alone and after refining the style."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from export.nets.glyph_vae import GlyphVae
from export.train.glyphs.codes import Codes
from export.train.glyphs.geometry import CAP_HEIGHT, CHARACTERS
from export.train.glyphs.losses import edge_loss, soft_iou_loss
from export.train.glyphs.middle import moved
from export.train.glyphs.overlap import iou

DISPLAY_GROUPS: Final = frozenset({"compagnon", "okolaks", "millimetre"})
"""Held-out groups that are not text faces (a script, two constructed), by eye, set after a first evaluation."""

_EVERY = torch.arange(len(CHARACTERS))


def reconstruct(model: GlyphVae, style: NDArray[np.floating]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Fields [82, 128, 128] and metrics [82, 2] of one style in the network's own space."""
    with torch.inference_mode():
        fields, metrics = model.draw(torch.from_numpy(np.asarray(style, np.float32))[None], _EVERY)
    return fields[0].numpy(), metrics[0].numpy()


def truth(codes: Codes, item: int) -> NDArray[np.float32]:
    """Drawn fields [82, 128, 128] of one face, each in the middle of its frame."""
    return codes.faces.glyphs(np.array([item]), np.arange(len(CHARACTERS)))[0]


def true_metrics(codes: Codes, item: int) -> NDArray[np.float32]:
    """Advances and middles [82, 2] of one face, in cap heights."""
    return np.stack([codes.faces.advances[item], codes.middles[0][item]], -1)


def placed(drawn: NDArray[np.float32], guess: NDArray[np.float32], true: NDArray[np.float32]) -> NDArray[np.float32]:
    """The drawn fields where the guessed middles put them, seen from where the true middles are."""
    steps = (guess[:, 1] - true[:, 1]) * CAP_HEIGHT
    return np.stack([moved(field, float(step)) for field, step in zip(drawn, steps, strict=True)])


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
    """Mean IoU over characters and `items`: all, text, display, by group and by character. `styles` of every face.

    `iou_...` compares shapes, ink in the middle of the frame; `iou_set` has every glyph where its guessed side bearing
    puts it; `advance_error` and `middle_error` are in cap heights.
    """
    by_group: defaultdict[str, list[float]] = defaultdict(list)
    by_character = np.zeros(len(CHARACTERS))
    metrics_errors, set_scores = [], []
    for item in items:
        target = truth(codes, item)
        style = refine(model, styles[item], target, refine_steps) if refine_steps else styles[item]
        drawn, metrics = reconstruct(model, style)
        true = true_metrics(codes, item)
        scores = iou(drawn, target)
        set_scores.append(float(iou(placed(drawn, metrics, true), target).mean()))
        by_character += scores / len(items)
        by_group[codes.faces.items[item].group].append(float(scores.mean()))
        metrics_errors.append(np.abs(metrics - true).mean(0))
    text = [s for group, values in by_group.items() if group not in DISPLAY_GROUPS for s in values]
    display = [s for group, values in by_group.items() if group in DISPLAY_GROUPS for s in values]
    return {
        "iou_all": float(np.mean(text + display)),
        "iou_text": float(np.mean(text)),
        "iou_display": float(np.mean(display)) if display else None,
        "iou_letters_and_figures": float(by_character[[c.isalnum() for c in CHARACTERS]].mean()),
        "iou_families_alike": float(np.mean([np.mean(values) for values in by_group.values()])),
        "iou_set": float(np.mean(set_scores)),
        "advance_error": float(np.mean(metrics_errors, 0)[0]),
        "middle_error": float(np.mean(metrics_errors, 0)[1]),
        "faces": len(text) + len(display),
        "by_group": {group: round(float(np.mean(values)), 4) for group, values in sorted(by_group.items())},
        "by_character": dict(zip(CHARACTERS, np.round(by_character, 4).tolist(), strict=True)),
    }
