"""Torch against ONNX Runtime, side by side: two processes with the same threads take turns, call by call.

A benchmark names a function that yields an `export.adapters.base.Part` ("benchmarks.convert_small:dcgan"). One child
traces it; then one child runs the reference eagerly in torch and another runs the graph through `engine.runtime`, with
the same inputs. Both must answer the same numbers before anything is measured. Calls of less than `TURN_MS` are
repeated within a turn, and the first call of a turn is not counted unless it takes `COLD_MS`: it would measure how much
of its caches the other side has left.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from benchmarks.measure import Pair, Row, row

TURN_MS = 10.0
COLD_MS = 200.0
MOST_REPEATS = 200
WARM = 3
SAME = 1e-3  # of the outputs' scale: more than this and the two sides do not compute the same thing


@dataclass(frozen=True)
class Match:
    """One comparison. `part` and `peer` are "module:function", called with `args` in the child that needs them."""

    what: str                                # "DCGAN 64 px"
    part: str                                # yields the Part that is traced and that torch runs
    args: tuple[str, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)   # free dimensions of the measured call; missing: 1
    target: float | None = None              # the ratio that is promised
    peer: str = ""                           # yields what torch calls instead: public reference code, for example
    graph: str = ""                          # an ONNX file made before, instead of tracing `part` (say, its int8 form)
    same: float = SAME


def contest(match: Match, *, threads: int, pairs: int) -> Row:
    """Measure one match. The ratio is how many times as fast as torch we are: higher is better."""
    with tempfile.TemporaryDirectory() as scratch:
        request = {"match": {**match.__dict__, "sizes": dict(match.sizes)}, "folder": scratch, "threads": threads}
        _once("prepare", request)
        with Side("onnx", request) as ours, Side("torch", request) as theirs:
            _compare(match, Path(scratch))
            slower = [max(ours.turn(0), theirs.turn(0)) for _ in range(WARM)][-1]
            repeats = 0 if slower > COLD_MS else min(MOST_REPEATS, max(1, round(TURN_MS / slower)))
            times = [_pair(ours, theirs, number, repeats) for number in range(pairs)]
    rates = [(1000 / mine, 1000 / other) for mine, other in times]
    goal = f"wanted {match.target:.2f}; " if match.target else ""
    mine, other = (sorted(pair[side] for pair in times)[len(times) // 2] for side in (0, 1))
    note = f"{goal}{mine:.3f} ms against {other:.3f} ms, {repeats or 1} call(s) a turn, {_words(match.sizes)}"
    return row(f"{match.what} / torch eager (higher is better)", "/s", rates, note)


def call(function: str, *args: str) -> Any:
    """What the "module:function" yields for `args`, in this process."""
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)(*args)


class Side:
    """One of the two processes, as a context manager."""

    def __init__(self, role: str, request: Mapping[str, Any], program: str = "benchmarks.versus") -> None:
        """`program` is the module whose `main` takes the role as its argument and turns from stdin."""
        self._role = role
        self._program = program
        self._request = request
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(_command(self._role, self._program), stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True, env=_environment(self._request))
        self._ask(self._request)  # answers once it has loaded, run and saved its outputs
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._process is not None:
            self._process.communicate()

    def turn(self, repeats: int) -> float:
        """Milliseconds of the median of `repeats` calls after one that is not counted; 0 repeats: of that one."""
        return self._ask({"repeats": repeats})

    def _ask(self, question: Mapping[str, Any]) -> float:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("use it in a with block")
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the {self._role} side ended, see above")
        return float(json.loads(answer)["ms"])


def _pair(ours: Side, theirs: Side, number: int, repeats: int) -> Pair:
    """One turn each; who begins changes from pair to pair."""
    if number % 2:
        other = theirs.turn(repeats)
        return ours.turn(repeats), other
    mine = ours.turn(repeats)
    return mine, theirs.turn(repeats)


def _compare(match: Match, folder: Path) -> None:
    """Raises ValueError when the two sides answered different numbers."""
    ours, theirs = (np.load(folder / f"{side}.npz") for side in ("onnx", "torch"))
    for name in ours.files:
        scale = max(float(np.ptp(theirs[name])), 1e-12)
        error = float(np.abs(ours[name].astype(np.float64) - theirs[name]).max()) / scale
        if not error <= match.same:
            raise ValueError(f"{match.what}: output {name} differs by {error:.2g} of its scale; nothing to compare")


def _once(role: str, request: Mapping[str, Any]) -> None:
    """Run a child that does one thing. Raises CalledProcessError."""
    subprocess.run(_command(role), input=json.dumps(request) + "\n", stdout=subprocess.DEVNULL, text=True, check=True,
                   env=_environment(request))


def _command(role: str, program: str = "benchmarks.versus") -> list[str]:
    return [sys.executable, "-m", program, role]


def _environment(request: Mapping[str, Any]) -> dict[str, str]:
    threads = str(request["threads"])
    return {**os.environ, "OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads, "OMP_WAIT_POLICY": "PASSIVE"}


def _words(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {size}" for name, size in sizes.items()) or "batch 1"


# What follows runs in the children.

def _prepare(request: Mapping[str, Any]) -> None:
    """Trace the part and draw the inputs that both sides get."""
    import torch

    match, folder = request["match"], Path(request["folder"])
    torch.set_num_threads(int(request["threads"]))
    part = call(match["part"], *match["args"])
    dice = np.random.default_rng(0)
    inputs = {}
    for slot in part.inputs:
        shape = tuple(size if isinstance(size, int) else match["sizes"].get(size, 1) for size in slot.shape)
        drawn = slot.sample(dice, shape) if slot.sample else dice.standard_normal(shape)
        inputs[slot.role] = np.asarray(drawn, slot.dtype)
    graph = {"path": match["graph"]}
    if not match["graph"]:
        from export.trace import trace

        traced = trace(part, folder)
        graph = {"path": str(traced.path), "graph": traced.graph}
    np.savez(folder / "inputs.npz", **inputs)
    (folder / "graph.json").write_text(json.dumps(graph), encoding="utf-8")


def _torch_side(request: Mapping[str, Any]) -> Callable[[], Sequence[Any]]:
    """The eager call, warm and without gradients."""
    import torch

    match, folder = request["match"], Path(request["folder"])
    torch.set_num_threads(int(request["threads"]))
    torch.set_num_interop_threads(1)
    with np.load(folder / "inputs.npz") as stored:
        inputs = [torch.from_numpy(stored[name]) for name in stored.files]
    if match["peer"]:
        network = call(match["peer"], *match["args"])
    else:
        part = call(match["part"], *match["args"])
        network = part.reference or part.module

    def once() -> Sequence[Any]:
        with torch.inference_mode():
            answer = network(*inputs)
        return answer if isinstance(answer, tuple) else (answer,)

    return once


def _onnx_side(request: Mapping[str, Any]) -> Callable[[], Sequence[Any]]:
    """The same call through the engine's own session."""
    import msgspec

    from engine.packages.parts import Graph
    from engine.runtime.providers import Options, Runtime

    folder = Path(request["folder"])
    stored = json.loads((folder / "graph.json").read_text(encoding="utf-8"))
    path = Path(stored["path"])
    graph = msgspec.convert(stored.get("graph") or _ports(path), Graph)
    session = Runtime(Options(provider="cpu", threads=int(request["threads"]))).session(path, graph)
    with np.load(folder / "inputs.npz") as file:
        inputs = {name: file[name] for name in file.files}
    return lambda: list(session.run(inputs).values())


