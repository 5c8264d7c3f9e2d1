"""manifest.json, format 1: what a package says of itself. The structs are the contract; the JSON Schema follows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from engine import strictjson
from engine.errors import PackageError
from engine.packages.names import MANIFEST, shown
from engine.packages.parts import (
    Declared,
    Diffusion,
    Embedding,
    Encoder,
    Field,
    Flow,
    Glyphs,
    Graph,
    Id,
    Image,
    Label,
    Latent,
    ListedFile,
    PaletteModel,
    Prompt,
    StyleGAN2,
    TextModel,
    Words,
)

FORMAT = 1
MAX_BYTES = 1 << 20
MAX_DEPTH = 16


class Manifest(Struct, frozen=True):
    """manifest.json, format 1. Unknown keys are allowed and kept in `ManifestFile.raw`."""

    format: Literal[1]
    id: Id
    name: Label
    version: Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+){0,3}([-+.][A-Za-z0-9.-]+)?$", max_length=40)]
    family: Id
    summary: Annotated[str, Meta(max_length=400)]
    license: Annotated[str, Meta(min_length=1, max_length=200)]
    graphs: Annotated[dict[str, Graph], Meta(min_length=1, max_length=16)]
    credit: Words = ""
    files: Annotated[dict[str, ListedFile], Meta(max_length=64)] = {}
    latent: Latent | None = None
    image: Image | None = None
    field: Field | None = None
    glyphs: Glyphs | None = None
    encoder: Encoder | None = None
    stylegan2: StyleGAN2 | None = None
    text: TextModel | None = None
    diffusion: Diffusion | None = None
    flow: Flow | None = None
    prompt: Prompt | None = None
    palette: PaletteModel | None = None
    embedding: Embedding | None = None
    controls: Declared = Declared()
    source: dict[str, Any] = {}
    preview: str | None = None


@dataclass(frozen=True)
class ManifestFile:
    """A manifest as read: the typed part, the whole JSON object, and the digest of exactly those bytes."""

    manifest: Manifest
    raw: dict[str, Any]
    digest: str
    folder: Path


def read_manifest(folder: Path) -> ManifestFile:
    """Read and validate `folder`/manifest.json. Raises PackageError."""
    data = _manifest_bytes(folder)
    subject = str(folder)
    try:
        raw = strictjson.parse_object(data, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH)
    except ValueError as error:
        raise PackageError(f"The manifest of “{folder.name}” cannot be read: {error}.",
                           "Get the package again from where it came from.", subject) from error
    return ManifestFile(_typed(raw, folder), raw, _digest(data), folder)


def load_manifest(folder: Path) -> Manifest:
    """The typed manifest of the package in `folder`. Raises PackageError."""
    return read_manifest(folder).manifest


def manifest_digest(folder: Path) -> str:
    """"sha256:<hex>" of the manifest's bytes: the name of the model in recipes. Raises PackageError."""
    return _digest(_manifest_bytes(folder))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of format 1, made from the structs above."""
    schema = msgspec.json.schema(Manifest)
    title = "Latent Atelier package manifest"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def _manifest_bytes(folder: Path) -> bytes:
    """The bytes of the manifest, never more than the cap and one."""
    path = folder / MANIFEST
    try:
        if path.is_symlink() or not path.is_file():
            raise PackageError(f"There is no {MANIFEST} in “{folder.name}”.",
                               "Choose the folder that holds manifest.json, or a zip of it.", str(folder))
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PackageError(f"The manifest of “{folder.name}” cannot be read: {error.strerror or error}.",
                           "Check that the folder is readable.", str(folder)) from error


def _typed(raw: dict[str, Any], folder: Path) -> Manifest:
    """The structs; a newer format is told apart from a faulty one."""
    stated = raw.get("format")
    if isinstance(stated, int) and not isinstance(stated, bool) and stated > FORMAT:
        raise PackageError(f"“{folder.name}” is a package of format {stated}; this version reads format {FORMAT}.",
                           "Update Latent Atelier, or ask the author for a package of the older format.", str(folder))
    try:
        return msgspec.convert(raw, Manifest)
    except msgspec.ValidationError as error:
        raise PackageError(f"The manifest of “{folder.name}” is faulty: {_shown_error(error)}.",
                           "Get the package again, or ask its author to correct it.", str(folder)) from error


def _shown_error(error: msgspec.ValidationError) -> str:
    """The entry and what was expected there, without patterns and without a stranger's control characters."""
    what, _, where = str(error).partition(" - at ")
    if "matching regex" in what:
        what = "Expected a text of another form"
    return f"{shown(what)}, at {shown(where)}" if where else shown(what)


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
