"""Trial runs of a stranger's graph in a child of their own, with a deadline: what came out, or why nothing did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.api import Problem
from engine.cancel import CancelToken
from engine.child import child_environment
from engine.errors import ModelError
from engine.outcome import end_in_words
from engine.packages.foreign import Output, Plan, Seen

RUNS = 4
SECONDS = 80.0           # 20 to load, 60 to run
_LOOK_S = 0.1
_MAX_ANSWER = 1 << 20


def tried(path: Path, plan: Plan, cancel: CancelToken | None = None, seconds: float = SECONDS) -> Seen:
    """What the graph gives for a few random points. Raises ModelError, Cancelled."""
    order = json.dumps({"path": str(path), "runs": RUNS, "feeds": _feeds(plan)}).encode()
    child = subprocess.Popen([*_command(), "--parent", str(os.getpid())], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=child_environment())
    token = cancel or CancelToken()
    answer = b""
    try:
        begun = time.monotonic()
        first: bytes | None = order
        while True:
            token.check()
            try:
                answer, _ = child.communicate(first, timeout=_LOOK_S)
            except subprocess.TimeoutExpired:
                first = None
                if time.monotonic() - begun > seconds:
                    raise ModelError(f"“{path.name}” had no picture after {seconds:.0f} s and was ended.",
                                     "It cannot be used.", str(path)) from None
            else:
                break
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    return _seen(answer, child.returncode, path)


def _seen(answer: bytes, code: int, path: Path) -> Seen:
    """The child's answer, checked: it ran a stranger's graph."""
    try:
        told = json.loads(answer[:_MAX_ANSWER]) if answer else {}
        if "problem" in told:
            problem = Problem(**told["problem"])
            raise ModelError(problem.what, problem.remedy, problem.subject)
        return {str(name): _output(entry) for name, entry in told["answer"]["outputs"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"“{path.name}” ended its trial run: the process {end_in_words(code)}.",
                         "This graph breaks ONNX Runtime; export the model again.", str(path)) from error


def _output(entry: Mapping[str, Any]) -> Output:
    low, high = (None if entry[key] is None else float(entry[key]) for key in ("low", "high"))
    return Output(tuple(int(size) for size in entry["shape"]), str(entry["dtype"]), low, high, bool(entry["alike"]))


def _feeds(plan: Plan) -> dict[str, Any]:
    """Every input of the graph as it is: a random point, the first class, the constants."""
    latent = [size if isinstance(size, int) else (1 if axis == 0 else plan.dim)
              for axis, size in enumerate(plan.latent.shape or ())]
    feeds: dict[str, Any] = {plan.latent.name: {"dtype": plan.latent.dtype, "shape": latent, "fill": "normal"}}
    if plan.condition is not None:
        shape = [size if isinstance(size, int) else 1 for size in plan.condition.shape or ()]
        feeds[plan.condition.name] = {"dtype": plan.condition.dtype, "shape": shape, "fill": 0}
    for one in plan.constants:
        feeds[one.port.name] = {"dtype": one.port.dtype, "shape": list(one.shape), "fill": one.value}
    return feeds


def _command() -> tuple[str, ...]:
    """From source as a module, in the packaged program as itself."""
    if getattr(sys, "frozen", False):
        return (sys.executable, "--probe-child")
    return (sys.executable, "-X", "utf8", "-m", "engine.runtime.probe")
