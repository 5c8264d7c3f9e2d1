"""The engine child: reads requests, renders them one at a time, sends what came of it. `python -m engine.server`.

Threads: the main thread is the one inference thread; a reader takes requests in; a writer encodes and syncs files while
the next picture is being made; a heart tells every quarter second that all is well. The child owns nothing of the
designer's: it may be killed at any moment.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.api import Asset, Problem, Progress, Recipe
from engine.cancel import CancelToken
from engine.confine import claim_pipes, obey_parent
from engine.errors import AtelierError, Cancelled, ExitCode
from engine.framing import decode_request, encode
from engine.inbox import Inbox, Question, Work
from engine.messages import (
    Again,
    Beat,
    Cancel,
    ChildEvent,
    Consider,
    Considered,
    Devices,
    DevicesTold,
    Embed,
    Embedded,
    Encode,
    Encoded,
    Failed,
    Frame,
    Look,
    Looked,
    Open,
    Opened,
    Partial,
    Phase,
    Preview,
    Ready,
    Render,
    Shutdown,
    Stepped,
    Write,
    Written,
)
from engine.progress import ProgressSink
from engine.wire import FrameReader, FrameWriter, WireError, widen
from engine.workshop import Hands

HEARTBEAT_S = 0.25
STEP_GAP_S = 0.05      # steps closer together than this are not worth a frame
LOOK_GAP_S = 0.1       # looks at unfinished work closer together than this are not sent
LAST_WORK_S = 1.5      # how long a file in the making may take once nobody asks any more
FILES_WAITING = 2      # pictures that may wait for the disk
NO_REQUEST = 0         # the number under which a fault at start is told


@dataclass(frozen=True)
class _Doing:
    """What the inference thread is at."""

    phase: Phase
    since: float
    request: int | None


class Server:
    """One engine over one pair of pipes."""

    def __init__(self, hands: Hands, requests: int, events: int) -> None:
        """`requests` and `events` are descriptors of pipes to the studio."""
        self._hands = hands
        self._reader = FrameReader(requests)
        self._writer = FrameWriter(events)
        self._inbox = Inbox()
        self._files: queue.Queue[Callable[[], None] | None] = queue.Queue(FILES_WAITING)
        self._doing = _Doing(Phase.START, time.monotonic(), None)
        self._filing: int | None = None
        self._latest: tuple[Recipe, Frame] | None = None  # the canvas: recipe as asked for, and what came of it

    def run(self) -> int:
        """Serve until the studio says so or is gone; the exit code."""
        for work in (self._read, self._beat):
            threading.Thread(target=work, name=work.__name__, daemon=True).start()
        files = threading.Thread(target=self._write_files, name="_write_files", daemon=True)
        files.start()
        ready = self._answering(NO_REQUEST, self._prepare)
        while ready and (taken := self._inbox.take()) is not None:
            self._serve(*taken)
            # A preview's answer says as much, and the studio has a frame to paint now.
            self._turn(Phase.IDLE, told=isinstance(taken[0], Preview))
        self._files.put(None)
        files.join(LAST_WORK_S)
        return int(ExitCode.DONE if ready else ExitCode.ENGINE_FAILURE)

    # The threads beside the inference thread

    def _read(self) -> None:
        """Take requests until the pipe ends; then let the work end too, by force if it hangs."""
        try:
            while (frame := self._reader.read()) is not None:
                message = decode_request(*frame)
                if isinstance(message, Shutdown):
                    break
                if isinstance(message, Cancel):
                    self._cancel(message.request)
                else:
                    self._inbox.put(message)
        except (WireError, OSError) as error:
            print(f"The studio sent something unreadable: {error}", file=sys.stderr)
        finally:
            self._inbox.close()
            time.sleep(LAST_WORK_S)
            os._exit(0)

    def _cancel(self, request: int | None) -> None:
        for number in self._inbox.cancel(request):
            self._emit(Failed(number, Cancelled().problem()))

    def _beat(self) -> None:
        while True:
            self._tell_phase()
            time.sleep(HEARTBEAT_S)

    def _write_files(self) -> None:
        while (job := self._files.get()) is not None:
            job()

    # The inference thread

    def _prepare(self) -> None:
        device, versions = self._hands.prepare()
        self._emit(Ready(os.getpid(), device, versions))
        self._turn(Phase.IDLE)

    def _serve(self, work: Work, token: CancelToken) -> None:
        """One request, whatever comes of it."""
        self._turn(Phase.LOAD if isinstance(work, Open) else Phase.RUN, work.request)
        match work:
            case Open(request, folder):
                self._answering(request, lambda: self._emit(Opened(request, self._hands.open(folder))))
            case Devices(request):
                self._answering(request, lambda: self._emit(DevicesTold(request, self._hands.devices())))
            case Preview():
                self._answering(work.request, lambda: self._preview(work, token))
            case Encode():
                self._answering(work.request, lambda: self._encode(work, token))
            case Render():
                self._answering(work.request, lambda: self._emit(Frame(
                    work.request, self._render(work, token, draft=work.draft), preview=False)))
            case Write():
                self._answering(work.request, lambda: self._render_for_file(work, token))
            case Consider() | Embed() | Look():
                self._question(work)

    def _question(self, asked: Question) -> None:
        match asked:
            case Consider(request, recipe):
                self._answering(request, lambda: self._emit(Considered(request, self._hands.consider(recipe))))
            case Embed(request, texts):
                self._answering(request, lambda: self._emit(Embedded(request, self._hands.embed(texts))))
            case Look(request, path, longest):
                self._answering(request, lambda: self._emit(Looked(request, *self._hands.look(path, longest))))

    def _preview(self, work: Preview, token: CancelToken) -> None:
        latest = self._latest_of(work.recipe, draft=work.draft)
        if latest is not None:
            self._emit(Again(work.request, latest.request))
            return
        frame = Frame(work.request, self._render(work, token, draft=work.draft), preview=True)
        self._latest = work.recipe, frame
        self._emit(frame)

    def _encode(self, work: Encode, token: CancelToken) -> None:
        found = self._hands.encode(work.recipe, work.path, ProgressSink(self._stepper(work.request), token))
        self._emit(Encoded(work.request, found.values, found.before, found.after, found.figures, found.notes))

    def _latest_of(self, recipe: Recipe, *, draft: bool) -> Frame | None:
        """What is on the canvas, when it is of exactly this recipe.

        A draft stands for another draft only: what is kept is never made of one.
        """
        if self._latest is None or not self._latest[0].same(recipe):
            return None
        return self._latest[1] if draft or not self._latest[1].asset.draft else None

    def _render(self, work: Preview | Render | Write, token: CancelToken, *, draft: bool = False) -> Asset:
        """The asset; the one on the canvas is taken as it is, since equal recipes are equal assets."""
        latest = self._latest_of(work.recipe, draft=draft)
        if latest is not None:
            return latest.asset
        watched = isinstance(work, Preview) or (isinstance(work, Render) and work.watched)
        show = self._shower(work.request) if watched else None
        return self._hands.render(work.recipe, ProgressSink(self._stepper(work.request), token, show=show), draft=draft)

    def _render_for_file(self, work: Write, token: CancelToken) -> None:
        asset = self._render(work, token)
        self._turn(Phase.WRITE, work.request)
        self._files.put(lambda: self._file(work, asset))

    def _file(self, work: Write, asset: Asset) -> None:
        """Encode and write; on the writer thread."""
        def write() -> None:
            filed = self._hands.write(asset, work.path, overwrite=work.overwrite, retried=work.retried, card=work.card)
            self._emit(Written(work.request, work.path, filed.bytes, filed.sha256, asset.notes))
        self._filing = work.request
        self._answering(work.request, write)
        self._filing = None

    def _answering(self, request: int, work: Callable[[], None]) -> bool:
        """Do the work; a fault becomes the request's answer. Whether it went well."""
        try:
            work()
        except AtelierError as error:
            self._emit(Failed(request, error.problem()))
        except MemoryError:
            self._emit(Failed(request, Problem("memory", "There is not enough memory for this picture.",
                                               "Choose a smaller size, or close other programs.")))
        except Exception as error:  # noqa: BLE001 - where our bugs are caught: told whole, and the engine lives on
            trace = traceback.format_exc()
            print(trace, file=sys.stderr)
            self._emit(Failed(request, Problem("bug", f"Internal error in the engine ({type(error).__name__}).",
                                               "Please send the log to the makers of Latent Atelier.", detail=trace)))
        else:
            return True
        return False

    # Telling

    def _stepper(self, request: int) -> Callable[[Progress], None]:
        """A report of steps that leaves out those that come too close together; short questions are answered there."""
        last = 0.0

        def report(progress: Progress) -> None:
            """Tell the step where it is worth a frame, and answer what was asked meanwhile."""
            nonlocal last
            now = time.monotonic()
            if now - last >= STEP_GAP_S or progress.done >= progress.total:
                last = now
                self._emit(Stepped(request, progress))
            while (asked := self._inbox.question()) is not None:
                self._question(asked)
        return report

    def _shower(self, request: int) -> Callable[[Asset], None]:
        """The same for looks at unfinished work."""
        last = 0.0

        def show(asset: Asset) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= LOOK_GAP_S:
                last = now
                self._emit(Partial(request, asset))
        return show

    def _turn(self, phase: Phase, request: int | None = None, *, told: bool = False) -> None:
        """The inference thread is at something new; the studio hears it before it begins, unless it is `told`."""
        self._doing = _Doing(phase, time.monotonic(), request)
        if not told:
            self._tell_phase()

    def _tell_phase(self) -> None:
        doing = self._doing
        self._emit(Beat(doing.phase, time.monotonic() - doing.since, doing.request, self._filing))

    def _emit(self, event: ChildEvent) -> None:
        """Send, or close up when nobody listens any more."""
        try:
            self._writer.write(*encode(event))
        except OSError:
            self._inbox.close()


def main(arguments: Sequence[str] | None = None, hands: Hands | None = None) -> int:
    """Run as the engine child; returns the exit code. `hands` replaces the real workshop (tests)."""
    words = sys.argv[1:] if arguments is None else arguments
    given = dict(zip(words[::2], words[1::2], strict=True))  # from `Keeper`, not from a person: argparse costs 10 ms
    pipes = claim_pipes()
    obey_parent(_number(given.get("--parent")))
    widen(pipes.events)
    if hands is None:
        from engine.workshop import Workshop

        hands = Workshop(given.get("--provider", "auto"), _number(given.get("--threads")),
                         _number(given.get("--memory")))
    code = Server(hands, *pipes).run()
    sys.stderr.flush()
    os._exit(code)  # sessions and daemon threads need no farewell, and some drivers hang at theirs


def _number(word: str | None) -> int | None:
    return None if word is None else int(word)


if __name__ == "__main__":
    main()
