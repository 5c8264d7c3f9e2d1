"""A checkpoint becomes a package: the recipe in order, told step by step. What is out of tolerance does not land.

Torch lives in this process; ONNX Runtime runs in others (`export.proof`, the engine that draws the preview).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.converting import sheet
from engine.converting.messages import Converted, ConvertRequest, Failed, Precision, Step
from engine.errors import ConversionError
from engine.packages.making import name_from
from export.adapters.base import Built, Detection, Part
from export.checkpoint.source import Source
from export.divergence import first_divergence
from export.mapped import rest
from export.memory import Peak
from export.pack import Graphs, Packed, pack, words_of
from export.parity.judge import Parity, judge
from export.parity.source import source_words
from export.precision.request import EXACT, made, wish
from export.proof.ask import proved, subject
from export.proof.figures import Figures, Subject
from export.recognise import opened, recognised
from export.reference import save_reference
from export.room import check_room
from export.told import figures_of, pairs_of
from export.trace import Traced, trace_all
from export.voice import Voice

# Where each step begins, as a share of the whole: measured on a StyleGAN2 of 256 pixels and a DCGAN. Between building
# and the smaller precisions each part asks PyTorch first and is traced then.
_BEGINS: Mapping[Step, float] = {"open": 0.0, "recognise": 0.02, "build": 0.04, "reference": 0.15, "precision": 0.6,
                                 "proof": 0.7, "judge": 0.92, "pack": 0.93}
_ASKING = 0.3
_SLOW = {"diffusion": 0.75}       # family -> how much all that shrinks: its first picture takes the rest of the time
_ASKING_S, _LEAST_S = 12.0, 4.0   # for random inputs beyond the first of each size: all parts together, one part
_SMALL = 8_000_000                # numbers in a network whose smaller precisions are always measured as well
_TRACING = 10_000_000             # numbers whose handling takes as long as what every part costs, however small
_ALL: tuple[Precision, ...] = ("fp32", "fp16", "int8", "int4")

TracedParts = dict[str, tuple[Part, Traced, Path]]
"""Role -> the part, its graph in fp32, the index of torch's answers."""


@dataclass(frozen=True)
class Proven:
    """What is left once torch is no longer needed: graphs by precision, and the verdict on them."""

    graphs: Mapping[str, Graphs]
    parity: Parity


