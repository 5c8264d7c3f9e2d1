"""How a plain GAN generator runs, as far as its weights tell: one chain of layers from a vector to a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from export.adapters.layers import Layer, layers_of
from export.adapters.planning import Habits, Plan, decoders, set_by_hand
from export.checkpoint.source import Checkpoint

if TYPE_CHECKING:
    from export.nets.dcgan import Way

OPEN = ("activation", "slope", "output", "eps", "side", "low", "high")
"""What a person may set because the weights leave it open."""
LARGEST_LATENT = 4096
FEWEST_LAYERS = 2


@dataclass(frozen=True)
class GanPlan:
    """Everything that is needed to build it."""

    layers: tuple[Layer, ...]
    layout: str
    sure: bool                               # a layout with a name, not just any chain that fits
    habits: Habits
    picture: Plan
    latent: int
    embedding: Layer | None = None
    way: Way = "beside"

    @property
    def range(self) -> tuple[float, float]:
        """Black and white of its pictures."""
        return (0.0, 1.0) if self.habits.output == "sigmoid" else (-1.0, 1.0)


def planned(source: Checkpoint, settings: Mapping[str, Any]) -> GanPlan | None:
    """The first plan that fits; `settings` overrule habits. None where the layers are no such chain."""
    for plan in _candidates(source, settings):
        if plan.picture.side == settings.get("side", plan.picture.side):
            return plan
    return None


def _candidates(source: Checkpoint, settings: Mapping[str, Any]) -> Iterator[GanPlan]:
    """Plans in the order that names suggest, then in the order of the file."""
    for as_stored in (False, True):
        found = layers_of(source, as_stored=as_stored)
        embeddings = [layer for layer in found if layer.kind == "embedding"]
        layers = tuple(layer for layer in found if layer.kind != "embedding")
        if len(layers) < FEWEST_LAYERS or len(embeddings) > 1:
            return
        inputs = _inputs(layers[0])
        latent, embedding, way = _latent(inputs, embeddings)
        if not 0 < latent <= LARGEST_LATENT:
            continue
        layout, sure, usual = _layout(source, layers)
        habits = set_by_hand(usual, settings)
        for picture in decoders(layers, inputs, habits):
            if picture.channels * picture.side ** 2 > latent:
                yield GanPlan(layers, layout, sure, habits, picture, latent, embedding, way)


def _inputs(layer: Layer) -> int:
    """How many numbers the first layer takes."""
    if layer.kind == "linear":
        return layer.shape[1]
    return layer.shape[0] if layer.kind == "conv" else 0


def _latent(inputs: int, embeddings: list[Layer]) -> tuple[int, Layer | None, Way]:
    """The length of z, once the class's vector is taken off the input."""
    if not embeddings:
        return inputs, None, "beside"
    numbers = embeddings[0].shape[1]
    return (inputs, embeddings[0], "times") if numbers == inputs else (inputs - numbers, embeddings[0], "beside")


def _layout(source: Checkpoint, layers: tuple[Layer, ...]) -> tuple[str, bool, Habits]:
    """The public layout that the names are known from, whether that is sure, and what its programs do."""
    names = set(source)
    if "preprocess.0.weight" in names and "deconv_out.weight" in names:
        return _wgan(layers)
    if "l1.0.weight" in names and any(name.startswith("conv_blocks.") for name in names):
        # Its authors give batch norm a second argument of 0.8, which is its eps.
        return "l1 / conv_blocks (upsampling)", True, Habits("leaky", 0.2, "tanh", eps=0.8)
    if all(layer.kind in {"linear", "norm"} for layer in layers) and layers[0].name == "model.0":
        return "model.0 ... (matrices only)", True, Habits("leaky", 0.2, "tanh", eps=0.8)
    sure = layers[0].name in {"main.0", "model.0", "net.0", "gen.0", "layers.0"} and layers[0].kind == "conv"
    return ("main.0 ... (DCGAN)" if sure else "a chain of layers"), sure, Habits("relu", output="tanh")


def _wgan(layers: tuple[Layer, ...]) -> tuple[str, bool, Habits]:
    """The layout of WGAN-GP: colour pictures by doubling, digits by unpadded kernels and a crop."""
    kernels = tuple(layer.shape[2] for layer in layers if layer.kind == "conv")
    layout = "preprocess / block / deconv_out (WGAN-GP)"
    if kernels == (5, 5, 8):
        return layout, True, Habits("relu", output="sigmoid", crop=(8, 7), strides=(1, 1, 2))
    return layout, True, Habits("relu", output="tanh")
