"""From the arguments of the process to an exit code; `--help` loads no engine."""

from __future__ import annotations

from collections.abc import Sequence

from engine.cli.verbs import help_page

BAD_INPUT = 2


def main(arguments: Sequence[str]) -> int:
    """Run one verb; returns the exit code (see `verbs.EXIT_CODES`)."""
    first = arguments[0] if arguments else "--help"
    if first in {"-h", "--help", "help"}:
        return _print(help_page())
    if first in {"-V", "--version"}:
        from engine.cli.versions import software_line

        return _print(software_line())
    from engine.cli.dispatch import run

    return run(first, arguments[1:])


def _print(text: str) -> int:
    """Print a page; an output that takes nothing is no reason for a traceback."""
    try:
        print(text, flush=True)
    except OSError:
        from engine.cli.crash import drop_output

        drop_output()
        return BAD_INPUT
    return 0
