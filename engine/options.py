"""How the engine child runs and how long it may take."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

from engine.watch import Limits

LOAD_PACE = 25e6
"""Bytes a second at which even a slow disk is read and checked: large packages may take longer to open."""


@dataclass(frozen=True)
class EngineOptions:
    """Choices of the person (provider, threads, memory in MB) and patience in seconds."""

    provider: str = "auto"          # "auto", "cpu", "cuda", "directml"
    threads: int | None = None      # None: one less than the cores
    memory: int | None = None       # MB that a model may take where it can do with less; None: see `Pool`
    start_deadline: float = 30.0
    load_deadline: float = 20.0     # and more for large packages
    run_deadline: float = 60.0      # from one told step to the next
    slow_deadline: float = 900.0    # the same for packages that are not live: one step may take minutes
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
        numbers = {"--threads": self.threads, "--memory": self.memory}
        told = [word for name, number in numbers.items() if number is not None for word in (name, str(number))]
        return ["--provider", self.provider, *told]


def folder_bytes(folder: str) -> int:
    """The size of the files in a package folder; 0 for one that cannot be read."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return sum(entry.stat().st_size for entry in entries if entry.is_file())
    return 0
