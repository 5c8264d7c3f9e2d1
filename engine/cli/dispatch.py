"""Runs one verb: parse its words, call its module, turn every fault into a sentence and an exit code."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Protocol, cast

from engine.cli.arguments import Parser, UsageProblem
from engine.cli.console import Console
from engine.cli.crash import guarded
from engine.cli.verbs import VERBS


class VerbModule(Protocol):
    """What every verb's module offers."""

    def parser(self) -> Parser:
        """The arguments of this verb."""

    def run(self, given: argparse.Namespace, console: Console) -> int:
        """Do it; returns the exit code, raises AtelierError."""


def run(verb: str, arguments: Sequence[str]) -> int:
    """Run `atelier VERB ARGUMENTS...`; returns the exit code."""
    console = Console(as_json="--json" in arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # to be ended is to be cancelled: nothing half-written
    return guarded(lambda: _run(verb, arguments, console), console)


def _run(verb: str, arguments: Sequence[str], console: Console) -> int:
    if verb not in VERBS:
        near = get_close_matches(verb, VERBS, n=1)
        raise UsageProblem(f"There is no verb `{verb}`.",
                           f"Did you mean `{near[0]}`?" if near else "`atelier --help` lists them.", verb)
    module = cast("VerbModule", import_module(VERBS[verb][0]))
    try:
        given = module.parser().parse_args(arguments)
    except SystemExit as end:  # argparse ends the process after --help
        return int(end.code or 0)
    return module.run(given, console)
