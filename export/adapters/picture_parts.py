"""Parts and manifest entries that every network from a latent vector to a picture shares, and its directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from export.adapters.base import DirectionSet, Part, Sizes, Slot
from export.adapters.planning import Plan
from export.checkpoint.source import Checkpoint
from export.directions.cloud import distances
from export.directions.sefa import sefa_first_layer
from export.nets.steps import ActivationWord, Conv, Linear, Steps

if TYPE_CHECKING:
    from torch import nn

    from export.nets.stack import Read, Stack

BATCHES: tuple[Sizes, ...] = ({"batch": 1}, {"batch": 3}, {"batch": 8})
DIRECTIONS = 8
_CLOUD_LIMIT = 1024  # a latent of more numbers has a cloud too large to ship for what it tells
_SAMPLES = 4096


def reader(source: Checkpoint) -> Read:
    """The weights of a checkpoint by name, in single precision."""
    return lambda name: source[name].real()


def decoder_part(network: Callable[[nn.Module], nn.Module], stack: Stack, latent: int, picture: Plan,
                 bounds: tuple[float, float], classes: int = 0) -> Part:
    """`decoder`: latent points, and classes where there are some, to pictures.

    `network` is made twice: of the stack as its authors wrote it, and of the stack rewritten for the runtime.
    """
    from export.nets.phases import rewritten

    inputs = [Slot("latent", "float32", ("batch", latent))]
    if classes:
        inputs.append(Slot("condition", "int64", ("batch",), lambda dice, shape: dice.integers(0, classes, shape)))
    image = Slot("image", "float32", ("batch", picture.channels, picture.side, picture.side),
                 scale=bounds[1] - bounds[0])
    return Part("decoder", network(rewritten(stack.layers)).eval(), tuple(inputs), (image,), network(stack).eval(),
                example={"batch": 2}, trials=BATCHES, picture="image")


def picture_manifest(latent: int, picture: Plan, bounds: tuple[float, float]) -> dict[str, Any]:
    """The manifest's `latent` and `image`."""
    return {
        "latent": {"dim": latent, "prior": "normal", "spaces": ["z"]},
        "image": {"width": picture.side, "height": picture.side, "channels": picture.channels,
                  "range": list(bounds), "layout": "NCHW", "content": "color"},
    }


def class_entries(classes: int) -> list[dict[str, Any]]:
    """The manifest's `controls.classes` where only their number is known."""
    return [{"id": str(number), "label": f"Class {number}", "labels": {"zh_CN": f"类别 {number}"}}
            for number in range(classes)]


def bounds_of(settings: Mapping[str, Any], usual: tuple[float, float]) -> tuple[float, float]:
    """What number is black and what white: as set, otherwise as usual."""
    return float(settings.get("low", usual[0])), float(settings.get("high", usual[1]))


def first_layer_directions(steps: Steps, latent: int, read: Read) -> DirectionSet | None:
    """SeFa of the weight that the latent meets first, with the cloud of the prior."""
    first = next(step for step in steps if isinstance(step, Linear | Conv))
    if first.inputs != latent:
        return None
    transposed = isinstance(first, Conv) and first.transposed
    return prior_cloud(sefa_first_layer(read(f"{first.name}.weight"), 0 if transposed else 1,
                                        min(DIRECTIONS, latent)), latent)


def prior_cloud(found: DirectionSet, latent: int) -> DirectionSet:
    """The same directions in the cloud N(0, I): an axis for each latent number."""
    if latent > _CLOUD_LIMIT:
        return found
    cloud = np.concatenate([np.zeros((1, latent)), np.eye(latent)]).astype(np.float32)
    far = distances(cloud, np.random.default_rng(0).standard_normal((_SAMPLES, latent)))
    return replace(found, cloud=cloud, cloud_typical=(float(np.median(far)), float(np.quantile(far, 0.99))))


def picture_words(picture: Plan) -> str:
    """"64 × 64, RGB"."""
    colours = {1: "grey", 3: "RGB", 4: "RGBA"}
    return f"{picture.side} × {picture.side}, {colours[picture.channels]}"


def activation_guesses(activation: ActivationWord, slope: float, output: ActivationWord,
                       bounds: tuple[float, float]) -> tuple[str, ...]:
    """What was assumed of activations, in sentences."""
    words = {"relu": "ReLU", "leaky": f"leaky ReLU with slope {slope:g}", "elu": "ELU", "silu": "SiLU", "gelu": "GELU",
             "sigmoid": "sigmoid", "tanh": "tanh", "none": "nothing"}
    return (f"Between layers stands {words[activation]}: weights do not show activations.",
            f"The picture leaves through {words[output]}; black is {bounds[0]:g} and white is {bounds[1]:g}.")
