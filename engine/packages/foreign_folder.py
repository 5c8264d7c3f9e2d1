"""A folder of ONNX graphs that make up one diffusion model, as diffusers, optimum, Olive and Amuse write them.

Parts are found by the folder they lie in and confirmed by their ports, which are bound by name. What kind of model it
is follows from the width of the text that its denoiser listens to, never from the name of a folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import strictjson
from engine.errors import PackageError
from engine.packages.foreign_amuse import template_of
from engine.packages.foreign_ports import INPUTS, inputs_of, outputs_of, width_of
from engine.packages.onnxfile import GraphFile, Port, survey

_KINDS = {768: "sd1", 1024: "sd2", 2048: "sdxl"}
_REFINER = 1280
_TITLES = {"sd1": "Stable Diffusion 1.x", "sd2": "Stable Diffusion 2.x", "sdxl": "Stable Diffusion XL",
           "ddpm": "A diffusion model"}
_OTHERS = {"StableDiffusion3": "Stable Diffusion 3", "SD3": "Stable Diffusion 3", "Flux": "Flux", "PixArt": "PixArt",
           "Sana": "Sana", "Hunyuan": "Hunyuan", "AuraFlow": "AuraFlow", "Lumina": "Lumina"}
_INPAINT = 9
_CHANNELS = 4
_SIDES = {"sdxl": 1024, "sd2": 768, "ddpm": 64}
# Fused operators that exist on graphics cards only; optimised folders for CUDA and DirectML hold them.
_GPU_ONLY = frozenset({"NhwcConv", "GroupNorm", "SkipGroupNorm", "BiasSplitGelu", "BiasAdd", "PackedAttention",
                       "PackedMultiHeadAttention"})


@dataclass(frozen=True)
class Pipeline:
    """The parts of one diffusion model, surveyed."""

    folder: Path
    graphs: Mapping[str, GraphFile]
    kind: str                                # "sd1", "sd2", "sdxl", "ddpm"
    in_channels: int
    channels: int
    side: int
    factor: int
    scale: float
    scheduler: Mapping[str, Any]
    index: Mapping[str, Any]                 # model_index.json
    defaults: Mapping[str, float]            # of controls
    left: tuple[str, ...] = ()               # folders with graphs that are not taken

    @property
    def title(self) -> str:
        """In words."""
        fills = ", for filling in parts of a picture" if self.in_channels == _INPAINT else ""
        return f"{_TITLES[self.kind]}{fills}, {len(self.graphs)} ONNX graphs"

    @property
    def bytes(self) -> int:
        """Graphs and weights together."""
        return sum(graph.bytes for graph in self.graphs.values())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know before it is brought."""
        found = [f"Not taken over: {', '.join(self.left)}."] if self.left else []
        fused = sorted({name for graph in self.graphs.values() for name in graph.operators if name in _GPU_ONLY})
        if fused:
            found.append(f"It was optimised for a graphics card ({', '.join(fused)}): it will not run on a processor.")
        return tuple(found)


def pipeline_of(folder: Path) -> Pipeline | None:
    """The model, None where the folder is not of this form. Raises PackageError for one that lacks a part."""
    index = config_of(folder / "model_index.json")
    template = template_of(folder)
    _refuse_others(folder, index)
    if _graph_in(folder / "unet") is None:
        return None
    graphs = {role: survey(path) for role in INPUTS if (path := _graph_in(folder / role)) is not None}
    unet = inputs_of("unet", graphs["unet"])
    for role, graph in graphs.items():
        inputs_of(role, graph)
        outputs_of(role, graph)
    config = config_of(folder / "unet" / "config.json")
    kind = _kind(folder, unet, config)
    _refuse_gaps(folder, kind, graphs)
    in_channels = _sample_channels(unet["sample"], config, 3 if kind == "ddpm" else _CHANNELS)
    channels = in_channels if kind == "ddpm" else _CHANNELS
    if kind != "ddpm" and in_channels not in (_CHANNELS, _INPAINT):
        raise PackageError(f"The denoiser takes {in_channels} channels; known are 4 (pictures) and 9 (inpainting).",
                           "Instruction and depth models cannot be brought yet.", str(folder))
    vae = config_of(folder / "vae_decoder" / "config.json") or config_of(folder / "vae" / "config.json")
    factor = 1 if kind == "ddpm" else 2 ** max(len(vae.get("block_out_channels") or [0] * 4) - 1, 0)
    scheduler = config_of(folder / "scheduler" / "scheduler_config.json") or (template.scheduler if template else {})
    usual = 1.0 if kind == "ddpm" else 0.13025 if kind == "sdxl" else 0.18215
    left = tuple(sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name not in INPUTS
                        and any(path.glob("*.onnx"))))
    return Pipeline(folder, graphs, kind, in_channels, channels,
                    _side(unet["sample"], config, template.side if template else None, _usual(kind, scheduler, index),
                          factor), factor,
                    _real(vae.get("scaling_factor"), usual), scheduler, index, template.defaults if template else {},
                    left)


