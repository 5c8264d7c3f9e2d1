"""Makes the wished precisions of a part, trying each form on the reference answers before it is believed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from onnxscript import ir

from engine.packages.parts import Graph
from engine.runtime.providers import Options, Runtime
from export.graphfile import redescribed, whole_size
from export.parity.tolerance import REDUCED, complaints
from export.parity.words import small
from export.precision import blockwise, quantised, stored
from export.precision.computed import compute_half, single_nodes
from export.precision.loss import loss_words
from export.precision.operators import know
from export.precision.prune import prune
from export.precision.ranges import float_ports, largest
from export.precision.request import EXACT, Made, Request, Wish
from export.precision.rounding import rounded
from export.precision.weights import load, save
from export.proof.diverge import HALF, against_exact
from export.proof.figures import Outcome
from export.proof.trial import Trial
from export.samples import Arrays, each_run

LARGE = 1_500_000_000
"""Graphs with more bytes than this are only stored smaller, weight by weight: running them here would cost memory."""
TRIED = 2
"""Reference runs that a candidate is tried on; the proof runs all of them."""
CALIBRATED = 4
ROUNDS = 5
"""How often steps may be left in single precision before half-precision arithmetic is given up."""
WORTH = 1.2
"""How much faster than plainly stored weights an eight-bit arithmetic has to be: it is less exact."""
SPARED = 0.1
"""The share of the weights, smallest first, that stay half precision where eight bits for all are not good enough."""
SHARE = 0.25
"""The share of the weights that an arithmetic must reach to be tried."""
_EIGHT = "weights are stored in eight bits, arithmetic is single precision"


def make(request: Request) -> Made:
    """Every part in every wished precision."""
    know()
    graphs: dict[str, dict[str, dict[str, Any]]] = {}
    folders: dict[str, dict[str, str]] = {}
    notes: dict[str, dict[str, list[str]]] = {}
    saved: dict[str, int] = {}
    for wish in request.parts:
        workshop = _Workshop(wish, Path(request.folder))
        graphs[wish.role] = {EXACT: workshop.exact()}
        folders[wish.role] = {EXACT: str(workshop.home)}
        saved[wish.role] = workshop.saved
        makers = {"fp16": workshop.half, "int8": workshop.eight, "int4": workshop.four}
        for precision in wish.precisions:
            if precision in makers:
                graphs[wish.role][precision] = makers[precision]()
                folders[wish.role][precision] = str(Path(request.folder) / precision)
        notes[wish.role] = workshop.notes
    return Made(graphs, folders, notes, saved)


@dataclass(frozen=True)
class _Candidate:
    """One form of a graph, tried."""

    name: str
    path: Path
    beside: tuple[str, ...]
    outcome: Outcome
    why: tuple[str, ...]                     # complaints; none when it keeps its tolerance


class _Workshop:
    """One part on its way through the precisions."""

    def __init__(self, wish: Wish, folder: Path) -> None:
        self._wish = wish
        self._folder = folder
        self._source = Path(wish.folder) / wish.graph["file"]
        self._graph = wish.graph
        self._large = whole_size(wish.graph) > LARGE
        self._runtime = Runtime(Options(provider="cpu", threads=1))
        self.notes: dict[str, list[str]] = {}
        self.saved = 0

    @property
    def home(self) -> Path:
        """The folder of the fp32 graph."""
        return self._source.parent

    def exact(self) -> dict[str, Any]:
        """The fp32 graph, without dead weights where it has any; the traced file itself where it has none."""
        model = load(self._source)
        self.saved = prune(model)
        if self.saved <= 0:
            return self._graph
        path = self._folder / EXACT / self._source.name
        self._graph = redescribed(self._graph, path, save(model, path))
        self._source = path
        self._note(EXACT, f"{self.saved:,} bytes of weights that no output depends on were left out")
        return self._graph

    def half(self) -> dict[str, Any]:
        """Half-precision arithmetic where it keeps its tolerance on every device, else weights stored as halves."""
        if not self._large and not self._breaks():
            single, candidate = self._range_safe()
            if not candidate.why:
                path = self._folder / "fp16" / self._source.name
                beside = save(compute_half(load(self._source), single), path)
                self._note("fp16", "weights and arithmetic are half precision, delicate steps single; rounded after "
                                   f"every step it is off by {_worst(candidate)} of its range")
                return redescribed(self._graph, path, beside)
            self._note("fp16", f"half-precision arithmetic was not good enough ({candidate.why[0]})")
        return self._stored("fp16", stored.store_half, "weights are stored in half precision, arithmetic is single")

    def _breaks(self) -> bool:
        """Whether ONNX Runtime (1.32) dies while it loads the network between casts: an LSTM or GRU among halves."""
        return any(node.op_type in ("GRU", "LSTM") for node in load(self._source).graph)

    def _range_safe(self) -> tuple[set[str], _Candidate]:
        """The nodes to leave in single precision, and how the network does when all others are rounded.

        Where it is not good enough, the node with which the error comes is left alone too, with those before it.
        """
        ranges = largest(self._source, self._inputs(TRIED))
        single = single_nodes(load(self._source), ranges)
        path = self._folder / "tried" / "fp16" / self._source.name
        before = _before(load(self._source))
        for _ in range(ROUNDS):
            model = load(self._source)
            save(rounded(model, single, [*ranges, *float_ports(model)]), path)
            candidate = self._judged("computed", path, (), "fp16")
            if not candidate.why:
                break
            place = against_exact(self._source, path, self._inputs(TRIED)[candidate.outcome.worst], HALF)
            found = before.get(place.node, set()) if place is not None else set()
            if found <= single:
                break
            single |= found
        return single, candidate

    def eight(self) -> dict[str, Any]:
        """Eight-bit weights; eight-bit arithmetic too where it is good enough and clearly faster."""
        if self._large:
            return self._stored("int8", stored.store_eight, _EIGHT)
        best = standard = self._eight_stored()
        for name, maker in self._makers():
            candidate = self._quantised(name, maker)
            if candidate is not None and _faster(candidate, best, WORTH if best is standard else 1.0):
                best = candidate
        return self._chosen("int8", best, best.name)

    def four(self) -> dict[str, Any]:
        """Four-bit weights in matrix products; what that costs in quality is said."""
        model = load(self._source)
        part = blockwise.share(model)
        blockwise.store_four(model)
        path = self._folder / "int4" / self._source.name
        made = redescribed(self._graph, path, save(model, path))
        self._note("int4", f"{part:.0%} of the weights are stored in four bits, {blockwise.BLOCK} to a scale, and "
                           "multiplied so; the others are halves")
        if not self._large:
            for words in loss_words(path, msgspec.convert(made, Graph), self._wish.reference, self._runtime):
                self._note("int4", words)
        return made

    def _eight_stored(self) -> _Candidate:
        """Eight-bit weights, all of them, or all but the many small ones where quality demands it."""
        for spared, words in ((0.0, _EIGHT), (SPARED, f"{_EIGHT}; the small ones, {SPARED:.0%} of all, are halves")):
            model = load(self._source)
            stored.store_eight(model, spared)
            path = self._folder / "tried" / f"stored-{spared:g}" / self._source.name
            candidate = self._judged(words, path, save(model, path))
            if not candidate.why:
                break
            self._note("int8", f"{words}: not good enough ({candidate.why[0]})")
        return candidate

    def _makers(self) -> list[tuple[str, quantised.Maker]]:
        """The arithmetics that reach enough of this network to be worth a try."""
        shares = quantised.shares(load(self._source))
        products = sum(shares.get(operator, 0.0) for operator in quantised.PRODUCTS)
        convolutions = sum(shares.get(operator, 0.0) for operator in quantised.CONVOLUTIONS)
        found: list[tuple[str, quantised.Maker]] = []
        if products >= SHARE:
            found.append(("dynamic", quantised.dynamic))
        if convolutions >= SHARE:
            found.append(("static", quantised.static))
        return found

    def _quantised(self, name: str, maker: quantised.Maker) -> _Candidate | None:
        """The whole network in eight bits, or all but its first and last layer; None when neither is good enough."""
        runs = self._inputs(CALIBRATED)
        whole = f"weights and arithmetic are eight bits ({name})"
        for edges, words in ((True, whole), (False, f"{whole}, all but the first layer and the last third")):
            path = self._folder / "tried" / f"{name}-{edges}" / self._source.name
            beside = save(maker(self._source, runs, edges), path)
            candidate = self._judged(words, path, beside)
            if not candidate.why:
                return candidate
            self._note("int8", f"{words}: not good enough ({candidate.why[0]})")
        return None

    def _stored(self, precision: str, change: Callable[[ir.Model], None], words: str) -> dict[str, Any]:
        model = load(self._source)
        change(model)
        path = self._folder / precision / self._source.name
        self._note(precision, words)
        return redescribed(self._graph, path, save(model, path))

    def _judged(self, name: str, path: Path, beside: tuple[str, ...], precision: str = "int8") -> _Candidate:
        """Run a candidate on some of the reference inputs."""
        trial = Trial(Path(self._wish.reference), limit=TRIED)
        graph = msgspec.convert(redescribed(self._graph, path, beside), Graph)
        outcome = trial.outcome(path, graph, self._runtime)
        return _Candidate(name, path, beside, outcome, complaints(outcome, REDUCED[precision]))

    def _chosen(self, precision: str, candidate: _Candidate, words: str) -> dict[str, Any]:
        """Move a candidate to where the precision's graphs lie."""
        path = self._folder / precision / candidate.path.name
        path.parent.mkdir(parents=True, exist_ok=True)
        for name in (candidate.path.name, *candidate.beside):
            (candidate.path.parent / name).replace(path.parent / name)
        self._note(precision, words)
        return redescribed(self._graph, path, candidate.beside)

    def _inputs(self, count: int) -> list[Arrays]:
        return [inputs for _, inputs, _ in itertools.islice(each_run(Path(self._wish.reference)), count)]

    def _note(self, precision: str, words: str) -> None:
        self.notes.setdefault(precision, []).append(words)


def _before(model: ir.Model) -> dict[str, set[str]]:
    """Each node's name with those of the nodes that yield its inputs, its own included."""
    return {node.name or "": {node.name or "", *(maker.name or "" for value in node.inputs if value is not None
                                                and (maker := value.producer()) is not None)}
            for node in model.graph}


def _worst(candidate: _Candidate) -> str:
    """The largest error of its outputs over their range, in words."""
    return small(max((figures.relative for figures in candidate.outcome.outputs.values()), default=0.0))


def _faster(candidate: _Candidate, other: _Candidate, worth: float) -> bool:
    """Whether the candidate is that much faster; one that was not timed is not."""
    mine, theirs = candidate.outcome.ms, other.outcome.ms
    return mine is not None and (other.why != () or theirs is None or mine * worth <= theirs)
