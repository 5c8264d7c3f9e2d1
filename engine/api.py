"""The vocabulary every process shares: recipes, controls, assets, requests and events as frozen plain data.

If it is not in the `Recipe`, it cannot influence the asset. This file imports the standard library and numpy only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

RECIPE_VERSION = 1
Value = bool | int | float | str | tuple[int, int]
"""What a control can hold: a toggle, a whole number, a real number, a text or choice or colour, a size in pixels."""


class ControlKind(StrEnum):
    """What sort of thing a control sets; the panel picks the widget from it, the command line the parser."""

    SLIDER = "slider"        # real number in [minimum, maximum]
    DIRECTION = "direction"  # slider along a latent direction, in units of sigma
    CHOICE = "choice"        # one of `choices`
    TOGGLE = "toggle"        # true or false
    SEED = "seed"            # whole number 0 .. 2**32 - 1
    TEXT = "text"            # free text; `maximum` is the greatest length
    SIZE = "size"            # width and height in pixels
    COLOR = "color"          # "#rrggbb", or "none" for transparent where `choices` offers it
    LATENT = "latent"        # "" for what the seed gives, or a point of one of `spaces`: "w:<base64 of float32>"
    PROMPT = "prompt"        # words to a model: (weighted:1.2) and {one|of|these} where the family reads them
    IMAGE = "image"          # "" or "sha256:<64 hex>": a picture of the person's own, in the media folder
    MASK = "mask"            # "" or "sha256:<64 hex>": a grey picture over the `image`, white is where to paint anew
    PALETTE = "palette"      # "" for the model's own colours, or "#rrggbb #rrggbb ..." from dark to light
    AXES = "axes"            # prompt sliders, as text: "young -> old: 0.8; calm, quiet -> wild: -0.3"


@dataclass(frozen=True)
class Choice:
    """One option of a choice control."""

    value: str
    label: str
    labels: Mapping[str, str] = field(default_factory=dict)  # locale -> label, for example {"zh_CN": "字符"}


@dataclass(frozen=True)
class Control:
    """One thing that a package lets a person set; declared once by its family, shown everywhere."""

    name: str                                # stable key: recipe, --set, table column
    kind: ControlKind
    label: str                               # English
    default: Value
    group: str = ""                          # heading in the panel: "Picture", "Style", "Seed" ...
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""                           # "σ", "px"
    low: str = ""                            # words at the ends of a slider: "Thin" ... "Heavy"
    high: str = ""
    choices: tuple[Choice, ...] = ()         # of a prompt: examples of what the model knows, offered while it is empty
    labels: Mapping[str, str] = field(default_factory=dict)        # locale -> label
    shown_when: tuple[str, tuple[str, ...]] | None = None          # (control name, values for which this one counts)
    origin: str = ""                         # of a direction: "sefa", "pca", "regression"; empty: named by hand
    layers: tuple[int, int] | None = None    # of a direction: first and last row of w+ it moves, both counted
    spaces: Mapping[str, int] = field(default_factory=dict)        # of a latent: "z", "w", "w+" -> how many numbers


@dataclass(frozen=True)
class Recipe:
    """All that makes an asset. `values` holds every control of the package by name, defaults included.

    `digest` is the sha256 of the manifest bytes, which list the sha256 of every file: same digest, same model.
    """

    package: str
    digest: str
    values: Mapping[str, Value]
    version: int = RECIPE_VERSION

    def __post_init__(self) -> None:
        """Freeze the mapping, in name order, so that equal recipes are equal bytes."""
        ordered = {name: self.values[name] for name in sorted(self.values)}
        object.__setattr__(self, "values", MappingProxyType(ordered))

    def changed(self, **values: Value) -> Recipe:
        """This recipe with some values replaced (names that are Python identifiers)."""
        return self.with_values(values)

    def with_values(self, values: Mapping[str, Value]) -> Recipe:
        """This recipe with some values replaced."""
        return replace(self, values={**self.values, **values})

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON object; sizes become two-element lists."""
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in self.values.items()}
        return {"version": self.version, "package": self.package, "digest": self.digest, "values": plain}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Recipe:
        """Inverse of `to_dict`. Raises KeyError, TypeError or ValueError when `data` is not a recipe."""
        version = int(data["version"])
        if version > RECIPE_VERSION:
            raise ValueError(f"recipe version {version} is newer than {RECIPE_VERSION}")
        values = {str(k): (int(v[0]), int(v[1])) if isinstance(v, list) else v for k, v in dict(data["values"]).items()}
        return cls(str(data["package"]), str(data["digest"]), values, version)

    def canonical(self) -> str:
        """The one JSON text of this recipe: sorted keys, no spaces, UTF-8 characters kept."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def same(self, other: Recipe) -> bool:
        """Whether both have one canonical text. Stricter than `==`: 1 and 1.0 are equal, but not in a file."""
        return self == other and self.canonical() == other.canonical()

    def fingerprint(self) -> str:
        """Sixteen hex digits that name this recipe."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()[:16]


