"""Writes the package: graph, directions, preview, licence, credits, and a manifest that lists every file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from export.train.glyphs.directions import Direction
from export.train.glyphs.geometry import BASELINE, CAP_HEIGHT, CHARACTERS, SIZE, SPREAD
from export.train.glyphs.middle import MIDDLE
from export.train.glyphs.words import WORDS

GRAPH: Final = "decoder.onnx"
_EXTRA_FILES: Final = ("directions.npy", "preview.png", "LICENSE.txt", "CREDITS.md")
FIRST_SEED: Final = 12
"""The first picture: a quiet roman. Look again after every training, a seed means another style then."""

_LIMIT_BYTES: Final = 12_000_000


class UnlistedFileError(ValueError):
    """The package folder holds a file that the manifest would not list."""

    def __init__(self, names: list[str]) -> None:
        """Remember the names."""
        super().__init__(f"not part of a package: {', '.join(names)}")
        self.names = names


@dataclass(frozen=True)
class Facts:
    """What the manifest says beyond the frame's geometry."""

    version: str
    dimension: int
    truncation: float
    space_advance: float
    directions: tuple[Direction, ...]
    source: dict[str, Any]


def digest(path: Path) -> dict[str, Any]:
    """SHA-256 and size of one file, as the manifest lists them."""
    return {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}


def save_directions(folder: Path, directions: tuple[Direction, ...]) -> None:
    """directions.npy: float32 [n, dim] rows of unit length."""
    rows = np.stack([direction.row / np.linalg.norm(direction.row) for direction in directions])
    np.save(folder / "directions.npy", rows.astype(np.float32), allow_pickle=False)


def write_manifest(folder: Path, facts: Facts) -> Path:
    """Write manifest.json last, atomically; raises UnlistedFileError, FileNotFoundError, ValueError if too big."""
    unlisted = sorted({p.name for p in folder.iterdir()} - {GRAPH, "manifest.json", *_EXTRA_FILES})
    if unlisted:
        raise UnlistedFileError(unlisted)
    manifest = {
        "format": 1,
        "id": "glyphs",
        "name": "Glyphs",
        "version": facts.version,
        "family": "decoder",
        "summary": "Whole alphabets in one style: set a word, then drag weight, width, slant and serif.",
        "license": "Apache-2.0",
        "credit": "Trained by the Latent Atelier project on free Latin fonts of Debian (SIL Open Font License, Apache, "
        "Bitstream Vera, MIT, public domain). Every family is named in CREDITS.md.",
        "graphs": {"decoder": {"file": GRAPH, **digest(folder / GRAPH), **_ports(facts.dimension)}},
        "files": {name: digest(folder / name) for name in _EXTRA_FILES},
        "latent": {
            "dim": facts.dimension, "prior": "normal", "spaces": ["z"], "mean": None, "truncation": facts.truncation,
        },
        "image": {
            "width": SIZE, "height": SIZE, "channels": 1, "range": [-1.0, 1.0], "layout": "NCHW",
            "content": "distance_field", "tileable": False,
        },
        "field": {"spread": SPREAD},
        "glyphs": _glyphs(facts.space_advance),
        "controls": {
            "directions": [_control(row, item) for row, item in enumerate(facts.directions)],
            "defaults": {"seed": FIRST_SEED},
        },
        "source": facts.source,
        "preview": "preview.png",
    }  # fmt: skip
    total = sum(p.stat().st_size for p in folder.iterdir())
    if total > _LIMIT_BYTES:
        message = f"the package is {total} bytes, more than {_LIMIT_BYTES}"
        raise ValueError(message)
    draft = folder.parent / f".{folder.name}.manifest.tmp"
    draft.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(folder / "manifest.json")
    return folder / "manifest.json"


def _ports(dimension: int) -> dict[str, Any]:
    """Inputs and outputs of the decoder graph."""
    return {
        "inputs": {
            "latent": {"name": "latent", "dtype": "float32", "shape": ["batch", dimension]},
            "condition": {"name": "character", "dtype": "int64", "shape": ["batch"]},
        },
        "outputs": {
            "image": {"name": "field", "dtype": "float32", "shape": ["batch", 1, SIZE, SIZE]},
            "advance": {"name": "advance", "dtype": "float32", "shape": ["batch"]},
            "middle": {"name": "middle", "dtype": "float32", "shape": ["batch"]},
        },
    }


def _glyphs(space_advance: float) -> dict[str, Any]:
    """The frame of a glyph, for whoever sets a line or builds a font."""
    return {
        "characters": CHARACTERS,
        "cap_height": CAP_HEIGHT,
        "baseline": BASELINE,
        "origin": MIDDLE,
        "advance_unit": "cap_height",
        "space_advance": space_advance,
        "ascent": 1.25,
        "descent": 0.45,
        "sample": "Hamburgefonstiv",
    }


def _control(row: int, direction: Direction) -> dict[str, Any]:
    """One slider."""
    words = WORDS[direction.name]
    return {
        "id": direction.name.replace("_", "-"),
        "label": words.label,
        "labels": {"zh_CN": words.chinese},
        "help": words.help,
        "row": row,
        "sigma": 1.0,
        "range": list(words.range),
        "low": words.low,
        "high": words.high,
        "evidence": f"r = {direction.correlation:.2f} with {words.measured} (five-fold)",
    }
