"""Foreign language models on their way: looked at, tried graph by graph until one writes, and packed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from engine.cancel import CancelToken
from engine.converting import sheet
from engine.converting.messages import Converted, ConvertRequest, Event, Inspection, Making, Told
from engine.errors import ModelError, PackageError
from engine.packages import making
from engine.packages.foreign_make import Label
from engine.packages.foreign_text import Step, TextFolder, text_folder_of
from engine.packages.foreign_text_pack import make_text
from engine.packages.verify import verify


def text_model_of(path: Path) -> TextFolder | None:
    """The language model in a folder, or the one that a graph file is; None for anything else. Raises PackageError."""
    return text_folder_of(path) if path.is_dir() else text_folder_of(path.parent, path.name)


def inspection_of(model: TextFolder, path: Path, kind: str) -> Inspection:
    """What it is, without running it."""
    step = model.steps[0]
    makes = (Making("step", "a text to what comes next", round(step.graph.bytes / 1e6, 1)),)
    reasons = (f"“{step.graph.path.name}” takes tokens and yields a number for each of {model.vocabulary:,} of them"
               + (f", with a cache of {len(step.state) // 2} layers." if step.state else "."),)
    sizes = {"vocabulary": model.vocabulary, **({"context": model.context} if model.context else {})}
    return Inspection(
        path=str(path), kind=kind, bytes=model.bytes, title=model.title, family="text", adapter="onnx",
        reasons=reasons, sizes=sizes, makes=makes, warnings=model.notes, needs_torch=False,
        name_hint=making.name_from(path), license_hint=step.graph.properties.get("license", ""),
        credit_hint=step.graph.properties.get("author", ""))


def converted_text(request: ConvertRequest, model: TextFolder, label: Label, folder: Path,
                   tell: Callable[[Event], None], cancel: CancelToken) -> Converted:
    """The package of the first graph that writes. Raises PackageError, Cancelled."""
    notes = list(model.notes)
    for number, step in enumerate(model.steps):
        tell(Told("pack", 0.3, f"Copying {step.graph.path.name}"))
        make_text(model, step, label, folder)
        tell(Told("trial", 0.7, "Letting it write a few words"))
        try:
            assets = sheet.pictures_of(folder, cancel=cancel)
        except ModelError as error:
            if number + 1 == len(model.steps):
                raise _unrunnable(step, error) from error
            notes.append(f"{step.graph.path.name} does not run here, so {model.steps[number + 1].graph.path.name} is "
                         "taken.")
            shutil.rmtree(folder)
            continue
        notes += sheet.remarks(assets)
        if not step.state:
            notes.append("The graph has no cache: the whole text is read again for each token, which is slow.")
        break
    verify(folder, full=True)
    return Converted(str(folder), {request.precisions[0]: str(folder)}, label.id, "text", runs=True,
                     notes=tuple(dict.fromkeys(notes)))


def _unrunnable(step: Step, error: ModelError) -> PackageError:
    """Why no graph of the folder runs: often operators that were made for one kind of device only."""
    special = sorted(name for name in step.graph.operators if name in _DEVICE_OPERATORS)
    if special:
        return PackageError(
            f"“{step.graph.path.name}” uses {', '.join(special)}, which ONNX Runtime cannot run on this device in "
            f"this form: {error.what}", "Take the folder made for the processor (CPU), or export the model with "
            "optimum, which uses plain operators.", str(step.graph.path))
    return PackageError(error.what, error.remedy, error.subject)


_DEVICE_OPERATORS = frozenset({
    "GroupQueryAttention", "MultiHeadAttention", "DecoderMaskedMultiHeadAttention", "RotaryEmbedding", "SkipLayerNorm",
    "SkipLayerNormalization", "SkipSimplifiedLayerNormalization", "SimplifiedLayerNormalization", "MatMulNBits",
    "SparseAttention", "PackedAttention", "PackedMultiHeadAttention", "QMoE", "MoE", "GatherBlockQuantized",
    "FusedMatMul", "Attention", "LinearAttention"})
