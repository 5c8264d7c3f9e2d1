"""Works through a plan with a running engine: a few rows ahead, each recorded once its file is durable.

The engine may die at any time: its keeper asks the open rows again. So may this process: the journal knows.
"""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from engine.api import Problem, Progress
from engine.cancel import CancelToken
from engine.client import EngineClient
from engine.errors import Cancelled, DiskFull, EngineDied, FileProblem, PackageError
from engine.jobs import gather
from engine.jobs.journal import Journal
from engine.jobs.plan import JobPlan, Row
from engine.messages import Considered, Event, Failed, Stepped, Written
from engine.progress import Pace

WINDOW = 4
"""Rows asked ahead: enough to keep model and disk busy, few enough to cancel at once."""
_LOOK_S = 0.1


@dataclass(frozen=True)
class RowFailed:
    """A row without a file, and why."""

    row: Row
    problem: Problem


@dataclass(frozen=True)
class RowDone:
    """A row whose file is durable."""

    row: Row
    path: str
    bytes: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class JobReport:
    """What came of a run. `stopped` says why it ended early (disk, engine, package): resume later."""

    done: int
    skipped: int
    failed: tuple[RowFailed, ...]
    stopped: Problem | None
    cancelled: bool
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether every row has its file."""
        return not self.failed and self.stopped is None and not self.cancelled


@dataclass
class _State:
    """The run so far."""

    waiting: deque[Row]
    open: dict[int, Row] = field(default_factory=dict)
    done: int = 0
    failed: list[RowFailed] = field(default_factory=list)
    stopped: Problem | None = None
    cancelled: bool = False
    considered: int = 0                # the question what a row of a slow model will take


class JobRunner:
    """Runs one plan once. The plan's package must be open in the client, which others may use at the same time."""

    def __init__(self, client: EngineClient, plan: JobPlan, *, resume: bool = False, window: int = WINDOW,
                 run_deadline: float | None = None) -> None:
        """`resume` goes on with the unfinished batch in the folder; `run_deadline` is per row, in seconds."""
        self._client = client
        self._plan = plan
        self._resume = resume
        self._window = window
        self._run_deadline = run_deadline
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()  # None only wakes

    def run(self, on_progress: Callable[[Progress], None] | None = None, cancel: CancelToken | None = None,
            on_row: Callable[[RowDone | RowFailed], None] | None = None) -> JobReport:
        """Make every row that is not made yet; blocks. The callbacks run on the calling thread.

        Raises JobProblem or FileProblem before the first row (see `Journal.begin`); the report tells what came later.
        """
        began = time.monotonic()
        journal = Journal(self._plan)
        made = journal.begin(resume=self._resume)
        state = _State(deque(row for row in self._plan.rows if row.index not in made))
        complete = False
        pace = Pace(len(state.waiting))
        leave = self._client.subscribe(self._events.put)
        try:
            # The cancel wakes the queue: a `get` whose timeout runs out in a signal handler would wait without end.
            with (cancel or CancelToken()).attached(lambda: self._events.put(None)):
                tell = partial(self._tell, on_progress, pace, len(made))
                tell()
                if state.waiting and not self._plan.package.live:
                    state.considered = self._client.consider(state.waiting[0].recipe)
                while state.waiting or state.open:
                    self._submit(state)
                    news = self._next(state, journal, cancel, pace, tell)
                    if news is not None:
                        pace.row_done()
                        tell()
                        if on_row is not None:
                            on_row(news)
            complete = self._round_off(state, state.done + len(made) == len(self._plan.rows))
        finally:
            leave()
            for number in state.open:
                self._client.cancel(number)
            journal.end(complete=complete)
        if complete and self._plan.target is not None:
            gather.leave(self._plan)
        return JobReport(state.done, len(made), tuple(state.failed), state.stopped, state.cancelled,
                         time.monotonic() - began)

    def _round_off(self, state: _State, complete: bool) -> bool:
        """Put the rows into one file where the plan says so, also when some of them failed; whether all is made."""
        early = state.stopped is not None or state.cancelled
        if self._plan.target is None or (early and not complete):
            return complete
        try:
            gather.gather(self._plan)
            if complete:
                gather.clear(self._plan)
        except FileProblem as error:
            self._stop(state, error.problem())
            return False
        return complete

    def _tell(self, on_progress: Callable[[Progress], None] | None, pace: Pace, skipped: int, label: str = "") -> None:
        if on_progress is not None:
            on_progress(pace.progress(skipped, label))

    def _submit(self, state: _State) -> None:
        while state.waiting and len(state.open) < self._window:
            row = state.waiting.popleft()
            number = self._client.write(row.recipe, str(self._plan.path(row)), run_deadline=self._run_deadline)
            state.open[number] = row

    def _next(self, state: _State, journal: Journal, cancel: CancelToken | None, pace: Pace,
              tell: Callable[[str], None]) -> RowDone | RowFailed | None:
        """Wait a moment for an answer; the row that it ends, if any. Steps within a slow row are told in words."""
        if cancel is not None and cancel.cancelled and not state.cancelled:
            state.cancelled = True
            state.waiting.clear()
            for number in state.open:
                self._client.cancel(number)
        try:
            event = self._events.get(timeout=_LOOK_S)
        except queue.Empty:
            return None
        if isinstance(event, Considered) and event.request == state.considered:
            pace.expect(event.plan.seconds)
            tell("")
        if isinstance(event, Stepped) and event.request in state.open:
            pace.stepped(event.progress.seconds_left)
            tell(event.progress.label)
        if not isinstance(event, Written | Failed) or event.request not in state.open:
            return None
        row = state.open.pop(event.request)
        try:
            return self._written(state, journal, row, event) if isinstance(event, Written) else (
                self._failed(state, journal, row, event.problem))
        except FileProblem as error:  # the journal's own line; the file is there and will be adopted
            self._stop(state, error.problem())
            return None

    def _written(self, state: _State, journal: Journal, row: Row, event: Written) -> RowDone:
        state.done += 1
        journal.record(row, event.bytes, event.sha256)
        return RowDone(row, event.path, event.bytes, event.notes)

    def _failed(self, state: _State, journal: Journal, row: Row, problem: Problem) -> RowDone | RowFailed | None:
        """Sort the failures: of this row, or of everything."""
        if problem.code == FileProblem.code and journal.adopt(row):
            # Written by an engine that outlived the studio, or died between the file and telling of it.
            state.done += 1
            path = self._plan.path(row)
            return RowDone(row, str(path), path.stat().st_size)
        if problem.code in {DiskFull.code, EngineDied.code, PackageError.code} or (
                problem.code == FileProblem.code and not journal.usable()):
            self._stop(state, problem)
            return None
        if problem.code == Cancelled.code:
            state.cancelled = True
            state.waiting.clear()
            return None
        failure = RowFailed(row, problem)
        state.failed.append(failure)
        return failure

    def _stop(self, state: _State, problem: Problem) -> None:
        """No more rows; those that are open may still end well."""
        state.stopped = state.stopped or problem
        state.waiting.clear()
