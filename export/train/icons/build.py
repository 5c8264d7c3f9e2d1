"""From the trained decoder and the stored drawings to the package: graphs, comparison, preview, credits, manifest."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine import atomic, paths
from engine.packages.manifest import manifest_digest
from export.adapters.base import Part, Slot
from export.graphfile import digest
from export.precision.stored import store_half
from export.precision.weights import load, save
from export.trace import trace
from export.train.icons.autoencoder import CHANNELS, GRID
from export.train.icons.credits import credits_page, licence_words
from export.train.icons.dataset import Icons
from export.train.icons.finishing import FINE_SIDE, FINE_SPREAD, FineDecoder
from export.train.icons.latents import load_autoencoder
from export.train.icons.mosaic import MANNERS, Memory, Mosaic
from export.train.icons.sampling import STEPS

PROMPT: Final = 384
EXAMPLES: Final = (
    "coffee cup", "rocket", "house with a heart", "cat", "umbrella", "camera with a star", "wine glass", "crown",
    "dog", "sailing boat", "mountain", "gift box", "robot", "tree",
)  # fmt: skip
_LARGEST: Final = {"velocity": 2e-2, "decoder": 2e-2}
_LICENCE: Final = Path(__file__).parents[3] / "LICENSE"


class TooFarError(ValueError):
    """A graph computes something else than the net it was made from."""


def parts(memory: Memory, decoder: FineDecoder) -> tuple[Part, Part]:
    """The two graphs."""
    latent = ("batch", CHANNELS, GRID, GRID)
    told = (Slot("sample", "float32", latent), Slot("time", "float32", ("batch",)),
            Slot("prompt", "float32", ("batch", PROMPT)), Slot("condition", "int64", ("batch",)))
    sizes = {"batch": 2}
    return (Part("velocity", Mosaic(memory).eval(), told, (Slot("velocity", "float32", latent),), example=sizes),
            Part("decoder", decoder.eval(), (Slot("latent", "float32", latent),),
                 (Slot("image", "float32", ("batch", 1, FINE_SIDE, FINE_SIDE)),), example=sizes))


def build(icons: Icons, memory: Memory, run: Path, target: Path, version: str, source: dict[str, Any]) -> Path:
    """Write the package but for its preview, and return its manifest. Raises TooFarError."""
    target.mkdir(parents=True, exist_ok=True)
    graphs = {}
    for part in parts(memory, FineDecoder(load_autoencoder(run).decoder)):
        graphs[part.role], source[f"parity_{part.role}"] = _graph(part, memory, target)
    shutil.copyfile(_LICENCE, target / "LICENSE.txt")
    (target / "CREDITS.md").write_text(credits_page(icons), encoding="utf-8")
    return write_manifest(target, manifest(graphs, version, len(memory.latents), source))


def _graph(part: Part, memory: Memory, target: Path) -> tuple[dict[str, Any], dict[str, float]]:
    """The graph's entry in the manifest, and how far it is from torch. Raises TooFarError."""
    path = target / f"{part.role}.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        traced = trace(part, work)
        model = load(traced.path)
        if part.role == "decoder":
            store_half(model)    # the drawings are eight bits already; halving their scales would move every weight
        save(model, path)
        np.savez(work / "expected.npz", allow_pickle=False, **_expected(part.role, part.module, memory))
        command = [sys.executable, "-m", "export.train.icons.parity", str(path), str(work / "expected.npz")]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(answer.stdout)
    if figures["largest_error"] > _LARGEST[part.role]:
        message = f"{part.role}: {figures['largest_error']:.4f}"
        raise TooFarError(message)
    entry = {"file": path.name, **digest(path), "inputs": traced.graph["inputs"], "outputs": traced.graph["outputs"]}
    return entry, figures


def _expected(role: str, module: nn.Module, memory: Memory) -> dict[str, Any]:
    """What torch says at batches of 1 and 3, as `export.train.icons.parity` reads it.

    Samples of the velocity lie on the way to a drawing, where they do in use: in mere noise late on, many drawings are
    as unlikely as each other, and rounding would choose among them.
    """
    rng = np.random.default_rng(0)
    arrays: dict[str, Any] = {}
    for number, batch in enumerate((1, 3)):
        sample = rng.standard_normal((batch, CHANNELS, GRID, GRID), dtype=np.float32)
        feeds: dict[str, Any] = {"latent": sample}
        if role == "velocity":
            rows = torch.from_numpy(rng.integers(0, len(memory.phrases), batch))
            moments = rng.random(batch, dtype=np.float32) * np.float32(0.8)
            share = moments[:, None, None, None]
            sample = share * memory.latents[memory.owners[rows]].numpy() + (1 - share) * sample
            feeds = {"sample": sample, "time": moments, "prompt": memory.phrases[rows].numpy(),
                     "condition": rng.integers(0, len(MANNERS), batch)}
        with torch.inference_mode():
            arrays[f"out_{number}"] = module(*map(torch.from_numpy, feeds.values())).numpy()
        arrays |= {f"in_{number}_{name}": value for name, value in feeds.items()}
    return arrays


def manifest(graphs: dict[str, Any], version: str, drawings: int, source: dict[str, Any]) -> dict[str, Any]:
    """manifest.json, its files not yet listed."""
    encoder = manifest_digest(paths.bundled_encoders_folder() / "minilm")
    classes = [{"id": manner.id, "label": manner.label, "labels": {"zh_CN": manner.chinese}} for manner in MANNERS]
    return {
        "format": 1, "id": "icons", "name": "Icons", "version": version, "family": "flow",
        "summary": f"Line icons from a prompt, put together anew from parts of {drawings:,} free icons; sharp at any "
                   "size and ready to trace.",
        "license": licence_words(),
        "credit": "Made by the Latent Atelier project from free icon sets: Tabler, Lucide, Huge Icons, IconPark, "
                  "Iconoir, Myna UI and others. All of them are named in CREDITS.md.",
        "graphs": graphs, "files": {},
        "flow": {"channels": CHANNELS, "width": GRID, "height": GRID, "steps": STEPS, "guidance": 1.0},
        "image": {"width": FINE_SIDE, "height": FINE_SIDE, "channels": 1, "range": [-1.0, 1.0], "layout": "NCHW",
                  "content": "distance_field", "tileable": False},
        "field": {"spread": FINE_SPREAD},
        "prompt": {"encoder": "minilm", "digest": encoder, "dim": PROMPT, "examples": list(EXAMPLES)},
        "controls": {"classes": classes},
        "source": {"recipe": "export/train/icons", "metrics": source},
    }  # fmt: skip


def write_manifest(target: Path, content: dict[str, Any]) -> Path:
    """manifest.json, last, with every other file that lies there."""
    graphs = {graph["file"] for graph in content["graphs"].values()}
    others = sorted(path for path in target.iterdir() if path.name not in {*graphs, "manifest.json"})
    content["files"] = {path.name: digest(path) for path in others}
    if (target / "preview.png").is_file():
        content["preview"] = "preview.png"
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    atomic.write_file(target / "manifest.json", text.encode(), overwrite=True)
    return target / "manifest.json"


def add_preview(target: Path, picture: NDArray[np.uint8]) -> None:
    """Put the picture into a package that was built, and list it."""
    cv2.imwrite(str(target / "preview.png"), picture)
    content = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    write_manifest(target, content)
