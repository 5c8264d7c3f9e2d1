"""How the engine child runs and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass

from engine.watch import Limits


@dataclass(frozen=True)
class EngineOptions:
    """Choices of the person (provider, threads) and patience in seconds."""

    provider: str = "auto"          # "auto", "cpu", "cuda", "directml"
    threads: int | None = None      # None: one less than the cores
    start_deadline: float = 30.0
    load_deadline: float = 20.0
    run_deadline: float = 60.0
    write_deadline: float = 60.0
    silence: float = 5.0            # without a heartbeat
    cancel_polite: float = 0.5      # then the request counts as cancelled
    cancel_hard: float = 2.0        # then the child is ended
    max_deaths: int = 5             # more than these within `death_window` and it is not started again
    death_window: float = 60.0

    def limits(self) -> Limits:
        """The part that the watch keeps."""
        return Limits(self.start_deadline, self.load_deadline, self.run_deadline, self.write_deadline,
                      self.silence, self.cancel_hard)

    def arguments(self) -> list[str]:
        """The part that the child is told."""
        threads = [] if self.threads is None else ["--threads", str(self.threads)]
        return ["--provider", self.provider, *threads]
