"""A point of a latent space as text: "w:" and base64 of little-endian float32 numbers. numpy only.

The text is what a recipe holds, so it has one form: standard base64 with padding, no spaces, and no negative zeros.
"""

from __future__ import annotations

import base64
import binascii

import numpy as np
from numpy.typing import NDArray

FROM_SEED = ""
"""The text of no point at all: the seed says where one is."""

_NUMBER = np.dtype("<f4")


def packed(space: str, numbers: NDArray[np.float32]) -> str:
    """The text of a point of `space` ("z", "w", "w+"); `numbers` of any shape, row by row."""
    plain = np.ascontiguousarray(numbers, np.float32).ravel() + np.float32(0)  # + 0 makes -0.0 the one zero
    return f"{space}:{base64.b64encode(plain.astype(_NUMBER).tobytes()).decode('ascii')}"


def unpacked(text: str) -> tuple[str, NDArray[np.float32]]:
    """Space and numbers, flat. Raises ValueError with the reason for anything that `packed` would not have made."""
    space, colon, body = text.partition(":")
    if not colon:
        raise ValueError("it does not begin with the name of a space, such as z:")
    try:
        data = base64.b64decode(body.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("it is not base64") from error
    if not data or len(data) % _NUMBER.itemsize:
        raise ValueError("it is cut short")
    numbers = np.frombuffer(data, _NUMBER).astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("it contains numbers that are not finite")
    return space, numbers
