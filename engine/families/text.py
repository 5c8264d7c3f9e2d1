"""The text family: language models that continue a prompt and write several cards at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Control, Medium
from engine.families.base import Model
from engine.families.text_controls import controls_of
from engine.families.text_model import TextWriter
from engine.packages.manifest import Manifest

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime

LIVE_BYTES = 8 << 20
"""Graphs and weights up to this size write a screen of cards quicker than one moves a slider."""


class TextFamily:
    """Packages with one graph that reads tokens and remembers."""

    @property
    def name(self) -> str:
        """The word in the manifest's `family`."""
        return "text"

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """What the package lets a person set."""
        return controls_of(manifest)

    def medium(self, manifest: Manifest) -> Medium:
        """Cards of text."""
        del manifest
        return Medium.TEXT

    def live(self, manifest: Manifest) -> bool:
        """Whether the package is small enough to answer every change."""
        return sum(graph.bytes + sum(entry.bytes for entry in graph.external.values())
                   for graph in manifest.graphs.values()) <= LIVE_BYTES

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """Load the verified package. Raises PackageError or ModelError."""
        return TextWriter(folder, manifest, runtime)