class Medium(StrEnum):
    """What an asset is."""

    PICTURE = "picture"
    TEXT = "text"            # cards: `Asset.texts`; the pixels are one white point
    PALETTE = "palette"      # `Asset.swatches`; the pixels are their stripes


@dataclass(frozen=True)
class Swatch:
    """One colour of a palette, "#rrggbb", and what it is called."""

    color: str
    name: str = ""


@dataclass(frozen=True)
class Asset:
    """What a recipe yields: a picture as uint8 [height, width, 1 | 3 | 4] (straight alpha), sRGB; texts; swatches.

    With a `palette` the pixels are [height, width, 1] rows of it: a third of the bytes to make and to send. Who wants
    colours whatever the asset asks `colors`.
    """

    recipe: Recipe
    pixels: NDArray[np.uint8]
    model_ms: float = 0.0                    # time inside ONNX Runtime
    total_ms: float = 0.0                    # time inside the family, model included
    provider: str = ""                       # what really ran, for example "CPUExecutionProvider"
    notes: tuple[str, ...] = ()              # remarks a person should see, for example "nearly constant picture"
    palette: NDArray[np.uint8] | None = None  # [256, 3 | 4] colours
    draft: bool = False                      # a quick, smaller picture of the same subject: for looking, never kept
    full: tuple[int, int] | None = None      # of a draft: width and height of the picture it stands for
    distance: float | None = None            # from the training cloud's middle: 99 of 100 samples are nearer than 1.0
    rows: tuple[int, int] | None = None      # first, and one past the last: in all other rows every pixel is 0
    medium: Medium = Medium.PICTURE
    texts: tuple[str, ...] = ()              # cards, best first
    swatches: tuple[Swatch, ...] = ()
    partial: bool = False                    # a look at unfinished work: a step's preview, a text still being written

    def colors(self) -> NDArray[np.uint8]:
        """The picture itself, uint8 [height, width, 1 | 3 | 4]: the palette looked up where there is one."""
        if self.palette is None:
            return self.pixels
        channels = self.palette.shape[1]
        # One entry is a whole colour, so that one look-up makes all its channels.
        entries = np.ascontiguousarray(self.palette).view(np.dtype((np.void, channels)))[:, 0]
        return entries.take(self.pixels[:, :, 0]).view(np.uint8).reshape(*self.pixels.shape[:2], channels)


@dataclass(frozen=True)
class PackageInfo:
    """What a screen needs to know of an opened package; crosses the process boundary as JSON."""

    id: str
    name: str
    version: str
    family: str
    digest: str
    summary: str
    license: str
    credit: str
    folder: str
    controls: tuple[Control, ...]
    drafts: bool = False                     # it has a quicker graph for previews while something is dragged
    encodes: bool = False                    # it can look at a picture and tell where in its latent space that lies
    medium: Medium = Medium.PICTURE
    live: bool = True                        # quick enough to answer every change; otherwise it waits for Run

    def default_recipe(self) -> Recipe:
        """The recipe of the first picture."""
        return Recipe(self.id, self.digest, {control.name: control.default for control in self.controls})

    def control(self, name: str) -> Control | None:
        """The control of that name, if there is one."""
        return next((control for control in self.controls if control.name == name), None)


@dataclass(frozen=True)
class PromptReading:
    """What a model makes of a prompt: the text with wildcards drawn, its length, and what did not fit any more."""

    text: str                                # as the model reads it: one of each {a|b} chosen by the seed
    tokens: int
    limit: int | None = None                 # None: as long as one likes
    cut: str = ""                            # the end of the text that is beyond the limit
    notes: tuple[str, ...] = ()              # for example "the bracket is never closed"
    stretches: int = 1                       # of a long prompt: how many are read, each by itself; `limit` is of all


@dataclass(frozen=True)
class Plan:
    """What a run of a recipe would be: told before anybody waits for it. None: not known yet."""

    prompts: Mapping[str, PromptReading] = field(default_factory=dict)     # by the name of the control
    steps: int = 0
    seconds: float | None = None
    bytes: int | None = None                 # the peak of memory
    notes: tuple[str, ...] = ()              # for example "the size is rounded to 512 × 768"


@dataclass(frozen=True)
class Device:
    """Where models run: the provider asked for, the one that answered, and why they differ."""

    requested: str                           # "auto", "cpu", "cuda", "directml"
    actual: str                              # "CPUExecutionProvider" ...
    name: str                                # words for the status bar: "CPU, 1 thread"
    why: str = ""                            # one sentence when requested and actual differ


@dataclass(frozen=True)
class Problem:
    """The world's fault as data: shown word for word. `code` is stable; `exit_code` is the command line's."""

    code: str
    what: str
    remedy: str = ""
    subject: str = ""
    exit_code: int = 3
    detail: str = ""                         # for the log only (our bugs: the traceback)

    def sentence(self) -> str:
        """What happened and what to do, in one line."""
        return f"{self.what} {self.remedy}".strip()


@dataclass(frozen=True)
class Progress:
    """How far a long piece of work is. `seconds_left` is None until it can be told."""

    done: int
    total: int
    label: str = ""
    seconds_left: float | None = None
