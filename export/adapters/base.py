"""What every adapter yields: a detection with its reasons, and parts that can be traced, with roles, axes, tolerance.

No torch at import time: detection works where torch is not installed, so that a person can be told what a file is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.converting.messages import Precision
from export.checkpoint.source import Source

if TYPE_CHECKING:
    from torch import nn

Sizes = Mapping[str, int]
"""What the names of free dimensions stand for in one run: {"batch": 3, "time": 7}"""
USUAL: tuple[Precision, ...] = ("fp32", "fp16", "int8")
"""The precisions that nearly every network comes in."""
Sampler = Callable[[np.random.Generator, tuple[int, ...]], NDArray[Any]]


@dataclass(frozen=True)
class Detection:
    """What a source was recognised as, and why."""

    adapter: str                             # the adapter's name: "stylegan2", "dcgan", "vae" ...
    family: str                              # the engine's family: "decoder", "stylegan2", "text", "diffusion"
    title: str                               # words for a person: "StyleGAN2 generator, 256 × 256, RGB"
    reasons: tuple[str, ...]                 # "`synthesis.b4.const` is 512 × 4 × 4: a learned constant input"
    sizes: Mapping[str, int | float | str] = field(default_factory=dict)  # read from the weights
    score: float = 1.0                       # 0 .. 1; of several detections the highest is taken
    guesses: tuple[str, ...] = ()            # what could not be read and was assumed: "pictures are in -1 .. 1"


@dataclass(frozen=True)
class Slot:
    """One input or output of a part, by role. Free dimensions have names, fixed ones numbers."""

    role: str
    dtype: Literal["float32", "int64", "bool"]
    shape: tuple[int | str, ...]
    sample: Sampler | None = None            # inputs: draws one random value of a given shape; None means N(0, 1)
    scale: float | None = None               # outputs: the width of the nominal range (2 for -1 .. 1); None: measured


@dataclass(frozen=True)
class Cut:
    """A part whose graph is the beginning of another one's: the same weights, an earlier end."""

    role: str                                # the part it is cut from, which stands before it
    layer: str                               # dotted path of a layer there: what it yields last is the only output


@dataclass(frozen=True)
class Part:
    """One graph to be: a module whose forward takes `inputs` and returns a tuple of `outputs`, in that order."""

    role: str                                # key in the manifest's `graphs`: "decoder", "mapping", "step" ...
    module: nn.Module                        # written for the runtime (folded, unfused), weights loaded, eval mode
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    reference: nn.Module | None = None       # the architecture as its authors wrote it; None: `module` is that already
    example: Sizes = field(default_factory=dict)      # the sizes it is traced at
    trials: tuple[Sizes, ...] = ()           # the sizes it must also run at
    exporter: Literal["dynamo", "torchscript"] = "dynamo"  # torchscript for recurrent nets only
    tolerance: float = 1e-4                  # fp32: largest absolute error over the output's scale
    precisions: tuple[Precision, ...] = USUAL
    picture: str | None = None               # the output role that is a picture, for differences in 1/255
    cut: Cut | None = None                   # its graph is not traced but cut; `module` is what the cut must equal
    attends: bool = False                    # plain attention becomes one operator of the runtime (export.attention)


@dataclass(frozen=True)
class DirectionSet:
    """Named directions found at conversion: rows of directions.npy and what the manifest says of each."""

    rows: NDArray[np.float32]                # [n, dim] unit rows
    entries: tuple[Mapping[str, Any], ...]   # manifest `controls.directions` objects, `row` included
    cloud: NDArray[np.float32] | None = None  # [1 + k, dim]: mean, then k principal axes scaled by their sigma
    cloud_typical: tuple[float, float] | None = None   # distances that half and 99 % of samples stay under


@dataclass(frozen=True)
class Built:
    """All that an adapter made of a source."""

    parts: tuple[Part, ...]
    manifest: Mapping[str, Any]              # draft: `latent`, `image`, `stylegan2`, `text`, `controls` ...
    files: Mapping[str, bytes] = field(default_factory=dict)   # tokenizer.json and the like, copied into the package
    directions: DirectionSet | None = None
    notes: tuple[str, ...] = ()


class Adapter(Protocol):
    """One architecture."""

    @property
    def name(self) -> str:
        """The word for `--arch`."""
        ...

    def detect(self, source: Source) -> Detection | None:
        """What the source is if it is of this architecture; needs names and shapes only, no torch."""
        ...

    def build(self, source: Source, detection: Detection) -> Built:
        """The parts with their weights. Raises CheckpointError where weights are missing or of the wrong shape."""
        ...
