"""Makes the package of a foreign diffusion folder: graphs copied, tokenizers brought to one form, a manifest."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from engine.errors import PackageError
from engine.packages.clip_files import whole
from engine.packages.foreign_folder import Pipeline, config_of
from engine.packages.foreign_make import Label, weight_files
from engine.packages.foreign_ports import entry, inputs_of, outputs_of
from engine.packages.graphscan import scan_graph
from engine.packages.making import VERSION, listed, write_manifest
from engine.packages.onnxedit import Edit, edited
from engine.packages.onnxfile import GraphFile

_TEXT_BYTES = 64 << 20
_EMPTY = {"pad_token": "!"}                  # what SDXL's second text is filled up with


def make_pipeline(pipeline: Pipeline, label: Label, out: Path) -> None:
    """Fill the new folder `out`. Raises PackageError, OSError."""
    out.mkdir()
    graphs = {role: _placed(graph, role, out) for role, graph in pipeline.graphs.items()}
    files: dict[str, Any] = {}
    for role, suffix in (("text_encoder", ""), ("text_encoder_2", "_2")):
        data = _tokenizer(pipeline, suffix) if role in pipeline.graphs else None
        if data is not None:
            (out / f"tokenizer{suffix}.json").write_bytes(data)
            files[f"tokenizer{suffix}.json"] = listed(out / f"tokenizer{suffix}.json")
    scheduler = {name: value for name, value in pipeline.scheduler.items() if value is not None}
    diffusion: dict[str, Any] = {
        "kind": pipeline.kind, "prediction": scheduler.get("prediction_type", "epsilon"),
        "channels": pipeline.channels, "in_channels": pipeline.in_channels, "factor": pipeline.factor,
        "scale": pipeline.scale, "side": pipeline.side, "scheduler": scheduler, "tokenizers": list(files)}
    if pipeline.kind == "sdxl":
        diffusion["force_zeros_for_empty_prompt"] = pipeline.index.get("force_zeros_for_empty_prompt", True) is True
    colors = pipeline.channels if pipeline.kind == "ddpm" else 3
    write_manifest(out, {
        "format": 1, "id": label.id, "name": label.name, "version": VERSION, "family": "diffusion",
        "summary": label.summary, "license": label.license, "credit": label.credit, "graphs": graphs, "files": files,
        "diffusion": diffusion,
        "image": {"width": pipeline.side, "height": pipeline.side, "channels": colors, "range": [-1.0, 1.0],
                  "layout": "NCHW", "content": "color"},
        "controls": {"defaults": dict(pipeline.defaults)} if pipeline.defaults else {},
        "source": {"onnx": "folder", "file": pipeline.folder.name, "producer": pipeline.graphs["unet"].producer}})


def _placed(graph: GraphFile, role: str, out: Path) -> dict[str, Any]:
    """One graph with its weights under plain names; its object in the manifest."""
    name = f"{role}.onnx"
    places = weight_files(graph, name)
    for place, plain in places.items():
        shutil.copyfile(graph.path.parent / place, out / plain, follow_symlinks=False)
    if places:
        edited(graph.path, out / name, Edit(places=places))
    else:
        shutil.copyfile(graph.path, out / name)
    external = {plain: listed(out / plain) for plain in places.values()}
    scan_graph(out / name, {plain: entry["bytes"] for plain, entry in external.items()})
    return {"file": name, **listed(out / name),
            "inputs": {part: entry(port, part) for part, port in inputs_of(role, graph).items()},
            "outputs": {part: entry(port, part, made=True) for part, port in outputs_of(role, graph).items()},
            **({"external": external} if external else {})}


def _tokenizer(pipeline: Pipeline, suffix: str) -> bytes | None:
    """tokenizer.json for the first ("") or second ("_2") encoder; a second one that is missing is made of the first."""
    folder = pipeline.folder / f"tokenizer{suffix}"
    if suffix and not folder.is_dir():
        folder = pipeline.folder / "tokenizer"
        config: dict[str, Any] = dict(_EMPTY)
    else:
        config = {**config_of(folder / "special_tokens_map.json"), **config_of(folder / "tokenizer_config.json")}
        config = config if "pad_token" in config or not suffix else {**config, **_EMPTY}
    single = config_of(folder / "tokenizer.json", _TEXT_BYTES)
    words, pairs = config_of(folder / "vocab.json", _TEXT_BYTES), folder / "merges.txt"
    merges = pairs.read_text(encoding="utf-8") if _is_text(pairs) and not single else None
    try:
        return whole(single or None, words or None, merges, config)
    except PackageError as error:
        raise PackageError(error.what, error.remedy, str(folder)) from error


def _is_text(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size <= _TEXT_BYTES
