"""The child's hands: opens packages, renders recipes with the package's family, writes files. Tests have their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Device, PackageInfo, Recipe, Value
from engine.controls import check_recipe
from engine.errors import FileProblem, PackageError
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.families.base import Model
    from engine.runtime.providers import Runtime


@dataclass(frozen=True)
class Filed:
    """A file that was written: size in bytes and SHA-256 in hex."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Found:
    """Where a picture lies in a latent space; see `engine.messages.Encoded`."""

    values: Mapping[str, Value]
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    figures: Mapping[str, float]
    notes: tuple[str, ...] = ()


class Hands(Protocol):
    """What the server needs from a workshop; each method raises `AtelierError` for the world's faults."""

    def prepare(self) -> tuple[Device, Mapping[str, str]]:
        """Import the runtime and choose the device; also versions by name."""
        ...

    def open(self, folder: str) -> PackageInfo:
        """Verify and load a package; a package of the same name and digest is replaced."""
        ...

    def render(self, recipe: Recipe, progress: ProgressSink, *, draft: bool = False) -> Asset:
        """Make the asset of a recipe whose package is open; a `draft` may be quicker and smaller, and says so."""
        ...

    def encode(self, recipe: Recipe, path: str, progress: ProgressSink) -> Found:
        """Read a picture and find its latent point in the recipe's package."""
        ...

    def write(self, asset: Asset, path: str, *, overwrite: bool, retried: bool) -> Filed:
        """Encode and write, atomically, with provenance. Called on the writer thread.

        `retried`: another engine may have written the file already; then exactly these bytes under that name are fine.
        """
        ...

    def devices(self) -> tuple[Device, ...]:
        """Try every provider."""
        ...


def already_there(path: Path, data: bytes) -> bool:
    """Whether `path` holds exactly `data` (never true for no data)."""
    try:
        return bool(data) and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


class Workshop:
    """The real hands: packages, families, ONNX Runtime, writers."""

    def __init__(self, provider: str, threads: int | None) -> None:
        """Nothing heavy happens before `prepare`."""
        self._provider = provider
        self._threads = threads
        self._runtime: Runtime | None = None
        self._models: dict[tuple[str, str], tuple[PackageInfo, Model]] = {}
        self._checked: Recipe | None = None      # the last good recipe: a drag changes one value of many

    def prepare(self) -> tuple[Device, Mapping[str, str]]:
        """Import ONNX Runtime and choose the device."""
        from engine.runtime.providers import Options, Runtime

        self._runtime = Runtime(msgspec.convert({"provider": self._provider, "threads": self._threads}, Options))
        return self._runtime.device, {**self._runtime.versions(), "numpy": np.__version__}

    def open(self, folder: str) -> PackageInfo:
        """Verify every file, then load the graphs."""
        from engine.families.registry import family_of
        from engine.packages.describe import info_of
        from engine.packages.verify import verified

        opened = verified(Path(folder))
        info = info_of(opened)
        model = family_of(opened.manifest, folder).open(Path(folder), opened.manifest, self._ready())
        before = self._models.pop((info.id, info.digest), None)
        if before is not None:
            before[1].close()
        self._models[info.id, info.digest] = info, model
        return info

    def render(self, recipe: Recipe, progress: ProgressSink, *, draft: bool = False) -> Asset:
        """Check the recipe against the package's controls and make the asset."""
        from engine.families.base import Drafting

        info, model = self._model(recipe)
        known = self._checked if self._checked is not None and self._checked.digest == info.digest else None
        checked = self._checked = check_recipe(info, recipe, known)
        if draft and info.drafts and isinstance(model, Drafting):
            return model.draft(checked, progress)
        return model.render(checked, progress)

    def encode(self, recipe: Recipe, path: str, progress: ProgressSink) -> Found:
        """Read the picture as the package's encoder wants it, and compare it with what the model makes of its point."""
        from engine.families.base import Encoding
        from engine.readers.pictures import read_picture, resized
        from engine.resemblance import figures

        info, model = self._model(recipe)
        checked = check_recipe(info, recipe)
        if not info.encodes or not isinstance(model, Encoding):
            raise PackageError(f"The model “{info.name}” has no encoder, so it cannot look at a picture.",
                               "Choose a model with an encoder, for example one converted from a VAE.", info.id)
        picture = read_picture(Path(path), model.sight.width, model.sight.height, model.sight.channels)
        progress.check()
        values, after = model.encode(checked, picture.pixels, progress)
        after = resized(after, model.sight.width, model.sight.height)
        return Found(values, picture.pixels, after, figures(picture.pixels, after), picture.notes)

    def write(self, asset: Asset, path: str, *, overwrite: bool, retried: bool) -> Filed:
        """Encode with provenance and write."""
        from engine.provenance import provenance_of
        from engine.writers.raster import encode_png, write_asset

        info, _ = self._model(asset.recipe)
        try:
            written = write_asset(asset, Path(path), info, overwrite=overwrite)
        except FileProblem:
            data = encode_png(asset, provenance_of(asset, info)) if retried else b""
            if not already_there(Path(path), data):
                raise
            return Filed(len(data), hashlib.sha256(data).hexdigest())
        return Filed(written.bytes, written.sha256)

    def devices(self) -> tuple[Device, ...]:
        """Try every provider."""
        from engine.runtime.providers import devices

        return devices(self._ready().options)

    def _ready(self) -> Runtime:
        if self._runtime is None:
            raise RuntimeError("prepare() comes first")
        return self._runtime

    def _model(self, recipe: Recipe) -> tuple[PackageInfo, Model]:
        known = self._models.get((recipe.package, recipe.digest))
        if known is not None:
            return known
        if any(package == recipe.package for package, _ in self._models):
            raise PackageError(f"The recipe was made with another version of “{recipe.package}” than the open one.",
                               "Add that version of the package, or set the values with this one.", recipe.package)
        raise PackageError(f"The package “{recipe.package}” is not open.", "Open it first.", recipe.package)
