"""The families this version knows: one dict literal. A new family is one file and one line here."""

from __future__ import annotations

from engine.errors import PackageError
from engine.families.base import Family
from engine.families.decoder import DecoderFamily
from engine.families.diffusion import DiffusionFamily
from engine.families.embedding import EmbeddingFamily
from engine.families.flow import FlowFamily
from engine.families.palette import PaletteFamily
from engine.families.stylegan2 import StyleGAN2Family
from engine.families.text import TextFamily
from engine.packages.manifest import Manifest
from engine.packages.names import shown

FAMILIES: dict[str, Family] = {
    "decoder": DecoderFamily(),
    "stylegan2": StyleGAN2Family(),
    "text": TextFamily(),
    "diffusion": DiffusionFamily(),
    "embedding": EmbeddingFamily(),
    "flow": FlowFamily(),
    "palette": PaletteFamily(),
}


def family_of(manifest: Manifest, subject: str) -> Family:
    """The family that runs this package. Raises PackageError for one that this version does not know."""
    family = FAMILIES.get(manifest.family)
    if family is None:
        known = ", ".join(sorted(FAMILIES))
        what = f"“{shown(manifest.name)}” is a model of the kind “{manifest.family}”; this version runs: {known}."
        raise PackageError(what, "Update Latent Atelier.", subject)
    return family
