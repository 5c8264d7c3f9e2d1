"""From weights to the package: both graphs with half-precision weights, compared with torch, and a manifest."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch

from engine import atomic, paths
from engine.api import Asset
from engine.blocking import BlockingEngine
from engine.client import EngineClient
from engine.converting import sheet
from engine.options import EngineOptions
from engine.packages.making import listed
from engine.packages.manifest import manifest_digest
from export.adapters.base import Part, Slot
from export.trace import trace
from export.train.glyphs.graph import store_half
from export.train.textures.classes import CLASSES, SETTINGS
from export.train.textures.dataset import SIDE
from export.train.textures.evaluate import EARLY, STEPS
from export.train.textures.facts import EXAMPLES, FIGURES, HOLLOWS, classes, settings
from export.train.textures.net import CHANNELS, MULTIPLE, TextureFlow
from export.train.textures.reader import PROMPT, Reader

GUIDANCE: Final = 2.0
LARGEST_ERROR: Final = 2e-2
"""Of the small graphs to torch, over numbers of about 1; beyond it nothing is written."""

_SHOWN: Final = 8
_CREDITS: Final = "CREDITS.md"
_LICENCE: Final = Path(__file__).parents[3] / "LICENSE"
_CREDIT: Final = ("Trained by the Latent Atelier project on tiles that its own recipe draws. Colour names: "
                  "color-name-list by David Aerne and contributors (MIT). "
                  "Prompts are read with all-MiniLM-L6-v2 (Apache-2.0).")


class TooFarError(ValueError):
    """A graph says something else than the weights it was made from."""


def build(flow: TextureFlow, reader: Reader, target: Path, version: str, metrics: dict[str, Any]) -> dict[str, Any]:
    """Write the package and return the figures of the comparison. Raises TooFarError."""
    target.mkdir(parents=True, exist_ok=True)
    (target / sheet.NAME).unlink(missing_ok=True)
    graphs, figures = {}, {}
    for part in (velocity_part(flow), reader_part(reader)):
        graphs[part.role], figures[part.role] = _graph(part, target)
    shutil.copyfile(_LICENCE, target / "LICENSE.txt")
    shutil.copyfile(Path(__file__).parent / _CREDITS, target / _CREDITS)
    manifest = _manifest(graphs, version, {**metrics, "parity": figures})
    _write(target, manifest)
    picture = sheet.sheet_of(_examples(target))
    if picture is not None:
        atomic.write_file(target / sheet.NAME, picture, overwrite=True)
        manifest["files"][sheet.NAME] = listed(target / sheet.NAME)
        manifest["preview"] = sheet.NAME
        _write(target, manifest)
    return figures


def _examples(target: Path) -> list[Asset]:
    """The first example prompts, one seed each."""
    with BlockingEngine(EngineClient(EngineOptions(provider="cpu"))) as engine:
        first = engine.open(str(target)).default_recipe()
        return [engine.render(first.with_values({"prompt": prompt, "seed": seed}))
                for seed, prompt in enumerate(EXAMPLES[:_SHOWN])]


def velocity_part(flow: TextureFlow) -> Part:
    """The flow at any size that is a multiple of 16."""
    tile = ("batch", CHANNELS, "height", "width")
    inputs = (Slot("sample", "float32", tile), Slot("time", "float32", ("batch",)),
              Slot("mix", "float32", ("batch", len(CLASSES))), Slot("settings", "float32", ("batch", len(SETTINGS))))
    return Part("velocity", flow.eval(), inputs, (Slot("velocity", "float32", tile),),
                example={"batch": 2, "height": SIDE, "width": SIDE // 2},
                trials=({"batch": 1, "height": SIDE, "width": SIDE}, {"batch": 3, "height": 64, "width": 96},
                        {"batch": 1, "height": 2 * SIDE, "width": SIDE}))


def reader_part(reader: Reader) -> Part:
    """The reader."""
    outputs = (Slot("mix", "float32", ("batch", len(CLASSES))), Slot("settings", "float32", ("batch", len(SETTINGS))),
               Slot("palette", "float32", ("batch", 5, 3)))
    return Part("reader", reader.eval(), (Slot("prompt", "float32", ("batch", PROMPT)),), outputs,
                example={"batch": 2}, trials=({"batch": 1}, {"batch": 5}))


def _graph(part: Part, target: Path) -> tuple[dict[str, Any], dict[str, float]]:
    """The graph's entry in the manifest, and how far it is from torch. Raises TooFarError."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        traced = trace(part, work)
        model = onnx.load(traced.path)
        store_half(model)
        path = target / f"{part.role}.onnx"
        onnx.save(model, path)
        np.savez(work / "expected.npz", allow_pickle=False, **_expected(part))
        command = [sys.executable, "-m", "export.train.textures.parity", str(path), str(work / "expected.npz")]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(answer.stdout)
    if figures["largest_error"] > LARGEST_ERROR:
        raise TooFarError(f"{part.role}: {figures['largest_error']:.4f}")
    return {"file": path.name, **listed(path), "inputs": traced.graph["inputs"],
            "outputs": traced.graph["outputs"]}, figures


