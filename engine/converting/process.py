"""One export child as its parent holds it: a group of its own, fed one line, read line by line, ended for certain."""

from __future__ import annotations

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from engine.child import child_environment
from engine.converting.messages import MAX_LINE, ConvertRequest, encode
from engine.errors import FileProblem

_log = logging.getLogger("engine.converting")
_TAIL_LINES = 60
_LINE_BYTES = 4096
_GRACE_S = 2.0      # from the polite end to the other one
_REAP_S = 5.0
_JOIN_S = 1.0
_CREATE_NO_WINDOW = 0x08000000
_NEW_GROUP = 0x00000200
# Libraries of the bundle like to phone home, to write into the home folder and to start threads.
_QUIET = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "DIFFUSERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
          "HF_DATASETS_OFFLINE": "1", "DO_NOT_TRACK": "1", "TOKENIZERS_PARALLELISM": "false",
          "TRANSFORMERS_VERBOSITY": "error", "DIFFUSERS_VERBOSITY": "error", "PYTHONDONTWRITEBYTECODE": "1"}


class ExportChild:
    """A running export child. `lines` yields what it says; `stop` may come from any thread."""

    def __init__(self, command: Sequence[str], scratch: Path | None) -> None:
        """Start it; `scratch` is where its libraries may keep what they must. Raises FileProblem.

        Linux ends the child when the *thread* that started it ends, so start it from one that lives as long.
        """
        flags = _CREATE_NO_WINDOW | _NEW_GROUP if sys.platform == "win32" else 0
        try:
            self._process = subprocess.Popen(
                [*command, "--parent", str(os.getpid())], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, env=_environment(command[0], scratch), close_fds=True, start_new_session=True,
                creationflags=flags)
        except OSError as error:
            raise FileProblem(f"The converter could not be started: {error.strerror or error}.",
                              "Check the Python that the settings name for converting, or install again.",
                              command[0]) from error
        pipes = self._process.stdin, self._process.stdout, self._process.stderr
        self._stdin, self._stdout, self._stderr = cast("tuple[IO[bytes], IO[bytes], IO[bytes]]", pipes)
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.lines: queue.Queue[bytes | None] = queue.Queue(maxsize=1000)
        """What it says, line by line; None when it says no more."""
        self._threads = [threading.Thread(target=work, name=f"export-{work.__name__}", daemon=True)
                         for work in (self._read, self._drain)]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The process id, which is its group's as well."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the process is gone; what it started may still hold its pipes open."""
        return self._process.poll() is not None

    def send(self, request: ConvertRequest) -> None:
        """Its one order. Raises OSError when it is already gone."""
        self._stdin.write(encode(request))
        self._stdin.close()

    def stop(self) -> None:
        """End the whole group: politely, then by force."""
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            _log.info("the converter did not end when asked")
        self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))

    def reap(self) -> tuple[int | None, tuple[str, ...]]:
        """Make sure that it and all it started are gone; its exit status and its last words."""
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self.stop()
        else:
            self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))  # what it may have left behind
        try:
            self._process.wait(_REAP_S)
        except subprocess.TimeoutExpired:
            _log.warning("the converter (process %d) cannot be ended", self.pid)
        for thread in self._threads:
            thread.join(_JOIN_S)
        if not any(thread.is_alive() for thread in self._threads):  # a pipe in use must not be closed
            for pipe in (self._stdin, self._stdout, self._stderr):
                pipe.close()
        return self._process.returncode, tuple(self._tail)

    def _signal(self, number: signal.Signals) -> None:
        """To the group; on Windows there are none, and the tree is ended by the system's own tool."""
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(self.pid)], capture_output=True, check=False)
            return
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return  # all of it is gone
        except PermissionError:  # macOS says so of a group of zombies
            return

    def _read(self) -> None:
        """The reader thread."""
        for line in iter(lambda: self._stdout.readline(MAX_LINE + 1), b""):
            self.lines.put(line)
        self.lines.put(None)

    def _drain(self) -> None:
        """The stderr thread: an undrained pipe would stop the child; its last lines tell how it died."""
        for line in iter(lambda: self._stderr.readline(_LINE_BYTES), b""):
            text = line.decode("utf-8", "replace").rstrip()
            self._tail.append(text)
            _log.info("%s", text)


def outside(python: str) -> bool:
    """Whether we are the packaged program and `python` is not: then nothing of our own folder may reach it."""
    return bool(getattr(sys, "frozen", False)) and Path(python) != Path(sys.executable)


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the packaged program's own libraries and modules."""
    kept = {name: value for name, value in environment.items() if name not in ("PYTHONPATH", "LD_LIBRARY_PATH")}
    before = os.environ.get("LD_LIBRARY_PATH_ORIG")  # what PyInstaller's start replaced
    return {**kept, "LD_LIBRARY_PATH": before} if before else kept


def _environment(python: str, scratch: Path | None) -> dict[str, str]:
    """The few variables that the converter needs."""
    places = {} if scratch is None else {
        name: str(scratch) for name in ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "HF_HOME", "TORCH_HOME",
                                        "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR")}
    base = child_environment()
    return {**(without_ours(base) if outside(python) else base), **_QUIET, **places}
