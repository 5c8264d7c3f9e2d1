"""Runs every precision of every part on every device that proved itself, on the inputs that torch was given."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np

from engine.errors import ModelError
from engine.packages.parts import Graph
from engine.runtime.providers import NAMES, Options, Runtime, devices
from engine.runtime.session import Session
from export.aside import peak_mb
from export.graphfile import whole_size
from export.proof.compare import PictureTally, Tally, picture_low, ranges, scale_of
from export.proof.figures import Figures, Outcome, PartFigures, Provider, Request, Subject
from export.samples import Arrays, Reference, each_run, read_index

SHOWN = 4
"""Pictures kept for the report."""
TIMED = 9
ENOUGH_S = 3.0


def prove(request: Request) -> Figures:
    """All figures. A graph that does not run is a fault among the figures, never an exception."""
    tried = [device for device in devices(Options(threads=1)) if not request.providers
             or device.requested in request.providers]
    working = [device.requested for device in tried if device.actual == NAMES[device.requested]]
    runtimes = {NAMES[name]: Runtime(Options(provider=name, threads=1)) for name in NAMES if name in working}  # type: ignore[arg-type]
    parts = tuple(_part(subject, runtimes, Path(request.pictures)) for subject in request.parts)
    return Figures(
        parts=parts,
        providers=tuple(Provider(device.requested, device.actual, device.name, device.why) for device in tried),
        versions=next((runtime.versions() for runtime in runtimes.values()), {}),
        machine={"system": platform.system(), "processor": _processor(), "cores": str(os.cpu_count()), "threads": "1"},
        peak_mb=peak_mb())


def _part(subject: Subject, runtimes: dict[str, Runtime], pictures: Path) -> PartFigures:
    """One part in all its precisions on all devices."""
    path = Path(subject.reference)
    reference = read_index(path)
    known: dict[str, tuple[float, float]] = {}
    for _, _, outputs in each_run(path):
        ranges(outputs, known)
    outcomes: dict[str, dict[str, Outcome]] = {}
    shown: dict[str, str] = {}
    for precision, plain in subject.graphs.items():
        file = Path(subject.folders[precision]) / plain["file"]
        graph = msgspec.convert(plain, Graph)
        outcomes[precision] = {}
        for provider, runtime in runtimes.items():
            trial = _Trial(path, reference, known)
            outcomes[precision][provider] = trial.outcome(file, graph, runtime)
            if precision not in shown and trial.picture is not None and trial.picture.pairs:
                shown[precision] = _keep(trial.picture, pictures / f"{subject.role}-{precision}.npz")
    sizes = {name: whole_size(plain) for name, plain in subject.graphs.items()}
    return PartFigures(subject.role, reference.torch_ms, reference.torch, reference.tolerance, sizes, outcomes, shown,
                       reference.rewriting, reference.peak_mb)


class _Trial:
    """One graph on one device, against one reference."""

    def __init__(self, path: Path, reference: Reference, known: dict[str, tuple[float, float]]) -> None:
        """`known` is the range of torch's outputs over all runs."""
        self._path = path
        self._reference = reference
        self._tallies = {role: Tally(scale_of(nominal, *known[role]))
                         for role, nominal in reference.scales.items() if role in known}
        self.picture: PictureTally | None = None
        role = reference.picture
        if role is not None and role in known:
            nominal = reference.scales[role]
            self.picture = PictureTally(role, picture_low(nominal, known[role][0]), self._tallies[role].scale)

    def outcome(self, file: Path, graph: Graph, runtime: Runtime) -> Outcome:
        """Load, run everything, measure the time."""
        faults: list[str] = []
        sizes: list[dict[str, int]] = []
        runs, milliseconds = 0, None
        try:
            session = runtime.session(file, graph)
        except ModelError as error:
            return Outcome({}, faults=(error.what,))
        try:
            for run, inputs, outputs in each_run(self._path):
                problem = self._run(session, inputs, outputs)
                if problem:
                    where = ", ".join(f"{name} {size}" for name, size in run.sizes.items())
                    faults.append(f"{problem} (at {where})" if where else problem)
                    break
                runs += 1
                if run.sizes not in sizes:
                    sizes.append(run.sizes)
            else:
                faults += self._dead()
                milliseconds = self._median_ms(session)
        finally:
            session.close()
        figures = {role: tally.figures() for role, tally in self._tallies.items() if tally.samples}
        return Outcome(figures, self.picture.figures() if self.picture and runs else None, milliseconds, runs,
                       tuple(sizes), tuple(faults), tuple(self._notes()) if not faults else ())

    def _run(self, session: Session, inputs: Arrays, wanted: Arrays) -> str:
        """Compare one run; why it cannot be compared, or nothing."""
        try:
            given = session.run(inputs)
        except ModelError as error:
            return error.what
        for role, theirs in wanted.items():
            if given[role].shape != theirs.shape:
                return f"“{role}” has the shape {list(given[role].shape)} instead of {list(theirs.shape)}"
            self._tallies[role].add(theirs, given[role])
        if self.picture is not None:
            self.picture.add(wanted[self.picture.output], given[self.picture.output], SHOWN)
        return ""

    def _dead(self) -> Iterable[str]:
        """Outputs that never change although torch's do."""
        return [f"“{role}” is the same number everywhere, whatever goes in"
                for role, tally in self._tallies.items() if tally.constant == (False, True)]

    def _notes(self) -> Iterable[str]:
        """Outputs that never change in torch either: the model's own affair, but worth a word."""
        return [f"“{role}” is the same number everywhere in PyTorch too" for role, tally in self._tallies.items()
                if tally.constant == (True, True) and tally.numbers > 1]

    def _median_ms(self, session: Session) -> float:
        """The median of one call in milliseconds at the first sizes: up to nine, fewer where one takes seconds."""
        _, inputs, _ = next(each_run(self._path))
        times: list[float] = []
        while len(times) < TIMED and (len(times) < 2 or sum(times) < ENOUGH_S):  # noqa: PLR2004 - a first call warms up
            started = time.perf_counter()
            session.run(inputs)
            times.append(time.perf_counter() - started)
        return round(statistics.median(times[1:]) * 1000, 4)


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
