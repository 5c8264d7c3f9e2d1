"""What the proof is asked and what it answers: plain structs that cross between processes as JSON. No runtime here."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Subject(Struct, frozen=True):
    """One part to prove: where its reference lies and its graphs by precision."""

    role: str
    reference: str                           # path of reference.json
    graphs: dict[str, dict[str, Any]]        # precision -> the manifest's graph object
    folders: dict[str, str]                  # precision -> the folder its file lies in


class Request(Struct, frozen=True):
    """Everything one call of `python -m export.proof` does."""

    parts: tuple[Subject, ...]
    pictures: str                            # folder for the pictures of the report
    providers: tuple[str, ...] = ()          # "cpu", "cuda", "directml"; none: all that prove themselves


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
    torch_peak_mb: float = 0.0


class Figures(Struct, frozen=True):
    """All that the proof measured."""

    parts: tuple[PartFigures, ...]
    providers: tuple[Provider, ...]
    versions: dict[str, str]
    machine: dict[str, str]
    peak_mb: float = 0.0
