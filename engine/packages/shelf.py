"""The installed packages: those that come with the program and those that the person added."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import atomic, paths
from engine.api import Problem
from engine.errors import AtelierError, FileProblem, PackageError
from engine.packages.archive import MAX_FILES, MAX_TOTAL_BYTES, unpack
from engine.packages.manifest import ManifestFile, read_manifest
from engine.packages.names import OS_LITTER
from engine.packages.verify import verified

_INCOMING = ".incoming-"
_STALE = 24 * 3600.0


@dataclass(frozen=True)
class ShelfEntry:
    """One package folder; with a `problem` only `id` (the folder's name) and `folder` can be relied on."""

    id: str
    name: str
    version: str
    family: str
    summary: str
    license: str
    digest: str
    folder: Path
    bundled: bool
    problem: Problem | None = None


class Shelf:
    """Folders of packages. The last folder takes what is added; the others are only read."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where this shelf looks, in order."""
        return self._folders

    def packages(self) -> list[ShelfEntry]:
        """Every package folder, sound or not, by id and then newest first. Files are not hashed here."""
        entries = [self._entry(folder) for folder in self._candidates()]
        entries.sort(key=_newest_first)
        return sorted(entries, key=lambda entry: entry.id)

    def find(self, package: str, digest: str | None = None) -> Path:
        """The folder of the package with that id (and digest). Raises PackageError with what to do otherwise."""
        same = [entry for entry in self.packages() if entry.id == package]
        sound = [entry for entry in same if entry.problem is None]
        if not sound:
            broken = next((entry.problem for entry in same if entry.problem), None)
            if broken:
                raise PackageError(broken.what, broken.remedy, broken.subject)
            known = ", ".join(sorted({entry.id for entry in self.packages() if entry.problem is None})) or "none"
            raise PackageError(f"The model “{package}” is not installed (installed: {known}).",
                               "Add it with “atelier models add PATH”, or drop its folder on the window.", package)
        if digest is None:
            return sound[0].folder
        for entry in sound:
            if entry.digest == digest:
                return entry.folder
        versions = ", ".join(entry.version for entry in sound)
        raise PackageError(f"This was made with another version of the model “{package}” (installed: {versions}).",
                           "Add the version it was made with; its digest is stored with the picture.", package)

    def add(self, path: Path) -> ShelfEntry:
        """Copy a package folder or zip in: quarantine, full check, then one rename. Adding it again changes nothing."""
        home = self._folders[-1]
        quarantine = home / f"{_INCOMING}{secrets.token_hex(8)}"
        try:
            home.mkdir(parents=True, exist_ok=True)
            self._sweep(home)
            quarantine.mkdir()
            try:
                if path.is_dir():
                    _copy(path, quarantine)
                else:
                    unpack(path, quarantine)
                return self._admit(quarantine, home)
            except PackageError as error:
                raise PackageError(error.what.replace(quarantine.name, path.name), error.remedy, str(path)) from error
            finally:
                shutil.rmtree(quarantine, ignore_errors=True)
        except AtelierError:
            raise
        except OSError as error:
            raise atomic.explained(error, home / path.name) from error

    def remove(self, package: str) -> None:
        """Delete every added version of a package. Raises PackageError for an unknown or bundled one."""
        entries = [entry for entry in self.packages() if package in (entry.id, entry.folder.name)]
        mine = [entry for entry in entries if not entry.bundled]
        if not mine:
            if entries:
                raise PackageError(f"“{package}” comes with the program and cannot be removed.",
                                   "Only packages that were added can be removed.", package)
            raise PackageError(f"The model “{package}” is not installed.", "“atelier models” lists what is.", package)
        for entry in mine:
            doomed = entry.folder.with_name(f"{_INCOMING}{secrets.token_hex(8)}")
            try:
                entry.folder.rename(doomed)  # gone at once and whole; the deleting itself may take its time or fail
                shutil.rmtree(doomed)
            except OSError as error:
                raise atomic.explained(error, entry.folder) from error

    def _admit(self, quarantine: Path, home: Path) -> ShelfEntry:
        """Check what was copied and give it its place."""
        stated = read_manifest(quarantine)
        place = home / f"{stated.manifest.id}-{stated.digest.removeprefix('sha256:')[:12]}"
        opened = verified(quarantine, full=True, later=place)
        for entry in self.packages():
            if entry.id == opened.manifest.id and entry.digest == opened.digest and _is_sound(entry):
                return entry
        if place.exists():  # the same package, damaged since: the sound copy takes its place
            place.rename(quarantine.with_name(f"{quarantine.name}-old"))
        quarantine.rename(place)
        atomic.sync_folder(home)
        shutil.rmtree(quarantine.with_name(f"{quarantine.name}-old"), ignore_errors=True)
        return self._entry(place)

    def _candidates(self) -> Iterable[Path]:
        """Subfolders that could be packages."""
        for folder in self._folders:
            try:
                children = sorted(folder.iterdir())
            except OSError:
                continue  # a folder that does not exist yet, or a drive that is away, holds no packages
            yield from (child for child in children if child.is_dir() and not child.name.startswith((".", "__")))

    def _entry(self, folder: Path) -> ShelfEntry:
        """The entry of one folder; a fault becomes its problem."""
        bundled = folder.parent == paths.bundled_packages_folder()
        try:
            return _described(read_manifest(folder), bundled=bundled)
        except PackageError as error:
            return ShelfEntry(folder.name, folder.name, "", "", "", "", "", folder, bundled, error.problem())

    def _sweep(self, home: Path) -> None:
        """Remove what a killed `add` left a day ago or longer."""
        for child in home.iterdir():
            if child.name.startswith(_INCOMING):
                with contextlib.suppress(OSError):
                    if child.stat().st_mtime < time.time() - _STALE:
                        shutil.rmtree(child, ignore_errors=True)


def default_shelf() -> Shelf:
    """The bundled packages and the person's own models folder."""
    return Shelf((paths.bundled_packages_folder(), paths.models_folder()))


def _described(opened: ManifestFile, *, bundled: bool) -> ShelfEntry:
    manifest = opened.manifest
    return ShelfEntry(manifest.id, manifest.name, manifest.version, manifest.family, manifest.summary, manifest.license,
                      opened.digest, opened.folder, bundled)


def _newest_first(entry: ShelfEntry) -> tuple[bool, tuple[int, ...], bool]:
    """Sound before broken, high versions before low, added before bundled."""
    numbers = tuple(-int(part) for part in re.findall(r"\d+", entry.version)[:6])
    return entry.problem is not None, numbers, entry.bundled


def _is_sound(entry: ShelfEntry) -> bool:
    """Whether every file of an installed package is still what it should be."""
    try:
        verified(entry.folder, full=True)
    except PackageError:
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy plain files; links, folders and crowds are refused before a byte is read through them."""
    total = 0
    with os.scandir(source) as entries:
        files = [entry for entry in entries if entry.name not in OS_LITTER]
    if len(files) > MAX_FILES:
        raise PackageError(f"“{source.name}” holds {len(files)} files; a package has at most {MAX_FILES}.",
                           "Choose the folder that holds manifest.json.", str(source))
    for entry in files:
        if entry.is_symlink() or not entry.is_file(follow_symlinks=False):
            raise PackageError(f"The package is not safe to open: “{entry.name}” is a link or a folder.",
                               "Packages hold plain files only.", str(source))
        total += entry.stat().st_size
        if total > MAX_TOTAL_BYTES:
            raise FileProblem(f"“{source.name}” is larger than 32 GB.", "Choose the folder of one package.",
                              str(source))
        shutil.copyfile(entry.path, target / entry.name, follow_symlinks=False)
