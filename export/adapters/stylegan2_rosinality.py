"""StyleGAN2 as rosinality's repository names it: `style.1.weight`, `input.input`, `convs.0.conv.weight` ..."""

from __future__ import annotations

from engine.errors import CheckpointError
from export.adapters.stylegan2_layout import Found, Reader, count, fir_line, prefix_of, reasons
from export.checkpoint.source import Checkpoint
from export.nets.stylegan2_weights import FIR, Block, Modulated, Network, Styled

_MARK = "input.input"
_RATE = 0.01
_MEANS = ("latent_avg", "mean_latent")


class RosinalityLayout:
    """stylegan2-pytorch by Kim Seonghyeon, and the decoders of encoders that were built on it (pSp, e4e)."""

    def recognise(self, checkpoint: Checkpoint) -> Found | None:
        """By the learned constant and the first layer. Raises CheckpointError for a discriminator alone."""
        if "final_conv.0.weight" in checkpoint and "final_linear.1.weight" in checkpoint:
            raise CheckpointError("This file holds a discriminator: it judges pictures and makes none.",
                                  "Choose the file with the generator (g_ema).", str(checkpoint.path))
        prefix = prefix_of(checkpoint, _MARK)
        if prefix is None or f"{prefix}conv1.conv.modulation.weight" not in checkpoint:
            return None
        reader = Reader(checkpoint, prefix)
        height, width = reader.shape(_MARK)[-2:]
        blocks = 1 + count(reader, "to_rgbs.{}.conv.weight")
        layers = count(reader, "style.{}.weight", 1)
        w_dim = reader.shape("conv1.conv.modulation.weight")[1]
        z_dim = reader.shape("style.1.weight")[1]
        size = (width << blocks - 1, height << blocks - 1)
        sizes = {"width": size[0], "height": size[1], "channels": reader.shape("to_rgb1.conv.weight")[1],
                 "z_dim": z_dim, "w_dim": w_dim, "rows": 2 * blocks, "classes": 0, "mapping_layers": layers}
        told = reasons(prefix + _MARK, f"`to_rgb1` to `to_rgbs.{blocks - 2}`", f"`style.1` to `style.{layers}`", sizes)
        guesses = () if _mean_name(checkpoint, prefix) else ("the mean of w is measured, since none was stored",)
        return Found("rosinality's layout", prefix, sizes, told, guesses)

    def read(self, checkpoint: Checkpoint, found: Found) -> Network:
        """The weights with their gains still to be applied. Raises CheckpointError."""
        reader = Reader(checkpoint, found.prefix)
        constant = reader.array(_MARK, (1, None, None, None))[0]
        height, width = constant.shape[1:]
        layers = []
        length = found.sizes["z_dim"]
        for number in range(1, found.sizes["mapping_layers"] + 1):
            layers.append(reader.dense(f"style.{number}", length, _RATE))
            length = len(layers[-1].bias)
        first = _styled(reader, "conv1", len(constant), 0, (height, width), upsample=False)
        blocks = [Block(height, width, (first,), _to_rgb(reader, "to_rgb1", len(first.weight)))]
        for number in range(found.sizes["rows"] // 2 - 1):
            size = (height << number + 1, width << number + 1)
            channels = len(blocks[-1].layers[-1].weight)
            up = _styled(reader, f"convs.{2 * number}", channels, 2 * number + 1, size, upsample=True)
            flat = _styled(reader, f"convs.{2 * number + 1}", len(up.weight), 2 * number + 2, size, upsample=False)
            blocks.append(Block(*size, (up, flat), _to_rgb(reader, f"to_rgbs.{number}", len(flat.weight))))
        name = _mean_name(checkpoint, found.prefix)
        mean = None if name is None else checkpoint[name].real().reshape(-1)[:length]
        return Network(found.sizes["z_dim"], tuple(layers), constant, tuple(blocks), mean=mean, scaled=True,
                       fir=_fir(reader))


def _styled(reader: Reader, name: str, channels: int, number: int, size: tuple[int, int], *,
            upsample: bool) -> Styled:
    """One layer; `number` is that of its noise constant."""
    weight = reader.array(f"{name}.conv.weight", (1, None, channels, 3, 3))[0]
    bias = f"{name}.activate.bias" if reader.has(f"{name}.activate.bias") else f"{name}.bias"
    noise = f"noises.noise_{number}"
    return Styled(weight, reader.dense(f"{name}.conv.modulation", None),
                  reader.array(bias, (len(weight),), (1, len(weight), 1, 1)).reshape(-1), upsample,
                  float(reader.array(f"{name}.noise.weight").reshape(-1)[0]),
                  reader.array(noise, (1, 1, *size))[0, 0] if reader.has(noise) else None)


def _to_rgb(reader: Reader, name: str, channels: int) -> Modulated:
    """The way to RGB; its kernels are 1 x 1."""
    weight = reader.array(f"{name}.conv.weight", (1, None, channels, 1, 1))[0]
    return Modulated(weight, reader.dense(f"{name}.conv.modulation", None),
                     reader.array(f"{name}.bias", (1, len(weight), 1, 1)).reshape(-1))


def _fir(reader: Reader) -> tuple[float, ...]:
    """The filter behind the first upsampling convolution; it is stored with its gain of 4."""
    name = "convs.0.conv.blur.kernel"
    return fir_line(reader.array(name, (4, 4)), 4.0, str(reader.checkpoint.path)) if reader.has(name) else FIR


def _mean_name(checkpoint: Checkpoint, prefix: str) -> str | None:
    """The tensor that holds the mean of w: beside the generator's own tensors, or among them."""
    return next((name for name in (*_MEANS, *(prefix + mean for mean in _MEANS)) if name in checkpoint), None)
