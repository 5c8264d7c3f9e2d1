"""What the types cannot say: the parts of one manifest must agree with each other before any file is opened."""

from __future__ import annotations

from engine.errors import PackageError
from engine.packages.manifest import Manifest
from engine.packages.names import MANIFEST, check_distinct, check_name, shown
from engine.packages.parts import Port

RESERVED_CONTROLS = frozenset({"seed", "variety", "mode", "text", "character", "ink", "paper", "size", "scale", "kind",
                               "model", "row", "file", "name", "package", "digest", "version"})
"""Names that families and tables use themselves; a direction may not take one."""


def check_manifest(manifest: Manifest, subject: str) -> None:
    """Raise PackageError, naming the entry, when the manifest contradicts itself."""
    names = [graph.file for graph in manifest.graphs.values()] + list(manifest.files)
    for name in names:
        check_name(name, subject)
    check_distinct([*names, MANIFEST], subject)
    for graph in manifest.graphs.values():
        if not graph.file.endswith(".onnx"):
            raise _faulty(subject, f"the graph “{shown(graph.file)}” is not an .onnx file")
    if manifest.preview is not None and manifest.preview not in manifest.files:
        raise _faulty(subject, "the preview is not among its files")
    _check_directions(manifest, subject)
    _check_glyphs(manifest, subject)
    if manifest.latent and manifest.latent.mean is not None and len(manifest.latent.mean) != manifest.latent.dim:
        raise _faulty(subject, f"the latent mean has {len(manifest.latent.mean)} numbers, not {manifest.latent.dim}")
    if manifest.image and not manifest.image.range[0] < manifest.image.range[1]:
        raise _faulty(subject, "the picture's range is empty")
    if manifest.family == "decoder":
        _check_decoder(manifest, subject)


def _check_directions(manifest: Manifest, subject: str) -> None:
    """Distinct ids that no family uses; a range around zero; a file to read the rows from."""
    seen: set[str] = set()
    for direction in manifest.controls.directions:
        if direction.id in seen or direction.id in RESERVED_CONTROLS:
            raise _faulty(subject, f"the direction name “{direction.id}” is taken")
        seen.add(direction.id)
        if not direction.range[0] < 0 < direction.range[1]:
            raise _faulty(subject, f"the range of the direction “{direction.id}” does not contain 0")
    if seen and "directions.npy" not in manifest.files:
        raise _faulty(subject, "it declares directions but has no directions.npy")
    ids = [entry.id for entry in manifest.controls.classes]
    if len(set(ids)) != len(ids):
        raise _faulty(subject, "two classes have the same id")


def _check_glyphs(manifest: Manifest, subject: str) -> None:
    """An alphabet needs a distance field, distinct visible characters and metrics inside the field."""
    glyphs, image, field = manifest.glyphs, manifest.image, manifest.field
    if image and image.content == "distance_field" and (field is None or image.channels != 1):
        raise _faulty(subject, "a distance field needs one channel and a spread")
    if glyphs is None:
        return
    if image is None or image.content != "distance_field":
        raise _faulty(subject, "glyphs need a picture with the content distance_field")
    if len(set(glyphs.characters)) != len(glyphs.characters):
        raise _faulty(subject, "a character is listed twice")
    if any(not c.isprintable() or c.isspace() for c in glyphs.characters):
        raise _faulty(subject, "the characters contain blanks or control characters")
    if not (0 < glyphs.baseline <= image.height and 0 <= glyphs.origin < image.width
            and glyphs.cap_height <= image.height and glyphs.ascent + glyphs.descent > 0):
        raise _faulty(subject, "the letter measures lie outside the field")


def _check_decoder(manifest: Manifest, subject: str) -> None:
    """The decoder family: one graph, latent in, image out, a condition where there is something to choose."""
    graph, latent, image = manifest.graphs.get("decoder"), manifest.latent, manifest.image
    if graph is None or latent is None or image is None:
        raise _faulty(subject, "a decoder package needs graphs.decoder, latent and image")
    inputs, outputs = graph.inputs, graph.outputs
    if "latent" not in inputs or "image" not in outputs or not set(inputs) <= {"latent", "condition"}:
        raise _faulty(subject, "the decoder's inputs are latent and condition, its first output is image")
    _expect(inputs["latent"], (None, latent.dim), "latent", subject)
    picture = ((None, image.channels, image.height, image.width) if image.layout == "NCHW"
               else (None, image.height, image.width, image.channels))
    _expect(outputs["image"], picture, "image", subject)
    if "condition" in inputs:
        _expect(inputs["condition"], (None,), "condition", subject)
    if "advance" in outputs:
        _expect(outputs["advance"], (None,), "advance", subject)
    conditioned = manifest.glyphs is not None or bool(manifest.controls.classes)
    if conditioned != ("condition" in inputs):
        raise _faulty(subject, "a condition input needs glyphs or classes, and the other way round")
    if manifest.glyphs is not None and ("advance" not in outputs or manifest.controls.classes):
        raise _faulty(subject, "glyphs need an advance output and no classes")
    if (image.content == "distance_field") != (manifest.glyphs is not None):
        raise _faulty(subject, "a distance field needs glyphs")


def _expect(port: Port, shape: tuple[int | None, ...], role: str, subject: str) -> None:
    """A port's shape: free or symbolic where `shape` says None, otherwise that number."""
    fits = len(port.shape) == len(shape) and all(
        isinstance(have, str) or have >= 1 if want is None else have == want
        for have, want in zip(port.shape, shape, strict=True))
    if not fits:
        wanted = ", ".join("batch" if size is None else str(size) for size in shape)
        raise _faulty(subject, f"the shape of “{role}” should be [{wanted}]")


def _faulty(subject: str, reason: str) -> PackageError:
    return PackageError(f"The manifest contradicts itself: {reason}.",
                        "Get the package again, or ask its author to correct it.", subject)
