"""What a screen needs to know of a package, without running it: manifest and the controls its family declares."""

from __future__ import annotations

from pathlib import Path

from engine.api import Medium, PackageInfo
from engine.families.base import Pacing, Telling
from engine.families.registry import family_of
from engine.packages.check import check_manifest
from engine.packages.manifest import Manifest, ManifestFile, read_manifest


def describe(folder: Path) -> PackageInfo:
    """Name, digest, licence and controls of the package in `folder`. Raises PackageError; hashes no files."""
    opened = read_manifest(folder)
    check_manifest(opened.manifest, str(folder))
    return info_of(opened)


def info_of(opened: ManifestFile) -> PackageInfo:
    """`describe` for a manifest already read (and verified, where that matters)."""
    manifest = opened.manifest
    family = family_of(manifest, str(opened.folder))
    return PackageInfo(id=manifest.id, name=manifest.name, version=manifest.version, family=manifest.family,
                       digest=opened.digest, summary=manifest.summary, license=manifest.license,
                       credit=manifest.credit, folder=str(opened.folder), controls=family.controls(manifest),
                       drafts=_drafts(manifest),
                       encodes=manifest.encoder is not None,
                       medium=family.medium(manifest) if isinstance(family, Telling) else Medium.PICTURE,
                       live=family.live(manifest) if isinstance(family, Pacing) else True)


def _drafts(manifest: Manifest) -> bool:
    """Whether a quicker look may stand in for the picture while something is dragged."""
    material = manifest.flow is not None and manifest.image is not None and manifest.image.content == "material"
    return material or (manifest.stylegan2 is not None and "preview" in manifest.graphs)
