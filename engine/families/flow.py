"""The flow family: small flow-matching models of our own that read a prompt: materials that tile, icons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Control
from engine.families.base import Model
from engine.families.flow_controls import controls_of
from engine.families.flow_field import FieldModel
from engine.families.flow_material import MaterialModel
from engine.packages.manifest import Manifest

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime


class FlowFamily:
    """Packages whose graph leads noise to a sample, quick enough to answer every change."""

    @property
    def name(self) -> str:
        """The word in the manifest's `family`."""
        return "flow"

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """What the package lets a person set."""
        return controls_of(manifest)

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """Load the verified package and its prompt encoder. Raises PackageError or ModelError."""
        material = manifest.image is not None and manifest.image.content == "material"
        return (MaterialModel if material else FieldModel)(folder, manifest, runtime)
