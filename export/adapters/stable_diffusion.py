"""Stable Diffusion 1.x, 2.x and XL from diffusers folders: text encoders, denoiser, and both halves of the VAE.

Rombach et al. (2022); Podell et al. (2023). Classes come from our list, sizes from weights and configurations.
"""

from __future__ import annotations

from typing import Any

from engine.errors import CheckpointError
from export.adapters.base import Built, Detection, Part, Slot
from export.adapters.clip_tokenizer import clip_tokenizer
from export.adapters.stable_diffusion_layout import (
    CLASSES,
    Layout,
    class_of,
    guesses_of,
    is_quick,
    layout_of,
    reasons_of,
)
from export.adapters.stable_diffusion_parts import LENGTH, crops, decoder_part, encoder_part, text_part, unet_part
from export.checkpoint.source import ModelFolder, Source

_PREDICTIONS = ("epsilon", "v_prediction", "sample")
_WORDS = ("text_encoder", "text_encoder_2")
_TOKENIZERS = {"tokenizer": "tokenizer.json", "tokenizer_2": "tokenizer_2.json"}


class StableDiffusion:
    """`model_index.json` with a UNet2DConditionModel, an AutoencoderKL and one or two CLIP text encoders."""

    name = "stable_diffusion"

    def detect(self, source: Source) -> Detection | None:
        """What the classes and the weights say."""
        layout = layout_of(source)
        if layout is None or not isinstance(source, ModelFolder):
            return None
        sizes: dict[str, int | float | str] = {
            "kind": layout.kind, "side": layout.side, "factor": layout.factor, "channels": layout.channels,
            "in_channels": layout.in_channels, "text_width": layout.text_width, "scale": layout.scale,
            "prediction": layout.prediction, "guidance_width": layout.guidance, "parameters": layout.parameters}
        return Detection(self.name, "diffusion", layout.title, reasons_of(source, layout), sizes, 0.99,
                         guesses_of(layout))

    def build(self, source: Source, detection: Detection) -> Built:  # noqa: ARG002 - all it needs is in the source
        """All parts. Raises CheckpointError for weights that are not those of the configurations, and for kinds of
        model that no package can describe yet.
        """
        layout = layout_of(source)
        if layout is None or not isinstance(source, ModelFolder):
            raise CheckpointError("This folder is no Stable Diffusion.", "Choose another architecture.")
        _refuse_strangers(source, layout)
        files = _tokenizers(source)
        parts = [_text(source, role, layout) for role in _WORDS if role in source.parts]
        parts += [_unet(source, layout), *_pictures(source, layout)]
        diffusion = {"kind": layout.kind, "prediction": layout.prediction, "channels": layout.channels,
                     "in_channels": layout.in_channels, "side": layout.side, "factor": layout.factor,
                     "scale": layout.scale, "scheduler": dict(layout.scheduler), "tokenizers": list(files)}
        if layout.kind == "sdxl":
            diffusion["force_zeros_for_empty_prompt"] = source.index.get("force_zeros_for_empty_prompt", True) is True
        image = {"width": layout.side, "height": layout.side, "channels": 3, "range": [-1.0, 1.0], "layout": "NCHW",
                 "content": "color"}
        return Built(tuple(parts), {"diffusion": diffusion, "image": image}, files, notes=_notes(source, layout))


def _refuse_strangers(source: ModelFolder, layout: Layout) -> None:
    """What looks like Stable Diffusion and is something else."""
    if layout.kind == "sdxl" and "text_encoder_2" not in source.parts:
        raise CheckpointError("This is an SDXL refiner, or its second text encoder is missing.",
                              "Convert the base model; refiners are not supported.", str(source.path))
    if layout.prediction not in _PREDICTIONS:
        raise CheckpointError(f"Its denoiser predicts “{layout.prediction[:40]}”, which is not supported.",
                              f"Supported are {', '.join(_PREDICTIONS)}.", str(source.path))
    if layout.side % layout.factor or layout.in_channels < layout.channels:
        raise CheckpointError("The sizes in its configurations contradict each other.",
                              "Download the whole folder again.", str(source.path))


