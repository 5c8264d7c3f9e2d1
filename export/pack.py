"""Writes a package folder: graphs of one precision, directions, texts, preview, and a manifest that lists them all.

It is written where nobody looks and checked in full; the parent gives it its place in one rename.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.converting import sheet
from engine.converting.messages import ConvertRequest, Precision
from engine.errors import AtelierError, ConversionError, PackageError
from engine.packages.describe import describe
from engine.packages.making import (
    LONGEST_CREDIT,
    LONGEST_LICENSE,
    LONGEST_NAME,
    LONGEST_SUMMARY,
    VERSION,
    listed,
    slug,
    write_manifest,
)
from engine.packages.verify import verify
from export.adapters.base import Built, Detection, DirectionSet


@dataclass(frozen=True)
class Graphs:
    """The graphs of one precision: manifest objects by role, and the folder each one's files lie in."""

    entries: Mapping[str, Mapping[str, Any]]
    folders: Mapping[str, Path]


@dataclass(frozen=True)
class Words:
    """What the manifest says for people, and of its source."""

    id: str
    name: str
    summary: str
    license: str
    credit: str
    source: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Packed:
    """A finished package folder."""

    folder: Path
    id: str
    runs: bool                               # whether this version has its family
    notes: tuple[str, ...] = ()


def words_of(request: ConvertRequest, detection: Detection, hint: str, source: Mapping[str, Any],
             precision: Precision) -> Words:
    """Name, id and so on as the person said, or as the file suggests; further precisions bear theirs in the name."""
    extra = "" if precision == request.precisions[0] else precision
    name = (request.name.strip() or hint)[:LONGEST_NAME - 8] + (f" ({extra})" if extra else "")
    base = request.id.strip() or slug(request.name.strip() or hint)
    summary = (request.summary.strip() or detection.title)[:LONGEST_SUMMARY]
    return Words(f"{base}-{extra}" if extra else base, name, summary,
                 request.license.strip()[:LONGEST_LICENSE], request.credit.strip()[:LONGEST_CREDIT], source)


def pack(folder: Path, built: Built, detection: Detection, graphs: Graphs, words: Words, *,
         preview: bool = True, move: bool = False) -> Packed:
    """Write the package into the new folder; `move` takes the graphs away from where they are.

    Raises ConversionError when what was made is not a sound package.
    """
    folder.mkdir()
    entries = {role: _placed(entry, graphs.folders[role], folder, move=move) for role, entry in graphs.entries.items()}
    files = {**built.files, **_direction_files(built.directions)}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    manifest = _manifest(built, detection, entries, words, {name: listed(folder / name) for name in files})
    write_manifest(folder, manifest)
    runs = _runs(folder)
    notes = _add_preview(folder, manifest) if runs and preview else ()
    try:
        verify(folder, full=True)
    except PackageError as error:
        raise ConversionError(f"The package that was made is not sound: {error.what}",
                              "Please send the log to the makers of Latent Atelier.", str(folder)) from error
    return Packed(folder, words.id, runs, notes)


def _placed(entry: Mapping[str, Any], home: Path, folder: Path, *, move: bool) -> dict[str, Any]:
    """The graph and its weight files in the package, once each."""
    for name in (entry["file"], *entry.get("external", {})):
        if not (folder / name).exists():
            _bring(home / name, folder / name, move=move)
    return {key: value for key, value in entry.items() if key != "external" or value}


def _bring(source: Path, target: Path, *, move: bool) -> None:
    """The file itself or a copy, on the platter; never a hard link: packages hold plain files."""
    if move:
        source.rename(target)
    else:
        shutil.copyfile(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _direction_files(directions: DirectionSet | None) -> dict[str, bytes]:
    """directions.npy and cloud.npy."""
    if directions is None:
        return {}
    files = {"directions.npy": _npy(directions.rows)} if len(directions.entries) else {}
    return files | ({"cloud.npy": _npy(directions.cloud)} if directions.cloud is not None else {})


def _npy(array: Any) -> bytes:
    """An array as the bytes of a .npy file, float32."""
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array, np.float32), allow_pickle=False)
    return buffer.getvalue()


def _manifest(built: Built, detection: Detection, graphs: Mapping[str, Any], words: Words,
              files: Mapping[str, Any]) -> dict[str, Any]:
    """The whole object: the adapter's draft with everything that it cannot know."""
    draft = {key: value for key, value in built.manifest.items() if key not in ("controls", "latent")}
    controls = dict(built.manifest.get("controls", {}))
    latent = dict(built.manifest.get("latent") or {})
    if built.directions is not None:
        controls.setdefault("directions", [dict(entry) for entry in built.directions.entries])
        if built.directions.cloud is not None and built.directions.cloud_typical is not None:
            typical, far = built.directions.cloud_typical
            latent.setdefault("cloud", {"typical": float(typical), "far": float(far)})
    return {"format": 1, "id": words.id, "name": words.name, "version": VERSION, "family": detection.family,
            "summary": words.summary, "license": words.license, "credit": words.credit, "graphs": dict(graphs),
            "files": dict(files), **({"latent": latent} if latent else {}), **draft, "controls": controls,
            "source": dict(words.source)}


def _runs(folder: Path) -> bool:
    """Whether this version runs the family; a manifest that contradicts itself is told by `verify`."""
    try:
        return bool(describe(folder).controls)  # a family that comes later has none yet
    except PackageError:
        return False


def _add_preview(folder: Path, manifest: dict[str, Any]) -> tuple[str, ...]:
    """Run the package as the studio will, keep its first pictures; remarks.

    Raises ConversionError when the engine cannot load or run it: such a package helps nobody.
    """
    try:
        assets = sheet.pictures_of(folder)
    except AtelierError as error:
        raise ConversionError(f"The finished package does not run: {error.what}",
                              "Please send the log to the makers of Latent Atelier.", str(folder)) from error
    picture = sheet.sheet_of(assets)
    if picture is not None:
        (folder / sheet.NAME).write_bytes(picture)
        manifest["files"][sheet.NAME] = listed(folder / sheet.NAME)
        manifest["preview"] = sheet.NAME
        write_manifest(folder, manifest)
    return sheet.remarks(assets)
