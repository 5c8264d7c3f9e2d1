"""`atelier export CHECKPOINT -o PACKAGE`: hands the words to the converter of the export bundle."""

from __future__ import annotations

import argparse

from engine.cli import bundle
from engine.cli.arguments import Parser
from engine.cli.console import Console

CONVERTER = "export.cli"


def parser() -> Parser:
    """Everything belongs to the converter."""
    made = Parser(prog="atelier export", add_help=False)
    made.add_argument("rest", nargs=argparse.REMAINDER)
    return made


def run(given: argparse.Namespace, console: Console) -> int:  # noqa: ARG001 - the converter prints for itself
    """Run the converter; returns its exit code, raises BundleMissing without torch or without a converter."""
    bundle.require("export")
    if not bundle.has_program(CONVERTER):
        raise bundle.BundleMissing("This version has no converter for checkpoints yet.",
                                   "`atelier models add PATH` takes finished packages.")
    return bundle.forward(CONVERTER, given.rest)
