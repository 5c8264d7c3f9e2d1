"""The front door: no argument opens the studio, `--engine-child` is the engine process, all else the command line.

It stays tiny: nothing is imported here that the chosen way does not need.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Latent Atelier with `arguments` (default: those of this process); returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        return open_studio()
    if given[0] == "--engine-child":
        from engine.server import main as serve

        return serve(given[1:])
    from engine.cli.main import main as command_line

    return command_line(given)


def open_studio() -> int:
    """Open the window; a missing Qt is told in a sentence. Returns the exit code."""
    try:
        from gui.app import main as studio
    except ImportError as error:
        if (error.name or "").split(".")[0] == "gui":
            raise
        sys.stderr.write(f"atelier: The window system cannot be loaded ({error}). "
                         "`atelier doctor` says what is missing; the command line works without it.\n")
        return 2
    return studio()


if __name__ == "__main__":
    if getattr(sys, "frozen", False):  # only a frozen program re-runs itself for multiprocessing
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(main())
