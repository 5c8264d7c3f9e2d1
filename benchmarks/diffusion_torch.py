"""The other side of `benchmarks.diffusion`: what diffusers needs and does, each in a fresh process.

`make FOLDER` writes a model as diffusers saves it, `pipeline FOLDER THREADS` runs it in PyTorch. `plain FOLDER TARGET`
writes its denoiser as PyTorch's exporter does, attention in plain operators, and `onnx FOLDER THREADS PACKAGE` runs
diffusers' ONNX pipeline over that and the other graphs of our package.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import convert_diffusion as shapes
from benchmarks.diffusion import SIDE
from benchmarks.memory import Peak

_SCHEDULER = {"_class_name": "DDIMScheduler", "beta_start": 0.00085, "beta_end": 0.012,
              "beta_schedule": "scaled_linear", "steps_offset": 1, "clip_sample": False, "set_alpha_to_one": False}
_INDEX = {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"],
          "vae": ["diffusers", "AutoencoderKL"], "text_encoder": ["transformers", "CLIPTextModel"],
          "tokenizer": ["transformers", "CLIPTokenizer"], "scheduler": ["diffusers", "DDIMScheduler"],
          "safety_checker": [None, None], "feature_extractor": [None, None], "requires_safety_checker": False}


def make(folder: Path) -> dict[str, Any]:
    """A folder as diffusers saves it, with random weights in the shapes of the public model."""
    for part, kind, config in (("unet", "UNet2DConditionModel", shapes.UNET), ("vae", "AutoencoderKL", shapes.VAE),
                               ("text_encoder", "CLIPTextModel", shapes.TEXT)):
        shapes.random_network(kind, config).save_pretrained(folder / part)
    count = int(shapes.TEXT["vocab_size"])
    words = [chr(97 + number) + end for number in range(26) for end in ("", "</w>")]
    table = {word: number for number, word in enumerate(words)}
    table |= {"<|startoftext|>": count - 2, "<|endoftext|>": count - 1}
    _said(folder / "tokenizer" / "vocab.json", table)
    (folder / "tokenizer" / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    _said(folder / "tokenizer" / "tokenizer_config.json", {"pad_token": "<|endoftext|>", "model_max_length": 77})
    _said(folder / "scheduler" / "scheduler_config.json", _SCHEDULER)
    _said(folder / "model_index.json", _INDEX)
    return {}


def pipeline(folder: Path, threads: int) -> dict[str, Any]:
    """One picture in a fresh process."""
    import torch

    torch.set_num_threads(threads)
    begun = time.perf_counter()
    with Peak() as peak:
        from diffusers import StableDiffusionPipeline

        pipe = StableDiffusionPipeline.from_pretrained(folder, safety_checker=None, local_files_only=True)
        pipe.set_progress_bar_config(disable=True)
        dice = torch.Generator("cpu").manual_seed(0)
        pipe("a cat", num_inference_steps=1, height=SIDE, width=SIDE, guidance_scale=7.5, generator=dice)
        return {"first_s": time.perf_counter() - begun, "peak_mb": peak.peak_mb, "private_mb": peak.private_mb}


def plain(folder: Path, target: Path) -> dict[str, Any]:
    """The denoiser's graph, without what our conversion does to attention."""
    from dataclasses import replace

    from export.adapters.registry import by_name, recognised
    from export.checkpoint.open import open_source
    from export.trace import trace

    source = open_source(folder)
    detection = recognised(source)
    parts = by_name(detection.adapter).build(source, detection).parts
    target.mkdir(parents=True)
    trace(replace(next(part for part in parts if part.role == "unet"), attends=False), target)
    return {}


def onnx(folder: Path, threads: int, package: Path) -> dict[str, Any]:
    """One picture of OnnxStableDiffusionPipeline, over graphs under the names and types that it expects."""
    import onnxruntime

    begun = time.perf_counter()
    with Peak() as peak:
        from diffusers import DDIMScheduler, OnnxRuntimeModel, OnnxStableDiffusionPipeline
        from transformers import CLIPTokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        parts = {role: OnnxRuntimeModel(onnxruntime.InferenceSession(
            str(_expected(package, role)), options, providers=["CPUExecutionProvider"]))
            for role in ("vae_encoder", "vae_decoder", "text_encoder", "unet")}
        pipe = OnnxStableDiffusionPipeline(
            **parts, tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"), safety_checker=None,
            scheduler=DDIMScheduler.from_pretrained(folder / "scheduler"), feature_extractor=None,
            requires_safety_checker=False)
        pipe.set_progress_bar_config(disable=True)
        pipe("a cat", num_inference_steps=1, height=SIDE, width=SIDE, guidance_scale=7.5,
             generator=np.random.RandomState(0))
        return {"first_s": time.perf_counter() - begun, "peak_mb": peak.peak_mb, "private_mb": peak.private_mb}


def _expected(package: Path, role: str) -> Path:
    """The graph of a role with the input that the pipeline feeds: int32 words, and latents by another name."""
    import onnx as library
    from onnx import TensorProto, helper

    path, place = package / f"{role}.onnx", package.with_name("expected") / role
    if role not in _FED:
        return place / path.name if role == "unet" else path
    place.mkdir(parents=True, exist_ok=True)
    model = library.load(str(path))
    graph, name = model.graph, model.graph.input[0].name
    for node in graph.node:
        node.input[:] = [f"{name}.inside" if one == name else one for one in node.input]
    kind = graph.input[0].type.tensor_type.elem_type
    graph.node.insert(0, helper.make_node("Cast", [_FED[role]], [f"{name}.inside"], to=kind))
    graph.input[0].name = _FED[role]
    if role == "text_encoder":
        graph.input[0].type.tensor_type.elem_type = TensorProto.INT32
    library.save(model, str(place / path.name), save_as_external_data=True, location="weights.data")
    return place / path.name


_FED = {"text_encoder": "input_ids", "vae_decoder": "latent_sample"}


def _said(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


if __name__ == "__main__":
    word, place = sys.argv[1], Path(sys.argv[2])
    if word == "make":
        made = make(place)
    elif word == "plain":
        made = plain(place, Path(sys.argv[3]))
    elif word == "pipeline":
        made = pipeline(place, int(sys.argv[3]))
    else:
        made = onnx(place, int(sys.argv[3]), Path(sys.argv[4]))
    print(json.dumps(made))
