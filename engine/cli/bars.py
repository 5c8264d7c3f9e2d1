"""Progress on a terminal: one tqdm bar on stderr; nothing at all when nobody watches."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from tqdm import tqdm

from engine.api import Progress
from engine.cli.console import Console


class Bar:
    """A bar that follows `Progress` events; made for a `with` block."""

    def __init__(self, console: Console, unit: str = "picture") -> None:
        """Silent unless `console` is a terminal."""
        self._show = console.terminal
        self._unit = unit
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, progress: Progress) -> None:
        """Show `progress`; the bar appears with the first one."""
        if not self._show:
            return
        bar: tqdm[None] = self._bar if self._bar is not None else self._draw(progress.total)
        bar.total = progress.total
        bar.set_postfix_str(progress.label, refresh=False)
        bar.update(progress.done - bar.n)

    def _draw(self, total: int) -> tqdm[None]:
        """The bar's first appearance."""
        bar: tqdm[None] = tqdm(total=total, unit=" " + self._unit, dynamic_ncols=True)
        self._bar = bar
        return bar