def _expected(part: Part) -> dict[str, Any]:
    """What torch says at the part's trial sizes: in_<trial>_<input>, out_<trial>_<output>."""
    rng = np.random.default_rng(0)
    arrays: dict[str, Any] = {}
    for number, trial in enumerate(part.trials):
        sizes: dict[str, int] = dict(trial)
        feeds = [rng.standard_normal([sizes[size] if isinstance(size, str) else size for size in slot.shape],
                                     dtype=np.float32) for slot in part.inputs]
        feeds = [np.abs(feed) % 1 if slot.role in {"time", "mix", "settings"} else feed
                 for slot, feed in zip(part.inputs, feeds, strict=True)]
        with torch.inference_mode():
            answers = part.module(*map(torch.from_numpy, feeds))
        answers = answers if isinstance(answers, tuple) else (answers,)
        arrays |= {f"in_{number}_{slot.role}": feed for slot, feed in zip(part.inputs, feeds, strict=True)}
        arrays |= {f"out_{number}_{slot.role}": value.numpy()
                   for slot, value in zip(part.outputs, answers, strict=True)}
    return arrays


def _manifest(graphs: dict[str, Any], version: str, metrics: dict[str, Any]) -> dict[str, Any]:
    """manifest.json without its preview."""
    encoder = manifest_digest(paths.bundled_encoders_folder() / "minilm")
    return {
        "format": 1, "id": "textures", "name": "Textures", "version": version, "family": "flow",
        "summary": "Seamless materials of any size from a prompt: blend two, bend them, wear them, colour them.",
        "license": "Apache-2.0", "credit": _CREDIT, "graphs": graphs, "files": {},
        "flow": {"channels": CHANNELS, "width": SIDE, "height": SIDE, "multiple": MULTIPLE, "steps": STEPS,
                 "early": EARLY, "guidance": GUIDANCE, "settings": settings(), "layers": True, "figures": list(FIGURES),
                 "hollows": list(HOLLOWS)},
        "image": {"width": SIDE, "height": SIDE, "channels": 1, "range": [-1.0, 1.0], "layout": "NCHW",
                  "content": "material", "tileable": True},
        "prompt": {"encoder": "minilm", "digest": encoder, "dim": PROMPT, "examples": list(EXAMPLES)},
        "controls": {"classes": classes()},
        "source": {"recipe": "export/train/textures", "metrics": metrics},
    }  # fmt: skip


def _write(target: Path, manifest: dict[str, Any]) -> None:
    """The manifest, last, with every file that lies there."""
    manifest["files"] |= {name: listed(target / name) for name in ("LICENSE.txt", _CREDITS)}
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    atomic.write_file(target / "manifest.json", text.encode(), overwrite=True)
