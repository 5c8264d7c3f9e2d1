"""What every family offers: its controls as data, and a model that turns recipes into assets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Control, Medium, Plan, Recipe, Value
from engine.errors import ValueProblem
from engine.packages.manifest import Manifest
from engine.packages.parts import Encoder
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime


class Model(Protocol):
    """An opened package: sessions loaded, ready to render."""

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The asset of a recipe that `check_recipe` passed. Raises ModelError, ValueProblem, Cancelled."""
        ...

    def close(self) -> None:
        """Give the sessions' memory back."""
        ...


@runtime_checkable
class Drafting(Protocol):
    """A model that can also make a quicker, smaller picture of the same subject."""

    def draft(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """As `Model.render`; the asset says that it is a draft, and for what size."""
        ...


@runtime_checkable
class Encoding(Protocol):
    """A model that finds the latent point of a picture."""

    @property
    def sight(self) -> Encoder:
        """The picture it looks at: size, channels, range."""
        ...

    def encode(self, recipe: Recipe, picture: NDArray[np.uint8],
               progress: ProgressSink) -> tuple[Mapping[str, Value], NDArray[np.uint8]]:
        """The recipe's values that have to change, and the picture [height, width, channels] they give.

        `picture` is [height, width, channels] of the `sight`. Raises ModelError, ValueProblem, Cancelled.
        """
        ...


@runtime_checkable
class Planning(Protocol):
    """A model that can tell what a run would be: how the prompt is read, how long it takes, how much memory."""

    def plan(self, recipe: Recipe) -> Plan:
        """Quick enough to be asked at every pause of typing, and between two steps of `render`. Raises ValueProblem."""
        ...


@runtime_checkable
class Telling(Protocol):
    """A family whose packages do not all make pictures."""

    def medium(self, manifest: Manifest) -> Medium:
        """What the package's assets are; pictures where a family does not say."""
        ...


@runtime_checkable
class Pacing(Protocol):
    """A family whose packages may be too slow to follow a slider."""

    def live(self, manifest: Manifest) -> bool:
        """Whether the package answers every change; true where a family does not say. Otherwise it waits for Run."""
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


def number(recipe: Recipe, name: str) -> float:
    """The value of a slider or direction. Raises ValueProblem when the recipe was not checked and has none."""
    value = recipe.values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unset(name)
    return float(value)


def whole(recipe: Recipe, name: str) -> int:
    """The value of a seed."""
    value = recipe.values.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unset(name)
    return value


def count(recipe: Recipe, name: str) -> int:
    """The value of a slider that counts whole things."""
    return round(number(recipe, name))


def word(recipe: Recipe, name: str) -> str:
    """The value of a choice, text or colour."""
    value = recipe.values.get(name)
    if not isinstance(value, str):
        raise _unset(name)
    return value


def sides(recipe: Recipe, name: str) -> tuple[int, int]:
    """The value of a size: width and height in pixels."""
    value = recipe.values.get(name)
    if not isinstance(value, tuple):
        raise _unset(name)
    return value


def _unset(name: str) -> ValueProblem:
    return ValueProblem(f"The recipe has no usable value for “{name}”.", "Check the recipe against the model first.",
                        name)
