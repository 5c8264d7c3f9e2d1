"""What the makers of precisions are asked and what they answer: plain structs that cross between processes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from engine.cancel import CancelToken
from export.aside import ask

EXACT = "fp32"


class Wish(Struct, frozen=True):
    """One part and the precisions it is wanted in."""

    role: str
    folder: str                              # where the fp32 graph lies
    graph: dict[str, Any]                    # its object in the manifest
    reference: str                           # path of reference.json
    precisions: tuple[str, ...]


class Request(Struct, frozen=True):
    """Everything one call of `python -m export.precision` makes."""

    parts: tuple[Wish, ...]
    folder: str                              # each precision gets a folder of its own in here


class Made(Struct, frozen=True):
    """What was made: graphs and their folders by role and precision, fp32 included, and what was done to them."""

    graphs: dict[str, dict[str, dict[str, Any]]]
    folders: dict[str, dict[str, str]]
    notes: dict[str, dict[str, list[str]]]   # sentences without a full stop
    saved: dict[str, int]                    # role -> bytes that lossless pruning took off the fp32 graph


def wish(role: str, folder: Path, graph: Mapping[str, Any], reference: Path, precisions: tuple[str, ...]) -> Wish:
    """One part of the request."""
    return Wish(role, str(folder.resolve()), dict(graph), str(reference.resolve()), precisions)


def made(parts: tuple[Wish, ...], folder: Path, cancel: CancelToken | None = None) -> Made:
    """Make every wished precision in a process of its own. Raises ConversionError, Cancelled."""
    request = Request(parts, str(folder.resolve()))
    return msgspec.convert(ask("export.precision", request, folder, cancel), Made)
