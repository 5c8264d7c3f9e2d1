"""What families of pictures share: numbers to 8 bits and back, enlarging, and remarks on what came out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.errors import ValueProblem
from engine.packages.parts import Encoder, Image

NEARLY_CONSTANT: Final = "The picture is nearly constant: nothing can be seen in it."
FAR_OUT: Final = ("This is further out than 99 of 100 of the model's own pictures: expect strange things. Bring the "
                  "sliders nearer to the middle to come back.")


_NAMED_CLASSES = 12


def class_index(classes: Mapping[str, int], name: str) -> int:
    """The number that the graph takes for the class of that name. Raises ValueProblem for an unknown one."""
    if name not in classes:
        more = f" and {len(classes) - _NAMED_CLASSES} more" if len(classes) > _NAMED_CLASSES else ""
        raise ValueProblem(f"“kind” cannot be “{name}”.",
                           f"Allowed is one of {', '.join(list(classes)[:_NAMED_CLASSES])}{more}.", "kind")
    return classes[name]


def to_bytes(picture: NDArray[np.generic], image: Image) -> NDArray[np.uint8]:
    """[height, width, channels] uint8 of one picture in the layout and range that the manifest states."""
    low, high = image.range
    levels: NDArray[np.float32] = np.subtract(picture, np.float32(low), dtype=np.float32)
    levels *= np.float32(255 / (high - low))
    np.rint(levels, out=levels)
    np.clip(levels, 0, 255, out=levels)
    whole = levels.astype(np.uint8)
    if image.layout == "NHWC":
        return whole
    pixels = np.empty((*whole.shape[1:], whole.shape[0]), np.uint8)
    for channel, plane in enumerate(whole):  # three times as fast as one transposed copy
        pixels[:, :, channel] = plane
    return pixels


def to_numbers(pixels: NDArray[np.uint8], sight: Encoder, image: Image) -> NDArray[np.float32]:
    """What an encoder reads of uint8 [height, width, channels]: one picture in its range and the model's layout."""
    low, high = sight.range
    numbers = np.float32(low) + pixels.astype(np.float32) * np.float32((high - low) / 255)
    return np.ascontiguousarray((numbers.transpose(2, 0, 1) if image.layout == "NCHW" else numbers)[None])


def enlarged(pixels: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """Every pixel as a block of scale x scale."""
    return pixels if scale == 1 else pixels.repeat(scale, axis=0).repeat(scale, axis=1)


def remarks(pixels: NDArray[np.uint8], distance: float | None) -> tuple[str, ...]:
    """What a person should know of a picture at that distance from the middle of the training cloud."""
    constant = (NEARLY_CONSTANT,) if nearly_constant(pixels) else ()
    return (*constant, FAR_OUT) if distance is not None and distance > 1 else constant


def nearly_constant(pixels: NDArray[np.uint8]) -> bool:
    """Whether no channel spans more than two of its 256 steps."""
    flat = pixels.reshape(-1, pixels.shape[-1])
    return bool((flat.max(axis=0) - flat.min(axis=0)).max() <= 2)  # noqa: PLR2004 - the docstring says it
