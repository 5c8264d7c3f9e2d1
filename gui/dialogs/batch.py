"""The batch window: fill in, watch, read what came of it. It blocks nothing, and closing it stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.api import Medium, PackageInfo, Problem, Progress, Recipe
from gui.dialogs.batch_form import BatchForm
from gui.engine_bridge.jobs import BatchBridge, Forecast, JobPlan, JobReport, RowDone, RowFailed
from gui.properties import told
from gui.widgets.amounts import duration, results
from gui.widgets.run_bar import step_words

FORM, RUN, END = 0, 1, 2
RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BatchWindow(QWidget):
    """Three pages over one `BatchBridge`."""

    def __init__(self, form: BatchForm, bridge: BatchBridge, current: Callable[[], tuple[PackageInfo, Recipe] | None],
                 show_folder: Callable[[Path], None], parent: QWidget | None = None) -> None:
        """`current` tells the open package and recipe; `show_folder` opens a file manager."""
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Dialog)     # it stays above the main window; it blocks nothing
        self._bridge, self._current, self._show_folder = bridge, current, show_folder
        self._plan: JobPlan | None = None
        self._unfinished: JobPlan | None = None
        self._failures: list[RowFailed] = []
        self._unread = False               # a batch ended while the window was closed
        self._starting = False             # Start was pressed, what was typed is still being planned
        self.form = form
        self.setWindowTitle(self.tr("Batch"))
        self.resize(640, 430)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._form_page())
        self.pages.addWidget(self._run_page())
        self.pages.addWidget(self._end_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.addWidget(self.pages)
        form.planned.connect(self._planned)
        form.resumable.connect(self._found)
        bridge.progressed.connect(self._progressed)
        bridge.row_ended.connect(self._row_ended)
        bridge.ended.connect(self._ended)
        bridge.refused.connect(self._refused)
        bridge.measured.connect(self._measured)
        self.begin()

    def begin(self) -> None:
        """The form, with the settings of this moment (or the running batch, if there is one)."""
        if self._bridge.running:
            self.pages.setCurrentIndex(RUN)
            return
        self._error.hide()
        self._starting = False
        self.pages.setCurrentIndex(FORM)
        now = self._current()
        if now is not None:
            self.form.show_recipe(*now)

    def come_back(self) -> None:
        """Shown again: a result that was not read yet stays, anything else begins anew."""
        if self._unread:
            self._unread = False
        else:
            self.begin()

    def showEvent(self, event: QShowEvent) -> None:
        """In the middle of the main window; now a forecast is worth its price."""
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None and not event.spontaneous():
            self.move(parent.frameGeometry().center() - self.rect().center())
        self._measure_now()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes (a running batch goes on), Return is the button that has the focus, else Start."""
        focus = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() not in RETURNS:
            super().keyPressEvent(event)
        elif isinstance(focus, QAbstractButton):
            focus.click()
        elif self.pages.currentIndex() == FORM:
            self.start.click()

    def _measure_now(self) -> None:
        if self.form.plan is not None:
            self._bridge.measure(self.form.plan)

    def _form_page(self) -> QWidget:
        page = QWidget()
        self._resume_card = QFrame()
        self._resume_card.setObjectName("card")
        self._resume_words = QLabel(wordWrap=True)
        self.resume = QPushButton(self.tr("Resume"))
        card = QHBoxLayout(self._resume_card)
        card.setContentsMargins(14, 10, 10, 10)
        card.addWidget(self._resume_words, 1)
        card.addWidget(self.resume)
        self._resume_card.hide()
        self._error = QLabel(wordWrap=True)
        self._error.setProperty("role", "danger")
        self._error.hide()
        self.start = QPushButton(self.tr("Start"))
        self.start.setProperty("primary", True)
        cancel = QPushButton(self.tr("Close"))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.start)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._resume_card)
        column.addWidget(self.form, 1)
        column.addWidget(self._error)
        column.addLayout(foot)
        cancel.clicked.connect(self.close)
        self.start.clicked.connect(self._start)
        self.resume.clicked.connect(self._resume)
        return page

    def _run_page(self) -> QWidget:
        page = QWidget()
        self._doing = QLabel()
        self._doing.setProperty("role", "title")
        self._bar = QProgressBar(textVisible=False)
        self._left = QLabel()
        self._left.setProperty("role", "muted")
        self._last = QLabel()
        self._last.setProperty("role", "muted")
        note = QLabel(self.tr("You can go on working, or close this window: the batch continues."), wordWrap=True)
        note.setProperty("role", "muted")
        self.cancel = QPushButton(self.tr("Cancel batch"))
        foot = QHBoxLayout()
        foot.addWidget(note, 1)
        foot.addWidget(self.cancel)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addStretch(1)
        for widget in (self._doing, self._bar, self._left, self._last):
            column.addWidget(widget)
        column.addStretch(2)
        column.addLayout(foot)
        self.cancel.clicked.connect(self._cancel)
        return page

    def _end_page(self) -> QWidget:
        page = QWidget()
        self._result = QLabel(wordWrap=True)
        self._result.setProperty("role", "title")
        self._why = QLabel(wordWrap=True)
        self._why.setProperty("role", "muted")
        self._list = QPlainTextEdit(readOnly=True)
        again = QPushButton(self.tr("New batch"))
        self.go_on = QPushButton(self.tr("Resume"))
        folder = self._open = QPushButton(self.tr("Open folder"))
        foot = QHBoxLayout()
        foot.addWidget(again)
        foot.addWidget(self.go_on)
        foot.addStretch(1)
        foot.addWidget(folder)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._result)
        column.addWidget(self._why)
        column.addWidget(self._list, 1)
        self._room = QWidget()             # takes the list's place when there is nothing to list
        column.addWidget(self._room, 1)
        column.addLayout(foot)
        again.clicked.connect(self.begin)
        self.go_on.clicked.connect(self._go_on)
        folder.clicked.connect(lambda: self._show_folder(_place(self._plan)) if self._plan else None)
        return page

    def _planned(self, plan: JobPlan | None) -> None:
        same = plan is not None and self._same_unfinished(plan)
        self.start.setEnabled(plan is not None and not same)
        self._say_unfinished(same=same)
        starting, self._starting = self._starting and self.form.settled, self._starting and not self.form.settled
        if starting and self.start.isEnabled():
            self._start()
        elif plan is not None and self.isVisible():
            self._bridge.measure(plan)

    def _measured(self, told: Forecast) -> None:
        if self.form.plan is not None and told.count == len(self.form.plan.rows):
            self.form.show_forecast(told)
        elif self.form.plan is not None:
            self._bridge.measure(self.form.plan)

    def _found(self, plan: JobPlan | None) -> None:
        self._unfinished = plan
        self._resume_card.setVisible(plan is not None)
        self._say_unfinished(same=False)

    def _say_unfinished(self, *, same: bool) -> None:
        """What waits in the folder; and why Start does not, where it would take its place."""
        plan = self._unfinished
        if plan is None:
            return
        words = [self.tr("This folder holds an unfinished batch: {0} ({1}).").format(
            results(len(plan.rows), plan.package.medium), plan.into or plan.package.name)]
        if same:
            words.append(self.tr("Resume it, or choose another place for a new one."))
        self._resume_words.setText(" ".join(words))

    def _same_unfinished(self, plan: JobPlan) -> bool:
        return self._unfinished is not None and self._unfinished.folder == plan.folder

    def _start(self) -> None:
        """With what is typed now: the plan that is known may still be one of before."""
        if not self.form.settled:
            self._starting = True
            self.form.consider_now()
        elif self.form.plan is not None:
            self.form.remember()
            self._run(self.form.plan, resume=False)

    def _resume(self) -> None:
        if self._unfinished is not None:
            self._run(self._unfinished, resume=True)

    def _go_on(self) -> None:
        if self._plan is not None:
            self._run(self._plan, resume=True)

    def _run(self, plan: JobPlan, *, resume: bool) -> None:
        self._plan, self._failures = plan, []
        self._progressed(Progress(0, len(plan.rows)))
        self._last.setText("")
        self.cancel.setEnabled(True)
        self.pages.setCurrentIndex(RUN)
        now = self._current()
        self._bridge.start(plan, now[0] if now else None, resume=resume)

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._left.setText(self.tr("Stopping after what is at hand…"))
        self._bridge.cancel()

    def _progressed(self, progress: Progress) -> None:
        self._bar.setRange(0, max(1, progress.total))
        self._bar.setValue(progress.done)
        self._doing.setText(self.tr("{0} of {1}").format(progress.done, results(progress.total, self._medium())))
        if self.cancel.isEnabled():
            left = progress.seconds_left
            words = [step_words(progress)] if progress.label else []
            words += [self.tr("{0} left").format(duration(left))] if left is not None else []
            self._left.setText(" · ".join(words) or self.tr("Starting…"))

    def _row_ended(self, row: RowDone | RowFailed) -> None:
        if isinstance(row, RowFailed):
            self._failures.append(row)
        name = row.row.name
        failed = self.tr("%n failed", "", len(self._failures)) if self._failures else ""
        self._last.setText(" · ".join(part for part in (name, failed) if part))

    def _ended(self, report: JobReport) -> None:
        made = report.done + report.skipped
        total = results(len(self._plan.rows) if self._plan else made, self._medium())
        early = report.cancelled or report.stopped is not None
        self._result.setText(self.tr("Stopped: {0} of {1} made").format(made, total) if early and not report.complete
                             else self.tr("{0} made").format(results(made, self._medium())))
        words = []
        if report.skipped:
            words.append(self.tr("%n of them had been made before.", "", report.skipped))
        if report.cancelled:
            words.append(self.tr("It can be resumed now or later."))
        if report.stopped:
            words.append(told(report.stopped.sentence()))
        if report.failed:
            words.append(self.tr("%n could not be made:", "", len(report.failed)))
        if report.complete:
            place = (self._plan.target or self._plan.folder) if self._plan else ""
            words.append(self.tr("In {0}, in {1}.").format(duration(report.seconds), place))
        self._why.setText(" ".join(words))
        lines = [f"{failed.row.name}: {told(failed.problem.sentence())}" for failed in report.failed]
        self._list.setPlainText("\n".join(lines))
        self._list.setVisible(bool(report.failed))
        self._room.setVisible(not report.failed)
        self.go_on.setVisible(not report.complete)
        for button, primary in ((self.go_on, not report.complete), (self._open, report.complete)):
            button.setProperty("primary", primary)
            button.style().unpolish(button)
            button.style().polish(button)
        self._unread = not self.isVisible()
        self.pages.setCurrentIndex(END)

    def _refused(self, problem: Problem) -> None:
        self._unread = not self.isVisible()
        self.pages.setCurrentIndex(FORM)
        self._error.setText(told(problem.sentence()))
        self._error.show()
        self.form.consider_now()

    def _medium(self) -> Medium:
        return self._plan.package.medium if self._plan else Medium.PICTURE


def _place(plan: JobPlan) -> Path:
    """The folder in which a person finds what was made."""
    return plan.target.parent if plan.target is not None else Path(plan.folder)