def _tokenizers(source: ModelFolder) -> dict[str, bytes]:
    """File name -> tokenizer. Raises CheckpointError where there is none: said now, not after minutes of work."""
    files = {file: data for part, file in _TOKENIZERS.items() if (data := clip_tokenizer(source, part)) is not None}
    if _TOKENIZERS["tokenizer"] not in files:
        raise CheckpointError("There is no tokenizer in the folder, so nobody could write a prompt.",
                              "Download the whole folder: tokenizer/vocab.json and tokenizer/merges.txt belong to it.",
                              str(source.path))
    return files


def _text(source: ModelFolder, role: str, layout: Layout) -> Part:
    """One text encoder; SDXL listens to its last layer but one."""
    from export.nets.diffusion_build import assembled
    from export.nets.diffusion_text import TextEncoder, TextReference

    kind, config, weights = class_of(source, role), source.configs[role], source.parts[role]
    network: Any = assembled(kind, config, weights)
    settings = network.config
    if int(settings.max_position_embeddings) != LENGTH:
        raise CheckpointError(f"“{role}” reads {settings.max_position_embeddings} tokens, not {LENGTH}.",
                              "Only CLIP text encoders of the usual length are supported.", str(source.path))
    sizes = {"vocabulary": int(settings.vocab_size), "width": int(settings.hidden_size)}
    if hasattr(network, "text_projection"):
        sizes["projection"] = int(settings.projection_dim)
    large = layout.kind == "sdxl"
    modules = TextEncoder(network, penultimate=large).eval(), TextReference(network, penultimate=large).eval()
    return text_part(role, modules, sizes, penultimate=large)


def _unet(source: ModelFolder, layout: Layout) -> Part:
    """The denoiser."""
    from export.nets.diffusion_build import assembled
    from export.nets.diffusion_unet import GuidedDenoiser, LargeDenoiser, TextDenoiser

    network: Any = assembled(class_of(source, "unet"), source.configs["unet"], source.parts["unet"])
    extra = [Slot("encoder_hidden_states", "float32", ("batch", "words", layout.text_width))]
    if layout.kind == "sdxl":
        joined = source.parts["unet"].shape("add_embedding.linear_1.weight") or (0, 0)
        times = int(network.config.addition_time_embed_dim) * 6
        extra += [Slot("text_embeds", "float32", ("batch", joined[1] - times)),
                  Slot("time_ids", "float32", ("batch", 6), crops)]
        module = LargeDenoiser(network)
    elif layout.guidance:
        extra.append(Slot("timestep_cond", "float32", ("batch", layout.guidance)))
        module = GuidedDenoiser(network)
    else:
        module = TextDenoiser(network)
    return unet_part(module.eval(), dict(network.config), tuple(extra))


def _pictures(source: ModelFolder, layout: Layout) -> tuple[Part, Part]:
    """Both halves of the auto-encoder, from one reading of its weights."""
    from export.nets.diffusion_build import assembled
    from export.nets.diffusion_vae import PictureDecoder, PictureEncoder

    network: Any = assembled(class_of(source, "vae"), source.configs["vae"], source.parts["vae"])
    channels, colours = int(network.config.latent_channels), int(network.config.out_channels)
    return (decoder_part(PictureDecoder(network).eval(), channels, colours, layout.scale),
            encoder_part(PictureEncoder(network).eval(), channels, colours, layout.factor))


def _notes(source: ModelFolder, layout: Layout) -> tuple[str, ...]:
    """What a person should know."""
    notes = []
    if is_quick(layout):
        notes.append("This model seems to be made for a few steps without guidance.")
    if layout.kind == "sdxl" and source.configs["vae"].get("force_upcast"):
        notes.append("Its authors ask for single precision in the VAE: half precision may give black pictures.")
    left = sorted(part for part in source.parts if part not in CLASSES)
    if left:
        notes.append(f"Left out: {', '.join(part[:40] for part in left)}.")
    return tuple(notes)
