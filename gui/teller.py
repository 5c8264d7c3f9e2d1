"""What the studio tells the person: banners over the picture, toasts, the status bar. It decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject

from engine.api import Device, Medium, Problem
from gui.deeds import show_folder
from gui.opening import Remedy
from gui.widgets.amounts import results
from gui.widgets.banner import Banner, Offer, Tone
from gui.widgets.status import EngineState

if TYPE_CHECKING:
    from engine.packages.shelf import ShelfEntry
    from gui.engine_bridge.jobs import JobReport
    from gui.studio import Studio
    from gui.widgets.toast import Toast

FILE = "file"
"""Topic of banners about files and packages."""


@runtime_checkable
class Place(Protocol):
    """Where something can be told: what fills the window has a toast and a banner of its own."""

    toast: Toast
    banner: Banner


class Teller(QObject):
    """The studio's voice. It outlives windows: a new one is told how things stand by `tell_again`."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._state = EngineState.STARTING
        self._device: Device | None = None
        bridge, opener, importer = studio.parts.bridge, studio.opener, studio.importer
        bridge.ready.connect(self._ready)
        bridge.restarted.connect(self._ready)
        bridge.died.connect(self._died)
        opener.refused.connect(self.refuse)
        opener.adding.connect(lambda path: self.toast(self.tr("Checking “{0}”…").format(path.name)))
        opener.added.connect(self._added)
        opener.restored.connect(lambda name: self.toast(self.tr("Restored {0}").format(name)))
        importer.working.connect(self._working)
        importer.ended.connect(lambda words: self.toast(words, self.tr("Show"), importer.show))
        studio.keepsakes.kept.connect(self._kept)
        studio.giver.told.connect(self.toast)
        studio.desk.opened.connect(self._remarked)
        for source in (studio.keeper, studio.sources, studio.session, studio.desk):
            source.refused.connect(self.refuse)

    def toast(self, words: str, label: str = "", run: Callable[[], object] | None = None) -> None:
        """A word that goes by itself, with one button at most."""
        self._place().toast.tell(words, label, run)

    def refuse(self, problem: Problem, remedy: Remedy | None = None) -> None:
        """Tell a problem over the picture, with its remedy as a button where there is one."""
        offers = (Offer(*remedy),) if remedy else ()
        self._place().banner.tell(FILE, problem.what, problem.remedy, Tone.WARNING, offers)

    def calm(self) -> None:
        """What was told about a file is over."""
        self._place().banner.dismiss(FILE)

    def remark(self, words: str) -> None:
        """Something that the person must know, over what is shown."""
        self._place().banner.tell(FILE, words, "", Tone.NOTE)

    def crashed(self) -> None:
        """The program ended by a signal the last time."""
        log = self._studio.parts.log.parent
        self._studio.workspace.stage.banner.tell(FILE, self.tr("The studio ended unexpectedly last time."), self.tr(
            "Your settings and the last state are back. The report is in the log folder."), Tone.NOTE,
            (Offer(self.tr("Open log folder"), lambda: show_folder(log)),))

    def nothing_open(self) -> None:
        """There is no model: what one can do."""
        words = self.tr("Drop a checkpoint, an ONNX file or a package here, or choose one of your models.")
        self._studio.workspace.stage.waiting(self.tr("No model is open"), words, button=True)

    def one_at_a_time(self, path: Path) -> None:
        """A conversion is running already."""
        self.toast(self.tr("One conversion at a time: drop “{0}” again when this one is done").format(path.name))

    def show_state(self, state: EngineState) -> None:
        """How the engine is."""
        self._state = state
        self._studio.window.status.show_engine(state)

    def tell_again(self) -> None:
        """A new window: what the old one said of engine and device."""
        self._tell_device()
        self.show_state(self._state)

    def batch_ended(self, report: JobReport) -> None:
        """A batch is through; its window, if it is open, tells it better."""
        studio = self._studio
        studio.window.status.show_batch(0, 0)
        if not studio.deeds.batch_shown:
            plan = studio.batches.plan
            made = results(report.done + report.skipped, plan.package.medium if plan else Medium.PICTURE)
            self.toast(self.tr("Batch: {0} made").format(made), self.tr("Show"), studio.deeds.batch)

    def _place(self) -> Place:
        """What is shown now, if it can tell something; else the stage, which is seen again later."""
        here = self._studio.window.here()
        return here if isinstance(here, Place) else self._studio.workspace.stage

    def _remarked(self, remarks: tuple[str, ...]) -> None:
        if remarks:
            self.remark(" ".join(remarks))

    def _ready(self, device: Device) -> None:
        self._device = device
        self._tell_device()
        self.show_state(EngineState.READY)

    def _tell_device(self) -> None:
        if self._device is not None:
            self._studio.window.status.show_device(self._device, self._studio.parts.settings.text("device"))

    def _died(self, _sentence: str, restarting: bool) -> None:
        self.show_state(EngineState.RESTARTING if restarting else EngineState.STOPPED)

    def _working(self, words: str) -> None:
        self._studio.window.status.show_work(words)

    def _added(self, entry: ShelfEntry) -> None:
        self.toast(self.tr("Added {0}").format(entry.name))

    def _kept(self, path: Path, notes: tuple[str, ...]) -> None:
        words = self.tr("Kept as {0}").format(path.name)
        self.calm()
        self.toast(" ".join((words, *notes)), self.tr("Show in folder"), lambda: show_folder(path.parent))
