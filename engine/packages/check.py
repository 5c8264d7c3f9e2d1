"""What the types cannot say: the parts of one manifest must agree with each other before any file is opened."""

from __future__ import annotations

from engine.packages.check_families import FAMILY_RULES
from engine.packages.faults import expect, faulty, floating
from engine.packages.manifest import Manifest
from engine.packages.names import MANIFEST, check_distinct, check_name, shown
from engine.packages.parts import ListedFile

RESERVED_CONTROLS = frozenset({
    "seed", "variety", "mode", "text", "character", "ink", "paper", "size", "scale", "kind", "point", "plane_x",
    "plane_y", "psi", "cutoff", "mix_amount", "mix_seed", "mix_from", "mix_to", "noise", "noise_seed",
    "noise_strength", "prompt", "model", "row", "file", "name", "package", "digest", "version", "fingerprint"})
"""Names that families and tables use themselves; a direction may not take one."""

LARGEST_GRAPH = 2 << 30
"""Bytes that protobuf can read; weights beyond that lie in a file beside the graph."""

DIRECTIONS, CLOUD = "directions.npy", "cloud.npy"


def check_manifest(manifest: Manifest, subject: str) -> None:
    """Raise PackageError, naming the entry, when the manifest contradicts itself."""
    _check_files(manifest, subject)
    _check_directions(manifest, subject)
    _check_glyphs(manifest, subject)
    _check_latent(manifest, subject)
    _check_encoder(manifest, subject)
    if manifest.image and not manifest.image.range[0] < manifest.image.range[1]:
        raise faulty(subject, "the picture's range is empty")
    rules = FAMILY_RULES.get(manifest.family)
    if rules is not None:
        rules(manifest, subject)


def _check_files(manifest: Manifest, subject: str) -> None:
    """Plain distinct names; weights that several graphs share are listed alike by each."""
    external: dict[str, ListedFile] = {}
    for graph in manifest.graphs.values():
        for name, listed in graph.external.items():
            if external.setdefault(name, listed) != listed:
                raise faulty(subject, f"two graphs describe the weights “{shown(name)}” differently")
    names = [*(graph.file for graph in manifest.graphs.values()), *external, *manifest.files]
    for name in names:
        check_name(name, subject)
    check_distinct([*names, MANIFEST], subject)
    for graph in manifest.graphs.values():
        if not graph.file.endswith(".onnx"):
            raise faulty(subject, f"the graph “{shown(graph.file)}” is not an .onnx file")
        if graph.bytes >= LARGEST_GRAPH:
            raise faulty(subject, f"the graph “{shown(graph.file)}” is larger than 2 GB, which no ONNX file may be")
    if manifest.preview is not None and manifest.preview not in manifest.files:
        raise faulty(subject, "the preview is not among its files")


def _check_directions(manifest: Manifest, subject: str) -> None:
    """Distinct ids that no family uses; a range around zero; a file to read the rows from; rows of one space."""
    seen: set[str] = set()
    for direction in manifest.controls.directions:
        if direction.id in seen or direction.id in RESERVED_CONTROLS:
            raise faulty(subject, f"the direction name “{direction.id}” is taken")
        seen.add(direction.id)
        if not direction.range[0] < 0 < direction.range[1]:
            raise faulty(subject, f"the range of the direction “{direction.id}” does not contain 0")
        space = "w" if manifest.family == "stylegan2" else "z"
        if direction.space != space:
            raise faulty(subject, f"the direction “{direction.id}” is in the space {direction.space}, not {space}")
        rows = manifest.stylegan2.rows if manifest.stylegan2 else 0
        if direction.layers and not 0 <= direction.layers[0] <= direction.layers[1] < rows:
            raise faulty(subject, f"the layers of the direction “{direction.id}” are not among the model's {rows}")
    if seen and DIRECTIONS not in manifest.files:
        raise faulty(subject, f"it declares directions but has no {DIRECTIONS}")
    ids = [entry.id for entry in manifest.controls.classes]
    if len(set(ids)) != len(ids):
        raise faulty(subject, "two classes have the same id")


def _check_glyphs(manifest: Manifest, subject: str) -> None:
    """An alphabet needs a distance field, distinct visible characters and metrics inside the field."""
    glyphs, image, field = manifest.glyphs, manifest.image, manifest.field
    if image and image.content == "distance_field" and (field is None or image.channels != 1):
        raise faulty(subject, "a distance field needs one channel and a spread")
    if glyphs is None:
        return
    if image is None or image.content != "distance_field":
        raise faulty(subject, "glyphs need a picture with the content distance_field")
    if len(set(glyphs.characters)) != len(glyphs.characters):
        raise faulty(subject, "a character is listed twice")
    if any(not c.isprintable() or c.isspace() for c in glyphs.characters):
        raise faulty(subject, "the characters contain blanks or control characters")
    if not (0 < glyphs.baseline <= image.height and 0 <= glyphs.origin < image.width
            and glyphs.cap_height <= image.height and glyphs.ascent + glyphs.descent > 0):
        raise faulty(subject, "the letter measures lie outside the field")


def _check_latent(manifest: Manifest, subject: str) -> None:
    """The mean is a point of the space that truncation works in; a cloud comes with its file."""
    latent = manifest.latent
    if latent is None:
        return
    wanted = manifest.stylegan2.w_dim if manifest.stylegan2 else latent.dim
    if latent.mean is not None and len(latent.mean) != wanted:
        raise faulty(subject, f"the latent mean has {len(latent.mean)} numbers, not {wanted}")
    if latent.cloud is not None and CLOUD not in manifest.files:
        raise faulty(subject, f"it describes a training cloud but has no {CLOUD}")
    if latent.cloud is not None and not latent.cloud.typical <= latent.cloud.far:
        raise faulty(subject, "the typical distance in the training cloud is larger than the far one")


def _check_encoder(manifest: Manifest, subject: str) -> None:
    """graphs.encoder: a picture of the stated size in, and the mean of a latent point out."""
    encoder, graph, image = manifest.encoder, manifest.graphs.get("encoder"), manifest.image
    if encoder is None and (graph is None or manifest.embedding is not None):
        return    # an embedding's encoder reads sentences; its family's own rules judge it
    if encoder is None or graph is None or image is None or manifest.glyphs is not None:
        raise faulty(subject, "an encoder needs graphs.encoder, encoder and image, and no glyphs")
    if not encoder.range[0] < encoder.range[1]:
        raise faulty(subject, "the range of the encoder's picture is empty")
    if encoder.channels != image.channels:
        raise faulty(subject, "the encoder and the picture differ in their channels")
    if set(graph.inputs) != {"image"} or "mean" not in graph.outputs:
        raise faulty(subject, "the encoder's one input is image, and it has an output mean")
    sides = (encoder.height, encoder.width)
    shape = (encoder.channels, *sides) if image.layout == "NCHW" else (*sides, encoder.channels)
    expect(graph.inputs["image"], (None, *shape), "image", subject)
    floating(graph, subject)
