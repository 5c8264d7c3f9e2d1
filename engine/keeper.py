"""Keeps an engine child alive: starts it, listens, ends it when overdue, starts it again, asks again what was open.

Two threads for the keeper's whole life. The pump starts children and reads their events. The watch ends a child that
takes too long. What is open stands in the `Ledger`, what is late in the `Watch`.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence

from engine.api import Device, Problem
from engine.child import Child
from engine.errors import Cancelled, ExitCode
from engine.framing import check_sendable, decode_event
from engine.herald import Herald
from engine.ledger import Ledger, fits, subject
from engine.messages import (
    Again,
    Answer,
    Beat,
    Cancel,
    ChildEvent,
    Died,
    Failed,
    Frame,
    Open,
    Opened,
    Partial,
    Phase,
    Preview,
    Ready,
    Render,
    Request,
    Restarted,
    Shutdown,
    Stepped,
    Write,
)
from engine.options import LOAD_PACE, EngineOptions, folder_bytes
from engine.outcome import Outcome, Reason
from engine.watch import TICK_S, AwakeClock, Watch
from engine.wire import WireError

_log = logging.getLogger("engine.keeper")
_JOIN_S = 1.0
_GRACE_S = 0.2     # between the end of the event pipe and the end of the process
_IDLE_TICK_S = 0.25
_AT_START = 0      # the number under which a child tells that it cannot start


class Keeper:
    """See the module. All state is behind one lock; handlers are called without it, one at a time."""

    def __init__(self, options: EngineOptions, command: Sequence[str]) -> None:
        """`command` starts the child; the options' arguments are added."""
        self._options = options
        self._command = [*command, *options.arguments()]
        self._changed = threading.Condition(threading.RLock())
        self._clock = AwakeClock()
        self._watch = Watch(options.limits(), self._clock.now)
        self._ledger = Ledger()
        self._child: Child | None = None
        self._threads: list[threading.Thread] = []
        self._impatient: dict[int, float] = {}      # cancelled requests, and since when
        self._deaths: deque[float] = deque()
        self._down: Problem | None = None
        self._closing = threading.Event()
        self._canvas: Frame | None = None
        self._slow: set[str] = set()                # digests of opened packages that are not live
        self._returning: Ready | None = None        # a restarted child, until Restarted is told
        self.herald = Herald()
        self.device: Device | None = None
        self.outcome: Outcome | None = None

    def start(self) -> None:
        """Start the threads, or try again after the keeper gave up."""
        with self._changed:
            if self._closing.is_set():
                return
            self._down = None
            self._deaths.clear()
            self._ledger.forgive()
            self._changed.notify_all()
            if not self._threads:
                atexit.register(self.close)
                self._threads = [threading.Thread(target=work, name=f"engine-{name}", daemon=True)
                                 for name, work in (("pump", self._pump), ("watch", self._keep_watch))]
                for thread in self._threads:
                    thread.start()

    def ask(self, make: Callable[[int], Request], run_deadline: float | None = None) -> int:
        """Send a request, or refuse it; its number."""
        with self._changed:
            number = self._ledger.number()
            message = make(number)
            refusal = self._refusal(message)
            if refusal is None:
                return self._send(number, message, run_deadline)
            self.herald.later(Failed(number, refusal))
            self._changed.notify_all()
        if self._closing.is_set():
            self.herald.flush()  # the watch thread is gone
        return number

    def _send(self, number: int, message: Request, run_deadline: float | None) -> int:
        """Open the request; a preview equal to the newest open one is that one."""
        with self._changed:
            same = self._ledger.same_preview(message) if isinstance(message, Preview) else None
            if same is not None:
                return same
            self._ledger.add(number, message)
            self._be_patient(message, run_deadline)
            if self._child is not None:
                self._child.send(message)
            return number

    def _be_patient(self, message: Request, run_deadline: float | None = None) -> None:
        """Large packages may take longer to open, slow models longer for a step."""
        match message:
            case Open(request, folder):
                self._watch.allow(request, self._options.load_deadline + folder_bytes(folder) / LOAD_PACE)
            case Preview() | Render() | Write():
                slow = self._options.slow_deadline if message.recipe.digest in self._slow else None
                seconds = run_deadline if run_deadline is not None else slow
                if seconds is not None:
                    self._watch.allow(message.request, seconds)
            case _:
                return

    def cancel(self, request: int | None) -> None:
        """Ask the child to stop; the watch thread sees to the rest."""
        with self._changed:
            for number in [number for number in self._ledger.numbers() if request in (None, number)]:
                self._impatient.setdefault(number, self._clock.now())
                self._watch.cancel_asked(number)
                if self._child is not None:
                    self._child.send(Cancel(number))
            self._changed.notify_all()

    def close(self, timeout: float = 2.0) -> None:
        """End the child and the threads; what is open fails."""
        with self._changed:
            self._closing.set()
            child = self._child
            self.herald.later(*self._ledger.fail_all(Cancelled("The engine was closed.").problem()))
            self._changed.notify_all()
        atexit.unregister(self.close)
        if child is not None:
            child.send(Shutdown())
            if not child.wait(timeout):
                child.kill()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(_JOIN_S)

    def _refusal(self, message: Request) -> Problem | None:
        """Why a request is not taken."""
        if self._closing.is_set():
            return Cancelled("The engine was closed.").problem()
        try:
            check_sendable(message)
        except WireError as error:
            return Problem("value", f"A value of this picture cannot be used: {error}.", "Check the values.",
                           subject(message), int(ExitCode.BAD_INPUT))
        return self._down or self._ledger.refusal(message)

    # The pump thread

    def _pump(self) -> None:
        """The pump thread; when a bug ends it (a handler that raises), nobody waits for ever."""
        try:
            self._keep_children()
        finally:
            if not self._closing.is_set():
                self._give_up(Problem("bug", "Internal error beside the engine.",
                                      "Start Latent Atelier again and send its log to its makers."))

    def _keep_children(self) -> None:
        """Start a child, listen until it ends, draw the conclusions, begin again."""
        while (child := self._next_child()) is not None:
            try:
                garbage = self._listen(child)
            except BaseException:  # a handler raised: its child and the pipes go with this thread
                child.kill()
                child.reap()
                raise
            code, tail = child.reap()
            with self._changed:
                self._child = None
                if self._closing.is_set():
                    return
                self._after_death(self._how(code, tail, garbage=garbage))
            self.herald.flush()

    def _next_child(self) -> Child | None:
        """A running child that has been told everything; None when the keeper closes."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._down is None or self._closing.is_set())
                if self._closing.is_set():
                    return None
            try:
                child = Child(self._command)
            except OSError as error:
                self._give_up(Problem("engine", f"The engine cannot be started: {error.strerror or error}.",
                                      "Install Latent Atelier again.", self._command[0]))
                self.herald.flush()
                continue
            with self._changed:
                self._child = child
                self._watch.begin()
                for message in self._ledger.to_ask():
                    if isinstance(message, Open):
                        self._be_patient(message)
                    child.send(message)
                if self._closing.is_set():
                    child.kill()
            return child

    def _listen(self, child: Child) -> bool:
        """Handle events until the pipe ends; whether that was nonsense from a child that still lived."""
        try:
            while (frame := child.events.read()) is not None:
                self._take(decode_event(*frame))
        except (WireError, OSError) as error:
            _log.info("the engine's events end with: %s", error)
        if child.wait(_GRACE_S):
            return False  # it ended, perhaps in the middle of a frame
        child.kill()
        return True

    def _take(self, event: ChildEvent) -> None:
        """One event from the child. Raises `WireError` for one that cannot be."""
        match event:
            case Beat():
                self._watch.beat(event)
                return
            case Ready():
                self.device = event.device
                self.herald.tell(event)
                self._returning = event if self.outcome is not None else None
            case Stepped(request) | Partial(request):
                self._watch.stepped(request)
                if request in self._ledger.numbers():
                    self.herald.tell(event)
            case Failed(request, problem) if request == _AT_START:
                self._give_up(problem)
            case Frame(preview=True):
                self._canvas = event
                self._take_answer(event)
            case Again():
                self._take_answer(self._again(event))
            case _:
                self._take_answer(event)
        self._watch.heard()
        self._tell_return()

    def _again(self, event: Again) -> Frame:
        """The picture on the canvas, under the stamp of an equal preview."""
        canvas = self._canvas
        if canvas is None or canvas.request != event.earlier:
            raise WireError(f"a repetition of preview {event.earlier}, which was not the last")
        return Frame(event.request, canvas.asset, preview=True)

    def _take_answer(self, event: Answer) -> None:
        """Close a request and tell its answer, unless nobody waits for it any more."""
        number = event.request
        with self._changed:
            if isinstance(event, Opened) and not event.info.live:
                self._slow.add(event.info.digest)
            self._watch.over(number)
            self._impatient.pop(number, None)
            if self._ledger.reopened(number, well=isinstance(event, Opened)):
                return
            message = self._ledger.answered(number)
            if message is not None and not fits(message, event):
                raise WireError(f"{type(event).__name__} does not answer {type(message).__name__}")
            if isinstance(message, Open) and isinstance(event, Opened):
                self._ledger.opened(message.folder)
        if message is not None:
            self.herald.tell(event)

    def _tell_return(self) -> None:
        """Tell that a restarted child is as far as the one before it."""
        with self._changed:
            ready = self._returning if not self._ledger.reopening else None
            if ready is None:
                return
            self._returning = None
        self.herald.tell(Restarted(ready.pid, ready.device))

    # The end of a child

    def _how(self, code: int | None, tail: tuple[str, ...], *, garbage: bool) -> Outcome:
        phase, request = self._watch.doing
        overdue = self._watch.overdue
        reason = overdue.reason if overdue else Reason.GARBAGE if garbage else Reason.ENDED
        if overdue is not None and overdue.reason is Reason.WRITE:
            phase, request = Phase.WRITE, overdue.request
        words = subject(self._ledger.message(request))
        return Outcome(reason, code, phase, request, words, overdue.seconds if overdue else 0.0, tail)

    def _after_death(self, outcome: Outcome) -> None:
        """Decide who is to blame and whether there will be another child."""
        self.outcome = outcome
        now = self._clock.now()
        if outcome.reason is not Reason.CANCEL:  # that one was our own choice
            self._deaths.append(now)
        while self._deaths and now - self._deaths[0] > self._options.death_window:
            self._deaths.popleft()
        too_many = len(self._deaths) > self._options.max_deaths or outcome.reason is Reason.START
        died = Died(outcome, self._ledger.numbers(), restarting=self._down is None and not too_many)
        verdict = self._ledger.blame(outcome)
        self.herald.later(*([died] if verdict is None else [died, verdict]))
        if too_many:
            often = f"The engine ended {len(self._deaths)} times in a short while. " if len(self._deaths) > 1 else ""
            self._give_up(Problem("engine", often + outcome.sentence(), "Start it again; if that does not help, choose "
                                  "the CPU as the device or remove the model that was used last.", outcome.subject))
        self._changed.notify_all()

    def _give_up(self, problem: Problem) -> None:
        """No more children until `start` is called."""
        with self._changed:
            self._down = problem
            self.herald.later(*self._ledger.fail_all(problem))
            self._changed.notify_all()

    # The watch thread

    def _keep_watch(self) -> None:
        """Tell what the keeper has to say, lose patience with cancelled requests, end an overdue child."""
        while True:
            with self._changed:
                if not self.herald.waiting and not self._closing.is_set():
                    self._changed.wait(TICK_S if self._ledger.numbers() else _IDLE_TICK_S)
                self._clock.tick()
                self._lose_patience()
                child, closing = self._child, self._closing.is_set()
            self.herald.flush()
            if closing:
                return
            if self.herald.busy:
                self._watch.heard()  # the silence is ours: a handler keeps the pump from listening
            elif child is not None and self._watch.check() is not None:
                child.kill()

    def _lose_patience(self) -> None:
        """Cancelled requests that the child did not answer soon count as cancelled all the same."""
        limit = self._clock.now() - self._options.cancel_polite
        for number in [number for number, since in self._impatient.items() if since < limit]:
            del self._impatient[number]
            if self._ledger.answered(number) is not None:
                self.herald.later(Failed(number, Cancelled().problem()))
