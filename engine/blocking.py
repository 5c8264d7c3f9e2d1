"""The engine for those who wait: each call returns the value or raises the fault. For the command line and tests."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from engine.api import Asset, Device, PackageInfo, Progress, Recipe
from engine.client import EngineClient
from engine.messages import Written
from engine.progress import CancelToken


class BlockingEngine:
    """A context manager around a client. Ctrl+C in a call cancels that request before KeyboardInterrupt goes on."""

    def __init__(self, client: EngineClient | None = None) -> None:
        """The client is started on entry and closed on exit."""
        raise NotImplementedError

    def __enter__(self) -> BlockingEngine:
        raise NotImplementedError

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        raise NotImplementedError

    @property
    def client(self) -> EngineClient:
        """The client inside, for `JobRunner`."""
        raise NotImplementedError

    def open(self, folder: str) -> PackageInfo:
        """Open a package folder."""
        raise NotImplementedError

    def render(self, recipe: Recipe, on_progress: Callable[[Progress], None] | None = None,
               cancel: CancelToken | None = None) -> Asset:
        """Make the asset."""
        raise NotImplementedError

    def write(self, recipe: Recipe, path: str, *, overwrite: bool = False, cancel: CancelToken | None = None) -> Written:
        """Make the asset and write it, atomically."""
        raise NotImplementedError

    def devices(self) -> tuple[Device, ...]:
        """What each provider says on this machine."""
        raise NotImplementedError
