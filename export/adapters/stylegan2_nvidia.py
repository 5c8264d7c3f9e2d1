"""StyleGAN2 as NVIDIA's PyTorch repositories name it: `mapping.fc0.weight`, `synthesis.b4.const` ..."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.errors import CheckpointError
from export.adapters.stylegan2_layout import Found, Reader, count, fir_line, prefix_of, reasons
from export.checkpoint.source import Checkpoint
from export.nets.stylegan2_weights import FIR, Block, Modulated, Network, Styled

_MARK = "synthesis.b4.const"
_USUAL_CLAMP = 256.0
_RATE = 0.01


class NvidiaLayout:
    """stylegan2-ada-pytorch and the StyleGAN2 of the stylegan3 repository."""

    def recognise(self, checkpoint: Checkpoint) -> Found | None:
        """By the learned constant. Raises CheckpointError for other architectures of the same repositories."""
        _refuse_relatives(checkpoint)
        prefix = prefix_of(checkpoint, _MARK)
        if prefix is None:
            return None
        reader = Reader(checkpoint, prefix)
        _refuse_variants(reader)
        sides = _sides(reader)
        height, width = reader.shape(_MARK)[-2:]
        factor = 2 ** (len(sides) - 1)
        classes = reader.shape("mapping.embed.weight")[1] if reader.has("mapping.embed.weight") else 0
        w_dim = reader.shape("synthesis.b4.conv1.affine.weight")[1]
        inputs = reader.shape("mapping.fc0.weight")[1]
        embedded = reader.shape("mapping.embed.weight")[0] if classes else 0
        layers = count(reader, "mapping.fc{}.weight")
        sizes = {"width": width * factor, "height": height * factor, "w_dim": w_dim, "z_dim": inputs - embedded,
                 "channels": reader.shape(f"synthesis.b{sides[-1]}.torgb.weight")[0], "rows": 2 * len(sides),
                 "classes": classes, "mapping_layers": layers}
        told = reasons(prefix + _MARK, f"`synthesis.b4` to `synthesis.b{sides[-1]}`",
                       f"`mapping.fc0` to `mapping.fc{layers - 1}`", sizes)
        guesses = () if _stated_clamp(checkpoint.settings) is not None else (
            f"what each layer yields is clamped at {_USUAL_CLAMP:g}, as NVIDIA's training does",)
        return Found("NVIDIA's layout", prefix, sizes, told, guesses)

    def read(self, checkpoint: Checkpoint, found: Found) -> Network:
        """The weights with their gains still to be applied. Raises CheckpointError."""
        reader = Reader(checkpoint, found.prefix)
        rate = _rate(checkpoint.settings)
        sides = _sides(reader)
        constant = reader.array(_MARK, (None, None, None))
        embed = reader.dense("mapping.embed", found.sizes["classes"]) if found.sizes["classes"] else None
        layers = []
        width = found.sizes["z_dim"] + (len(embed.weight) if embed else 0)
        for number in range(found.sizes["mapping_layers"]):
            layers.append(reader.dense(f"mapping.fc{number}", width, rate))
            width = len(layers[-1].bias)
        blocks: list[Block] = []
        channels = len(constant)
        for number, side in enumerate(sides):
            size = (constant.shape[1] << number, constant.shape[2] << number)
            blocks.append(_block(reader, f"synthesis.b{side}", channels, size, first=number == 0))
            channels = len(blocks[-1].layers[-1].weight)
        clamp = _stated_clamp(checkpoint.settings)
        mean = reader.array("mapping.w_avg", (width,)) if reader.has("mapping.w_avg") else None
        return Network(found.sizes["z_dim"], tuple(layers), constant, tuple(blocks), embed, mean,
                       _USUAL_CLAMP if clamp is None else clamp or None, fir=_fir(reader))


def _block(reader: Reader, name: str, channels: int, size: tuple[int, int], *, first: bool) -> Block:
    """One block; `channels` come in, `size` is its height and width."""
    layers = []
    for part, upsample in (() if first else (("conv0", True),)) + (("conv1", False),):
        layers.append(_styled(reader, f"{name}.{part}", channels, size, upsample=upsample))
        channels = len(layers[-1].weight)
    weight = reader.array(f"{name}.torgb.weight", (None, channels, 1, 1))
    to_rgb = Modulated(weight, reader.dense(f"{name}.torgb.affine", None),
                       reader.array(f"{name}.torgb.bias", (len(weight),)))
    return Block(*size, tuple(layers), to_rgb)


def _styled(reader: Reader, name: str, channels: int, size: tuple[int, int], *, upsample: bool) -> Styled:
    """One layer; noise is left out where the network was trained without."""
    weight = reader.array(f"{name}.weight", (None, channels, 3, 3))
    noisy = reader.has(f"{name}.noise_strength")
    return Styled(weight, reader.dense(f"{name}.affine", None), reader.array(f"{name}.bias", (len(weight),)), upsample,
                  float(reader.array(f"{name}.noise_strength").reshape(-1)[0]) if noisy else None,
                  reader.array(f"{name}.noise_const", size) if noisy and reader.has(f"{name}.noise_const") else None)


def _sides(reader: Reader) -> list[int]:
    """The numbers in the blocks' names, 4, 8, 16 ..., as far as they go without a gap."""
    return [4 << number for number in range(16) if all(
        reader.has(f"synthesis.b{4 << step}.conv1.weight") for step in range(number + 1))]


