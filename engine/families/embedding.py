"""The embedding family: sentence encoders, which other models read prompts with. They draw nothing themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Control
from engine.errors import PackageError
from engine.families.base import Model
from engine.packages.manifest import Manifest

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime


class EmbeddingFamily:
    """Packages that are listed and verified as all others, and that say kindly what they are for."""

    @property
    def name(self) -> str:
        """The word in the manifest's `family`."""
        return "embedding"

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """There is nothing to set."""
        del manifest
        return ()

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """Raise PackageError: `engine.families.base_prompt` opens it for the models that need it."""
        del folder, runtime
        raise PackageError(f"“{manifest.name}” reads prompts for other models; it makes no pictures of its own.",
                           "Open one of the models that take a prompt; they find it by themselves.", manifest.id)
