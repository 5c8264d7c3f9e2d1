"""JSON from strangers: size and depth capped, duplicate keys, NaN, giant numbers and lone surrogates refused.

Python's own reader takes all of these in silence, and then two readers of one file can disagree about what it says.
"""

from __future__ import annotations

import json
import re
from typing import Any

MAX_DEPTH = 64
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def parse(data: bytes, *, max_bytes: int, max_depth: int = MAX_DEPTH) -> Any:
    """The value in `data`. Raises ValueError with a short reason (lower case, no full stop) for anything unsound."""
    if len(data) > max_bytes:
        raise ValueError(f"it is larger than {max_bytes:,} bytes")
    if _depth(data) > max_depth:
        raise ValueError(f"it is nested more than {max_depth} levels deep")
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error.msg}, line {error.lineno} column {error.colno})") from error
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8 text") from error
    _refuse_surrogates(value)
    return value


def parse_object(data: bytes, *, max_bytes: int, max_depth: int = MAX_DEPTH) -> dict[str, Any]:
    """`parse`, and the value must be an object."""
    value = parse(data, max_bytes=max_bytes, max_depth=max_depth)
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - a fault of the file, as every other here
    return value


def _depth(data: bytes) -> int:
    """Deepest nesting of brackets outside strings, counted before the recursive reader sees the text."""
    deepest = depth = 0
    for byte in _STRING.sub(b"", data):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different."""
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key “{twice}” appears twice")
    return result


def _refuse_constant(name: str) -> Any:
    """NaN and the infinities are not JSON."""
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    """A number that a double can hold."""
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"the number {text[:20]} is too large")
    return value


def _refuse_surrogates(value: Any) -> None:
    """Half characters cannot be written as UTF-8 again."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("it contains half a character (lone surrogate)") from error
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_surrogates(key)
            _refuse_surrogates(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)
