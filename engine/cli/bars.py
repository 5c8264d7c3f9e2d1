"""Progress on a terminal: one tqdm bar on stderr; nothing at all when nobody watches."""

from __future__ import annotations

from contextlib import nullcontext
from types import TracebackType
from typing import Never, Self

from tqdm import tqdm

from engine.api import Progress
from engine.cli.console import Console
from engine.cli.units import duration

_FORMAT = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}{postfix}]"


def share(step: Progress, done: int, count: int) -> Progress:
    """A step of one piece of work among `count` of them, of which `done` are finished."""
    left = None if step.seconds_left is None or count > 1 else step.seconds_left
    return Progress(done * step.total + step.done, count * step.total, step.label, left)


class Bar:
    """A bar that follows `Progress` events; made for a `with` block."""

    def __init__(self, console: Console) -> None:
        """Silent unless `console` is a terminal and there is more than one thing to do."""
        self._console = console
        self._bar: tqdm[Never] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._console.aside = nullcontext
        if self._bar is not None:
            self._bar.close()

    def update(self, progress: Progress) -> None:
        """Show `progress`; the bar appears with the first one."""
        if not self._console.terminal or progress.total == 1:
            return
        if self._bar is None:
            self._bar = tqdm(total=progress.total, initial=progress.done, bar_format=_FORMAT, dynamic_ncols=True)
            self._console.aside = tqdm.external_write_mode
        bar = self._bar
        bar.total = progress.total
        left = None if progress.seconds_left is None else f"{duration(progress.seconds_left)} left"
        bar.set_postfix_str(", ".join(words for words in (left, progress.label) if words), refresh=False)
        bar.update(progress.done - bar.n)
