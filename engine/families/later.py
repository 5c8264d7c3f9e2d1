"""Kinds of packages that can be made and kept already, and will run in a later version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Control
from engine.errors import PackageError
from engine.families.base import Model
from engine.packages.manifest import Manifest

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime


class LaterFamily:
    """A family whose packages are listed and checked, and say kindly that they cannot be opened yet."""

    def __init__(self, name: str, words: str) -> None:
        """`name` as in the manifest, `words` for a sentence: "a language model"."""
        self._name = name
        self._words = words

    @property
    def name(self) -> str:
        """The word in the manifest's `family`."""
        return self._name

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """Nothing yet."""
        del manifest
        return ()

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """Raise PackageError that says so."""
        del folder, runtime
        raise PackageError(f"“{manifest.name}” is {self._words}; this version of Latent Atelier cannot run those yet.",
                           "The package is sound and stays on the shelf; a later version will open it.", manifest.id)
