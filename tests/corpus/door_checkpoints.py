"""A child that opens model files one after another, in a cage: little memory, and an alarm on everything but reading.

Argument: a folder of honest files to warm up on. Standard input: one path a line. Standard output: one JSON line each,
telling how it ended. An alarm ends the process.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

MEMORY = 2 << 30        # address space; numpy alone reserves a good part of it
CPU_SECONDS = 10.0      # a case
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
ALARMS = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "subprocess.", "socket.", "pickle.",
          "marshal.", "shutil.", "os.remove", "os.rename", "os.mkdir", "ctypes.", "import", "exec", "compile",
          "tempfile.")


def alarm(event: str, args: tuple[Any, ...]) -> None:
    """The audit hook: reading is allowed, nothing else."""
    writes = event == "open" and isinstance(args[2], int) and args[2] & WRITES
    if writes or event.startswith(ALARMS):
        os.write(2, f"alarm: {event} {args!r}\n".encode())
        os._exit(70)


def told(path: Path) -> dict[str, Any]:
    """How opening one path ended."""
    from engine.errors import CheckpointError
    from export.checkpoint.open import open_source

    try:
        source = open_source(path)
    except CheckpointError as error:
        return {"refused": error.what, "remedy": error.remedy, "subject": error.subject}
    tensors = {name: [ref.dtype, list(ref.shape), hashlib.sha256(ref.read().tobytes()).hexdigest()]
               for name, ref in source.tensors.items()}
    return {"tensors": tensors, "said": [*source.notes, *source.warnings, *source.code.values()],
            "settings": source.settings}


def peak() -> int:
    """The most memory this process ever held, in bytes; `getrusage` would count what the parent held when it forked."""
    lines = Path("/proc/self/status").read_bytes().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(b"VmHWM:")) << 10


def main() -> None:
    """Warm up on an honest file, close the cage, then open what comes."""
    paths = [Path(line) for line in sys.stdin.read().splitlines()]
    for honest in sorted(Path(sys.argv[1]).iterdir()):
        told(honest)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.addaudithook(alarm)
    for path in paths:
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        answer = told(path) | {"path": str(path), "peak": peak()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
