"""Writes the package: names, their vectors, both graphs, licence, credits, manifest."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.packages.manifest import manifest_digest
from export.train.palettes.graph import listed, save_judge, save_reader
from export.train.palettes.nets import DIM, PROMPT, Judge, Reader

EXAMPLES: Final = (
    "autumn leaves", "cyberpunk neon night", "desert clay and sage", "coral reef", "strawberry milkshake",
    "rainy morning in the old town", "1970s kitchen", "lavender fields at dusk", "deep forest after rain",
    "winter coast", "citrus and mint", "velvet theatre", "ceramic studio", "arctic dawn", "spice market")
CREDIT: Final = (
    "Names of colours: color-name-list by David Aerne and contributors (MIT), unkind ones left out. Palettes that the "
    "judge learned from: nice-color-palettes by Matt DesLauriers (MIT). Colours that the reader learned from too: Noto "
    "Color Emoji by Google (SIL Open Font License 1.1). Trained by the Latent Atelier project.")
_FILES: Final = ("names.json", "vectors.npy", "LICENSE.txt", "CREDITS.md")


@dataclass(frozen=True)
class Made:
    """What training gave."""

    reader: Reader
    judge: Judge
    names: list[tuple[str, str]]             # name, "#rrggbb"
    vectors: np.ndarray                      # [names, 384] unit vectors


def write(folder: Path, made: Made, root: Path, version: str, source: dict[str, Any]) -> None:
    """The package folder, the manifest last. The preview of an older one goes: the sheet makes it anew."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "preview.png").unlink(missing_ok=True)
    axes = made.reader.axes.numpy()
    turned = made.vectors @ axes
    turned /= np.abs(turned).max(axis=1, keepdims=True)
    np.save(folder / "vectors.npy", np.rint(turned * 127).astype(np.int8), allow_pickle=False)
    entries = ",\n".join(json.dumps([name, color], ensure_ascii=False) for name, color in made.names)
    (folder / "names.json").write_text(f"[\n{entries}\n]\n", "utf-8")
    shutil.copyfile(root / "LICENSE", folder / "LICENSE.txt")
    shutil.copyfile(Path(__file__).parent / "CREDITS.md", folder / "CREDITS.md")
    graphs = {"reader": save_reader(made.reader, folder / "reader.onnx"),
              "judge": save_judge(made.judge, folder / "judge.onnx")}
    files = {name: listed(folder / name) for name in _FILES}
    manifest = {
        "format": 1, "id": "palettes", "name": "Palettes", "version": version, "family": "palette",
        "summary": "Words become a handful of colours, each with its name: moods, places, seasons, things.",
        "license": "Apache-2.0 AND MIT", "credit": CREDIT, "graphs": graphs, "files": files,
        "palette": {"dim": DIM, "names": "names.json", "vectors": "vectors.npy"},
        "prompt": {"encoder": "minilm", "digest": manifest_digest(root / "resources" / "encoders" / "minilm"),
                   "dim": PROMPT, "examples": list(EXAMPLES)},
        "controls": {}, "source": source}
    _save(folder, manifest)


def add_preview(folder: Path) -> None:
    """List preview.png, which lies in the package by now."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["files"]["preview.png"], manifest["preview"] = listed(folder / "preview.png"), "preview.png"
    _save(folder, manifest)


def _save(folder: Path, manifest: dict[str, Any]) -> None:
    draft = folder / "manifest.tmp"
    draft.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    draft.replace(folder / "manifest.json")
