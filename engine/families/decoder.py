"""The decoder family (VAE, GAN): a latent point and perhaps a condition in, a picture or letters out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Control
from engine.families.base import Model
from engine.families.decoder_color import ColorModel, SeeingModel
from engine.families.decoder_controls import controls_of
from engine.families.decoder_glyphs import GlyphModel
from engine.packages.manifest import Manifest

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime


class DecoderFamily:
    """Packages with one graph that turns latent numbers into an image."""

    @property
    def name(self) -> str:
        """The word in the manifest's `family`."""
        return "decoder"

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """What the package lets a person set."""
        return controls_of(manifest)

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """Load the verified package. Raises PackageError or ModelError."""
        if manifest.glyphs is not None:
            return GlyphModel(folder, manifest, runtime)
        return (SeeingModel if manifest.encoder is not None else ColorModel)(folder, manifest, runtime)