def _ports(path: Path) -> dict[str, Any]:
    """The manifest's words for a graph made elsewhere; its names are the roles."""
    import onnx

    model = onnx.load(path, load_external_data=False).graph
    known = {tensor.name for tensor in model.initializer}

    def port(value: Any) -> dict[str, Any]:
        kind = value.type.tensor_type
        shape = [size.dim_value or size.dim_param or "any" for size in kind.shape.dim]
        return {"name": value.name, "dtype": str(onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type)), "shape": shape}

    return {"file": path.name, "sha256": "0" * 64, "bytes": 0,
            "inputs": {value.name: port(value) for value in model.input if value.name not in known},
            "outputs": {value.name: port(value) for value in model.output}}


def _serve(role: str) -> None:
    """Load, answer once, then take turns until the parent hangs up."""
    request = json.loads(sys.stdin.readline())
    if role == "prepare":
        _prepare(request)
        return
    once = _torch_side(request) if role == "torch" else _onnx_side(request)
    outputs = {f"{number}": np.asarray(value) for number, value in enumerate(once())}
    np.savez(Path(request["folder"]) / f"{role}.npz", **outputs)
    print(json.dumps({"ms": 0.0}), flush=True)
    for line in sys.stdin:
        repeats = int(json.loads(line)["repeats"])
        times = [_timed(once) for _ in range(repeats + 1)]
        print(json.dumps({"ms": statistics.median(times[1:] or times)}), flush=True)


def _timed(once: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    begun = time.perf_counter()
    once()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    _serve(sys.argv[1])
