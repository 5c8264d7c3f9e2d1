"""Draws every icon as a small signed distance field and keeps those that one pen could have drawn."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray

from export.train.icons.collect import Icon, load

SIDE: Final = 48
SPREAD: Final = 4.0
"""Field pixels that the value 1.0 stands for; half a stroke is 2 pixels, so ink reaches 0.5."""

FINER: Final = 8
_LEVELS: Final = 127.0
_THICKEST: Final = 3.6   # field pixels from the edge to the middle of a dot; more is a filled shape
_INK: Final = (0.015, 0.5)


def draw(svg: str) -> NDArray[np.float32]:
    """Field [SIDE, SIDE] in units of the spread, positive inside, clamped to -1..1."""
    side = SIDE * FINER
    png = np.frombuffer(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side)), np.uint8)
    ink = (cv2.imdecode(png, cv2.IMREAD_UNCHANGED)[..., 3] > 127).astype(np.uint8)  # noqa: PLR2004 - half covered
    inside = cv2.distanceTransform(ink, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outside = cv2.distanceTransform(1 - ink, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # Pixel centres are half a fine pixel away from the border that the transform measures to.
    signed = np.where(ink > 0, inside - 0.5, 0.5 - outside) / (SPREAD * FINER)
    half = FINER // 2
    near = [signed[a::FINER, b::FINER] for a in (half - 1, half) for b in (half - 1, half)]
    field: NDArray[np.float32] = np.clip(np.mean(near, axis=0), -1.0, 1.0).astype(np.float32)
    return field


def is_stroked(field: NDArray[np.float32]) -> bool:
    """Whether lines of one width make this picture: nothing is filled, nothing is empty or black."""
    share = float((field > 0).mean())
    return float(field.max()) * SPREAD <= _THICKEST and _INK[0] <= share <= _INK[1]


def draw_all(icons_file: Path, folder: Path, workers: int) -> tuple[int, int]:
    """Write fields.npy (int8 [n, SIDE, SIDE]) and items.jsonl of the kept icons; returns kept and seen."""
    icons = load(icons_file)
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(workers) as pool:
        fields = list(pool.map(_stored, [icon.svg for icon in icons], chunksize=64))
    kept: list[tuple[Icon, NDArray[np.int8]]] = [
        (icon, field) for icon, field in zip(icons, fields, strict=True) if field is not None]
    np.save(folder / "fields.npy", np.stack([field for _, field in kept]), allow_pickle=False)
    rows = [{"source": icon.source, "name": icon.name, "key": icon.key, "tags": icon.tags} for icon, _ in kept]
    (folder / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return len(kept), len(icons)


def _stored(svg: str) -> NDArray[np.int8] | None:
    """The field as bytes, 0.03 field pixels a step; nothing for what no pen drew, or what cannot be read."""
    try:
        field = draw(svg)
    except ValueError:
        return None
    return np.rint(field * _LEVELS).astype(np.int8) if is_stroked(field) else None
