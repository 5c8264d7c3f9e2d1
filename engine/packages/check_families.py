"""What each family's manifest must hold: graphs by role, their ports by role, and the shapes that follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.packages.check_diffusion import check_diffusion
from engine.packages.check_flow import check_flow
from engine.packages.faults import Shape, expect, faulty, floating
from engine.packages.manifest import Manifest
from engine.packages.parts import Graph, Image, StyleGAN2

NOISE = "noise.npz"
MAX_CLASSES = 4096


def _check_decoder(manifest: Manifest, subject: str) -> None:
    """One graph, latent in, image out, a condition where there is something to choose; perhaps an encoder."""
    graph, latent, image = manifest.graphs.get("decoder"), manifest.latent, manifest.image
    if graph is None or latent is None or image is None:
        raise faulty(subject, "a decoder package needs graphs.decoder, latent and image")
    inputs, outputs = graph.inputs, graph.outputs
    if "latent" not in inputs or "image" not in outputs or not set(inputs) <= {"latent", "condition"}:
        raise faulty(subject, "the decoder's inputs are latent and condition, its first output is image")
    expect(inputs["latent"], (None, latent.dim), "latent", subject)
    expect(outputs["image"], _picture(image), "image", subject)
    if "condition" in inputs:
        expect(inputs["condition"], (None,), "condition", subject)
    if "advance" in outputs:
        expect(outputs["advance"], (None,), "advance", subject)
    if "middle" in outputs:
        expect(outputs["middle"], (None,), "middle", subject)
    conditioned = manifest.glyphs is not None or bool(manifest.controls.classes)
    if conditioned != ("condition" in inputs):
        raise faulty(subject, "a condition input needs glyphs or classes, and the other way round")
    if manifest.glyphs is not None and ("advance" not in outputs or manifest.controls.classes):
        raise faulty(subject, "glyphs need an advance output and no classes")
    if (image.content == "distance_field") != (manifest.glyphs is not None):
        raise faulty(subject, "a distance field needs glyphs")
    if "encoder" in manifest.graphs:
        expect(manifest.graphs["encoder"].outputs["mean"], (None, latent.dim), "mean", subject)


def _check_stylegan2(manifest: Manifest, subject: str) -> None:
    """Mapping and synthesis, perhaps a preview of the first rows, an encoder, and the constants of the noise."""
    latent, image, sizes = manifest.latent, manifest.image, manifest.stylegan2
    mapping, synthesis = manifest.graphs.get("mapping"), manifest.graphs.get("synthesis")
    if latent is None or image is None or sizes is None or mapping is None or synthesis is None:
        raise faulty(subject, "a stylegan2 package needs graphs.mapping, graphs.synthesis, latent, image and stylegan2")
    if image.content != "color" or latent.mean is None:
        raise faulty(subject, "a stylegan2 package draws in colour or grey, and knows its mean w")
    _ports(mapping, "mapping", {"z": (None, latent.dim), **({"condition": (None,)} if sizes.classes else {})},
           {"w": (None, sizes.w_dim)}, subject)
    floating(mapping, subject, whole=("condition",))
    named = len(manifest.controls.classes)
    if sizes.classes > MAX_CLASSES or named not in (0, sizes.classes):
        raise faulty(subject, f"it has {sizes.classes} classes and names {named} of them (at most {MAX_CLASSES})")
    noises = {noise.role: (None, 1, noise.height, noise.width) for noise in sizes.noise}
    if len(noises) != len(sizes.noise) or "ws" in noises:
        raise faulty(subject, "two inputs of the synthesis have the same role")
    if noises and NOISE not in manifest.files:
        raise faulty(subject, f"it has noise inputs but no {NOISE}")
    _ports(synthesis, "synthesis", {"ws": (None, sizes.rows, sizes.w_dim), **noises}, {"image": _picture(image)},
           subject)
    floating(synthesis, subject)
    _check_preview(manifest.graphs.get("preview"), sizes, image, noises, subject)
    if "encoder" in manifest.graphs:
        mean = manifest.graphs["encoder"].outputs["mean"]
        rows = (sizes.rows, sizes.w_dim) if len(mean.shape) == 3 else (sizes.w_dim,)  # noqa: PLR2004 - w+
        expect(mean, (None, *rows), "mean", subject)


def _check_preview(graph: Graph | None, sizes: StyleGAN2, image: Image, noises: Mapping[str, Shape],
                   subject: str) -> None:
    """The quick graph takes the first rows and the first noises, and its picture is smaller."""
    if graph is None:
        if sizes.preview_rows or sizes.preview_side:
            raise faulty(subject, "it describes a preview but has no graphs.preview")
        return
    side = sizes.preview_side
    if not 1 <= sizes.preview_rows <= sizes.rows or not 1 <= side <= image.width:
        raise faulty(subject, "the preview's rows or side are not within those of the picture")
    first = dict(list(noises.items())[:len(graph.inputs) - 1])
    _ports(graph, "preview", {"ws": (None, sizes.preview_rows, sizes.w_dim), **first},
           {"image": _picture(image, side, image.height * side // image.width)}, subject)
    floating(graph, subject)


def _check_text(manifest: Manifest, subject: str) -> None:
    """graphs.step with tokens and state in, logits and state out; the tokenizer among the files."""
    text, step = manifest.text, manifest.graphs.get("step")
    if text is None or step is None:
        raise faulty(subject, "a text package needs graphs.step and text")
    if "tokens" not in step.inputs or "logits" not in step.outputs:
        raise faulty(subject, "the step needs an input tokens and an output logits")
    if len(step.inputs["tokens"].shape) != 2 or len(step.outputs["logits"].shape) != 3:  # noqa: PLR2004
        raise faulty(subject, "the tokens should be [batch, time], the logits [batch, time, vocabulary]")
    if step.outputs["logits"].shape[-1] != text.vocabulary:
        raise faulty(subject, f"the logits are not of the vocabulary's {text.vocabulary} tokens")
    if not set(text.state) <= set(step.inputs) or not set(text.state.values()) <= set(step.outputs):
        raise faulty(subject, "the state names inputs or outputs that the step does not have")
    others = set(step.inputs) - {"tokens", "mask", "positions", "cached"} - set(text.state)
    if others:
        raise faulty(subject, f"the step has the input {min(others)}, which is neither tokens nor state")
    if any(token >= text.vocabulary or token < 0 for token in (*text.stop, text.start or 0)):
        raise faulty(subject, "it begins or ends texts with a token that the vocabulary does not have")
    if len({mode.id for mode in text.modes}) != len(text.modes):
        raise faulty(subject, "two of its modes have the same id")
    if text.tokenizer is not None and text.tokenizer not in manifest.files:
        raise faulty(subject, "the tokenizer is not among its files")


def _check_embedding(manifest: Manifest, subject: str) -> None:
    """graphs.encoder with tokens and mask in, one vector a sentence out; the tokenizer among the files."""
    embedding, graph = manifest.embedding, manifest.graphs.get("encoder")
    if embedding is None or graph is None:
        raise faulty(subject, "an embedding package needs graphs.encoder and embedding")
    _ports(graph, "encoder", {"tokens": (None, None), "mask": (None, None)}, {"vector": (None, embedding.dim)}, subject)
    floating(graph, subject, whole=("tokens", "mask"))
    if embedding.tokenizer not in manifest.files:
        raise faulty(subject, "the tokenizer is not among its files")


def _check_palette(manifest: Manifest, subject: str) -> None:
    """A reader of prompts and a judge of palettes; names and their vectors among the files."""
    palette, prompt = manifest.palette, manifest.prompt
    reader, judge = manifest.graphs.get("reader"), manifest.graphs.get("judge")
    if palette is None or prompt is None or reader is None or judge is None:
        raise faulty(subject, "a palette package needs graphs.reader, graphs.judge, palette and prompt")
    modes = (None, None, 3)
    _ports(reader, "reader", {"prompt": (None, prompt.dim)},
           {"query": (None, palette.dim), "weights": (None, None), "means": modes, "spreads": modes}, subject)
    _ports(judge, "judge", {"colors": (None, None, 3)}, {"score": (None,)}, subject)
    floating(reader, subject)
    floating(judge, subject)
    if palette.names not in manifest.files or palette.vectors not in manifest.files:
        raise faulty(subject, "the names or their vectors are not among its files")


def _ports(graph: Graph, name: str, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape], subject: str) -> None:
    """Exactly these inputs, at least these outputs, each of its shape."""
    if set(graph.inputs) != set(inputs) or not set(outputs) <= set(graph.outputs):
        raise faulty(subject, f"the {name} graph should have the inputs {', '.join(inputs)} and the output "
                              f"{', '.join(outputs)}")
    for role, shape in inputs.items():
        expect(graph.inputs[role], shape, role, subject)
    for role, shape in outputs.items():
        expect(graph.outputs[role], shape, role, subject)


def _picture(image: Image, width: int | None = None, height: int | None = None) -> Shape:
    """The shape of a batch of pictures, of the image's own size or another."""
    sides = (height or image.height, width or image.width)
    return (None, image.channels, *sides) if image.layout == "NCHW" else (None, *sides, image.channels)


FAMILY_RULES: dict[str, Callable[[Manifest, str], None]] = {
    "decoder": _check_decoder,
    "stylegan2": _check_stylegan2,
    "text": _check_text,
    "diffusion": check_diffusion,
    "embedding": _check_embedding,
    "flow": check_flow,
    "palette": _check_palette,
}