class Steps:
    """Tells the parent which step begins, and remembers how long each took, in seconds."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.times: dict[str, float] = {}
        self.scale = 1.0                 # of every fraction: what follows the last step told of takes the rest

    @contextmanager
    def at(self, step: Step, words: str, fraction: float | None = None) -> Iterator[None]:
        """While the block runs, this step is on; it begins at `fraction` of the whole, or where it usually does."""
        self._voice.step(step, self.scale * (_BEGINS[step] if fraction is None else fraction), words)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.times[step] = round(self.times.get(step, 0.0) + time.perf_counter() - started, 3)


def convert(request: ConvertRequest, work: Path, voice: Voice, remarks: tuple[str, ...] = ()) -> Converted | Failed:
    """Make the packages asked for inside `work`; `remarks` go into the report. Raises AtelierError."""
    steps, peak, begun = Steps(voice), Peak(), time.perf_counter()
    with steps.at("open", "Opening the checkpoint"):
        source = opened(request)
    with steps.at("recognise", "Finding out what it is"):
        adapter, detection, _ = recognised(source, request)
        check_room(source, work, len({EXACT, *request.precisions}))
    steps.scale = _SLOW.get(detection.family, 1.0)
    with steps.at("build", f"Building: {detection.title}"):
        built = adapter.build(source, detection)
    check_precisions(request, built)
    traced = _traced(built, work, steps)
    graphs, said = _precisions(request, traced, work, steps)
    with steps.at("proof", "Running the graphs against PyTorch's answers"):
        figures, shown, more = _compared(request, graphs, traced, work / "proof")
    notes = (*built.notes, *said, *more, *remarks)
    proven = Proven(shown, _judged(source, detection, notes, figures, traced, work, steps, peak))
    error = _fault(request, proven.parity)
    if error is not None:
        return Failed(error.problem(), *_reported(proven.parity, work))
    packed: dict[Precision, Packed] = {}
    for number, precision in enumerate(request.precisions):
        begin = _BEGINS["pack"] + (1 - _BEGINS["pack"]) * number / len(request.precisions)
        with steps.at("pack", f"Packing {precision}", begin):
            last = number + 1 == len(request.precisions)
            packed[precision] = _packed(request, source, detection, built, proven, precision, work, last=last)
    first = packed[request.precisions[0]]
    html, plain = _reported(proven.parity, work, first.folder / sheet.NAME)
    notes = tuple(dict.fromkeys((*getattr(source, "notes", ()), *built.notes, *first.notes)))
    return Converted(
        folder=str(first.folder), folders={name: str(one.folder) for name, one in packed.items()}, id=first.id,
        family=detection.family, runs=first.runs, report_html=html, report_json=plain,
        figures=figures_of(proven.parity), recommended=proven.parity.recommended or "",
        pairs=pairs_of(proven.parity, request.precisions), notes=notes,
        seconds=round(time.perf_counter() - begun, 2), peak_bytes=peak.close())


def _traced(built: Built, work: Path, steps: Steps) -> TracedParts:
    """Role -> part, its graph in fp32, the reference answers of torch."""
    done: TracedParts = {}
    count = len(built.parts)
    graphs, answers = work / EXACT, work / "reference"
    graphs.mkdir()
    shares = _shares(built.parts)
    tracing = trace_all(built.parts, graphs)
    for number, part in enumerate(built.parts):
        share = shares[number] * (_BEGINS["precision"] - _BEGINS["reference"])
        begin = _BEGINS["reference"] + sum(shares[:number]) * (_BEGINS["precision"] - _BEGINS["reference"])
        with steps.at("reference", f"Asking PyTorch: {part.role}", begin):
            reference = save_reference(part, answers, seconds=max(_LEAST_S, _ASKING_S / count))
        with steps.at("trace", f"Tracing: {part.role}", begin + share * _ASKING):
            done[part.role] = part, next(tracing), reference
            rest()
    return done


def _shares(parts: Sequence[Part]) -> list[float]:
    """Which share of the time each part takes, by its weights; together 1."""
    works = [sum(value.numel() for value in part.module.state_dict().values()) + _TRACING for part in parts]
    return [work / sum(works) for work in works]


def _precisions(request: ConvertRequest, traced: TracedParts, work: Path,
                steps: Steps) -> tuple[dict[str, Graphs], tuple[str, ...]]:
    """The graphs of every precision that is wanted, the plain one first, and what was done to them.

    Of a small network all precisions are made and proven, so that one can be recommended; of a large one, where that
    takes minutes, those that were asked for.
    """
    graphs: dict[str, Graphs] = {}
    numbers = sum(value.numel() for part, _, _ in traced.values() for value in part.module.state_dict().values())
    wanted = _ALL if numbers <= _SMALL else tuple(dict.fromkeys((EXACT, *request.precisions)))
    wishes = tuple(
        wish(role, work / EXACT, graph.graph, reference, tuple(name for name in part.precisions if name in wanted))
        for role, (part, graph, reference) in traced.items())
    with steps.at("precision", "Making the smaller precisions"):
        answer = made(wishes, work / "precisions")
    for role, entries in answer.graphs.items():
        for name, entry in entries.items():
            before, folder = graphs.get(name, Graphs({}, {})), Path(answer.folders[role][name])
            graphs[name] = Graphs({**before.entries, role: entry}, {**before.folders, role: folder})
    notes = [f"{role}, {name}: {note}" for role, said in answer.notes.items() for name, all_ in said.items()
             for note in all_]
    if len(wanted) < len(_ALL):
        notes.append(f"Only {' and '.join(wanted)} was proven: of a network of this size the smaller forms take "
                     "minutes, and are made when they are asked for (--precision all).")
    return graphs, tuple(notes)


def _compared(request: ConvertRequest, graphs: Mapping[str, Graphs], traced: TracedParts,
              folder: Path) -> tuple[Figures, Mapping[str, Graphs], tuple[str, ...]]:
    """The figures, the graphs that they are of, and a remark.

    A form that ends ONNX Runtime itself must not take the others with it: if nobody asked for it, it is left out.
    """
    asked = {name: graphs[name] for name in dict.fromkeys((EXACT, *request.precisions)) if name in graphs}
    try:
        return proved(_subjects(graphs, traced), folder), graphs, ()
    except ConversionError as error:
        if len(asked) == len(graphs):
            raise
        left = ", ".join(name for name in graphs if name not in asked)
        return (proved(_subjects(asked, traced), folder), asked,
                (f"Left out: {left}, which ended the proof ({error.what})",))


def _subjects(graphs: Mapping[str, Graphs], traced: TracedParts) -> tuple[Subject, ...]:
    """Every part with its forms and torch's answers."""
    return tuple(subject(role, reference, {name: (dict(one.entries[role]), one.folders[role])
                                           for name, one in graphs.items() if role in one.entries})
                 for role, (_, _, reference) in traced.items())


