"""What every family offers: its controls as data, and a model that turns recipes into assets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.api import Asset, Control, Progress, Recipe
from engine.cancel import CancelToken
from engine.packages.manifest import Manifest

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime


class ProgressSink(Protocol):
    """Whom a model tells how far it is, and who may ask it to stop."""

    @property
    def cancel(self) -> CancelToken:
        """The request's token; a model checks it between steps and hands it to its sessions."""
        ...

    def stepped(self, progress: Progress) -> None:
        """Take note of a step."""
        ...


class Silent:
    """A sink for callers who neither watch nor cancel."""

    def __init__(self) -> None:
        self._cancel = CancelToken()

    @property
    def cancel(self) -> CancelToken:
        """A token that is never set."""
        return self._cancel

    def stepped(self, progress: Progress) -> None:
        """Ignore the step."""


class Model(Protocol):
    """An opened package: sessions loaded, ready to render."""

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The asset of a checked recipe (`engine.controls.check_recipe`). Raises ModelError, ValueProblem, Cancelled."""
        ...

    def close(self) -> None:
        """Give the sessions' memory back."""
        ...


class Family(Protocol):
    """A kind of package."""

    @property
    def name(self) -> str:
        """The word in the manifest's `family`."""
        ...

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """Everything that a package of this family lets a person set, in the panel's order."""
        ...

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """Load the verified package. Raises PackageError or ModelError."""
        ...
