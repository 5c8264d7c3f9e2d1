"""Variational autoencoders: fully connected and convolutional, decoder and encoder, from the usual names of layers.

Kingma and Welling (2014). Sizes come from the weights; what weights do not hold (activations, strides) is taken from
the habit of the layout and told as a guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import CheckpointError
from export.adapters.base import Built, Detection, DirectionSet, Part, Slot
from export.adapters.layers import Layer
from export.adapters.picture_parts import (
    BATCHES,
    DIRECTIONS,
    activation_guesses,
    bounds_of,
    class_entries,
    decoder_part,
    first_layer_directions,
    picture_manifest,
    picture_words,
    prior_cloud,
    reader,
)
from export.adapters.vae_plan import OPEN, VaePlan, planned
from export.checkpoint.source import Checkpoint, Source
from export.nets.steps import Linear

if TYPE_CHECKING:
    from torch import nn

    from export.nets.stack import Read
    from export.nets.vae import Encoder

_SAMPLES = 2048
_PIXELS = 1 << 23  # pixels that may be drawn to find directions
_FEWEST = 64
_CHUNK = 32


class Vae:
    """`fc1 / fc21 / fc22 / fc3 / fc4`, `encoder / fc_mu / fc_var / decoder_input / decoder`, and their kin."""

    name = "vae"
    open = OPEN

    def detect(self, source: Source) -> Detection | None:
        """What the names and shapes say."""
        plan = planned(source, {}) if isinstance(source, Checkpoint) else None
        if plan is None:
            return None
        convolutional = any(layer.kind == "conv" for layer in plan.roles.decoder)
        what = f"{'Convolutional' if convolutional else 'Fully connected'} VAE{'' if plan.trunk else ' decoder'}"
        title = f"{what}, {picture_words(plan.picture)}, {plan.roles.latent} latent numbers"
        if plan.roles.embedding is not None:
            title += f", {plan.roles.embedding.shape[0]} classes"
        return Detection(self.name, "decoder", title, _reasons(plan), _sizes(plan), 0.95 if plan.trunk else 0.7,
                         _guesses(plan, convolutional=convolutional))

    def build(self, source: Source, detection: Detection) -> Built:
        """Decoder and, where it fits, encoder. Raises CheckpointError when no plan fits what was set by hand."""
        plan = planned(source, detection.sizes) if isinstance(source, Checkpoint) else None
        if plan is None or not isinstance(source, Checkpoint):
            raise CheckpointError("The layers of this VAE do not fit together with these settings.",
                                  "Leave out what was set by hand, or bring its class with --arch module:Class.")
        from export.nets.stack import Stack

        read = reader(source)
        bounds = bounds_of(detection.sizes, plan.range)
        latent, picture = plan.roles.latent, plan.picture
        steps = picture.finished(plan.habits.output)
        network, classes = _network(plan, read)
        parts = [decoder_part(network, Stack(steps, read), latent, picture, bounds, classes)]
        manifest = picture_manifest(latent, picture, bounds)
        if classes:
            manifest["controls"] = {"classes": class_entries(classes)}
        directions = first_layer_directions(steps, latent, read)
        if plan.trunk is not None and plan.roles.mean is not None:
            encoder = _encoder(plan, plan.roles.mean, read)
            parts.append(_encoder_part(encoder, plan, bounds))
            manifest["encoder"] = {"width": picture.side, "height": picture.side, "channels": picture.channels,
                                   "range": list(bounds)}
            directions = _directions(parts[0].module, encoder, latent, picture.side, classes)
        return Built(tuple(parts), manifest, directions=directions)


def _reasons(plan: VaePlan) -> tuple[str, ...]:
    """What was seen."""
    roles = plan.roles
    heads: tuple[str, ...] = ()
    if roles.mean is not None:
        names = f"`{roles.mean.name}`" + (f" and `{roles.spread.name}`" if roles.spread else "")
        heads = (f"{names} give mean and log variance of {roles.latent} numbers",)
    way = f"{len(roles.decoder)} layers lead from them to {picture_words(plan.picture)} pixels"
    classes = ""
    if roles.embedding is not None:
        numbers = roles.embedding.shape[1]
        classes = f" and {numbers} numbers of `{roles.embedding.name}` in front of them"
    return (*heads, f"`{roles.decoder[0].name}` takes {roles.latent} numbers{classes}", way)


def _guesses(plan: VaePlan, *, convolutional: bool) -> tuple[str, ...]:
    """What was not seen."""
    guesses = activation_guesses(plan.habits.activation, plan.habits.slope, plan.habits.output, plan.range)
    if convolutional:
        guesses += ("Strides and padding are the usual ones of each kernel: weights do not show them.",)
    if plan.roles.mean is not None and plan.trunk is None:
        guesses += ("The encoder’s sizes do not fit the decoder’s picture: it is left out.",)
    return guesses


def _sizes(plan: VaePlan) -> dict[str, int | float | str]:
    """What was read from the weights, and the habits that a person may overrule."""
    habits, picture = plan.habits, plan.picture
    return {"latent": plan.roles.latent, "side": picture.side, "channels": picture.channels,
            "activation": habits.activation, "slope": habits.slope, "output": habits.output, "eps": habits.eps,
            "low": plan.range[0], "high": plan.range[1]}


def _network(plan: VaePlan, read: Read) -> tuple[Callable[[nn.Module], nn.Module], int]:
    """What makes the decoder of a stack, and how many classes it knows."""
    from export.nets.stack import Decoder

    if plan.roles.embedding is None:
        return Decoder, 0
    import torch

    from export.nets.dcgan import ClassDecoder

    table = torch.from_numpy(read(f"{plan.roles.embedding.name}.weight").copy())
    return partial(ClassDecoder, embedding=table, way="beside"), len(table)


def _encoder(plan: VaePlan, mean: Layer, read: Read) -> Encoder:
    """The encoder with its heads; a convolution over all that is left is the same as a matrix."""
    from export.nets.stack import Stack
    from export.nets.vae import Encoder

    def head(layer: Layer) -> Stack:
        return Stack((Linear(layer.name, math.prod(layer.shape[1:]), layer.shape[0], layer.bias),), read)

    spread = plan.roles.spread
    return Encoder(Stack(plan.trunk or (), read), head(mean), head(spread) if spread else None,
                   2.0 if plan.roles.deviation else 1.0).eval()


def _encoder_part(encoder: Encoder, plan: VaePlan, bounds: tuple[float, float]) -> Part:
    """`encoder`: pictures to mean and log variance."""
    picture, latent = plan.picture, plan.roles.latent

    def pictures(dice: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        return dice.uniform(*bounds, shape).astype(np.float32)

    return Part("encoder", encoder,
                (Slot("image", "float32", ("batch", picture.channels, picture.side, picture.side), pictures),),
                (Slot("mean", "float32", ("batch", latent)), Slot("log_variance", "float32", ("batch", latent))),
                example={"batch": 2}, trials=BATCHES)


def _directions(drawing: Any, encoder: Encoder, latent: int, side: int, classes: int) -> DirectionSet:
    """Principal components of what the encoder says of pictures drawn from the prior, in the cloud of the prior.

    Its means are no cloud to judge by: in numbers that the pictures hardly use, every seed would count as far out.
    """
    import torch

    from export.directions.naming import OVERALL
    from export.directions.pca import pca_directions

    count = max(_FEWEST, min(_SAMPLES, _PIXELS // side ** 2)) // _CHUNK * _CHUNK
    points = np.random.default_rng(0).standard_normal((count, latent), np.float32)
    kinds = (torch.arange(_CHUNK) % classes,) if classes else ()
    with torch.no_grad():
        means = np.concatenate([encoder(drawing(torch.from_numpy(points[start:start + _CHUNK]), *kinds)[0])[0].numpy()
                                for start in range(0, count, _CHUNK)])
    group = replace(OVERALL, count=min(DIRECTIONS, latent))
    return prior_cloud(pca_directions(means, "z", group), latent)
