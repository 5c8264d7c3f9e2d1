"""Contact sheets for the eye: random styles, whole alphabets, held-out faces beside their copies, filmstrips."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.build import Fitted
from export.train.glyphs.codes import Codes
from export.train.glyphs.drawing import drawer, save_grey, set_line, stack
from export.train.glyphs.evaluate import reconstruct, true_metrics, truth
from export.train.glyphs.words import WORDS

SPECIMEN: Final = "Hamburgefonstiv AQ&g 258?"
_ALPHABET: Final = (
    "ABCDEFGHIJKLMNOPQRS",
    "TUVWXYZ 0123456789",
    "abcdefghijklmnopqrstuvw",
    "xyz &?!.,:;'\"()-/@#%+=*$",
)


def random_style(seed: int, dimension: int, truncation: float) -> NDArray[np.float64]:
    """The z that the studio gives a seed (`engine.rng`), so that a sheet shows what a person will see."""
    numbers: NDArray[np.float64] = np.random.RandomState(seed).randn(dimension)
    return numbers * truncation


def random_sheet(fitted: Fitted, path: Path, truncation: float, count: int = 64) -> None:
    """A specimen line of seeds 0 to count - 1, in two columns."""
    draw = drawer(fitted.decoder())
    dimension = len(fitted.prior.mean)
    lines = [set_line(draw(random_style(seed, dimension, truncation)), SPECIMEN, 24.0) for seed in range(count)]
    half, height = count // 2, lines[0].shape[0]
    columns = [np.pad(stack(part, 530), ((0, 0), (24, 0))) for part in (lines[:half], lines[half:])]
    captions = [(4 + 554 * (seed // half), (seed % half) * height + 14, str(seed)) for seed in range(count)]
    save_grey(np.concatenate(columns, 1), str(path), captions)


def alphabet_sheet(fitted: Fitted, path: Path, truncation: float, seeds: tuple[int, ...] = (0, 1, 2, 3, 4, 5)) -> None:
    """All 82 characters of six random styles, large enough to judge hairlines, g and Q."""
    draw = drawer(fitted.decoder())
    blocks = []
    for seed in seeds:
        alphabet = draw(random_style(seed, len(fitted.prior.mean), truncation))
        block = stack([set_line(alphabet, line, 34.0) for line in _ALPHABET], 720)
        blocks.append(np.pad(block, ((6, 14), (8, 0))))
    rows = [np.concatenate(blocks[i : i + 2], 1) for i in range(0, len(blocks), 2)]
    save_grey(np.concatenate(rows), str(path))


def held_out_sheet(fitted: Fitted, codes: Codes, path: Path) -> None:
    """One face of every held-out group: the original above, its copy through the encoder below."""
    lines: list[NDArray[np.float32]] = []
    captions: list[tuple[int, int, str]] = []
    seen: set[str] = set()
    for item in codes.faces.test.tolist():
        face = codes.faces.items[item]
        if face.group in seen:
            continue
        seen.add(face.group)
        original = (truth(codes, item), true_metrics(codes, item))
        copy = reconstruct(fitted.model, fitted.styles[item])
        lines += [set_line(original, SPECIMEN, 24.0)[:-4], set_line(copy, SPECIMEN, 24.0)]
        captions.append((560, sum(line.shape[0] for line in lines[:-1]) - 8, f"{face.family} {face.style}"))
    save_grey(stack(lines, 760), str(path), captions)


def filmstrip(fitted: Fitted, name: str, path: Path) -> None:
    """One direction from -3 to +3 sigma, starting from the average style and from two random ones."""
    draw = drawer(fitted.decoder())
    direction = next(item for item in fitted.directions if item.name == name)
    dimension = len(fitted.prior.mean)
    starts = [np.zeros(dimension), random_style(101, dimension, 0.6), random_style(105, dimension, 0.6)]
    lines: list[NDArray[np.float32]] = []
    captions: list[tuple[int, int, str]] = []
    values = range(-3, 4)
    for number, start in enumerate(starts):
        for value in values:
            line = set_line(draw(start + value * direction.row), "Hamburgefonstiv Q&g", 26.0)
            captions.append((4, sum(part.shape[0] for part in lines) + 18, f"{value:+d}"))
            lines.append(np.pad(line, ((10 if value == values[0] and number else 0, 0), (28, 0))))
    words = WORDS[name]
    title = f"{words.label}: {words.low} (-3) to {words.high} (+3)"
    save_grey(np.pad(stack(lines, 640), ((18, 0), (0, 0))), str(path), [(28, 3, title), *_lowered(captions, 18)])


def _lowered(captions: list[tuple[int, int, str]], by: int) -> list[tuple[int, int, str]]:
    """Captions moved down."""
    return [(x, y + by, words) for x, y, words in captions]


def curve(logs: dict[str, list[dict[str, float]]], path: Path) -> None:
    """Held-out IoU over CPU minutes, one stage after another, drawn without a plotting library."""
    width, height = 640, 320
    picture = np.full((height, width), 255, np.uint8)
    points, offset, marks = [], 0.0, []
    for name, log in logs.items():
        held = [(offset + line["cpu_minutes"], line["held_out_iou"]) for line in log if "held_out_iou" in line]
        points.append([(minute, iou) for minute, iou in held])
        marks.append((offset, name))
        offset += log[-1]["cpu_minutes"]

    def place(minute: float, iou: float) -> tuple[int, int]:
        across = (width - 64) * minute / max(offset, 1e-6)
        return 48 + round(across), height - 32 - round((height - 56) * (iou - 0.5) / 0.5)

    for tenth in range(5, 11):
        cv2.line(picture, place(0, tenth / 10), place(offset, tenth / 10), 225)
        cv2.putText(picture, f"{tenth / 10:.1f}", (12, place(0, tenth / 10)[1] + 4), 0, 0.4, 90)
    for start, name in marks:
        cv2.line(picture, place(start, 0.5), place(start, 1.0), 200)
        cv2.putText(picture, name, (place(start, 0.5)[0] + 4, 18), 0, 0.42, 90)
    for series in points:
        track = np.array([place(minute, max(iou, 0.5)) for minute, iou in series], np.int32)
        cv2.polylines(picture, [track], isClosed=False, color=0, thickness=2, lineType=cv2.LINE_AA)
    cv2.putText(picture, f"held-out IoU over {offset:.0f} CPU minutes", (48, height - 10), 0, 0.42, 90)
    cv2.imwrite(str(path), picture)


def read_log(path: Path) -> list[dict[str, float]]:
    """A stage's log."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
