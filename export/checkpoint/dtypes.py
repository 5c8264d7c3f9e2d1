"""The number formats of weights: how many bytes each takes, and how those numpy does not know become float32."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Name as torch says it -> numpy's storage type. Those in `_DECODED` are stored as plain integers here.
STORED: dict[str, np.dtype[Any]] = {name: np.dtype(kind).newbyteorder("<") for name, kind in {
    "float64": "f8", "float32": "f4", "float16": "f2", "bfloat16": "u2",
    "float8_e4m3fn": "u1", "float8_e5m2": "u1", "float8_e4m3fnuz": "u1", "float8_e5m2fnuz": "u1",
    "int64": "i8", "int32": "i4", "int16": "i2", "int8": "i1",
    "uint64": "u8", "uint32": "u4", "uint16": "u2", "uint8": "u1", "bool": "?",
    "complex64": "c8", "complex128": "c16",
}.items()}

# Exponent bits, mantissa bits, bias, and whether there is neither infinity nor a negative zero ("fnuz").
_EIGHT_BIT = {"float8_e4m3fn": (4, 3, 7, False), "float8_e5m2": (5, 2, 15, False),
              "float8_e4m3fnuz": (4, 3, 8, True), "float8_e5m2fnuz": (5, 2, 16, True)}

_SIGN = 128  # codes from here on are negative

FLOATS = frozenset(name for name in STORED if name.startswith(("float", "bfloat")))
PLAIN = {value: name for name, value in STORED.items() if name not in _EIGHT_BIT and name != "bfloat16"}
"""numpy's type -> name, for arrays that were numpy's already."""


def itemsize(name: str) -> int:
    """Bytes of one number of that kind."""
    return STORED[name].itemsize


def decoded(stored: NDArray[Any], name: str) -> NDArray[Any]:
    """Numbers as read from disk -> numbers to count with; bfloat16 and eight-bit floats become float32, exactly."""
    if name == "bfloat16":
        wide = stored.astype(np.uint32)
        wide <<= np.uint32(16)
        return wide.view(np.float32)
    if name in _EIGHT_BIT:
        return _table(name)[stored]
    return stored


@cache
def _table(name: str) -> NDArray[np.float32]:
    """All 256 values of an eight-bit float (Micikevicius et al. 2022, "FP8 Formats for Deep Learning")."""
    exponent_bits, mantissa_bits, bias, fnuz = _EIGHT_BIT[name]
    code = np.arange(256)
    exponent = (code >> mantissa_bits) & ((1 << exponent_bits) - 1)
    mantissa = (code & ((1 << mantissa_bits) - 1)) / (1 << mantissa_bits)
    value = np.where(exponent == 0, mantissa * 2.0 ** (1 - bias), (1 + mantissa) * 2.0 ** (exponent - bias))
    value[_SIGN:] *= -1
    if fnuz:
        value[_SIGN] = np.nan
    elif name == "float8_e4m3fn":
        value[[127, 255]] = np.nan
    else:
        value[[124, 252]] = [np.inf, -np.inf]
        value[[125, 126, 127, 253, 254, 255]] = np.nan
    return value.astype(np.float32)
