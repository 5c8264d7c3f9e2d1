"""What a person says of their own network class: its arguments, which method draws, what goes in and comes out.

{"arguments": {"width": 64}, "latent": 100} is enough for a generator. In full:
{"arguments": {...}, "family": "decoder", "weights": "generator.", "range": [-1, 1], "manifest": {...},
 "parts": {"decoder": {"call": "decode", "outputs": ["image"],
                       "inputs": {"latent": {"shape": ["batch", 100], "as": [100, 1, 1]},
                                  "condition": {"shape": ["batch"], "below": 10}}}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.errors import ValueProblem

EXAMPLE = 'A generator needs {"arguments": {...}, "latent": 100}; the guide shows the rest.'
DType = Literal["float32", "int64", "bool"]


@dataclass(frozen=True)
class Entry:
    """An input: its shape in the graph (names are free sizes), numbers below `below`, the shape the class wants."""

    shape: tuple[int | str, ...]
    dtype: DType = "float32"
    below: int = 0
    given: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Wanted:
    """One graph to be made of the network."""

    inputs: Mapping[str, Entry]
    outputs: tuple[str, ...]
    call: str = "forward"


@dataclass(frozen=True)
class Settings:
    """Everything that was said."""

    arguments: Mapping[str, Any]
    parts: Mapping[str, Wanted]
    family: str = "decoder"
    weights: str = ""                        # what the names in the checkpoint begin with, if only some are wanted
    range: tuple[float, float] = (-1.0, 1.0)
    manifest: Mapping[str, Any] = field(default_factory=dict)


def settings_of(given: Mapping[str, Any]) -> Settings:
    """The settings out of a JSON object. Raises ValueProblem that names the entry."""
    known = {"arguments", "latent", "family", "weights", "range", "manifest", "parts"}
    if set(given) - known:
        raise _faulty(min(set(given) - known), f"is none of {', '.join(sorted(known))}")
    low, high = _numbers(given.get("range", [-1, 1]), "range")
    if "parts" in given:
        parts = {str(role): _part(value, f"parts.{role}") for role, value in _object(given, "parts").items()}
    else:
        parts = {"decoder": Wanted({"latent": _latent(given)}, ("image",))}
    return Settings(_object(given, "arguments"), parts, str(given.get("family", "decoder")),
                    str(given.get("weights", "")), (low, high), _object(given, "manifest"))


def _latent(given: Mapping[str, Any]) -> Entry:
    """"latent": 100, or the shape [100, 1, 1] in which the class wants its hundred numbers."""
    value = given.get("latent")
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return Entry(("batch", value))
    if isinstance(value, list) and value and all(isinstance(size, int) and size > 0 for size in value):
        count = 1
        for size in value:
            count *= size
        return Entry(("batch", count), given=tuple(value))
    raise _faulty("latent", "is not a number of latent numbers")


def _part(value: Any, where: str) -> Wanted:
    """One entry of "parts"."""
    if not isinstance(value, dict) or not isinstance(value.get("inputs"), dict) or not value["inputs"]:
        raise _faulty(where, "has no table of inputs")
    outputs = value.get("outputs", ["image"])
    if not isinstance(outputs, list) or not outputs or not all(isinstance(name, str) for name in outputs):
        raise _faulty(f"{where}.outputs", "is not a list of names")
    call = value.get("call", "forward")
    if not isinstance(call, str) or not all(word.isidentifier() for word in call.split(".")):
        raise _faulty(f"{where}.call", "is not the name of a method")
    inputs = {str(role): _entry(entry, f"{where}.inputs.{role}") for role, entry in value["inputs"].items()}
    return Wanted(inputs, tuple(outputs), call)


def _entry(value: Any, where: str) -> Entry:
    """A shape, or a table with shape, dtype, below, as."""
    table = {"shape": value} if isinstance(value, list) else value
    if not isinstance(table, dict):
        raise _faulty(where, "is not a shape")
    shape = table.get("shape")
    if not isinstance(shape, list) or not all(isinstance(size, str) or (isinstance(size, int) and size > 0)
                                              for size in shape):
        raise _faulty(f"{where}.shape", 'is not a shape such as ["batch", 100]')
    below = table.get("below", 0)
    dtype = table.get("dtype", "int64" if below else "float32")
    if dtype not in ("float32", "int64", "bool") or not isinstance(below, int) or (dtype == "int64" and below < 1):
        raise _faulty(where, "needs a dtype float32, int64 or bool, and whole numbers a limit `below`")
    given = table.get("as")
    if given is not None and not (isinstance(given, list) and all(isinstance(size, int) for size in given)):
        raise _faulty(f"{where}.as", "is not a shape such as [100, 1, 1]")
    return Entry(tuple(shape), dtype, below, None if given is None else tuple(given))


def _object(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name, {})
    if not isinstance(value, dict):
        raise _faulty(name, "is not a table")
    return value


def _numbers(value: Any, where: str) -> tuple[float, float]:
    if (isinstance(value, list) and len(value) == 2 and all(isinstance(one, int | float) for one in value)  # noqa: PLR2004
            and value[0] < value[1]):
        return float(value[0]), float(value[1])
    raise _faulty(where, "is not the numbers of black and white, such as [-1, 1]")


def _faulty(where: str, reason: str) -> ValueProblem:
    return ValueProblem(f"In the arguments file “{where}” {reason}.", EXAMPLE, where)
