"""A folder of ONNX graphs that make up one diffusion model, as diffusers, optimum and Olive write them.

Parts are found by the folder they lie in and confirmed by their ports, which are bound by name: the exporters disagree
about order, number types and ranks.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import strictjson
from engine.errors import PackageError
from engine.packages.foreign_make import Label, weight_files
from engine.packages.graphscan import scan_graph
from engine.packages.making import VERSION, listed, write_manifest
from engine.packages.onnxedit import Edit, edited
from engine.packages.onnxfile import GraphFile, Port, survey

_CONFIG_BYTES = 4 << 20
_TEXT_BYTES = 64 << 20
# Part -> the inputs without which it is none; the names of ports that have another role than their name.
_NEEDED = {"unet": {"sample", "timestep"}, "text_encoder": {"input_ids"}, "text_encoder_2": {"input_ids"},
           "vae_decoder": {"latent_sample"}, "vae_encoder": {"sample"}}
_INPUT_ROLES = {("vae_decoder", "latent_sample"): "latent", ("vae_encoder", "sample"): "image"}
_OUTPUT_ROLES = {("unet", "out_sample"): "noise", ("vae_decoder", "sample"): "image",
                 ("text_encoder", "pooler_output"): "pooled", ("text_encoder_2", "pooler_output"): "pooled"}
_KINDS = {768: "sd1", 1024: "sd2", 2048: "sdxl"}
_TITLES = {"sd1": "Stable Diffusion 1.x", "sd2": "Stable Diffusion 2.x", "sdxl": "Stable Diffusion XL",
           "ddpm": "A diffusion model"}
_TOKENIZER = ("tokenizer.json", "vocab.json", "merges.txt")


@dataclass(frozen=True)
class Pipeline:
    """The parts of one diffusion model, surveyed."""

    folder: Path
    graphs: Mapping[str, GraphFile]
    kind: str                                # "sd1", "sd2", "sdxl", "ddpm"
    in_channels: int
    scheduler: Mapping[str, Any]
    unet: Mapping[str, Any]                  # config.json of the part, where the exporter left one
    vae: Mapping[str, Any]

    @property
    def title(self) -> str:
        """In words."""
        return f"{_TITLES[self.kind]}, {len(self.graphs)} ONNX graphs"

    @property
    def bytes(self) -> int:
        """Graphs and weights together."""
        return sum(graph.bytes for graph in self.graphs.values())


def pipeline_of(folder: Path) -> Pipeline | None:
    """The model, None where the folder is not of this form. Raises PackageError for one that lacks a part."""
    if not (folder / "unet" / "model.onnx").is_file():
        return None
    graphs = {}
    for role, needed in _NEEDED.items():
        path = folder / role / "model.onnx"
        if not path.is_file():
            continue
        graphs[role] = survey(path)
        missing = needed - {port.name for port in graphs[role].inputs}
        if missing:
            raise PackageError(f"“{role}/model.onnx” has no input “{min(missing)}”: it is not a part of a diffusion "
                               "model.", "Export the model again with optimum or diffusers.", str(folder))
    unet = {port.name: port for port in graphs["unet"].inputs}
    width = _last(unet.get("encoder_hidden_states"))
    kind = "ddpm" if width is None else _KINDS.get(width)
    if kind is None:
        raise PackageError(f"The denoiser listens to {width} numbers a word; known are Stable Diffusion 1.x (768), 2.x "
                           "(1024) and XL (2048).", "Other families cannot be brought yet.", str(folder))
    channels = (unet["sample"].shape or (0, 4))[1]
    return Pipeline(folder, graphs, kind, channels if isinstance(channels, int) else 4,
                    _config(folder / "scheduler" / "scheduler_config.json"), _config(folder / "unet" / "config.json"),
                    _config(folder / "vae_decoder" / "config.json"))


def make_pipeline(pipeline: Pipeline, label: Label, out: Path) -> None:
    """Fill the new folder `out`. Raises PackageError, OSError."""
    out.mkdir()
    graphs = {role: _placed(graph, role, out) for role, graph in pipeline.graphs.items()}
    files: dict[str, Any] = {}
    tokenizers = []
    for number in ("", "_2"):
        for name in _TOKENIZER:
            source = pipeline.folder / f"tokenizer{number}" / name
            if source.is_file() and not source.is_symlink() and source.stat().st_size <= _TEXT_BYTES:
                place = f"tokenizer{number}.{name}" if name != "tokenizer.json" else f"tokenizer{number}.json"
                shutil.copyfile(source, out / place)
                files[place] = listed(out / place)
                tokenizers.append(place)
    factor, channels = 8, 4
    side = pipeline.unet.get("sample_size")
    prediction = pipeline.scheduler.get("prediction_type", "epsilon")
    scale = pipeline.vae.get("scaling_factor", {"sdxl": 0.13025}.get(pipeline.kind, 0.18215))
    if pipeline.kind == "ddpm":
        factor, channels, scale = 1, pipeline.in_channels, 1.0
    diffusion = {"kind": pipeline.kind, "prediction": prediction, "channels": channels,
                 "in_channels": pipeline.in_channels, "factor": factor, "scale": scale,
                 "side": side * factor if isinstance(side, int) else _side(pipeline, factor),
                 "scheduler": {name: value for name, value in pipeline.scheduler.items() if value is not None},
                 "tokenizers": tokenizers}
    write_manifest(out, {
        "format": 1, "id": label.id, "name": label.name, "version": VERSION, "family": "diffusion",
        "summary": label.summary, "license": label.license, "credit": label.credit, "graphs": graphs, "files": files,
        "diffusion": diffusion, "source": {"onnx": "folder", "file": pipeline.folder.name,
                                           "producer": pipeline.graphs["unet"].producer}})


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
    outputs = {_output_role(role, port.name, graph): _port(port) for port in graph.outputs}
    return {"file": name, **listed(out / name),
            "inputs": {_INPUT_ROLES.get((role, port.name), port.name): _port(port) for port in graph.inputs},
            "outputs": {name: port for name, port in outputs.items() if name},
            **({"external": external} if external else {})}


def _output_role(part: str, name: str, graph: GraphFile) -> str:
    """The role of an output; of the hidden states only the last but one counts, the others have none."""
    if not name.startswith("hidden_states."):
        return _OUTPUT_ROLES.get((part, name), name)
    numbers = sorted(int(port.name.rpartition(".")[2]) for port in graph.outputs
                     if port.name.startswith("hidden_states.") and port.name.rpartition(".")[2].isdecimal())
    return "penultimate" if len(numbers) > 1 and name == f"hidden_states.{numbers[-2]}" else ""


def _side(pipeline: Pipeline, factor: int) -> int:
    """The picture size that the graphs state, or what is usual."""
    shape = next(port.shape or () for port in pipeline.graphs["unet"].inputs if port.name == "sample")
    last = shape[-1] if shape else ""
    return last * factor if isinstance(last, int) else {"sdxl": 1024, "sd2": 768, "ddpm": 64}.get(pipeline.kind, 512)


def _last(port: Port | None) -> int | None:
    """The last size of a port, where it is fixed."""
    last = port.shape[-1] if port is not None and port.shape else None
    return last if isinstance(last, int) else None


def _config(path: Path) -> dict[str, Any]:
    """A JSON object, empty where there is none. Raises PackageError for a damaged one."""
    if not path.is_file() or path.is_symlink():
        return {}
    try:
        return strictjson.parse_object(path.read_bytes(), max_bytes=_CONFIG_BYTES)
    except (OSError, ValueError) as error:
        raise PackageError(f"“{path.name}” cannot be read: {error}.", "Download the folder again.",
                           str(path)) from error


def _port(port: Port) -> dict[str, Any]:
    shape = port.shape or ()
    return {"name": port.name, "dtype": port.dtype,
            "shape": [size if isinstance(size, int) else size or f"free{axis}" for axis, size in enumerate(shape)]}
