"""Where a conversion works and where its results go: a hidden folder beside the target, then one rename each.

Whatever happens in between, the target's folder holds either the whole package or nothing of it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine import atomic, paths
from engine.converting.messages import Converted, ConvertRequest, Failed, Precision
from engine.errors import ConversionError, FileProblem
from engine.packages.shelf import Shelf, default_shelf
from engine.packages.verify import verify
from engine.reading import open_regular

_PREFIX = ".atelier-making-"
_STALE_S = 24 * 3600.0
_REPORT_BYTES = 256 << 20


class Landing:
    """A work folder for one conversion; a context manager that removes what did not land."""

    def __init__(self, request: ConvertRequest, shelf: Shelf | None = None) -> None:
        """Checks that the target is free. Raises FileProblem."""
        self._request = request
        self._shelf = shelf
        self._target = Path(request.target).absolute() if request.target else None
        home = self._target.parent if self._target is not None else paths.cache_folder() / "converting"
        self.work = home.resolve() / f"{_PREFIX}{secrets.token_hex(8)}"
        for place in _places(self._target, request.precisions) if self._target is not None else ():
            if os.path.lexists(place):
                raise FileProblem(f"“{place.name}” already exists in {place.parent}.",
                                  "Choose another name for the package; nothing is overwritten.", str(place))

    def __enter__(self) -> Path:
        try:
            if self._target is None:
                self.work.parent.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self.work.mkdir()
        except OSError as error:
            raise atomic.explained(error, self.work.parent / (self._target.name if self._target else "")) from error
        return self.work

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.work, ignore_errors=True)

    def land(self, made: Converted) -> Converted:
        """Check packages, move them and the reports into place; the event with the final paths.

        Raises ConversionError for paths outside the work folder, PackageError for a package that is not sound: a child
        that read a stranger's file is not trusted. FileProblem where the disk refuses.
        """
        for folder in made.folders.values():
            verify(self._inside(folder), full=True)
        if self._target is None:
            shelf = self._shelf or default_shelf()
            entries = {precision: shelf.add(Path(folder)) for precision, folder in made.folders.items()}
            folders = {precision: str(entry.folder) for precision, entry in entries.items()}
        else:
            folders = _move_all(made.folders, _places(self._target, list(made.folders)))
        first = folders[next(iter(made.folders))]
        html, plain = self._land_report(made.report_html, made.report_json, Path(first).name)
        return replace(made, folder=first, folders=folders, report_html=html, report_json=plain)

    def land_failure(self, failed: Failed) -> Failed:
        """Move the report of a conversion that did not pass; nothing else of it stays."""
        name = self._target.name if self._target is not None else Path(self._request.source).stem
        html, plain = self._land_report(failed.report_html, failed.report_json, name)
        return replace(failed, report_html=html, report_json=plain)

    def _land_report(self, html: str, plain: str, name: str) -> tuple[str, str]:
        """Move both faces of the report; empty texts stay empty."""
        if self._request.report:
            place = Path(self._request.report).absolute()
            twin = place.with_suffix(".json") if place.suffix != ".json" else place.with_suffix(".html")
            pages = (place, twin) if place.suffix != ".json" else (twin, place)
        else:
            folder = self._target.parent if self._target is not None else paths.data_folder() / "reports"
            pages = (folder / f"{name}.report.html", folder / f"{name}.report.json")
        landed = []
        for source, place in zip((html, plain), pages, strict=True):
            if source:
                with contextlib.suppress(OSError):
                    place.parent.mkdir(parents=True, exist_ok=True)
                with open_regular(self._inside(source)) as file:
                    atomic.write_file(place, file.read(_REPORT_BYTES), overwrite=True)
            landed.append(str(place) if source else "")
        return landed[0], landed[1]

    def _inside(self, path: str) -> Path:
        """A path in the work folder, no link on the way. Raises ConversionError for any other."""
        place = Path(path)
        if place.resolve() != place or place.parent != self.work.resolve():
            raise ConversionError("The converter named a file outside its work folder; nothing was kept.",
                                  "Please send the log to the makers of Latent Atelier.", path)
        return place

    def _sweep(self) -> None:
        """Remove what a killed conversion left here a day ago or longer."""
        for child in self.work.parent.iterdir():
            if child.name.startswith(_PREFIX):
                with contextlib.suppress(OSError):
                    if child.stat().st_mtime < time.time() - _STALE_S:
                        shutil.rmtree(child, ignore_errors=True)


def _places(target: Path, precisions: Sequence[Precision]) -> list[Path]:
    """The target of every precision: the target itself, and for further ones NAME-fp16 and so on beside it."""
    return [target if index == 0 else target.with_name(f"{target.name}-{name}")
            for index, name in enumerate(precisions)]


def _move_all(folders: Mapping[Precision, str], places: Sequence[Path]) -> dict[Precision, str]:
    """One rename each, all or none."""
    landed: dict[Precision, str] = {}
    try:
        for (precision, folder), place in zip(folders.items(), places, strict=True):
            _move(Path(folder), place)
            landed[precision] = str(place)
    except FileProblem:
        for folder in landed.values():
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return landed


def _move(folder: Path, place: Path) -> None:
    """One rename, refused where something has the name by now."""
    try:
        if os.path.lexists(place):
            raise FileExistsError(17, "it exists", str(place))
        folder.rename(place)
        atomic.sync_folder(place.parent)
    except OSError as error:
        raise atomic.explained(error, place) from error
