"""What the proof is asked and what it answers: plain structs that cross between processes as JSON. No runtime here."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct


class Subject(Struct, frozen=True):
    """One part to prove: where its reference lies and its graphs by precision."""

    role: str
    reference: str                           # path of reference.json
    graphs: dict[str, dict[str, Any]]        # precision -> the manifest's graph object
    folders: dict[str, str]                  # precision -> the folder its file lies in


class Request(Struct, frozen=True, tag="prove"):
    """Run all graphs of all parts: one of the two things that `python -m export.proof` does."""

    parts: tuple[Subject, ...]
    pictures: str                            # folder for the pictures of the report
    providers: tuple[str, ...] = ()          # "cpu", "cuda", "directml"; none: all that prove themselves


class Search(Struct, frozen=True, tag="search"):
    """Find the first node of a graph that departs from torch's own steps: the other thing."""

    graph: str
    run: str                                 # .npz with the inputs
    steps: str                               # .npz with torch's steps
    limit: float                             # how far off, over its range, a value may be
    faults: tuple[str, ...] = ()             # what ONNX Runtime said when the graph did not run


class Divergence(Struct, frozen=True):
    """Where a graph goes wrong first."""

    node: str                                # "up.3/Conv"
    layer: str                               # "up.3": the module's path in torch; empty for the outermost
    operator: str
    error: float | None                      # over the range of the right value; None: not a number, or it did not run
    kind: Literal["value", "run", "rewriting", "unknown"] = "value"


class OutputFigures(Struct, frozen=True):
    """How far ONNX Runtime is from torch in one output."""

    max_abs: float
    mean_abs: float
    scale: float                             # width of the nominal range, or of what torch yielded
    samples: int                             # random inputs compared (rows of the batch counted)

    @property
    def relative(self) -> float:
        """The largest error over the scale: what tolerances speak of."""
        return self.max_abs / self.scale


class PictureFigures(Struct, frozen=True):
    """The visible difference in steps of 1/255, after both pictures are clipped to their range."""

    output: str
    mean: float                              # the mean of the worst picture, not of all of them
    max: float


class Outcome(Struct, frozen=True):
    """One part in one precision on one provider."""

    outputs: dict[str, OutputFigures]
    picture: PictureFigures | None = None
    ms: float | None = None                  # median of one call at the first sizes, one thread
    runs: int = 0
    sizes: tuple[dict[str, int], ...] = ()   # every size it ran at
    faults: tuple[str, ...] = ()             # sentences: it failed to run, yielded NaN, ignores its input
    notes: tuple[str, ...] = ()
    worst: int = 0                           # the run with the largest error, or the one that failed


class Provider(Struct, frozen=True):
    """A device that was tried."""

    requested: str
    actual: str
    name: str
    why: str = ""


class PartFigures(Struct, frozen=True):
    """One part in all its precisions."""

    role: str
    torch_ms: float
    torch: str
    tolerance: float
    bytes: dict[str, int]                    # precision -> graph and weight files together
    outcomes: dict[str, dict[str, Outcome]]  # precision -> provider -> outcome
    pictures: dict[str, str] = {}            # precision -> .npz with a few pictures of both sides
    rewriting: dict[str, float] = {}
    divergences: dict[str, Divergence] = {}  # reduced precision that fails -> where most of its error comes from
    torch_peak_mb: float = 0.0


class Figures(Struct, frozen=True):
    """All that the proof measured."""

    parts: tuple[PartFigures, ...]
    providers: tuple[Provider, ...]
    versions: dict[str, str]
    machine: dict[str, str]
    peak_mb: float = 0.0
