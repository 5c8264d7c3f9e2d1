"""Runs every precision of every part on every device that proved itself, on the inputs that torch was given."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import msgspec
import numpy as np

from engine.packages.parts import Graph
from engine.runtime.providers import NAMES, Options, Runtime, devices
from export.aside import peak_mb
from export.graphfile import whole_size
from export.parity.tolerance import REDUCED, complaints
from export.proof.compare import PictureTally
from export.proof.diverge import HALF, against_exact, against_torch, of_faults
from export.proof.figures import Divergence, Figures, Outcome, PartFigures, Provider, Request, Search, Subject
from export.proof.trial import Trial, torch_ranges
from export.samples import Reference, read_index, read_run
from export.steps_file import read_steps

EXACT = "fp32"


def prove(request: Request) -> Figures:
    """All figures. A graph that does not run is a fault among the figures, never an exception."""
    tried = [device for device in devices(Options(threads=1)) if not request.providers
             or device.requested in request.providers]
    working = [device.requested for device in tried if device.actual == NAMES[device.requested]]
    runtimes = {NAMES[name]: Runtime(Options(provider=name, threads=1)) for name in NAMES if name in working}  # type: ignore[arg-type]
    counted: dict[str, set[str]] = {}
    parts = tuple(_part(subject, runtimes, Path(request.pictures), counted) for subject in request.parts)
    return Figures(
        parts=parts,
        providers=tuple(Provider(device.requested, device.actual, device.name, device.why) for device in tried),
        versions=next((runtime.versions() for runtime in runtimes.values()), {}),
        machine={"system": platform.system(), "processor": _processor(), "cores": str(os.cpu_count()), "threads": "1"},
        peak_mb=peak_mb())


def search(asked: Search) -> Divergence | None:
    """The first node that departs from torch's steps, or that ONNX Runtime named when it failed."""
    path = Path(asked.graph)
    place = of_faults(Outcome({}, faults=asked.faults), path)
    if place is not None:
        return place
    inputs, _ = read_run(Path(asked.run))
    return against_torch(path, inputs, read_steps(Path(asked.steps)), asked.limit)


def _part(subject: Subject, runtimes: dict[str, Runtime], pictures: Path, counted: dict[str, set[str]]) -> PartFigures:
    """One part in all its precisions on all devices; `counted`: precision -> weight files of the parts before it."""
    path = Path(subject.reference)
    reference = read_index(path)
    known = torch_ranges(path)
    outcomes: dict[str, dict[str, Outcome]] = {}
    shown: dict[str, str] = {}
    for precision, plain in subject.graphs.items():
        file = Path(subject.folders[precision]) / plain["file"]
        graph = msgspec.convert(plain, Graph)
        outcomes[precision] = {}
        for provider, runtime in runtimes.items():
            trial = Trial(path, known)
            outcomes[precision][provider] = trial.outcome(file, graph, runtime)
            if precision not in shown and trial.picture is not None and trial.picture.pairs:
                shown[precision] = _keep(trial.picture, pictures / f"{subject.role}-{precision}.npz")
    places = {name: _place(name, subject, reference, outcomes) for name in outcomes}
    sizes = {name: whole_size(plain, counted.setdefault(name, set())) for name, plain in subject.graphs.items()}
    return PartFigures(subject.role, reference.torch_ms, reference.torch, reference.tolerance, sizes, outcomes, shown,
                       reference.rewriting, {name: place for name, place in places.items() if place is not None},
                       reference.peak_mb)


def _place(name: str, subject: Subject, reference: Reference, outcomes: dict[str, dict[str, Outcome]]
           ) -> Divergence | None:
    """Where most of the error of a reduced precision comes from, if it is out of tolerance; None otherwise."""
    limit = REDUCED.get(name)
    failed = next((outcome for outcome in outcomes[name].values() if limit is not None and complaints(outcome, limit)),
                  None)
    if failed is None or EXACT not in subject.graphs:
        return None
    exact, reduced = (Path(subject.folders[form]) / subject.graphs[form]["file"] for form in (EXACT, name))
    if failed.faults:
        place = of_faults(failed, reduced)
        if place is not None:
            return place
    inputs, _ = read_run(Path(subject.reference).parent / reference.runs[failed.worst].file)
    return against_exact(exact, reduced, inputs, HALF)


def _keep(picture: PictureTally, path: Path) -> str:
    """Pairs of pictures on disk: torch, onnx, difference, each [n, height, width, channels]; the path as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first = picture.pairs[0][0].shape
    same = [pair for pair in picture.pairs if pair[0].shape == first]
    np.savez(path, torch=np.stack([pair[0] for pair in same]), onnx=np.stack([pair[1] for pair in same]),
             difference=np.stack([pair[2] for pair in same]))
    return str(path)


def _processor() -> str:
    """The processor's name where the system tells it."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
