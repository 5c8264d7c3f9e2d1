"""What the manifest of a flow package must hold: the velocity, what it is told, and how a sample becomes a picture."""

from __future__ import annotations

from engine.packages.faults import Shape, expect, faulty, floating
from engine.packages.manifest import Manifest
from engine.packages.parts import Flow, Image

PALETTE = 5
"""Colours that a reader yields, OKLab."""


def check_flow(manifest: Manifest, subject: str) -> None:
    """Raise PackageError, naming the entry, when the parts do not fit together."""
    flow, image, velocity = manifest.flow, manifest.image, manifest.graphs.get("velocity")
    if flow is None or image is None or velocity is None:
        raise faulty(subject, "a flow package needs graphs.velocity, flow and image")
    if image.content not in ("material", "distance_field"):
        raise faulty(subject, "flow packages make materials or distance fields")
    told = _told(manifest, flow)
    if set(velocity.inputs) != {"sample", "time", *told} or "velocity" not in velocity.outputs:
        raise faulty(subject, f"the velocity graph should have the inputs sample, time, {', '.join(told)}, and the "
                              "output velocity")
    for role, shape in told.items():
        expect(velocity.inputs[role], shape, role, subject)
    sample = (None, flow.channels, None, None)
    for port in (velocity.inputs["sample"], velocity.outputs["velocity"]):
        if len(port.shape) != len(sample) or port.shape[1] != flow.channels:
            raise faulty(subject, f"the sample is not of {flow.channels} channels")
    floating(velocity, subject, whole=("condition",))
    if any(len(row) not in (1, flow.channels) for row in (flow.scale, flow.shift)):
        raise faulty(subject, "scale and shift are one number, or one for each channel")
    if any(setting.low >= setting.high or not setting.low <= setting.default <= setting.high
           for setting in flow.settings):
        raise faulty(subject, "a setting's range is empty, or its default lies outside")
    if image.content == "material":
        _check_material(manifest, flow, image, subject)
    else:
        _check_drawing(manifest, flow, image, subject)


def _told(manifest: Manifest, flow: Flow) -> dict[str, Shape]:
    """What the velocity is told, by role."""
    classes, material = len(manifest.controls.classes), manifest.image and manifest.image.content == "material"
    told: dict[str, Shape] = {}
    if material:
        told["mix"] = (None, classes)
        if flow.settings:
            told["settings"] = (None, len(flow.settings))
        return told
    if manifest.prompt is not None:
        told["prompt"] = (None, manifest.prompt.dim)
    if classes:
        told["condition"] = (None,)
    return told


def _check_material(manifest: Manifest, flow: Flow, image: Image, subject: str) -> None:
    """Tone and height that tile; a reader where there is a prompt."""
    if flow.channels != 2 or not image.tileable or not manifest.controls.classes:  # noqa: PLR2004 - tone and height
        raise faulty(subject, "a material has two channels, tone and height, is tileable, and has classes")
    if flow.width % flow.multiple or flow.height % flow.multiple:
        raise faulty(subject, "the size of a tile is not a multiple of its step")
    if not {*flow.figures, *flow.hollows} <= {entry.id for entry in manifest.controls.classes}:
        raise faulty(subject, "a figure or a hollow is not one of the classes")
    reader = manifest.graphs.get("reader")
    if (reader is None) != (manifest.prompt is None):
        raise faulty(subject, "a prompt needs a reader, and a reader a prompt")
    if reader is None or manifest.prompt is None:
        return
    wanted: dict[str, Shape] = {"mix": (None, len(manifest.controls.classes)), "settings": (None, len(flow.settings)),
                                "palette": (None, PALETTE, 3)}
    if set(reader.inputs) != {"prompt"} or not set(wanted) <= set(reader.outputs):
        raise faulty(subject, "the reader takes a prompt and yields mix, settings and palette")
    expect(reader.inputs["prompt"], (None, manifest.prompt.dim), "prompt", subject)
    for role, shape in wanted.items():
        expect(reader.outputs[role], shape, role, subject)


def _check_drawing(manifest: Manifest, flow: Flow, image: Image, subject: str) -> None:
    """A decoder from latents to one field."""
    decoder = manifest.graphs.get("decoder")
    if decoder is None or manifest.field is None or "latent" not in decoder.inputs or "image" not in decoder.outputs:
        raise faulty(subject, "a drawing needs graphs.decoder from latent to image, and field")
    expect(decoder.inputs["latent"], (None, flow.channels, flow.height, flow.width), "latent", subject)
    expect(decoder.outputs["image"], (None, 1, image.height, image.width), "image", subject)
    floating(decoder, subject)
