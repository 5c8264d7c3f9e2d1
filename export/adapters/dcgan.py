"""DCGAN, WGAN-GP and other plain generators: a chain of layers from a vector to a picture, perhaps with classes.

Radford, Metz and Chintala (2016); Gulrajani et al. (2017). Sizes come from the weights; what they do not hold is taken
from the habit of the layout and told as a guess.
"""

from __future__ import annotations

from functools import partial

from engine.errors import CheckpointError
from export.adapters.base import Built, Detection
from export.adapters.dcgan_plan import OPEN, GanPlan, planned
from export.adapters.picture_parts import (
    activation_guesses,
    bounds_of,
    class_entries,
    decoder_part,
    first_layer_directions,
    picture_manifest,
    picture_words,
    reader,
)
from export.checkpoint.source import Checkpoint, Source


class Dcgan:
    """`main.0 ...`, `l1 / conv_blocks`, `preprocess / block / deconv_out`, and any other chain that fits."""

    name = "dcgan"
    open = OPEN

    def detect(self, source: Source) -> Detection | None:
        """What the names and shapes say."""
        plan = planned(source, {}) if isinstance(source, Checkpoint) else None
        if plan is None:
            return None
        habits, picture = plan.habits, plan.picture
        title = f"GAN generator, {picture_words(picture)}, {plan.latent} latent numbers"
        if plan.embedding is not None:
            title += f", {plan.embedding.shape[0]} classes"
        sizes = {"latent": plan.latent, "side": picture.side, "channels": picture.channels,
                 "classes": plan.embedding.shape[0] if plan.embedding else 0, "activation": habits.activation,
                 "slope": habits.slope, "output": habits.output, "eps": habits.eps, "low": plan.range[0],
                 "high": plan.range[1]}
        guesses = activation_guesses(habits.activation, habits.slope, habits.output, plan.range)
        if any(layer.kind == "conv" for layer in plan.layers):
            guesses += ("Strides and padding are the usual ones of each kernel: weights do not show them.",)
        if plan.embedding is not None and plan.way == "beside":
            guesses += ("The class’s numbers stand in front of the latent ones.",)
        return Detection(self.name, "decoder", title, _reasons(plan), sizes, 0.9 if plan.sure else 0.6, guesses)

    def build(self, source: Source, detection: Detection) -> Built:
        """The generator. Raises CheckpointError when no plan fits what was set by hand."""
        plan = planned(source, detection.sizes) if isinstance(source, Checkpoint) else None
        if plan is None or not isinstance(source, Checkpoint):
            raise CheckpointError("The layers of this generator do not fit together with these settings.",
                                  "Leave out what was set by hand, or bring its class with --arch module:Class.")
        import torch

        from export.nets.dcgan import ClassDecoder
        from export.nets.stack import Decoder, Stack

        read = reader(source)
        bounds = bounds_of(detection.sizes, plan.range)
        steps = plan.picture.finished(plan.habits.output)
        stack = Stack(steps, read)
        manifest = picture_manifest(plan.latent, plan.picture, bounds)
        directions = first_layer_directions(steps, plan.latent, read)
        if plan.embedding is None:
            part = decoder_part(Decoder, stack, plan.latent, plan.picture, bounds)
            return Built((part,), manifest, directions=directions)
        classes = plan.embedding.shape[0]
        table = torch.from_numpy(read(f"{plan.embedding.name}.weight").copy())
        part = decoder_part(partial(ClassDecoder, embedding=table, way=plan.way), stack, plan.latent, plan.picture,
                            bounds, classes)
        manifest["controls"] = {"classes": class_entries(classes)}
        return Built((part,), manifest, directions=directions)


def _reasons(plan: GanPlan) -> tuple[str, ...]:
    """What was seen."""
    shape = " × ".join(str(size) for size in plan.layers[0].shape)
    reasons = (f"`{plan.layers[0].name}.weight` is {shape}: it takes a vector",
               f"{len(plan.layers)} layers lead from it to {picture_words(plan.picture)} pixels, every size fits",
               f"the names are laid out as {plan.layout}")
    if plan.embedding is None:
        return reasons
    classes, numbers = plan.embedding.shape
    return (*reasons, f"`{plan.embedding.name}` holds {numbers} numbers for each of {classes} classes")
