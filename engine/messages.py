"""What the two processes say to each other: requests to the engine child and events from it, as frozen plain data.

Each message becomes a frame's JSON header (plus raw buffers for pixels and palette) and is checked field by field when
it comes in: the studio trusts the child's answers no more than the child trusts its orders.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Device, PackageInfo, Problem, Progress, Recipe, Value
from engine.outcome import Outcome
from engine.wire import Buffer, WireError

MAX_SIDE = 16_384
"""Longest side of a picture that either process takes from the other, in pixels."""

_PALETTE = 256  # rows: one for each value of a byte

MAX_REQUEST = 1024 * 1024
"""Longest request in bytes: a text control holds pages, not books."""


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

    A `draft` may be answered by a quicker, smaller picture, which says so (`Asset.draft`).
    """

    request: int
    recipe: Recipe
    draft: bool = False


@dataclass(frozen=True)
class Render:
    """Render, in order. Answer: Frame or Failed. A `draft` will do for a thumbnail."""

    request: int
    recipe: Recipe
    draft: bool = False


@dataclass(frozen=True)
class Write:
    """Render, encode and write to `path`, in order. Answer: Written or Failed.

    `retried` after the death of an engine that may have finished the file without telling: then a file of exactly the
    same bytes is the answer, not an obstacle.
    """

    request: int
    recipe: Recipe
    path: str
    overwrite: bool = False
    retried: bool = False


@dataclass(frozen=True)
class Encode:
    """Find the latent point of the picture at `path`, in order. Answer: Encoded or Failed.

    The recipe names the package and holds what stays as it is, such as the class.
    """

    request: int
    recipe: Recipe
    path: str


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


Request = Open | Preview | Render | Write | Encode | Devices | Cancel | Shutdown
Event = Ready | Opened | Frame | Written | Encoded | Stepped | DevicesTold | Failed | Died | Restarted
ChildEvent = Ready | Opened | Frame | Written | Encoded | Stepped | DevicesTold | Failed | Beat | Again
Answer = Opened | Frame | Written | Encoded | DevicesTold | Failed
"""Events that end a request."""

_REQUESTS: dict[str, type[Any]] = {kind.__name__: kind
                                   for kind in (Open, Preview, Render, Write, Encode, Devices, Cancel, Shutdown)}
_EVENTS: dict[str, type[Any]] = {kind.__name__: kind
                                 for kind in (Ready, Opened, Written, Stepped, DevicesTold, Failed, Beat, Again)}
T = TypeVar("T")


@dataclass(frozen=True)
class _FrameHead:
    """A `Frame` without its pixels; `palette` is the palette's channels, 0 without one. Only `rows` travel, if told."""

    request: int
    preview: bool
    recipe: Recipe
    shape: tuple[int, int, int]
    model_ms: float
    total_ms: float
    provider: str
    notes: tuple[str, ...]
    palette: int = 0
    draft: bool = False
    full: tuple[int, int] | None = None
    distance: float | None = None
    rows: tuple[int, int] | None = None


@dataclass(frozen=True)
class _EncodedHead:
    """An `Encoded` without its two pictures, which share one shape."""

    request: int
    values: dict[str, Value]
    shape: tuple[int, int, int]
    figures: dict[str, float]
    notes: tuple[str, ...]


def plain(value: object) -> Any:
    """Any of the house's frozen dataclasses as plain JSON data."""
    return msgspec.to_builtins(value, enc_hook=_open_mapping)


def revive(data: object, kind: type[T]) -> T:
    """Inverse of `plain`, each field checked. Raises `WireError`."""
    try:
        return msgspec.convert(data, kind)
    except (msgspec.ValidationError, ValueError, TypeError, RecursionError) as error:
        raise WireError(f"{kind.__name__}: {error}") from error


def check_sendable(message: Request) -> None:
    """Raise `WireError` for a request that the child would not understand: not a number, lone surrogates, too long."""
    try:
        text = msgspec.json.encode(message, enc_hook=_open_mapping)
        arriving = msgspec.json.decode(text, type=type(message))
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        raise WireError(str(error)) from error
    if len(text) > MAX_REQUEST:
        raise WireError(f"longer than {MAX_REQUEST} bytes")
    if arriving != message:
        raise WireError("a value that would arrive as another one")


