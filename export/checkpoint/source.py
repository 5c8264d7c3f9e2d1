"""What a checkpoint holds once it has been read: named tensors that are loaded when asked for, and plain settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TensorRef:
    """One stored tensor; its numbers stay in the file until `read` is called."""

    name: str
    dtype: str                               # as stored: "float32", "float16", "bfloat16", "int64", "bool" ...
    shape: tuple[int, ...]
    load: Callable[[], NDArray[Any]]

    def read(self) -> NDArray[Any]:
        """The numbers; bfloat16 and eight-bit floats come back as float32, everything else as stored."""
        return self.load()

    def real(self) -> NDArray[np.float32]:
        """The numbers as float32, whatever the file stored."""
        return np.asarray(self.read(), np.float32)

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return int(np.prod(self.shape, dtype=np.int64))


@dataclass(frozen=True)
class Checkpoint:
    """One set of weights. `tensors` has unwrapped names: no `module.`, no outer `state_dict` or `g_ema`."""

    path: Path
    kind: str                                # "safetensors", "torch-zip", "torch-legacy", "stylegan-pickle", "npz" ...
    tensors: Mapping[str, TensorRef]
    digest: str                              # "sha256:<hex>" of the file (a folder: of its weight files in order)
    size: int                                # bytes on disk
    settings: Mapping[str, Any] = field(default_factory=dict)  # plain data beside: model_args, init_kwargs
    notes: tuple[str, ...] = ()              # what a person should know: "taken from `g_ema`" ...
    code: Mapping[str, str] = field(default_factory=dict)      # source text found inside; shown, never run
    warnings: tuple[str, ...] = ()           # what is wrong with it although it opens: "contains NaN or infinity ..."

    def __contains__(self, name: object) -> bool:
        return name in self.tensors

    def __getitem__(self, name: str) -> TensorRef:
        return self.tensors[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tensors)

    def shape(self, name: str) -> tuple[int, ...] | None:
        """The shape of the tensor of that name, None where there is none."""
        ref = self.tensors.get(name)
        return None if ref is None else ref.shape

    def parameters(self) -> int:
        """How many numbers all tensors hold together."""
        return sum(ref.count for ref in self.tensors.values())


@dataclass(frozen=True)
class ModelFolder:
    """A folder of parts (diffusers, Transformers): its index and configurations as plain data, weights part by part."""

    path: Path
    kind: str                                # "diffusers", "transformers"
    index: Mapping[str, Any]                 # model_index.json or config.json
    configs: Mapping[str, Mapping[str, Any]]  # part -> config.json ("" for the folder itself)
    parts: Mapping[str, Checkpoint]          # part -> weights ("" for the folder itself)
    files: Mapping[str, Path]                # tokenizer.json, vocab.json, merges.txt, scheduler_config.json ...
    digest: str
    size: int


Source = Checkpoint | ModelFolder