def _judged(source: Source, detection: Detection, notes: tuple[str, ...], figures: Figures, traced: TracedParts,
            work: Path, steps: Steps, peak: Peak) -> Parity:
    """The verdict, and where it goes wrong if it does."""
    with steps.at("judge", "Judging"):
        return judge(figures, source=source_words(source, detection), notes=notes,
                     divergence=first_divergence(traced, figures, work / "divergence"), times=steps.times,
                     peaks={"whole": round(peak.bytes / 1e6, 1)})


def _reported(parity: Parity, work: Path, preview: Path | None = None) -> tuple[str, str]:
    """Write the report for people and for machines; their paths."""
    html, plain = work / "report.html", work / "report.json"
    picture = preview.read_bytes() if preview is not None and preview.is_file() else None
    html.write_text(parity.to_html(picture), encoding="utf-8")
    plain.write_text(parity.to_json(), encoding="utf-8")
    return str(html), str(plain)


def check_precisions(request: ConvertRequest, built: Built) -> None:
    """Raises ConversionError for a precision that no part comes in."""
    offered = tuple(name for name in _ALL if any(name in part.precisions for part in built.parts))
    for name in request.precisions:
        if name not in offered:
            raise ConversionError(f"This kind of model does not come in {name}.",
                                  f"Choose from {', '.join(offered)}.", request.source)


def _fault(request: ConvertRequest, parity: Parity) -> ConversionError | None:
    """What is out of tolerance of all that was asked for, and where; None when all is well."""
    entries = parity.report["precision"]
    for name in dict.fromkeys((EXACT, *request.precisions)):
        entry = entries.get(name)
        if entry is not None and entry["verdict"] == "pass":
            continue
        why = " ".join(entry["why"][:3]) if entry is not None else "It was not made."
        where = _where(parity.report) if name == EXACT else ""
        return ConversionError(f"The converted model is not the same as the checkpoint ({name}): {why}{where}",
                               "Nothing was put on the shelf; the report shows the figures.", request.source)
    return None


def _where(report: Mapping[str, Any]) -> str:
    """Where it goes wrong first, as a sentence; empty where nobody found out."""
    found = report.get("first_divergence")
    if not found:
        return ""
    if found["kind"] == "rewriting":
        return f" “{found['part']}” as written for the runtime already differs in PyTorch."
    layer = f", layer {found['layer']}" if found["layer"] else ""
    return f" “{found['part']}” goes wrong first at the node {found['node']} ({found['operator']}{layer})." \
        if found["node"] else ""


def _packed(request: ConvertRequest, source: Source, detection: Detection, built: Built, proven: Proven,
            precision: Precision, work: Path, *, last: bool) -> Packed:
    """One package; a part that does not come in this precision stays as it is. The last one takes the graphs away."""
    plain, wanted = proven.graphs[EXACT], proven.graphs[precision]
    graphs = Graphs({**plain.entries, **wanted.entries}, {**plain.folders, **wanted.folders})
    words = words_of(request, detection, name_from(source.path), _source(source, detection, proven.parity, precision),
                     precision)
    return pack(work / f"package-{precision}", built, detection, graphs, words, preview=request.preview,
                move=last)


def _source(source: Source, detection: Detection, parity: Parity, precision: Precision) -> dict[str, Any]:
    """The manifest's `source`: from what it was made, with what, and how near it is.

    No dates and no speeds: the same checkpoint yields the same package.
    """
    entry = parity.report["precision"][precision]
    return {"checkpoint": source.digest, "file": source.path.name, "kind": source.kind, "adapter": detection.adapter,
            "title": detection.title, "precision": precision, "versions": dict(parity.report["versions"]),
            "parity": {"tolerance": entry["tolerance"], "outputs": entry["outputs"]}}
