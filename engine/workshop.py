"""The child's hands: opens packages, renders recipes with the package's family, writes files. Tests have their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.api import Asset, Device, PackageInfo, Recipe
from engine.errors import PackageError
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.families.base import Model
    from engine.runtime.providers import Runtime


@dataclass(frozen=True)
class Filed:
    """A file that was written: size in bytes and SHA-256 in hex."""

    bytes: int
    sha256: str


class Hands(Protocol):
    """What the server needs from a workshop; each method raises `AtelierError` for the world's faults."""

    def prepare(self) -> tuple[Device, Mapping[str, str]]:
        """Import the runtime and choose the device; also versions by name."""
        ...

    def open(self, folder: str) -> PackageInfo:
        """Verify and load a package; a package of the same name and digest is replaced."""
        ...

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """Make the asset of a recipe whose package is open."""
        ...

    def write(self, asset: Asset, path: str, *, overwrite: bool) -> Filed:
        """Encode and write, atomically, with provenance. Called on the writer thread."""
        ...

    def devices(self) -> tuple[Device, ...]:
        """Try every provider."""
        ...
