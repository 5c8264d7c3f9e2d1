"""Runs a stranger's graph a few times and tells what came out: shapes, range, whether the numbers are sound.

`python -m engine.runtime.probe` is a child for one graph: the order as JSON on stdin, the answer on stdout. Whoever
starts it has a deadline and ends it: a graph may hang, abort or eat all memory in native code.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.api import Problem
from engine.confine import claim_pipes, obey_parent
from engine.errors import AtelierError, ModelError
from engine.runtime import library
from engine.runtime.providers import Options, Runtime

MAX_ORDER = 1 << 20
_MEMORY = 8 << 30


def probed(order: dict[str, Any]) -> dict[str, Any]:
    """`order`: path, runs, feeds {input: {dtype, shape, fill}}. The answer: outputs {name: ...}, ms. Raises ModelError.

    `fill` is "normal" (seeded), or a number for every element.
    """
    path = Path(order["path"])
    module = library.onnxruntime()
    try:
        runtime = Runtime(Options("cpu"))
        session = module.InferenceSession(str(path), runtime.session_options(), providers=["CPUExecutionProvider"],
                                          enable_fallback=0)
        names = [node.name for node in session.get_outputs()]
        runs = []
        started = time.perf_counter()
        for turn in range(int(order["runs"])):
            dice = np.random.default_rng(turn)
            feeds = {name: _filled(feed, dice) for name, feed in order["feeds"].items()}
            runs.append(session.run(None, feeds))
        spent = (time.perf_counter() - started) * 1000 / max(len(runs), 1)
    except library.errors() as error:
        first = (str(error).splitlines() or [""])[0][:300]
        raise ModelError(f"ONNX Runtime cannot run “{path.name}”: {first}.",
                         "Check the answers about its inputs, or export the model again.", str(path)) from error
    return {"outputs": {name: _told([np.asarray(run[index]) for run in runs]) for index, name in enumerate(names)},
            "ms": round(spent, 3)}


def _filled(feed: dict[str, Any], dice: np.random.Generator) -> NDArray[Any]:
    """One input."""
    shape, dtype = tuple(feed["shape"]), np.dtype(feed["dtype"])
    if feed["fill"] == "normal":
        return dice.standard_normal(shape).astype(dtype)
    return np.full(shape, feed["fill"], dtype)


def _told(values: list[NDArray[Any]]) -> dict[str, Any]:
    """What the runs gave for one output."""
    first = values[0]
    numeric = first.dtype.kind in "fiub"
    sound = [value.astype(np.float64) for value in values] if numeric else []
    finite = bool(sound) and all(bool(np.isfinite(value).all()) for value in sound)
    return {"shape": list(first.shape), "dtype": str(first.dtype), "finite": finite,
            "low": min(float(value.min()) for value in sound) if finite and first.size else None,
            "high": max(float(value.max()) for value in sound) if finite and first.size else None,
            "alike": len(values) > 1 and all(np.array_equal(first, value) for value in values[1:])}


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve one order; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    pipes = claim_pipes()
    parent = words[words.index("--parent") + 1] if "--parent" in words else ""
    obey_parent(int(parent) if parent else None)
    _cap_memory()
    with os.fdopen(pipes.requests, "rb") as orders:
        order = json.loads(orders.read(MAX_ORDER))
    try:
        answer: dict[str, Any] = {"answer": probed(order)}
    except AtelierError as error:
        answer = {"problem": _plain(error.problem())}
    with os.fdopen(pipes.events, "wb") as out:
        out.write(json.dumps(answer).encode())
    sys.stderr.flush()
    os._exit(0)  # no farewell from native libraries


def _plain(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in ("code", "what", "remedy", "subject", "exit_code")}


def _cap_memory() -> None:
    """A bomb ends the probe, not the machine."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    main()
