"""Finds out where a failed conversion goes wrong: torch walks its own steps, the proof compares node by node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import fx, nn

from engine.cancel import CancelToken
from export.adapters.base import Part
from export.aside import ask
from export.parity.tolerance import complaints, tolerance_of
from export.proof.figures import Divergence, Figures, Outcome, PartFigures, Search
from export.samples import read_index, read_run
from export.scatter import scattered
from export.steps_file import LAYER, VALUE, write_steps
from export.trace import Traced

EXACT = "fp32"


def first_divergence(parts: Mapping[str, tuple[Part, Traced, Path]], figures: Figures, folder: Path,
                     cancel: CancelToken | None = None) -> dict[str, Any] | None:
    """Where the first part that fails in fp32 goes wrong, for the report; None when all of them pass.

    `parts`: role -> part, its graph, the index of its reference.
    """
    for found in figures.parts:
        for outcome in found.outcomes.get(EXACT, {}).values():
            if found.role in parts and complaints(outcome, tolerance_of(EXACT, found)):
                part, traced, reference = parts[found.role]
                place = _located(part, traced, reference, found, outcome, folder / found.role, cancel)
                return {"part": found.role, "precision": EXACT, **msgspec.to_builtins(place)}
    return None


def _located(part: Part, traced: Traced, reference: Path, found: PartFigures, outcome: Outcome, folder: Path,
             cancel: CancelToken | None) -> Divergence:
    """The node at fault; the rewriting where torch itself already differs from the authors' network."""
    if any(not error <= part.tolerance for error in found.rewriting.values()):
        return Divergence("", "", "", max(found.rewriting.values()), "rewriting")
    folder.mkdir(parents=True, exist_ok=True)
    run = read_index(reference).runs[outcome.worst]
    inputs, _ = read_run(reference.parent / run.file)
    steps = folder / "steps.npz"
    write_steps(steps, steps_of(part, traced, inputs))
    search = Search(str(traced.path.resolve()), str((reference.parent / run.file).resolve()), str(steps.resolve()),
                    part.tolerance, outcome.faults)
    answer = msgspec.convert(ask("export.proof", search, folder, cancel), Divergence | None)
    return answer if answer is not None else Divergence("", "", "", None, "unknown")


def steps_of(part: Part, traced: Traced, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """Scattered numbers of all that torch computes on its way, by step where torch wrote them down, else by module."""
    tensors = tuple(torch.from_numpy(inputs[slot.role]) for slot in part.inputs)
    with torch.no_grad():
        if traced.program is not None:
            try:
                return _by_step(part, traced.program, tensors)
            except (RuntimeError, AssertionError):
                pass    # the traced steps are bound to other sizes: the modules are not
        return _by_module(part.module, tensors)


class _Watch(fx.Interpreter):
    """Runs torch's steps and keeps some numbers of each."""

    def __init__(self, module: fx.GraphModule) -> None:
        super().__init__(module)
        self.seen: dict[str, NDArray[np.float32]] = {}

    def run_node(self, n: fx.Node) -> Any:
        """Run one step; a float tensor is sampled."""
        value = super().run_node(n)
        if n.op == "call_function" and isinstance(value, torch.Tensor) and value.is_floating_point():
            self.seen[n.name] = scattered(value.detach().float().numpy())
        return value


def _by_step(part: Part, program: Any, tensors: tuple[torch.Tensor, ...]) -> dict[str, NDArray[np.float32]]:
    """Every step of the exported program. The last ones bear the roles of the outputs, as in the graph."""
    signature = program.graph_signature
    state = {**program.constants, **program.state_dict}
    waiting = iter(tensors)
    held = {**signature.inputs_to_parameters, **signature.inputs_to_buffers,
            **signature.inputs_to_lifted_tensor_constants}
    arguments = [state[held[node.name]] if node.name in held else next(waiting)
                 for node in program.graph_module.graph.nodes if node.op == "placeholder"]
    watch = _Watch(program.graph_module)
    watch.run(*arguments)
    roles = {slot.role for slot in part.outputs} | {slot.role for slot in part.inputs}
    steps = {f"{VALUE}{name}.2" if name in roles else f"{VALUE}{name}": value for name, value in watch.seen.items()}
    for slot, name in zip(part.outputs, signature.user_outputs, strict=True):
        if name in watch.seen:
            steps[f"{VALUE}{slot.role}"] = watch.seen[name]
    return steps


def _by_module(module: nn.Module, tensors: tuple[torch.Tensor, ...]) -> dict[str, NDArray[np.float32]]:
    """What every named module returns (the first of several), in the order of their calls."""
    seen: dict[str, NDArray[np.float32]] = {}
    with _watched(module, seen):
        module(*tensors)
    return seen


@contextmanager
def _watched(module: nn.Module, seen: dict[str, NDArray[np.float32]]) -> Iterator[None]:
    """Hooks on every named module while the block runs."""

    def keep(name: str) -> Any:
        """A hook that notes the first output of the module of that name."""
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> None:
            first = output[0] if isinstance(output, tuple | list) else output
            if isinstance(first, torch.Tensor) and first.is_floating_point():
                seen[f"{LAYER}{name}"] = scattered(first.detach().float().numpy())

        return hook

    handles = [child.register_forward_hook(keep(name)) for name, child in module.named_modules() if name]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
