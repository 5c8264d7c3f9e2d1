"""The layers of a network as far as names and shapes tell: which modules have weights, of what kind, in what order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from export.checkpoint.source import Checkpoint

Kind = Literal["linear", "conv", "norm", "embedding", "other"]
_NORM_WORDS = ("bn", "norm", "batch")
_FIRST_WORDS = ("input", "preprocess", "project", "init", "first", "l1", "in_")
_LAST_WORDS = ("final", "out", "last", "to_rgb", "torgb", "image")
_LINEAR_WORDS = ("fc", "linear", "dense", "lin")


@dataclass(frozen=True)
class Layer:
    """A module with weights. `gap` and `lead` count modules without weights, seen from jumps of list numbers."""

    name: str                                # "decoder.0.1"
    kind: Kind
    shape: tuple[int, ...]                   # of its weight
    bias: bool = False
    gap: int | None = None                   # between it and the layer before it in the same list; None: not told
    lead: int = 0                            # before it, at the beginning of its own block


def layers_of(source: Checkpoint, *, linear_last: bool = False, names: Iterable[str] | None = None,
              as_stored: bool = False) -> tuple[Layer, ...]:
    """The layers in the order in which they run, so far as names tell; `names` limits them to some modules.

    `as_stored` keeps the order of the file (which safetensors does not keep); `linear_last` is for encoders.
    """
    chosen = modules_of(source) if names is None else tuple(names)
    if not as_stored:
        chosen = tuple(sorted(chosen, key=lambda name: _place(name, linear_last=linear_last)))
    found: list[Layer] = []
    for name in chosen:
        gap, lead = _distance(found[-1].name if found else "", name)
        found.append(Layer(name, _kind(source, name), _shape(source, name), f"{name}.bias" in source, gap, lead))
    return tuple(found)


def modules_of(source: Checkpoint) -> tuple[str, ...]:
    """The names of all modules that have a weight (a batch norm may have running averages only), as stored."""
    owners = (name.rpartition(".")[0] for name in source if name.endswith((".weight", ".running_mean")))
    return tuple(dict.fromkeys(owner for owner in owners if owner))


def _kind(source: Checkpoint, name: str) -> Kind:
    """What sort of module it is: by its shape, and for matrices by whether it can be an embedding."""
    shape = _shape(source, name)
    if f"{name}.running_mean" in source:
        return "norm"
    if len(shape) == 4:  # noqa: PLR2004 - convolution kernels have four dimensions
        return "conv"
    if len(shape) == 2:  # noqa: PLR2004 - matrices have two
        return "embedding" if "emb" in name and f"{name}.bias" not in source else "linear"
    return "other"


def _shape(source: Checkpoint, name: str) -> tuple[int, ...]:
    return source.shape(f"{name}.weight") or source.shape(f"{name}.running_mean") or ()


def _place(name: str, *, linear_last: bool) -> tuple[tuple[int, int, int, str], ...]:
    """Where a module belongs: first and last words, then its number, convolution before the norm of that number."""
    return tuple(_component(part, linear_last=linear_last) for part in name.lower().split("."))


def _component(part: str, *, linear_last: bool) -> tuple[int, int, int, str]:
    """The key of one part of a dotted name: a word's place, its number, norms after the layer they belong to."""
    if part.isdecimal():
        return 1, int(part), 0, ""
    number = re.search(r"(\d+)$", part)
    rank = 1
    if part.startswith(_LINEAR_WORDS):
        rank = 2 if linear_last else 0
    if any(word in part for word in _FIRST_WORDS):
        rank = 0
    elif any(word in part for word in _LAST_WORDS):
        rank = 3
    return rank, int(number[1]) if number else 0, int(part.startswith(_NORM_WORDS)), part


def _distance(before: str, name: str) -> tuple[int | None, int]:
    """Modules without weights between two neighbours of one list, and those that begin a new list."""
    parent, _, last = name.rpartition(".")
    if not last.isdecimal():
        return None, 0
    parent_before, _, last_before = before.rpartition(".")
    if before and parent == parent_before and last_before.isdecimal():
        return int(last) - int(last_before) - 1, 0
    return None, int(last)
