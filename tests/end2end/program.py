"""The real program as a child process: what it answers, what it says, and that it never shows a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DOOR = ROOT / "atelier.py"


@dataclass(frozen=True)
class Ran:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def faults(self) -> list[str]:
        """The lines on stderr that are neither remarks nor a progress bar."""
        return [line for line in self.err.splitlines() if line.startswith("atelier: ")
                and not line.startswith("atelier: note: ")]


class Program:
    """`python atelier.py` with a home of its own."""

    def __init__(self, home: Path, cwd: Path) -> None:
        self.home = home
        self.cwd = cwd

    @property
    def models(self) -> Path:
        """The folder of added packages."""
        return self.home / "data" / "models"

    def __call__(self, *words: object, timeout: float = 90, env: dict[str, str] | None = None,
                 prefix: Sequence[str] = (), cwd: Path | None = None) -> Ran:
        """Run to the end. A traceback in what it says is a failure of the test, whatever the test looks at."""
        done = subprocess.run([*prefix, *self.command(*words)], capture_output=True, timeout=timeout, check=False,
                              cwd=cwd or self.cwd, env=self.environment(env), stdin=subprocess.DEVNULL)
        ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in ran.out + ran.err, ran.err
        return ran

    def start(self, *words: object, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Begin and return the process (in a group of its own, as a terminal would have it)."""
        return subprocess.Popen(self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.cwd,
                                env=self.environment(env), stdin=subprocess.DEVNULL, start_new_session=True)

    def command(self, *words: object) -> list[str]:
        """The command line."""
        return [sys.executable, str(DOOR), *map(str, words)]

    def environment(self, more: dict[str, str] | None) -> dict[str, str]:
        """This process's environment with the home, and `more`."""
        return {**os.environ, "LATENT_ATELIER_HOME": str(self.home), **(more or {})}
