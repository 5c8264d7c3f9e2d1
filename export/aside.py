"""Runs one of our torch-free programs in a process of its own: a JSON request in, a JSON answer out, cancel, deadline.

The program is `python -m MODULE REQUEST.json`; it leaves `answer.json` beside the request. A child that dies in native
code (a graph may end ONNX Runtime itself) is told as a ConversionError and harms nobody.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from engine.api import Problem
from engine.cancel import CancelToken
from engine.confine import obey_parent
from engine.errors import AtelierError, ConversionError

ANSWER = "answer.json"
_LOOK_S = 0.2
_TAIL = 2000
# Before numpy is imported: one thread each, so that times can be compared and a shared machine stays usable.
_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
            "VECLIB_MAXIMUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


class _Answer(msgspec.Struct, frozen=True):
    """What a program leaves behind: a value, or the fault that ended it."""

    value: Any = None
    fault: dict[str, Any] | None = None


def ask(module: str, request: Any, folder: Path, cancel: CancelToken | None = None, seconds: float = 3600.0) -> Any:
    """The answer of `module` to `request` (a struct or plain data); both files stay in `folder`.

    Raises ConversionError when the program fails, dies or outlasts `seconds`; Cancelled when `cancel` is set.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paper = folder / "request.json"
    paper.write_bytes(msgspec.json.format(msgspec.json.encode(request)))
    (folder / ANSWER).unlink(missing_ok=True)
    house = str(Path(__file__).resolve().parents[1])
    environment = {**os.environ, **_THREADS, "PYTHONPATH": house, "LATENT_ATELIER_PARENT": str(os.getpid())}
    with (folder / "errors.txt").open("wb") as errors:
        child = subprocess.Popen((sys.executable, "-X", "utf8", "-m", module, str(paper)), env=environment,
                                 stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
        code = _wait(child, cancel or CancelToken(), seconds, module)
    try:
        answer = msgspec.json.decode((folder / ANSWER).read_bytes(), type=_Answer)
    except (OSError, msgspec.DecodeError):
        raise _died(module, code, folder / "errors.txt") from None
    if answer.fault is not None:
        problem = msgspec.convert(answer.fault, Problem)
        raise ConversionError(problem.what, problem.remedy, problem.subject)
    return answer.value


def serve(work: Callable[[bytes], Any]) -> int:
    """The program's end: read the request named on the command line, do `work`, leave the answer; the exit code."""
    parent = os.environ.get("LATENT_ATELIER_PARENT", "")
    obey_parent(int(parent) if parent.isdecimal() else None)
    paper = Path(sys.argv[1])
    try:
        answer = _Answer(value=work(paper.read_bytes()))
    except AtelierError as error:
        answer = _Answer(fault=msgspec.to_builtins(error.problem()))
    part = paper.parent / f"{ANSWER}.part"
    part.write_bytes(msgspec.json.encode(answer))
    part.replace(paper.parent / ANSWER)
    return 0 if answer.fault is None else 1


def peak_mb() -> float:
    """The most memory this process ever held, in MB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():  # `getrusage` would count what the parent held when it started us
        lines = (line.split() for line in status.read_text(encoding="ascii", errors="replace").splitlines())
        return round(next((int(line[1]) for line in lines if line[:1] == ["VmHWM:"]), 0) / 2**10, 1)
    if sys.platform == "win32":
        return 0.0
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 1)  # macOS counts bytes


def _wait(child: subprocess.Popen[bytes], cancel: CancelToken, seconds: float, module: str) -> int:
    """The exit code; the child is dead when this returns or raises."""
    waited = 0.0
    try:
        with cancel.attached(child.kill):
            while True:
                try:
                    code = child.wait(_LOOK_S)
                except subprocess.TimeoutExpired:
                    waited += _LOOK_S
                    if waited > seconds:
                        raise ConversionError(f"“{module}” had no answer after {seconds:.0f} seconds.",
                                              "Close other programs and try again.", module) from None
                else:
                    cancel.check()
                    return code
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def _died(module: str, code: int, errors: Path) -> ConversionError:
    """The sentence for a child that left no answer; the end of what it printed is the subject."""
    tail = errors.read_bytes()[-_TAIL:].decode("utf-8", "replace").strip()
    names = {-number: number.name for number in signal.Signals}
    how = f"was ended by {names[code]}" if code in names else f"ended with code {code}"
    memory = code == -getattr(signal, "SIGKILL", 9)
    return ConversionError(
        f"The check of the converted model ({module}) {how} before it had an answer.",
        "There was probably too little memory: close other programs and try again." if memory
        else "Please report it with the log: this model breaks ONNX Runtime or our check.", tail)
