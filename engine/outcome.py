"""How the engine child ended, as a sentence that a designer can read."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from enum import StrEnum

_WINDOWS_FAULTS = {0xC0000005: "an access violation", 0xC00000FD: "a stack overflow", 0xC0000017: "lack of memory",
                   0xC0000409: "a failed safety check", 0xC000013A: "Ctrl+C", 0xC0000374: "a damaged heap"}
_SIGNAL_WORDS = {"SIGSEGV": "a memory fault", "SIGABRT": "an internal check of a library that failed",
                 "SIGKILL": "from outside; often the system, because memory ran out", "SIGBUS": "a memory fault",
                 "SIGFPE": "an arithmetic fault", "SIGILL": "an instruction this processor lacks",
                 "SIGTERM": "from outside"}
_KEPT_LINES = 3


class Reason(StrEnum):
    """Why a child is gone, as far as the studio had a part in it."""

    ENDED = "ended"         # by itself, or by somebody else
    SILENT = "silent"       # no sign of life: we ended it
    START = "start"         # not ready in time: we ended it
    LOAD = "load"           # a package took too long to open: we ended it
    RUN = "run"             # a picture took too long: we ended it
    WRITE = "write"         # a file took too long, so the disk hangs: we ended it
    CANCEL = "cancel"       # it did not stop when asked: we ended it
    GARBAGE = "garbage"     # it wrote something that is not a frame: we ended it


def signal_name(code: int | None) -> str:
    """"SIGSEGV" and the like for an exit status as `subprocess` gives it; empty when no signal was the cause."""
    if code is None or code >= 0:
        return ""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def end_in_words(code: int | None) -> str:
    """How a process ended, as the second half of a sentence: "was stopped by SIGSEGV (a memory fault)"."""
    name = signal_name(code)
    if name:
        words = _SIGNAL_WORDS.get(name)
        return f"was stopped by {name} ({words})" if words else f"was stopped by {name}"
    fault = _WINDOWS_FAULTS.get((code or 0) & 0xFFFFFFFF)
    return f"was stopped by {fault}" if fault else f"ended with exit code {code}"


@dataclass(frozen=True)
class Outcome:
    """The end of a child process. `code` is the exit status, negative for a signal as `subprocess` gives it."""

    reason: Reason
    code: int | None
    phase: str = "start"                   # what it was at: start, idle, load, run, write
    request: int | None = None             # which request, when it was at one
    subject: str = ""                      # that request in words: "glyphs, seed 7"
    seconds: float = 0.0                   # the deadline or silence that ended it
    stderr: tuple[str, ...] = ()           # its last lines; for the log and for `sentence`

    def signal_name(self) -> str:
        """"SIGSEGV" and the like; empty when no signal ended it."""
        return signal_name(self.code)

    def sentence(self) -> str:
        """What happened, in one or two sentences."""
        return f"{self._cause()}{self._activity()}.{self._last_words()}"

    def _cause(self) -> str:
        words = _ENDED_BY_US.get(self.reason)
        return words.format(spent=f"{self.seconds:.3g} s") if words else self._own_end()

    def _own_end(self) -> str:
        return f"The engine {end_in_words(self.code)}"

    def _activity(self) -> str:
        about = f" {self.subject}" if self.subject else ""
        doing = {"start": " while it was starting", "load": f" while it was opening{about}",
                 "run": f" while it was rendering{about}", "write": f" while it was writing{about}"}
        return doing.get(self.phase, "")

    def _last_words(self) -> str:
        if self.reason is not Reason.ENDED:
            return ""
        told = [line.strip() for line in self.stderr if _telling(line)][-_KEPT_LINES:]
        return f" It last said: {' / '.join(told).rstrip('.')}." if told else ""


_ENDED_BY_US = {
    Reason.SILENT: "The engine gave no sign of life for {spent} and was ended",
    Reason.START: "The engine was not ready after {spent} and was ended",
    Reason.LOAD: "Opening took longer than {spent}, so the engine was ended",
    Reason.RUN: "The picture took longer than {spent}, so the engine was ended",
    Reason.WRITE: "Writing the file took longer than {spent}, so the engine was ended",
    Reason.CANCEL: "The engine did not stop within {spent} of being asked and was ended",
    Reason.GARBAGE: "The engine sent something unreadable and was ended",
}
# "Fatal Python error: Segmentation fault" and the like: the signal has been told in better words.
_NOISE = ("File ", "Thread 0x", "Current thread", "Extension modules", "<no Python", "Fatal Python error")


def _telling(line: str) -> bool:
    """Whether a line of stderr says something; stack listings of faulthandler do not."""
    text = line.strip()
    return bool(text) and not text.startswith(_NOISE)
