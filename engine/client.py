"""The studio's end of the engine: starts the child, asks, listens, watches over it, and starts it again when it dies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.api import Device, Recipe
from engine.messages import Event
from engine.outcome import Outcome

Handler = Callable[[Event], None]


@dataclass(frozen=True)
class EngineOptions:
    """How the child runs and how long it may take; seconds everywhere."""

    provider: str = "auto"          # "auto", "cpu", "cuda", "directml"
    threads: int | None = None      # None: one less than the cores
    start_deadline: float = 30.0
    load_deadline: float = 20.0
    run_deadline: float = 60.0
    silence: float = 5.0            # without a heartbeat
    cancel_polite: float = 0.5      # then the request counts as cancelled
    cancel_hard: float = 2.0        # then the child is ended
    max_deaths: int = 5             # more than these within `death_window` and we stop starting it again
    death_window: float = 60.0


class EngineClient:
    """One engine child and the requests that are open. All methods may be called from any thread and never block for long.

    Handlers are called on the client's own threads, one event at a time. Every request but a preview gets exactly one
    answer (Opened, Frame, Written, DevicesTold or Failed); a preview that a newer one overtook gets none.
    """

    def __init__(self, options: EngineOptions | None = None, command: Sequence[str] | None = None) -> None:
        """`command` replaces the child's command line (tests)."""
        raise NotImplementedError

    def subscribe(self, handler: Handler) -> Callable[[], None]:
        """Hear every event; call the result to stop hearing. Ready comes again for each restart, before Restarted."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the child (returns at once; Ready follows). After too many deaths: try again with a clean slate."""
        raise NotImplementedError

    def open(self, folder: str) -> int:
        """Ask to verify and open a package folder; it is opened again after a restart."""
        raise NotImplementedError

    def preview(self, recipe: Recipe) -> int:
        """Ask for a canvas picture; latest wins. The number is the stamp of the Frame that answers."""
        raise NotImplementedError

    def render(self, recipe: Recipe, run_deadline: float | None = None) -> int:
        """Ask for a picture, in order."""
        raise NotImplementedError

    def write(self, recipe: Recipe, path: str, *, overwrite: bool = False, run_deadline: float | None = None) -> int:
        """Ask for a picture in a file, with its provenance, in order."""
        raise NotImplementedError

    def devices(self) -> int:
        """Ask what each provider says on this machine."""
        raise NotImplementedError

    def cancel(self, request: int | None = None) -> None:
        """Stop one request, or all of them. They answer Failed with code "cancelled" within half a second or so."""
        raise NotImplementedError

    def close(self, timeout: float = 2.0) -> None:
        """End the child: politely, after `timeout` seconds by force. Safe to call twice and from a handler."""
        raise NotImplementedError

    @property
    def outcome(self) -> Outcome | None:
        """How the last child that died ended; None when none did."""
        raise NotImplementedError

    @property
    def last_device(self) -> Device | None:
        """The device the present (or latest) child told."""
        raise NotImplementedError
