"""One engine process as its parent holds it: started with few rights, fed without blocking, ended for certain."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

from engine.framing import encode
from engine.messages import Preview, Request
from engine.wire import FrameReader, FrameWriter, WireError, widen

_log = logging.getLogger("engine.child")
_TAIL_LINES = 200
_LINE_BYTES = 4096
_GRACE_S = 0.2   # between the end of the event pipe and the end of the process
_REAP_S = 2.0
_JOIN_S = 0.5
_CREATE_NO_WINDOW = 0x08000000
_NEW_GROUP = 0x00000200

# What a child may know of the environment: where things are, how to speak, which card to use, and no secrets.
_KEPT = frozenset({
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "USER", "LOGNAME", "USERNAME", "USERPROFILE",
    "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES",
    "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV",
    "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "DISPLAY", "WAYLAND_DISPLAY",
})
_KEPT_PREFIXES = ("LC_", "XDG_", "CUDA_", "NVIDIA_", "ORT_", "LATENT_ATELIER_")
# Before numpy is imported: its BLAS must not start a pool of threads that spins beside ONNX Runtime's.
_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1",
            "OMP_WAIT_POLICY": "PASSIVE"}


def child_command(module: str = "engine.server") -> tuple[str, ...]:
    """How to start the engine: from source as a module, in the packaged program as itself."""
    if getattr(sys, "frozen", False):
        return (sys.executable, "--engine-child")
    return (sys.executable, "-X", "utf8", "-m", module)


def child_environment() -> dict[str, str]:
    """The few variables that the engine needs."""
    kept = {name: value for name, value in os.environ.items()
            if name.upper() in _KEPT or name.upper().startswith(_KEPT_PREFIXES)}
    house = str(Path(__file__).resolve().parent.parent)
    return {**kept, **_THREADS, "PYTHONPATH": house, "PYTHONUNBUFFERED": "1"}


class Child:
    """A running engine process. `events` is read by one thread; `send` never blocks; `kill` may come from anywhere."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it. Raises OSError when the program cannot be started.

        Linux ends the child when the *thread* that started it ends, so start it from one that lives as long.
        """
        self._process = subprocess.Popen(
            [*command, "--parent", str(os.getpid())], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=child_environment(), close_fds=True,
            creationflags=_CREATE_NO_WINDOW | _NEW_GROUP if sys.platform == "win32" else 0)
        pipes = self._process.stdin, self._process.stdout, self._process.stderr
        self._stdin, self._stdout, self._stderr = cast("tuple[IO[bytes], IO[bytes], IO[bytes]]", pipes)
        widen(self._stdout.fileno())
        self.events = FrameReader(self._stdout.fileno())
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._outbox: deque[Request] = deque()
        self._changed = threading.Condition()
        self._writing = False                       # the orders thread is in the middle of a frame
        self._writer = FrameWriter(self._stdin.fileno())
        self._ended = False
        self._threads = [threading.Thread(target=work, name=f"engine-{name}", daemon=True)
                         for name, work in (("orders", self._send_all), ("stderr", self._drain))]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, message: Request) -> None:
        """Send a message at once where that cannot block, or queue it; a preview replaces one not sent yet."""
        with self._changed:
            if not self._outbox and not self._writing and not self._ended and self._written_at_once(message):
                return
            if isinstance(message, Preview):
                self._outbox = deque(waiting for waiting in self._outbox if not isinstance(waiting, Preview))
            self._outbox.append(message)
            self._changed.notify()

    def _written_at_once(self, message: Request) -> bool:
        """Whether the message fitted into the pipe: no hand-over to a thread that would first have to wake up."""
        try:
            return self._writer.write_at_once(*encode(message))
        except (OSError, WireError):
            return False  # the orders thread meets the same fault and deals with it

    def kill(self) -> None:
        """End the process now."""
        self._process.kill()

    def wait(self, timeout: float) -> bool:
        """Wait for the process to end; whether it did."""
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def reap(self) -> tuple[int | None, tuple[str, ...]]:
        """Make sure that the process and its threads are gone; exit status and last lines of stderr.

        The status is None in the rare case that the system cannot end the process (it hangs in a driver).
        """
        if self._process.poll() is None and not self.wait(_GRACE_S):
            self.kill()
            self.wait(_REAP_S)
        with self._changed:
            self._ended = True
            self._changed.notify()
        for thread in self._threads:
            thread.join(_JOIN_S)
        if not any(thread.is_alive() for thread in self._threads):  # a pipe in use must not be closed
            for pipe in (self._stdin, self._stdout, self._stderr):
                pipe.close()
        return self._process.returncode, tuple(self._tail)

    def _send_all(self) -> None:
        """The orders thread: takes what could not be sent at once and writes it, however slowly the child reads."""
        while True:
            with self._changed:
                self._writing = False
                while not self._outbox and not self._ended:
                    self._changed.wait()
                if self._ended:
                    return
                message = self._outbox.popleft()
                self._writing = True
            try:
                self._writer.write(*encode(message))
            except (OSError, WireError) as error:  # the child is dead or the order too big: reading will tell
                _log.info("an order could not be sent: %s", error)
                self.kill()
                return

    def _drain(self) -> None:
        """The stderr thread: an undrained pipe would stop the child; its last lines tell how it died."""
        for line in iter(lambda: self._stderr.readline(_LINE_BYTES), b""):
            text = line.decode("utf-8", "replace").rstrip()
            self._tail.append(text)
            _log.info("%s", text)
