"""Weights that no adapter knows: a sentence that tells what was seen in them, and what would help."""

from __future__ import annotations

from collections import Counter

from engine.errors import CheckpointError
from export.checkpoint.source import Checkpoint, ModelFolder, Source

_KINDS = {4: "convolution weights", 2: "matrices", 1: "vectors", 3: "one-dimensional convolution weights"}
_SHOWN = 3
_DISCRIMINATOR = ("disc", "netd", "critic", "to_logits", "adv_layer")
_OTHERS = (
    ("synthesis.input.", "StyleGAN3, which cannot be brought to ONNX yet"),
    ("lora_", "a LoRA: an addition to another model, not a model of its own"),
    ("control_model.", "a ControlNet in the layout of its authors; bring its diffusers folder"),
    ("model.diffusion_model.", "a Stable Diffusion checkpoint in one file; bring its diffusers folder"),
    ("quantize.embedding", "a VQ-VAE or VQGAN, whose pictures come from a table and not from a latent vector"),
    ("optimizer", "the state of an optimiser, not the weights of a network"),
)


def unknown(source: Source) -> CheckpointError:
    """The error to raise: what was seen, what would help."""
    name = source.path.name
    if isinstance(source, ModelFolder):
        held = ", ".join(part or "weights" for part in list(source.parts)[:6]) or "no weights"
        kind = str(source.index.get("_class_name") or source.index.get("model_type") or "no stated class")
        return CheckpointError(f"“{name}” is a {source.kind} folder of a kind that is not known here ({kind}): {held}.",
                               "Known are GPT-2, DDPM and Stable Diffusion. A model in ONNX form can be brought as it "
                               "is.", str(source.path))
    return CheckpointError(f"“{name}” holds weights of no known architecture: {seen(source)}.{_likely(source)}",
                           "Bring the network's class with --arch module:Class and its arguments with --args FILE, or "
                           "bring the model as ONNX.", str(source.path))


def seen(source: Checkpoint) -> str:
    """"12 convolution weights, 3 matrices, names like `down.0.weight`, 4.2 million numbers"."""
    counted = Counter(len(ref.shape) for ref in source.tensors.values())
    kinds = [f"{counted[rank]} {_KINDS[rank]}" for rank in (4, 3, 2, 1) if counted[rank]]
    names = [name for name in source if name.endswith("weight")] or list(source)
    step = max(1, len(names) // _SHOWN)
    shown = ", ".join(f"`{name[:60]}`" for name in names[::step][:_SHOWN])
    return ", ".join([*kinds, f"names like {shown}", f"{source.parameters() / 1e6:.1f} million numbers"])


def _likely(source: Checkpoint) -> str:
    """What it may be all the same."""
    for mark, words in _OTHERS:
        if any(mark in name for name in source):
            return f" It looks like {words}."
    if any(name.lower().startswith(_DISCRIMINATOR) for name in source) or _shrinks(source):
        return " It looks like a discriminator or classifier: pictures go in, numbers come out. Bring the generator."
    return ""


def _shrinks(source: Checkpoint) -> bool:
    """Whether the first kernel takes a picture and the last layer gives few numbers that are no picture."""
    kernels = [ref.shape for name, ref in source.tensors.items() if name.endswith("weight") and len(ref.shape) > 1]
    conv = [shape for shape in kernels if len(shape) == 4]  # noqa: PLR2004 - a kernel has four dimensions
    return bool(conv) and conv[0][1] in {1, 3} and kernels[-1][0] not in {3, 4} and kernels[-1][1] > kernels[-1][0]
