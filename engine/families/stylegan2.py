"""The StyleGAN2 family: a seed or a point, style by layer, truncation, noise; in a draft size while something moves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Control
from engine.families.base import Model
from engine.families.stylegan2_controls import controls_of
from engine.families.stylegan2_model import SeeingStyleModel, StyleModel
from engine.packages.manifest import Manifest

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime


class StyleGAN2Family:
    """Packages with a mapping and a synthesis graph."""

    @property
    def name(self) -> str:
        """The word in the manifest's `family`."""
        return "stylegan2"

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """What the package lets a person set."""
        return controls_of(manifest)

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """Load the verified package. Raises PackageError or ModelError."""
        return (StyleModel if manifest.encoder is None else SeeingStyleModel)(folder, manifest, runtime)
