"""The diffusion family: Stable Diffusion 1, 2 and XL, their inpainting, LCM and Turbo kinds, and DDPM."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Control, Medium
from engine.families.base import Model
from engine.families.diffusion_controls import controls_of
from engine.packages.manifest import Manifest

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime


class DiffusionFamily:
    """Packages with a denoiser."""

    @property
    def name(self) -> str:
        """The word in the manifest's `family`."""
        return "diffusion"

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """What the package lets a person set."""
        return controls_of(manifest)

    def live(self, manifest: Manifest) -> bool:
        """A run takes seconds to minutes: it waits for Run."""
        del manifest
        return False

    def medium(self, manifest: Manifest) -> Medium:
        """Pictures."""
        del manifest
        return Medium.PICTURE

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """Load the verified package. Raises PackageError or ModelError."""
        from engine.families.diffusion_model import DiffusionModel  # tokenizers and the runtime, only when needed

        return DiffusionModel(folder, manifest, runtime)
