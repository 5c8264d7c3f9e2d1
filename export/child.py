"""The export child: one order on stdin, events as JSON lines on stdout, confined before it touches the model.

`python -m export.child --inspect` finds out what a file is and needs numpy only; `--work FOLDER` converts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.confine import claim_pipes, obey_parent
from engine.converting.messages import MAX_LINE, ConvertRequest, Event, Failed, Inspected, Noted, decode_request
from engine.errors import AtelierError
from export.recognise import inspection, prepare
from export.sandbox import Confinement, Rights, enter, system_rights
from export.sources import bytes_of, files_behind
from export.voice import Voice

_ROOM = 1 << 30          # what an inspection may take beside the mapped file: bombs in pickles end here
_POLITE = 5              # niceness: the studio keeps its share of the processor


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve one order; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    work = Path(words[words.index("--work") + 1]) if "--work" in words else None
    pipes = claim_pipes()
    obey_parent(int(words[words.index("--parent") + 1]) if "--parent" in words else None)
    with os.fdopen(pipes.requests, "rb", buffering=0) as order:
        request = decode_request(order.readline(MAX_LINE + 1))
    voice = Voice(pipes.events)
    confined = _confine(request, work)
    voice.live()
    for note in confined.notes:
        print(note, file=sys.stderr)
        if not (confined.files and confined.network):
            voice.say(Noted(note))
    voice.say(_answer(request, work, voice, confined))
    voice.close()
    sys.stderr.flush()
    return 0


def _answer(request: ConvertRequest, work: Path | None, voice: Voice, confined: Confinement) -> Event:
    """The final event; our own bugs end the process, and the parent tells of it."""
    try:
        if work is None:
            return Inspected(inspection(request))
        from export.convert import convert  # torch comes with it

        return convert(request, work, voice, confined.notes)
    except AtelierError as error:
        return Failed(error.problem())


def _confine(request: ConvertRequest, work: Path | None) -> Confinement:
    """Give up what this order does not need."""
    source = Path(request.source)
    prepare()  # what is imported before needs no right afterwards
    base = system_rights()
    read = (*base.read, source, *files_behind(source), *_own_code(request))
    if work is None:
        return enter(Rights(read=read, names=base.names), memory=_memory_now() + bytes_of(source) + _ROOM)
    if sys.platform != "win32":
        os.nice(_POLITE)
    names = (*base.names, *([Path.cwd()] if ":" in request.arch else []))
    return enter(replace(base, read=read, write=(work,), names=names))


def _own_code(request: ConvertRequest) -> tuple[Path, ...]:
    """The person's network class and its arguments, which they asked for by name; their folder becomes importable."""
    if ":" not in request.arch:
        return ()
    here = Path.cwd()
    sys.path.insert(0, str(here))
    top = here / request.arch.partition(":")[0].partition(".")[0]
    files = [top, top.with_suffix(".py"), *([Path(request.arguments).absolute()] if request.arguments else [])]
    return tuple(path for path in files if path.exists())


def _memory_now() -> int:
    """The address space in use, in bytes; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0


if __name__ == "__main__":
    sys.exit(main())
