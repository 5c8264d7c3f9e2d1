"""What a conversion is asked and what it tells: frozen plain data, one JSON object a line between the processes.

The studio and the command line read the same events. A checkpoint is converted by the export child; a foreign ONNX
file is made a package here, without torch: the events are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from engine.api import Problem
from engine.packages.questions import Question

MAX_LINE = 4 * 1024 * 1024
"""Longest line in bytes that either side takes from the other."""

Precision = Literal["fp32", "fp16", "int8", "int4"]
Step = Literal["open", "recognise", "build", "directions", "reference", "trace", "precision", "proof", "judge", "pack",
               "trial", "shelf"]
"""The recipe in order; a foreign ONNX file goes open, trial, pack. `shelf` comes last where that is the target."""


class MessageError(ValueError):
    """A line that is not one of these messages."""


@dataclass(frozen=True)
class ConvertRequest:
    """Convert `source`. Paths are texts; empty ones mean what the comment says."""

    source: str                              # a file or a folder
    target: str = ""                         # the package folder to be made; it must not exist. Empty: onto the shelf
    name: str = ""                           # "Faces of our studio"; empty: the name hint
    id: str = ""                             # empty: from the name
    license: str = ""                        # required, by words: "CC-BY-4.0", "unknown" ... "unknown" is shown
    credit: str = ""
    summary: str = ""                        # empty: the title of what was recognised
    family: str = ""                         # only detections of this family count
    arch: str = ""                           # an adapter's name, or "module:Class" of one's own
    arguments: str = ""                      # JSON file: keyword arguments of that class
    precisions: tuple[Precision, ...] = ("fp32",)   # the packages wanted; several make several folders
    report: str = ""                         # HTML file; its JSON twin lies beside it. Empty: beside the package
    answers: Mapping[str, str] = field(default_factory=dict)   # to the questions of a foreign ONNX file
    preview: bool = True                     # render a preview sheet


@dataclass(frozen=True)
class Making:
    """One part of the package to be."""

    role: str                                # "mapping", "synthesis", "decoder" ...
    words: str                               # "seed to style"
    megabytes: float | None = None           # rough, fp32; None: not known before it is built


@dataclass(frozen=True)
class Inspection:
    """What a file or folder is, before anything is made of it."""

    path: str
    kind: str                                # "safetensors", "torch-zip", "diffusers", "onnx", "onnx-folder", "package"
    bytes: int
    title: str                               # "StyleGAN2 generator, 256 × 256, RGB"; for a package its name
    family: str = ""
    adapter: str = ""
    reasons: tuple[str, ...] = ()            # why we think so, one sentence each
    sizes: Mapping[str, int | float | str] = field(default_factory=dict)
    guesses: tuple[str, ...] = ()            # what could not be read and was assumed
    notes: tuple[str, ...] = ()              # remarks: "taken from `g_ema`"
    warnings: tuple[str, ...] = ()           # "contains NaN"
    makes: tuple[Making, ...] = ()
    precisions: tuple[Precision, ...] = ("fp32",)   # what can be asked for
    needs_torch: bool = True
    blocked: Problem | None = None           # why it cannot be converted here (torch is missing), with the way out
    name_hint: str = ""
    license_hint: str = ""
    credit_hint: str = ""
    questions: tuple[Question, ...] = ()     # a foreign ONNX file: one screen
    code_found: bool = False                 # program text lay in the file; it was shown to nobody and never run
    others: tuple[str, ...] = ()             # further adapters that would take it: words for `arch`


@dataclass(frozen=True)
class PrecisionFigures:
    """One precision of the proof in numbers; None where it was not measured."""

    verdict: Literal["pass", "fail"]
    bytes: int
    tolerance: float
    error: float                             # largest absolute error of all outputs, over the output's range
    milliseconds: float | None = None
    speed_over_torch: float | None = None
    picture_difference: float | None = None  # mean, in 1/255


@dataclass(frozen=True)
class Picture:
    """A small picture for a screen: `pixels` is uint8 [height, width, 3], rows from the top. At most 192 a side."""

    width: int
    height: int
    pixels: bytes


@dataclass(frozen=True)
class Pair:
    """The same input through PyTorch and through the package, as pictures."""

    torch: Picture
    package: Picture
    precision: Precision = "fp32"
    difference: float | None = None          # mean, in 1/255


# Events

@dataclass(frozen=True)
class Told:
    """The work goes on: `fraction` of the whole is done (0 .. 1), `words` say what is being done."""

    step: Step
    fraction: float
    words: str
    seconds_left: float | None = None


@dataclass(frozen=True)
class Noted:
    """A remark a person may want to see: how far the child is confined, what was guessed."""

    words: str


@dataclass(frozen=True)
class Inspected:
    """The answer to an inspection. Last event."""

    inspection: Inspection


@dataclass(frozen=True)
class Converted:
    """The package is whole and in its place. Last event. A foreign ONNX file has no reports and no figures."""

    folder: str                              # of the first precision asked for; on the shelf where that was the target
    folders: Mapping[Precision, str]
    id: str
    family: str
    runs: bool                               # whether this version has the family; otherwise the package waits for it
    report_html: str = ""
    report_json: str = ""
    figures: Mapping[Precision, PrecisionFigures] = field(default_factory=dict)
    recommended: str = ""                    # the smallest precision that passed; never chosen for a person
    pairs: tuple[Pair, ...] = ()             # a few, for the eye; none where no output is a picture
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    peak_bytes: int = 0                      # of the child and its children, at most


@dataclass(frozen=True)
class Failed:
    """Nothing was made. Last event. A cancel has the code "cancelled"."""

    problem: Problem
    report_html: str = ""                    # a conversion out of tolerance leaves its report, and nothing else
    report_json: str = ""


Event = Told | Noted | Inspected | Converted | Failed
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Told, Noted, Inspected, Converted, Failed)}
_ORDERS: dict[str, type[Any]] = {"Convert": ConvertRequest}


def encode(message: Event | ConvertRequest) -> bytes:
    """One line, newline included."""
    kind = "Convert" if isinstance(message, ConvertRequest) else type(message).__name__
    return msgspec.json.encode({"kind": kind, "data": message}) + b"\n"


def decode_event(line: bytes) -> Event:
    """The event on a line. Raises MessageError."""
    made: Event = _decode(line, _KINDS)
    return made


def decode_request(line: bytes) -> ConvertRequest:
    """The request on a line. Raises MessageError."""
    made: ConvertRequest = _decode(line, _ORDERS)
    return made


def _decode(line: bytes, kinds: Mapping[str, type[Any]]) -> Any:
    """The message of one of these kinds, checked field by field."""
    if len(line) > MAX_LINE:
        raise MessageError(f"a line of {len(line):,} bytes")
    try:
        body = msgspec.json.decode(line)
        return msgspec.convert(body["data"], kinds[body["kind"]])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError, TypeError) as error:
        raise MessageError(f"a line that is no message: {error!r:.200}") from error