def _fir(reader: Reader) -> tuple[float, ...]:
    """The resampling filter, from the first block that keeps one."""
    name = "synthesis.b8.conv0.resample_filter"
    if not reader.has(name):
        return FIR
    return fir_line(reader.array(name, (4, 4)), 1.0, str(reader.checkpoint.path))


def _flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The keyword arguments that the network was made with, those of its two parts included, in one mapping."""
    given = settings.get("init_kwargs", settings)
    flat: dict[str, Any] = {}
    for key, value in dict(given).items() if isinstance(given, Mapping) else ():
        flat.update(value if isinstance(value, Mapping) else {key: value})
    return flat


def _attributes(settings: Mapping[str, Any], layer: str) -> Mapping[str, Any]:
    """What a layer was pickled with beside its weights; empty where only weights were stored."""
    stored = settings.get("attributes")
    found = stored.get(layer) if isinstance(stored, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _stated_clamp(settings: Mapping[str, Any]) -> float | None:
    """`conv_clamp` as the layers have it, or as it was given: 0 for none; None where nothing was said."""
    layer = _attributes(settings, "synthesis.b4.conv1")
    if layer:
        return float(layer.get("conv_clamp", 0))
    flat = _flat(settings)
    return float(flat["conv_clamp"] or 0) if "conv_clamp" in flat else None


def _rate(settings: Mapping[str, Any]) -> float:
    """The learning rate multiplier of the mapping: the gain of its biases."""
    stored = _attributes(settings, "mapping.fc0").get("bias_gain")
    return float(_flat(settings).get("lr_multiplier", _RATE) if stored is None else stored)


def _refuse_variants(reader: Reader) -> None:
    """Other architectures and activations, which the same class can be told to build."""
    subject = str(reader.checkpoint.path)
    flat = _flat(reader.checkpoint.settings)
    resnet = any(".skip.weight" in name for name in reader.checkpoint)
    original = not resnet and not reader.has("synthesis.b4.torgb.weight")
    stated = flat.get("architecture", "skip")
    if resnet or original or stated != "skip":
        name = "resnet" if resnet else "orig" if original else stated
        raise CheckpointError(f"This StyleGAN2 generator has the architecture “{name}”.",
                              "Generators with the architecture “skip” can be converted; it is the usual one.", subject)
    activation = flat.get("activation", "lrelu")
    if activation != "lrelu":
        raise CheckpointError(f"This StyleGAN2 generator uses the activation “{activation}”.",
                              "Generators with “lrelu” can be converted; it is the usual one.", subject)


def _refuse_relatives(checkpoint: Checkpoint) -> None:
    """StyleGAN3, and a discriminator alone."""
    subject = str(checkpoint.path)
    if prefix_of(checkpoint, "synthesis.input.freqs") is not None:
        raise CheckpointError("This is a StyleGAN3 generator.",
                              "StyleGAN2 generators can be converted, also those of the stylegan3 repository.", subject)
    judges = any(re.fullmatch(r"b\d+\.fromrgb\.weight", name) for name in checkpoint)
    if judges and "b4.out.weight" in checkpoint:
        raise CheckpointError("This file holds a discriminator: it judges pictures and makes none.",
                              "Choose the file with the generator (G_ema).", subject)
