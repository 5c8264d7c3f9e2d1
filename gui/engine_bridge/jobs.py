"""The door to batches: plans and forecasts for the window, and a runner on a thread whose words become signals."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal

from engine.api import PackageInfo, Plan, Problem, Recipe
from engine.cancel import CancelToken
from engine.client import EngineClient
from engine.errors import AtelierError
from engine.jobs.forecast import Forecast, Sample, forecast
from engine.jobs.gather import ENDINGS, can_gather, check_target, gathering, target_in, unfinished_beside
from engine.jobs.journal import unfinished
from engine.jobs.names import slug
from engine.jobs.plan import MAX_ROWS, JobPlan
from engine.jobs.runner import JobReport, JobRunner, RowDone, RowFailed
from engine.jobs.seeds import parse_seeds, seeds_from, stride
from engine.jobs.source import plan_from_seeds
from engine.jobs.template import DEFAULT_TEMPLATE, WORDS
from gui.engine_bridge import EngineBridge

__all__ = ["DEFAULT_TEMPLATE", "ENDINGS", "MAX_ROWS", "WORDS", "BatchBridge", "Draft", "Forecast", "JobPlan",
           "JobReport", "RowDone", "RowFailed", "Wish", "draft", "gathers"]
STOP_S = 3.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wish:
    """What is filled in: the present settings, with a seed list as text, or a first seed and a count."""

    info: PackageInfo
    recipe: Recipe
    seeds: str | None
    first: int
    count: int
    folder: str
    template: str
    into: str = ""                     # the ending of the one file that takes all rows; empty: a file for each
    file: str = ""                     # its name; empty: after the model


@dataclass(frozen=True)
class Draft:
    """What a wish comes to: a plan with its forecast, or the fault; and what waits unfinished in the folder."""

    plan: JobPlan | None
    forecast: Forecast | None
    unfinished: JobPlan | None
    fault: str = ""


def draft(wish: Wish) -> Draft:
    """Plan a wish. Takes some 40 microseconds a row: not for the GUI thread."""
    if not wish.folder:
        return Draft(None, None, None)
    waiting = None
    folder = Path(wish.folder)
    try:
        waiting = unfinished(wish.folder) or unfinished_beside(folder)
        seeds = (seeds_from(wish.first, wish.count, stride(wish.info, wish.recipe)) if wish.seeds is None
                 else parse_seeds(wish.seeds))
        plan = plan_from_seeds(wish.info, wish.recipe, seeds, wish.folder,
                               DEFAULT_TEMPLATE if wish.into else wish.template)
        if wish.into:
            target = target_in(folder, wish.file, slug(wish.info.id), wish.into)
            check_target(target)
            plan = gathering(plan, target)
            waiting = unfinished(plan.folder) or waiting
    except AtelierError as error:
        return Draft(None, None, waiting, str(error))
    return Draft(plan, forecast(plan), waiting)


def gathers(info: PackageInfo) -> bool:
    """Whether a batch of this package can go into one file."""
    return can_gather(Path(f"all{ENDINGS[0]}"), info.medium)


class BatchBridge(QObject):
    """Runs one plan at a time with the engine of the window; previews go between its rows."""

    progressed = Signal(object)            # Progress
    row_ended = Signal(object)             # RowDone or RowFailed
    ended = Signal(object)                 # JobReport
    refused = Signal(object)               # Problem: nothing was started
    measured = Signal(object)              # Forecast with time and disk
    _told = Signal(object, object)         # signal to emit, its value

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._thread: threading.Thread | None = None
        self._cancel = CancelToken()
        self._due: tuple[int, JobPlan, bool] | None = None     # open request, plan, resume
        self._sampling: tuple[int, JobPlan, Path, float] | None = None
        self._asking: tuple[int, JobPlan] | None = None        # request, for what a row of a slow model will take
        self.plan: JobPlan | None = None                       # that runs, or ran last
        self._told.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        bridge.opened.connect(self._opened)
        bridge.written.connect(self._sampled)
        bridge.failed.connect(self._failed)
        bridge.considered.connect(self._considered)

    @property
    def running(self) -> bool:
        """Whether a batch is at work."""
        return self._thread is not None or self._due is not None

    def start(self, plan: JobPlan, open_now: PackageInfo | None, *, resume: bool) -> None:
        """Run `plan`; its package is opened first when another one is open in the window."""
        self._give_up_sample()
        self._cancel = CancelToken()
        self.plan = plan
        if open_now is not None and open_now.digest == plan.package.digest:
            self._run(plan, resume=resume)
        else:
            self._due = (self._bridge.open(plan.package.folder), plan, resume)

    def cancel(self) -> None:
        """Ask the batch to stop; what is done stays, and the folder can be resumed."""
        self._due = None
        self._cancel.cancel()

    def close(self) -> None:
        """Stop and wait a moment for the journal to be closed well."""
        self.cancel()
        self._give_up_sample()
        if self._thread is not None:
            self._thread.join(STOP_S)

    def measure(self, plan: JobPlan) -> None:
        """Make one row in a temporary folder; `measured` tells what the whole plan will cost.

        Not the first row: it may be what the canvas shows, which costs nothing. A model that takes minutes is only
        asked what it knows of such a run.
        """
        if self.running or self._sampling is not None:
            return
        if not plan.package.live:
            self._asking = self._bridge.consider(plan.rows[0].recipe), plan
            return
        folder = Path(tempfile.mkdtemp(prefix="atelier-forecast-"))
        row = plan.rows[len(plan.rows) // 2]
        sample = folder / f"sample{Path(row.name).suffix}"
        number = self._bridge.write(row.recipe, str(sample), overwrite=True)
        self._sampling = (number, plan, folder, time.monotonic())

    def _run(self, plan: JobPlan, *, resume: bool) -> None:
        # The protocol has what the runner uses; the tests' engine keeps to it.
        runner = JobRunner(cast("EngineClient", self._bridge.engine), plan, resume=resume)
        self._thread = threading.Thread(target=self._work, args=(runner, self._cancel), name="studio-batch",
                                        daemon=True)
        self._thread.start()

    def _work(self, runner: JobRunner, cancel: CancelToken) -> None:
        """On the batch's thread."""
        try:
            report = runner.run(lambda progress: self._told.emit(self.progressed, progress), cancel, self._row)
        except AtelierError as error:
            self._told.emit(self.refused, error.problem())
        except Exception as error:  # noqa: BLE001 - a bridge: our bug ends the batch, not the studio
            _log.exception("the batch failed")
            self._told.emit(self.refused, Problem("bug", f"Internal error in the batch ({type(error).__name__}).",
                                                  "What was made so far is whole; resume the batch to go on."))
        else:
            self._told.emit(self.ended, report)

    def _row(self, row: RowDone | RowFailed) -> None:
        self._told.emit(self.row_ended, row)

    def _deliver(self, signal: object, value: object) -> None:
        """On the GUI thread."""
        if signal in (self.ended, self.refused):
            self._thread = None
        signal.emit(value)  # type: ignore[attr-defined]  # a bound signal, whose type the stubs do not export

    def _opened(self, request: int, _info: PackageInfo) -> None:
        if self._due is not None and self._due[0] == request:
            _, plan, resume = self._due
            self._due = None
            self._run(plan, resume=resume)

    def _failed(self, request: int, problem: Problem) -> None:
        if self._due is not None and self._due[0] == request:
            self._due = None
            self.refused.emit(problem)
        elif self._sampling is not None and self._sampling[0] == request:
            self._drop_sample()
        elif self._asking is not None and self._asking[0] == request:
            self._asking = None

    def _considered(self, request: int, told: Plan) -> None:
        """The model knows what a run takes, or that it does not; a question that a newer one overtook is put again."""
        if self._asking is None or request < self._asking[0]:
            return
        number, plan = self._asking
        self._asking = None
        if request > number:
            self.measure(plan)
        else:
            self.measured.emit(forecast(plan, None if told.seconds is None else Sample(told.seconds, None)))

    def _sampled(self, request: int, path: str, _notes: tuple[str, ...]) -> None:
        if self._sampling is None or self._sampling[0] != request:
            return
        _, plan, _, began = self._sampling
        sample = Sample(time.monotonic() - began, Path(path).stat().st_size)
        self._drop_sample()
        self.measured.emit(forecast(plan, sample))

    def _give_up_sample(self) -> None:
        """The batch need not wait for a row that is only made to be timed."""
        if self._sampling is not None:
            self._bridge.cancel(self._sampling[0])
            self._drop_sample()

    def _drop_sample(self) -> None:
        if self._sampling is not None:
            shutil.rmtree(self._sampling[2], ignore_errors=True)
            self._sampling = None