def encode(message: Request | ChildEvent) -> tuple[dict[str, Any], tuple[Buffer, ...]]:
    """A message as frame header and raw buffers."""
    if isinstance(message, Encoded):
        pictures = [np.ascontiguousarray(picture) for picture in (message.before, message.after)]
        told = _EncodedHead(message.request, dict(message.values), pictures[0].shape, dict(message.figures),
                            message.notes)
        return {"kind": "Encoded", **plain(told)}, tuple(picture.data.cast("B") for picture in pictures)
    if isinstance(message, Frame):
        asset = message.asset
        pixels = np.ascontiguousarray(asset.pixels)
        height, width, channels = pixels.shape
        colors = [] if asset.palette is None else [np.ascontiguousarray(asset.palette)]
        head = _FrameHead(message.request, message.preview, asset.recipe, (height, width, channels), asset.model_ms,
                          asset.total_ms, asset.provider, asset.notes, colors[0].shape[1] if colors else 0,
                          asset.draft, asset.full, asset.distance, asset.rows)
        sent = pixels if asset.rows is None else pixels[slice(*asset.rows)]
        return {"kind": "Frame", **plain(head)}, tuple(part.reshape(-1).data for part in (sent, *colors))
    return {"kind": type(message).__name__, **plain(message)}, ()


def decode_request(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]]) -> Request:
    """A frame from the studio. Raises `WireError` when it is not a request."""
    request: Request = _decode(header, buffers, _REQUESTS)
    return request


def decode_event(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]]) -> ChildEvent:
    """A frame from the child; pixels keep the buffer they were read into. Raises `WireError`."""
    if header.get("kind") == "Frame":
        return _decode_frame(header, buffers)
    if header.get("kind") == "Encoded":
        return _decode_encoded(header, buffers)
    event: ChildEvent = _decode(header, buffers, _EVENTS)
    return event


def _decode(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]], kinds: Mapping[str, type[Any]]) -> Any:
    kind = kinds.get(str(header.get("kind")))
    if kind is None or buffers:
        raise WireError(f"a message of an unknown kind: {str(header.get('kind'))[:40]!r}")
    return revive({name: value for name, value in header.items() if name != "kind"}, kind)


def _decode_frame(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]]) -> Frame:
    head = revive({name: value for name, value in header.items() if name != "kind"}, _FrameHead)
    if head.palette and (head.palette not in (3, 4) or head.shape[2] != 1):
        raise WireError(f"a picture of shape {head.shape} with an impossible palette of {head.palette} channels")
    height, width, channels = head.shape
    first, last = head.rows or (0, height)
    if not 0 <= first <= last <= height or (head.rows and channels != 1):
        raise WireError(f"a picture of shape {head.shape} with impossible rows {head.rows}")
    sent = (last - first, width, channels)
    shapes = [sent, (_PALETTE, head.palette)] if head.palette else [sent]
    pixels, *colors = _pictures(head.shape, shapes, buffers)
    if sent != head.shape:
        whole = np.zeros(head.shape, np.uint8)
        whole[first:last] = pixels
        whole.flags.writeable = False
        pixels = whole
    asset = Asset(head.recipe, pixels, head.model_ms, head.total_ms, head.provider, head.notes,
                  colors[0] if colors else None, head.draft, head.full, head.distance, head.rows)
    return Frame(head.request, asset, head.preview)


def _decode_encoded(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]]) -> Encoded:
    head = revive({name: value for name, value in header.items() if name != "kind"}, _EncodedHead)
    before, after = _pictures(head.shape, [head.shape, head.shape], buffers)
    return Encoded(head.request, head.values, before, after, head.figures, head.notes)


def _pictures(shape: tuple[int, int, int], shapes: Sequence[tuple[int, ...]],
              buffers: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    """The buffers in their `shapes`, read-only, where `shape` is that of a picture. Raises `WireError`."""
    height, width, channels = shape
    if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE and channels in (1, 3, 4)):
        raise WireError(f"a picture of impossible shape {shape}")
    if [buffer.size for buffer in buffers] != [math.prod(wanted) for wanted in shapes]:
        raise WireError(f"a picture of shape {shape} with the wrong number of bytes")
    parts = [buffer.reshape(wanted) for buffer, wanted in zip(buffers, shapes, strict=True)]
    for part in parts:
        part.flags.writeable = False
    return parts


def _open_mapping(value: object) -> dict[str, Any]:
    """What msgspec asks about a type it does not know: only the frozen mapping of a recipe is expected."""
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError(type(value).__name__)
