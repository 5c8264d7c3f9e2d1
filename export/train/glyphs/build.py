"""From a checkpoint to the package folder: prior, directions, graph, parity, preview, credits, manifest."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from export.nets.glyph_vae import GlyphDecoder, GlyphVae
from export.train.glyphs.codes import Codes
from export.train.glyphs.credits import credits_page
from export.train.glyphs.directions import Direction, find
from export.train.glyphs.drawing import drawer, save_grey, set_line, stack
from export.train.glyphs.evaluate import truth
from export.train.glyphs.geometry import CHARACTERS
from export.train.glyphs.graph import export_graph
from export.train.glyphs.measure import NAMES, measure
from export.train.glyphs.package import GRAPH, Facts, save_directions, write_manifest
from export.train.glyphs.styles import Prior, encode_all, fit_prior

_PREVIEW_CAP: Final = 34.0
_PREVIEW_LINES: Final = (
    (28, "Atelier & Quai"),
    (12, "Hamburgefonstiv"),
    (59, "Rhythm 1928"),
    (43, "Light as paper"),
    (34, "Sphinx of quartz"),
    (62, "Heavy poster"),
)
_MONOSPACED: Final = -0.5
"""Log of narrow over wide advances above which a face counts as monospaced."""

_HANGING: Final = 0.08
"""Depth of 3, 5, 7, 9 in cap heights above which a face counts as having old-style figures."""

_LICENCE: Final = Path(__file__).parents[3] / "LICENSE"


@dataclass(frozen=True)
class Fitted:
    """A trained model with its prior, the z of every face, and the directions found."""

    model: GlyphVae
    prior: Prior
    z: NDArray[np.float64]
    styles: NDArray[np.float64]
    directions: tuple[Direction, ...]

    def decoder(self) -> GlyphDecoder:
        """The network that is shipped."""
        mean = torch.tensor(self.prior.mean, dtype=torch.float32)
        return GlyphDecoder(self.model, mean, torch.tensor(self.prior.spread, dtype=torch.float32)).eval()


def load_average(checkpoint: Path) -> GlyphVae:
    """The averaged weights of a checkpoint, ready to draw."""
    state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    model = GlyphVae()
    model.load_state_dict(state["model"])
    model.load_state_dict(state["average"], strict=False)
    return model.eval()


def fit(model: GlyphVae, codes: Codes, chosen: tuple[str, ...], cache: Path) -> Fitted:
    """Fit prior and directions on the taught faces; the measures of all faces are kept in `cache`."""
    faces = codes.faces
    if not cache.is_file():
        rows = [measure(truth(codes, item), faces.advances[item]) for item in range(len(faces.items))]
        np.save(cache, np.stack(rows), allow_pickle=False)
    measured = np.load(cache, allow_pickle=False)
    styles = encode_all(model, codes)
    # Typewriter faces and faces with hanging figures form clouds of their own; between the clouds lie alphabets that
    # are neither (a squeezed m beside a wide i, half a 5). A prior of the others keeps random styles out of the gaps.
    even, hanging = (measured[faces.train, NAMES.index(name)] for name in ("mono", "figures"))
    weights = faces.weights * ((even < _MONOSPACED) & (hanging < _HANGING))
    prior = fit_prior(styles[faces.train], weights)
    z = prior.whiten(styles)
    found = find(z[faces.train], measured[faces.train], weights)
    kept = tuple(direction for direction in found if not chosen or direction.name in chosen)
    return Fitted(model, prior, z, styles, kept)


def check_parity(decoder: GlyphDecoder, graph: Path) -> dict[str, float]:
    """Errors of the graph against torch over 82 glyphs of random styles, measured in a process of its own."""
    rng = np.random.default_rng(11)
    latent = (0.8 * rng.standard_normal((len(CHARACTERS), decoder.mean.shape[0]))).astype(np.float32)
    character = np.arange(len(CHARACTERS), dtype=np.int64)
    with torch.inference_mode():
        field, advance, middle = decoder(torch.from_numpy(latent), torch.from_numpy(character))
    with tempfile.TemporaryDirectory() as folder:
        expected = Path(folder) / "expected.npz"
        outputs = {"field": field.numpy(), "advance": advance.numpy(), "middle": middle.numpy()}
        np.savez(expected, latent=latent, character=character, **outputs)
        command = [sys.executable, "-m", "export.train.glyphs.parity", str(graph), str(expected)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


def preview(fitted: Fitted, path: Path, truncation: float) -> None:
    """A specimen of six styles, 512 by 320 pixels: the seeds were picked to show how far apart styles can be."""
    draw = drawer(fitted.decoder())
    lines = []
    for seed, word in _PREVIEW_LINES:
        z = np.random.RandomState(seed).randn(len(fitted.prior.mean)) * truncation
        lines.append(set_line(draw(z), word, _PREVIEW_CAP)[4:-3])
    sheet = np.pad(stack(lines, 496), ((6, 0), (16, 0)))
    save_grey(np.pad(sheet, ((0, max(320 - len(sheet), 0)), (0, 0)))[:320], str(path))


def build(fitted: Fitted, codes: Codes, folder: Path, source: dict[str, Any], version: str, truncation: float) -> Path:
    """Write the whole package; `source` gains the parity figures. Returns the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    decoder = fitted.decoder()
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / GRAPH
        export_graph(decoder, full, half=False)
        source["metrics"]["parity_fp32"] = check_parity(decoder, full)
    export_graph(decoder, folder / GRAPH, half=True)
    source["metrics"]["parity_fp16"] = check_parity(decoder, folder / GRAPH)
    save_directions(folder, fitted.directions)
    preview(fitted, folder / "preview.png", truncation)
    shutil.copyfile(_LICENCE, folder / "LICENSE.txt")
    (folder / "CREDITS.md").write_text(credits_page(codes.faces.items), encoding="utf-8")
    spaces = [codes.faces.items[item].space for item in codes.faces.train]
    space = round(float(np.median(spaces)), 3)
    facts = Facts(version, len(fitted.prior.mean), truncation, space, fitted.directions, source)
    return write_manifest(folder, facts)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
