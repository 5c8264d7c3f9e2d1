"""DDPM and its like: diffusers' `UNet2DModel`, which takes noise off a picture itself (Ho, Jain and Abbeel 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.errors import CheckpointError
from export.adapters.base import Built, Detection, Slot
from export.adapters.stable_diffusion_layout import class_of
from export.adapters.stable_diffusion_parts import classes, unet_part
from export.checkpoint.source import Checkpoint, ModelFolder, Source

_CLASS = "UNet2DModel"
_PREDICTIONS = ("epsilon", "v_prediction", "sample")
_PICTURES = (1, 3, 4)


@dataclass(frozen=True)
class _Found:
    """Where the denoiser lies, and its sizes."""

    part: str                                # "unet", or "" for a folder of its own
    weights: Checkpoint
    in_channels: int
    channels: int
    side: int
    classes: int
    scheduler: dict[str, Any]


class Ddpm:
    """`model_index.json` with a UNet2DModel and a scheduler, or the folder of the network alone."""

    name = "ddpm"

    def detect(self, source: Source) -> Detection | None:
        """What the class and the weights say."""
        found = _found(source)
        if found is None:
            return None
        colours = {1: "grey", 3: "RGB", 4: "RGBA"}.get(found.in_channels, f"{found.in_channels} channels")
        title = f"DDPM denoiser, {found.side} × {found.side}, {colours}"
        if found.classes:
            title += f", {found.classes} classes"
        reasons = [f"its configuration names the class `{_CLASS}` of diffusers",
                   f"`conv_in.weight` takes {found.in_channels} channels, `conv_out.weight` yields {found.channels}"]
        prediction = found.scheduler.get("prediction_type")
        guesses = []
        if prediction is None:
            guesses.append("The scheduler does not say what the denoiser predicts: noise is assumed.")
        sizes: dict[str, int | float | str] = {
            "side": found.side, "in_channels": found.in_channels, "channels": found.channels,
            "classes": found.classes, "prediction": str(prediction or "epsilon"),
            "parameters": found.weights.parameters()}
        return Detection(self.name, "diffusion", title, tuple(reasons), sizes, 0.99, tuple(guesses))

    def build(self, source: Source, detection: Detection) -> Built:
        """The denoiser. Raises CheckpointError for weights that are not those of the configuration."""
        found = _found(source)
        if found is None or not isinstance(source, ModelFolder):
            raise CheckpointError("This folder is no DDPM.", "Choose another architecture.")
        prediction = str(detection.sizes["prediction"])
        if prediction not in _PREDICTIONS or found.in_channels not in _PICTURES or found.channels > found.in_channels:
            raise CheckpointError(
                f"This denoiser takes {found.in_channels} channels, yields {found.channels} and predicts "
                f"“{prediction[:40]}”, which is not supported.",
                "Supported are denoisers of pictures that predict noise, velocity or the picture.", str(source.path))
        from export.nets.diffusion_build import assembled
        from export.nets.diffusion_unet import ClassDenoiser, PlainDenoiser

        network: Any = assembled(_CLASS, source.configs[found.part], found.weights)
        module = ClassDenoiser(network) if found.classes else PlainDenoiser(network)
        extra = (Slot("condition", "int64", ("batch",), classes(found.classes)),) if found.classes else ()
        diffusion = {"kind": "ddpm", "prediction": prediction, "channels": found.channels,
                     "in_channels": found.in_channels, "side": found.side, "factor": 1, "scale": 1.0,
                     "scheduler": found.scheduler, "tokenizers": [], "classes": found.classes}
        image = {"width": found.side, "height": found.side, "channels": found.in_channels, "range": [-1.0, 1.0],
                 "layout": "NCHW", "content": "color"}
        return Built((unet_part(module.eval(), dict(network.config), extra),),
                     {"diffusion": diffusion, "image": image})


def _found(source: Source) -> _Found | None:
    """The denoiser of a folder that holds one and no auto-encoder."""
    if not isinstance(source, ModelFolder) or len(source.parts) != 1:
        return None
    part, weights = next(iter(source.parts.items()))
    if class_of(source, part) != _CLASS:
        return None
    first, last = weights.shape("conv_in.weight"), weights.shape("conv_out.weight")
    if first is None or last is None:
        return None
    config = source.configs[part]
    side = config.get("sample_size")
    side = max(side) if isinstance(side, list) and side else side
    labels = weights.shape("class_embedding.weight")
    scheduler = {name: value for name, value in source.configs.get("scheduler", {}).items() if value is not None}
    return _Found(part, weights, first[1], last[0], side if isinstance(side, int) else 32,
                  labels[0] if labels is not None else 0, scheduler)
