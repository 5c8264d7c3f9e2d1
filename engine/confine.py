"""Makes this process a well-behaved child: frames own standard output, Ctrl+C is not its business, no orphan."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import signal
import sys
from typing import NamedTuple

_PR_SET_PDEATHSIG = 1


class Pipes(NamedTuple):
    """Private descriptors for frames."""

    requests: int
    events: int


def claim_pipes() -> Pipes:
    """Move standard input and output aside for frames, so that no library's print can damage one.

    Afterwards descriptor 0 is empty and descriptor 1 is the same as 2, for C code and for Python's `print`.
    """
    pipes = Pipes(os.dup(0), os.dup(1))
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(pipes.requests, os.O_BINARY)
        msvcrt.setmode(pipes.events, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.stderr is None:  # a packaged program without a console has none, though its parent reads one
        sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stdout = sys.stderr
    return pipes


def obey_parent(parent: int | None) -> None:
    """Ignore Ctrl+C, and die when the process `parent` dies (Linux; elsewhere the end of the request pipe tells)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(0)  # the parent died before it could be watched
