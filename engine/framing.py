"""Messages as frames: a JSON header, and raw buffers for pixels, palettes and vectors.

Everything is checked field by field when it comes in: the studio trusts the child's answers no more than the child
trusts its orders.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine import messages
from engine.api import Asset, Medium, Recipe, Swatch, Value
from engine.messages import ChildEvent, Embedded, Encoded, Frame, Looked, Partial, Request
from engine.wire import Buffer, WireError

MAX_SIDE = 16_384
"""Longest side of a picture that either process takes from the other, in pixels."""

MAX_REQUEST = 1024 * 1024
"""Longest request in bytes: a text control holds pages, not books."""

MAX_VECTORS = 1 << 24
"""Most numbers of one Embedded."""

_PALETTE = 256  # rows: one for each value of a byte
_REQUESTS: dict[str, type[Any]] = {kind.__name__: kind for kind in (
    messages.Open, messages.Preview, messages.Render, messages.Write, messages.Encode, messages.Consider,
    messages.Embed, messages.Look, messages.Devices, messages.Cancel, messages.Shutdown)}
_EVENTS: dict[str, type[Any]] = {kind.__name__: kind for kind in (
    messages.Ready, messages.Opened, messages.Written, messages.Stepped, messages.Considered, messages.DevicesTold,
    messages.Failed, messages.Beat, messages.Again)}
T = TypeVar("T")


@dataclass(frozen=True)
class _AssetHead:
    """An asset without its pixels; `palette` is the palette's channels, 0 without one. Only `rows` travel, if told."""

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
    medium: Medium = Medium.PICTURE
    texts: tuple[str, ...] = ()
    swatches: tuple[Swatch, ...] = ()


@dataclass(frozen=True)
class _EmbeddedHead:
    """An `Embedded` without its numbers."""

    request: int
    shape: tuple[int, int]


@dataclass(frozen=True)
class _LookedHead:
    """A `Looked` without its pixels."""

    request: int
    shape: tuple[int, int, int]
    full: tuple[int, int]


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
    if isinstance(message, Frame | Partial):
        return _encode_asset(message)
    if isinstance(message, Looked):
        pixels = np.ascontiguousarray(message.pixels)
        looked = _LookedHead(message.request, pixels.shape, message.full)
        return {"kind": "Looked", **plain(looked)}, (pixels.reshape(-1).data,)
    if isinstance(message, Embedded):
        count, dim = message.vectors.shape
        numbers = message.vectors.astype(np.float32).tobytes()  # a view of no numbers at all could not be cast
        return {"kind": "Embedded", **plain(_EmbeddedHead(message.request, (count, dim)))}, (numbers,)
    return {"kind": type(message).__name__, **plain(message)}, ()


def _encode_asset(message: Frame | Partial) -> tuple[dict[str, Any], tuple[Buffer, ...]]:
    asset = message.asset
    pixels = np.ascontiguousarray(asset.pixels)
    height, width, channels = pixels.shape
    colors = [] if asset.palette is None else [np.ascontiguousarray(asset.palette)]
    preview = isinstance(message, Frame) and message.preview
    head = _AssetHead(message.request, preview, asset.recipe, (height, width, channels), asset.model_ms,
                      asset.total_ms, asset.provider, asset.notes, colors[0].shape[1] if colors else 0,
                      asset.draft, asset.full, asset.distance, asset.rows, asset.medium, asset.texts, asset.swatches)
    sent = pixels if asset.rows is None else pixels[slice(*asset.rows)]
    kind = type(message).__name__
    return {"kind": kind, **plain(head)}, tuple(part.reshape(-1).data for part in (sent, *colors))


def decode_request(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]]) -> Request:
    """A frame from the studio. Raises `WireError` when it is not a request."""
    request: Request = _decode(header, buffers, _REQUESTS)
    return request


def decode_event(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]]) -> ChildEvent:
    """A frame from the child; pixels keep the buffer they were read into. Raises `WireError`."""
    match header.get("kind"):
        case "Frame":
            head, asset = _decode_asset(header, buffers, partial=False)
            return Frame(head.request, asset, head.preview)
        case "Partial":
            head, asset = _decode_asset(header, buffers, partial=True)
            return Partial(head.request, asset)
        case "Encoded":
            return _decode_encoded(header, buffers)
        case "Embedded":
            return _decode_embedded(header, buffers)
        case "Looked":
            seen = _fields(header, _LookedHead)
            return Looked(seen.request, _pictures(seen.shape, [seen.shape], buffers)[0], seen.full)
        case _:
            event: ChildEvent = _decode(header, buffers, _EVENTS)
            return event


def _decode(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]], kinds: Mapping[str, type[Any]]) -> Any:
    kind = kinds.get(str(header.get("kind")))
    if kind is None or buffers:
        raise WireError(f"a message of an unknown kind: {str(header.get('kind'))[:40]!r}")
    return _fields(header, kind)


def _fields(header: Mapping[str, Any], kind: type[T]) -> T:
    return revive({name: value for name, value in header.items() if name != "kind"}, kind)


def _decode_asset(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]], *,
                  partial: bool) -> tuple[_AssetHead, Asset]:
    head = _fields(header, _AssetHead)
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
                  colors[0] if colors else None, head.draft, head.full, head.distance, head.rows, head.medium,
                  head.texts, head.swatches, partial)
    return head, asset


def _decode_encoded(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]]) -> Encoded:
    head = _fields(header, _EncodedHead)
    before, after = _pictures(head.shape, [head.shape, head.shape], buffers)
    return Encoded(head.request, head.values, before, after, head.figures, head.notes)


def _decode_embedded(header: Mapping[str, Any], buffers: Sequence[NDArray[np.uint8]]) -> Embedded:
    head = _fields(header, _EmbeddedHead)
    numbers = math.prod(head.shape)
    if min(head.shape) < 0 or numbers > MAX_VECTORS or [buffer.size for buffer in buffers] != [numbers * 4]:
        raise WireError(f"vectors of impossible shape {head.shape}")
    vectors = buffers[0].view(np.float32).reshape(head.shape)
    vectors.flags.writeable = False
    return Embedded(head.request, vectors)


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