def config_of(path: Path, limit: int = 4 << 20) -> dict[str, Any]:
    """A JSON object of at most `limit` bytes, empty where there is none. Raises PackageError for a damaged one."""
    if not path.is_file() or path.is_symlink():
        return {}
    try:
        return strictjson.parse_object(path.read_bytes(), max_bytes=limit)
    except (OSError, ValueError) as error:
        raise PackageError(f"“{path.name}” cannot be read: {error}.", "Download the folder again.",
                           str(path)) from error


def _graph_in(folder: Path) -> Path | None:
    """The graph of a part: model.onnx, or the only one that lies there."""
    usual = folder / "model.onnx"
    if usual.is_file():
        return usual
    found = sorted(folder.glob("*.onnx")) if folder.is_dir() else []
    return found[0] if len(found) == 1 else None


def _refuse_others(folder: Path, index: Mapping[str, Any]) -> None:
    """Say kindly what is of another family: the newer ones have a transformer in place of the U-Net."""
    named = str(index.get("_class_name", ""))
    words = next((words for start, words in _OTHERS.items() if start in named), None)
    transformer = _graph_in(folder / "transformer")
    if words is None and transformer is not None:
        ports = {port.name for port in survey(transformer).inputs}
        words = ("Flux" if {"img_ids", "txt_ids"} & ports else
                 "Stable Diffusion 3" if "pooled_projections" in ports else "transformer-based diffusion")
    if words is not None:
        raise PackageError(f"This is a {words} model: its denoiser is a transformer, which cannot be run yet.",
                           "Stable Diffusion 1.x, 2.x and XL can, also as LCM, Turbo and for inpainting.", str(folder))


def _kind(folder: Path, unet: Mapping[str, Port], config: Mapping[str, Any]) -> str:
    """From the width of the text; where the graph leaves it open, from the part's configuration."""
    if "encoder_hidden_states" not in unet:
        return "ddpm"
    width = width_of(unet["encoder_hidden_states"]) or config.get("cross_attention_dim")
    large = "time_ids" in unet or "text_embeds" in unet
    if width is None:
        return "sdxl" if large else "sd1"
    if width == _REFINER and large:
        raise PackageError("This is an SDXL refiner, which only works behind the base model.", "Bring the base model.",
                           str(folder))
    kind = _KINDS.get(width) if isinstance(width, int) else None
    if kind is None or (kind == "sdxl") != large:
        raise PackageError(f"The denoiser listens to {width} numbers a word; known are Stable Diffusion 1.x (768), 2.x "
                           "(1024) and XL (2048).", "Other families cannot be brought yet.", str(folder))
    return kind


def _refuse_gaps(folder: Path, kind: str, graphs: Mapping[str, GraphFile]) -> None:
    """Say which part is missing, and which was exported without what this kind of model listens to."""
    needed = {"ddpm": (), "sdxl": ("text_encoder", "text_encoder_2", "vae_decoder")}.get(
        kind, ("text_encoder", "vae_decoder"))
    missing = [role for role in needed if role not in graphs]
    if missing:
        raise PackageError(f"The folder holds a denoiser, but no graph “{missing[0]}”.",
                           f"Download the whole folder again; {missing[0]}/model.onnx belongs to it.", str(folder))
    for role in ("text_encoder", "text_encoder_2") if kind == "sdxl" else ():
        if "penultimate" not in outputs_of(role, graphs[role]):
            raise PackageError(f"“{role}” was exported without its hidden states, which SDXL listens to.",
                               "Export the model again with optimum (output_hidden_states).", str(folder))


def _sample_channels(port: Port, config: Mapping[str, Any], usual: int) -> int:
    size = port.shape[1] if port.shape and len(port.shape) > 1 else None
    told = size if isinstance(size, int) else config.get("in_channels")
    return told if isinstance(told, int) else usual


def _side(port: Port, config: Mapping[str, Any], told: int | None, usual: int, factor: int) -> int:
    """The picture size that the graph fixes, that a file names, or what is usual."""
    last = port.shape[-1] if port.shape else None
    if isinstance(last, int):
        return last * factor
    cells = config.get("sample_size")
    if isinstance(cells, int):
        return cells * factor
    return told or usual


def _usual(kind: str, scheduler: Mapping[str, Any], index: Mapping[str, Any]) -> int:
    """What models of the kind learned at, where nothing tells: those that predict velocity are the larger ones of 2.x,
    those for a few steps were distilled at 512.
    """
    quick = scheduler.get("timestep_spacing") == "trailing" or "turbo" in str(index.get("_name_or_path", "")).lower()
    if kind == "sd2" and scheduler.get("prediction_type") != "v_prediction":
        return 512
    return 512 if quick and kind == "sdxl" else _SIDES.get(kind, 512)


def _real(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise
