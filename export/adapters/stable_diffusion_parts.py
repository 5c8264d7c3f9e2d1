"""The graphs of latent diffusion as parts: ports, sizes to try, and inputs like those of real use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from export.adapters.base import Part, Sampler, Slot

if TYPE_CHECKING:
    from torch import nn

LENGTH = 77
STEPS = 1000
_SIZES = (1024.0, 1024.0, 0.0, 0.0, 1024.0, 1024.0)    # what SDXL is told of size and crop
_START, _WORDS = 49406, 12


def text_part(role: str, modules: tuple[nn.Module, nn.Module], sizes: dict[str, int], *, penultimate: bool) -> Part:
    """`text_encoder` or `text_encoder_2`: `sizes` has vocabulary, width, and projection where it has one."""
    projected = "projection" in sizes
    outputs = [Slot("last_hidden_state", "float32", ("batch", LENGTH, sizes["width"])),
               Slot("text_embeds" if projected else "pooled", "float32",
                    ("batch", sizes["projection"] if projected else sizes["width"]))]
    if penultimate:
        outputs.append(Slot("penultimate", "float32", ("batch", LENGTH, sizes["width"])))
    return Part(role, modules[0], (Slot("input_ids", "int64", ("batch", LENGTH), words(sizes["vocabulary"])),),
                tuple(outputs), reference=modules[1], example={"batch": 2}, trials=({"batch": 1}, {"batch": 3}))


def unet_part(module: nn.Module, config: dict[str, Any], extra: tuple[Slot, ...]) -> Part:
    """`unet`: `extra` are the ports after sample and timestep."""
    fold = 2 ** (len(config["block_out_channels"]) - 1)    # sides are whole multiples of it
    inputs = (Slot("sample", "float32", ("batch", config["in_channels"], "height", "width")),
              Slot("timestep", "float32", ("batch",), times), *extra)
    outputs = (Slot("noise", "float32", ("batch", config["out_channels"], "height", "width")),)
    listens = any("words" in slot.shape for slot in extra)
    once, twice = ({"words": count * LENGTH} if listens else {} for count in (1, 2))    # stretches of a prompt
    return Part("unet", module, inputs, outputs, attends=True,
                example={"batch": 2, "height": 2 * fold, "width": 3 * fold, **once},
                trials=({"batch": 1, "height": 4 * fold, "width": 4 * fold, **once},
                        {"batch": 3, "height": 2 * fold, "width": fold, **twice}))


def decoder_part(module: nn.Module, channels: int, colours: int, scale: float) -> Part:
    """`vae_decoder`: latents divided by their scale, to pictures."""
    return Part("vae_decoder", module,
                (Slot("latent", "float32", ("batch", channels, "height", "width"), smooth(1 / scale)),),
                (Slot("image", "float32", ("batch", colours, "image_height", "image_width"), scale=2.0),),
                example={"batch": 2, "height": 8, "width": 12},
                trials=({"batch": 1, "height": 16, "width": 16}, {"batch": 2, "height": 8, "width": 5}),
                picture="image", attends=True)


def encoder_part(module: nn.Module, channels: int, colours: int, factor: int) -> Part:
    """`vae_encoder`: pictures to mean and logarithm of the variance."""
    shape = ("batch", channels, "latent_height", "latent_width")
    return Part("vae_encoder", module,
                (Slot("image", "float32", ("batch", colours, "height", "width"), pictures),),
                (Slot("mean", "float32", shape), Slot("logvar", "float32", shape)),
                example={"batch": 2, "height": 8 * factor, "width": 12 * factor},
                trials=({"batch": 1, "height": 16 * factor, "width": 16 * factor},
                        {"batch": 2, "height": 8 * factor, "width": 5 * factor}), attends=True)


def words(vocabulary: int) -> Sampler:
    """Sentences as CLIP's tokenizer writes them: a start, some words, and ends up to the 77th place."""
    start = _START if vocabulary > _START + 1 else vocabulary - 2

    def draw(dice: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        """Tokens int64 of that shape [batch, 77]."""
        tokens = np.full(shape, start + 1, np.int64)
        tokens[:, 0] = start
        for row in tokens:
            count = int(dice.integers(1, _WORDS))
            row[1:1 + count] = dice.integers(0, start, count)
        return tokens

    return draw


def times(dice: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Steps of the noise schedule, as floats: 0 .. 999."""
    return dice.integers(0, STEPS, shape).astype(np.float32)


def crops(dice: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """The six sizes of SDXL."""
    shares = dice.choice([0.5, 0.75, 1.0], (shape[0], 1)).astype(np.float32)
    return np.broadcast_to(np.array(_SIZES, np.float32), shape) * shares


def classes(count: int) -> Sampler:
    """One of `count` classes each."""
    return lambda dice, shape: dice.integers(0, count, shape)


def smooth(spread: float) -> Sampler:
    """Large shapes with some grain, as latents of pictures have them; `spread` is their standard deviation."""

    def draw(dice: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        *outer, height, width = shape
        coarse = dice.standard_normal((*outer, -(-height // 4), -(-width // 4)), np.float32)
        large = coarse.repeat(4, -2).repeat(4, -1)[..., :height, :width]
        return (0.9 * large + 0.44 * dice.standard_normal(shape, np.float32)) * np.float32(spread)

    return draw


def pictures(dice: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Colours in -1 .. 1 in large shapes with some grain."""
    return np.tanh(smooth(0.7)(dice, shape))
