"""What the two processes say to each other: requests to the engine child and events from it, as frozen plain data.

How they cross the pipe is `engine.framing`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Device, PackageInfo, Plan, Problem, Progress, Recipe, Value
from engine.outcome import Outcome


class Phase(StrEnum):
    """What the child's inference thread is at; each has its own deadline."""

    START = "start"   # importing the runtime, choosing a device
    IDLE = "idle"     # waiting for work
    LOAD = "load"     # opening a package: ONNX Runtime cannot be interrupted here
    RUN = "run"       # inference
    WRITE = "write"   # waiting for the writer thread, because the disk is slower than the model


# Requests: studio -> child. `request` is the stamp that every answer carries.

@dataclass(frozen=True)
class Open:
    """Verify and open the package in `folder`. Answer: Opened or Failed."""

    request: int
    folder: str


@dataclass(frozen=True)
class Preview:
    """Render for the canvas: only the newest waiting preview is rendered, older ones get no answer.

    A `draft` may be answered by a quicker, smaller picture, which says so (`Asset.draft`). While a slow model works,
    Stepped and Partial tell how far it is.
    """

    request: int
    recipe: Recipe
    draft: bool = False


@dataclass(frozen=True)
class Render:
    """Render, in order. Answer: Frame or Failed. A `draft` will do for a thumbnail; `watched` asks for Partial."""

    request: int
    recipe: Recipe
    draft: bool = False
    watched: bool = False


@dataclass(frozen=True)
class Write:
    """Render, encode and write to `path`, in order. Answer: Written or Failed.

    `retried` after the death of an engine that may have finished the file without telling: then a file of exactly the
    same bytes is the answer, not an obstacle. Of several texts, `card` (from 0) keeps only one.
    """

    request: int
    recipe: Recipe
    path: str
    overwrite: bool = False
    retried: bool = False
    card: int | None = None


@dataclass(frozen=True)
class Encode:
    """Find the latent point of the picture at `path`, in order. Answer: Encoded or Failed.

    The recipe names the package and holds what stays as it is, such as the class.
    """

    request: int
    recipe: Recipe
    path: str


@dataclass(frozen=True)
class Consider:
    """Tell what a run of the recipe would be, soon: only the newest waiting one is answered (Considered or Failed).

    It waits for a preview, but not for the end of a long run: it is answered between two steps as well.
    """

    request: int
    recipe: Recipe


@dataclass(frozen=True)
class Embed:
    """Tell where the texts lie in the space of meaning, soon. Answer: Embedded or Failed."""

    request: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """Show the picture in a file, at most `longest` pixels long, soon. Answer: Looked or Failed.

    Files may be a stranger's: only the child decodes them.
    """

    request: int
    path: str
    longest: int


@dataclass(frozen=True)
class Devices:
    """Try every provider. Answer: DevicesTold or Failed."""

    request: int


@dataclass(frozen=True)
class Cancel:
    """Stop the request of that number: it answers Failed with code "cancelled"."""

    request: int


@dataclass(frozen=True)
class Shutdown:
    """Finish the file being written, drop the rest and end."""


# Events: child -> studio, and the client's own (Died, Restarted).

@dataclass(frozen=True)
class Ready:
    """The child is up: its process id, the device that models run on, and versions by name."""

    pid: int
    device: Device
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Opened:
    """A package is open."""

    request: int
    info: PackageInfo


@dataclass(frozen=True)
class Frame:
    """A picture: `asset.pixels` and `asset.palette` are read-only."""

    request: int
    asset: Asset
    preview: bool


@dataclass(frozen=True)
class Written:
    """A file is whole and durable under its final name."""

    request: int
    path: str
    bytes: int
    sha256: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Encoded:
    """A picture's place in the latent space: the recipe's values that have to change to get `after`.

    `before` is the picture as the model saw it, `after` what the model makes of the point: uint8 [height, width,
    1 | 3 | 4] of the same shape, read-only. `figures` compare the two: "psnr" in dB (100 and no more for equality)
    and "mean_difference" in 1/255.
    """

    request: int
    values: Mapping[str, Value]
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    figures: Mapping[str, float]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stepped:
    """A long request moves on."""

    request: int
    progress: Progress


@dataclass(frozen=True)
class Partial:
    """A look at unfinished work: `asset.partial` is true. At most ten a second, and not the last before the end."""

    request: int
    asset: Asset


@dataclass(frozen=True)
class Considered:
    """What a run would be."""

    request: int
    plan: Plan


@dataclass(frozen=True)
class Embedded:
    """Unit vectors float32 [texts, dim], read-only: the dot product of two is how alike their meanings are."""

    request: int
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Looked:
    """The picture in a file: uint8 [height, width, 3 | 4], read-only, and the width and height that it has itself."""

    request: int
    pixels: NDArray[np.uint8]
    full: tuple[int, int]


@dataclass(frozen=True)
class DevicesTold:
    """What each provider said."""

    request: int
    devices: tuple[Device, ...]


@dataclass(frozen=True)
class Failed:
    """A request ended without a result. No further event carries its number."""

    request: int
    problem: Problem


@dataclass(frozen=True)
class Died:
    """The child ended. `requests` were open; unless Failed follows for them they are asked again after the restart."""

    outcome: Outcome
    requests: tuple[int, ...]
    restarting: bool = True


@dataclass(frozen=True)
class Restarted:
    """A new child is ready, packages are open again, and the open requests have been asked again."""

    pid: int
    device: Device


# On the wire only: the client digests these.

@dataclass(frozen=True)
class Beat:
    """Sign of life: the phase, since how many seconds, for which request, and whose file is being written."""

    phase: Phase
    seconds: float
    request: int | None = None
    filing: int | None = None


@dataclass(frozen=True)
class Again:
    """The preview asked for is equal to the one sent as `earlier`: show that again."""

    request: int
    earlier: int


Request = Open | Preview | Render | Write | Encode | Consider | Embed | Look | Devices | Cancel | Shutdown
Answer = Opened | Frame | Written | Encoded | Considered | Embedded | Looked | DevicesTold | Failed
"""Events that end a request."""

ChildEvent = Ready | Answer | Stepped | Partial | Beat | Again
Event = Ready | Answer | Stepped | Partial | Died | Restarted
