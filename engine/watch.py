"""Deadlines: how long the engine may start, load, run, be silent, and take to obey a cancel. Pure logic on a clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.messages import Beat, Phase
from engine.outcome import Reason

TICK_S = 0.05
_NAP_S = 1.0


@dataclass(frozen=True)
class Limits:
    """How long anything may take; seconds."""

    start: float = 30.0
    load: float = 20.0
    run: float = 60.0        # from one step to the next, where the work tells steps
    write: float = 60.0
    silence: float = 5.0
    cancel: float = 2.0


@dataclass(frozen=True)
class Overdue:
    """A limit that was passed; `request` only for a file, which is written beside other work."""

    reason: Reason
    seconds: float
    request: int | None = None


class AwakeClock:
    """Seconds during which this process could look at the clock.

    A laptop that sleeps, or a studio that is stopped in a debugger, must not take its own absence for the engine's: a
    gap between two ticks counts as one tick.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives real seconds."""
        self._clock = clock
        self._last = clock()
        self._lost = 0.0

    def now(self) -> float:
        """Awake seconds at this moment."""
        return self._clock() - self._lost

    def tick(self) -> float:
        """To be called every `TICK_S`; notices naps. Returns `now()`."""
        present = self._clock()
        gap = present - self._last
        if gap > _NAP_S:
            self._lost += gap - TICK_S
        self._last = present
        return present - self._lost


class Watch:
    """What one child is at, and whether it takes too long. Thread-safe."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        """`now` is an awake clock."""
        self._limits = limits
        self._now = now
        self._lock = threading.Lock()
        self.overdue: Overdue | None = None
        self._own_limits: dict[int, float] = {}
        self._cancelled: dict[int, float] = {}
        self._phase = Phase.START
        self._request: int | None = None
        self._filing: tuple[int, float] | None = None
        self.begin()

    def begin(self) -> None:
        """A new child was started."""
        with self._lock:
            self._phase, self._request, self._filing = Phase.START, None, None
            self._since = self._heard = self._now()
            self._cancelled.clear()
            self.overdue = None

    @property
    def doing(self) -> tuple[Phase, int | None]:
        """The child's phase and request, as far as it told."""
        with self._lock:
            return self._phase, self._request

    def heard(self) -> None:
        """A frame came in, or we ourselves were busy handling one."""
        with self._lock:
            self._heard = self._now()

    def beat(self, beat: Beat) -> None:
        """The child told what it is at; its own count of seconds is not trusted."""
        with self._lock:
            self._heard = self._now()
            if (beat.phase, beat.request) != (self._phase, self._request):
                self._phase, self._request, self._since = beat.phase, beat.request, self._heard
            if beat.filing is None:
                self._filing = None
            elif self._filing is None or self._filing[0] != beat.filing:
                self._filing = beat.filing, self._heard

    def stepped(self, request: int) -> None:
        """The work moves on: its time counts anew. Slow is not hanging."""
        with self._lock:
            self._heard = self._now()
            if (self._phase, self._request) == (Phase.RUN, request):
                self._since = self._heard

    def allow(self, request: int, seconds: float) -> None:
        """Give one request its own limit for loading or running."""
        with self._lock:
            self._own_limits[request] = seconds

    def cancel_asked(self, request: int) -> None:
        """The child was asked to stop this request."""
        with self._lock:
            self._cancelled.setdefault(request, self._now())

    def over(self, request: int) -> None:
        """The request was answered."""
        with self._lock:
            self._own_limits.pop(request, None)
            self._cancelled.pop(request, None)
            if request == self._request:
                self._phase, self._request, self._since = Phase.IDLE, None, self._now()
            if self._filing is not None and self._filing[0] == request:
                self._filing = None

    def check(self) -> Overdue | None:
        """The limit that is passed now; stays until the next `begin`."""
        with self._lock:
            if self.overdue is None:
                self.overdue = self._passed(self._now())
            return self.overdue

    def _passed(self, now: float) -> Overdue | None:
        spent, silent = now - self._since, now - self._heard
        limit, reason = self._limit()
        if limit is not None and spent > limit:
            return Overdue(reason, limit)
        if self._filing is not None and now - self._filing[1] > self._limits.write:
            return Overdue(Reason.WRITE, self._limits.write, self._filing[0])
        asked = self._cancelled.get(self._request) if self._request is not None else None
        if asked is not None and self._phase in (Phase.LOAD, Phase.RUN) and now - asked > self._limits.cancel:
            return Overdue(Reason.CANCEL, self._limits.cancel)
        # Importing the runtime and loading a graph may hold Python's lock: no heartbeat, but a deadline of their own.
        if self._phase not in (Phase.START, Phase.LOAD) and silent > self._limits.silence:
            return Overdue(Reason.SILENT, self._limits.silence)
        return None

    def _limit(self) -> tuple[float | None, Reason]:
        """How long the present phase may take."""
        match self._phase:
            case Phase.START:
                return self._limits.start, Reason.START
            case Phase.LOAD:
                return self._own_limits.get(self._request or 0, self._limits.load), Reason.LOAD
            case Phase.RUN:
                return self._own_limits.get(self._request or 0, self._limits.run), Reason.RUN
            case Phase.IDLE | Phase.WRITE:
                return None, Reason.SILENT
