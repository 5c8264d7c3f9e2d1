"""From the arguments of the process to an exit code; `--help` and slips of the pen load no engine."""

from __future__ import annotations

from collections.abc import Sequence

from engine.cli.verbs import VERBS, help_page

BAD_USAGE = 2


def main(arguments: Sequence[str]) -> int:
    """Run one verb; returns the exit code (see `verbs.EXIT_CODES`)."""
    first = arguments[0] if arguments else "--help"
    if first in {"-h", "--help", "help"}:
        print(help_page())
        return 0
    if first in {"-V", "--version"}:
        from engine.cli.versions import software_line

        print(software_line())
        return 0
    if first not in VERBS:
        from engine.cli.console import Console

        Console(as_json="--json" in arguments).problem(_unknown(first))
        return BAD_USAGE
    from engine.cli.dispatch import run

    return run(first, arguments[1:])


def _unknown(word: str) -> dict[str, object]:
    """The fault of a first word that is no verb, with the nearest verb as its remedy."""
    from difflib import get_close_matches

    near = get_close_matches(word, VERBS, n=1)
    remedy = f"Did you mean `{near[0]}`?" if near else "`atelier --help` lists them."
    return {"code": "usage", "what": f"There is no verb `{word}`.", "remedy": remedy, "subject": word,
            "exit_code": BAD_USAGE}
