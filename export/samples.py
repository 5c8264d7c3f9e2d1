"""What torch answered to random inputs, on disk: one .npz per run and an index that any process can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

INDEX = "reference.json"
_IN, _OUT = "in.", "out."
Arrays = dict[str, NDArray[Any]]


class Run(Struct, frozen=True):
    """One run of the network: which sizes its free dimensions had, and the file with its inputs and outputs."""

    file: str
    sizes: dict[str, int]


class Reference(Struct, frozen=True):
    """Everything torch said about one part."""

    role: str
    runs: tuple[Run, ...]
    scales: dict[str, float | None]          # output role -> width of its nominal range; None: measure it
    tolerance: float
    picture: str | None                      # the output role that is a picture
    torch_ms: float                          # median of one eager call at `runs[0].sizes`, one thread
    torch: str                               # its version
    rewriting: dict[str, float] = {}         # output role -> error over scale of `module` against `reference`, in torch
    peak_mb: float = 0.0


def write_run(path: Path, inputs: Mapping[str, NDArray[Any]], outputs: Mapping[str, NDArray[Any]]) -> None:
    """One .npz with both sides, by role."""
    arrays = {_IN + role: value for role, value in inputs.items()} | {_OUT + role: value
                                                                      for role, value in outputs.items()}
    np.savez(path, allow_pickle=False, **arrays)


def read_run(path: Path) -> tuple[Arrays, Arrays]:
    """Inputs and outputs by role."""
    with np.load(path, allow_pickle=False) as data:
        inputs = {name.removeprefix(_IN): data[name] for name in data.files if name.startswith(_IN)}
        outputs = {name.removeprefix(_OUT): data[name] for name in data.files if name.startswith(_OUT)}
    return inputs, outputs


def write_index(folder: Path, reference: Reference) -> Path:
    """`reference.json` in `folder`."""
    path = folder / INDEX
    path.write_bytes(msgspec.json.format(msgspec.json.encode(reference)))
    return path


def read_index(path: Path) -> Reference:
    """The index that `write_index` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=Reference)


def each_run(path: Path) -> Iterator[tuple[Run, Arrays, Arrays]]:
    """Every run of the index at `path`, one in memory at a time."""
    for run in read_index(path).runs:
        inputs, outputs = read_run(path.parent / run.file)
        yield run, inputs, outputs
