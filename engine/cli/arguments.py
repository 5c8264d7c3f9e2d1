"""The shape that all verbs share: a parser that faults in sentences, and the options that several verbs have."""

from __future__ import annotations

import argparse
import stat
from pathlib import Path
from typing import NoReturn

from engine.errors import AtelierError

PROVIDERS = ("auto", "cpu", "cuda", "directml")


class UsageProblem(AtelierError, ValueError):
    """Words on the command line that do not make sense together."""

    code = "usage"


class Parser(argparse.ArgumentParser):
    """argparse that raises `UsageProblem` instead of printing usage and ending the process."""

    def __init__(self, *, prog: str, description: str = "", epilog: str = "", add_help: bool = True) -> None:
        """Line breaks of `epilog` (the examples) are kept; options cannot be abbreviated."""
        super().__init__(prog=prog, description=description, epilog=epilog, allow_abbrev=False,
                         add_help=add_help, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message: str) -> NoReturn:
        """Every slip of the pen ends here."""
        sentence = message[:1].upper() + message[1:].rstrip(".") + "."
        raise UsageProblem(sentence, f"`{self.prog} --help` explains it.", self.prog)


def verb_parser(verb: str, description: str, examples: str) -> Parser:
    """The parser of `atelier VERB`, with --json and examples at the end of its help."""
    parser = Parser(prog=f"atelier {verb}", description=description, epilog="examples:\n" + examples)
    add_json(parser)
    return parser


def add_json(parser: argparse.ArgumentParser) -> None:
    """--json: one document on stdout and nothing else there."""
    parser.add_argument("--json", action="store_true", help="print one JSON document on stdout, nothing else")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """--provider, --threads and --memory: where the model runs, and what it may take."""
    parser.add_argument("--provider", choices=PROVIDERS, default="auto",
                        help="where the model runs (default: auto; falling back to the CPU is announced)")
    parser.add_argument("--threads", type=positive, metavar="N", help="CPU threads of the model (default: cores - 1)")
    parser.add_argument("--memory", type=positive, metavar="MB", help="memory that a model of several parts may take; "
                        "the parts take turns in it (default: half of what is free; on a processor at most "
                        "half of a large model)")


def positive(text: str) -> int:
    """A whole number from 1."""
    return whole(text, 1)


def seed(text: str) -> int:
    """A seed: 0 .. 2**32 - 1."""
    return whole(text, 0, 2**32 - 1)


def whole(text: str, least: int, most: int | None = None) -> int:
    """`text` as a whole number in a range; raises argparse's error with the range in words."""
    bounds = f"from {least}" if most is None else f"from {least} to {most}"
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least or (most is not None and number > most):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number {bounds}")
    return number


def input_path(text: str) -> Path:
    """A path to read; a pipe or a device, which might never end, is a slip."""
    path = file_path(text)
    try:
        mode = path.stat().st_mode
    except OSError:
        return path  # whoever opens it says what is wrong, in better words
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise argparse.ArgumentTypeError(f"“{text}” is neither a file nor a folder")
    return path


def file_path(text: str) -> Path:
    """A path as typed; `~` is the home folder. An empty one is a slip."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("the path is empty")
    if any("\ud800" <= letter <= "\udfff" for letter in text):  # bytes that the locale cannot read
        raise argparse.ArgumentTypeError("the path is not UTF-8 text; use another name, or a UTF-8 locale "
                                         "(LC_ALL=C.UTF-8)")
    if text == "-":
        raise argparse.ArgumentTypeError("standard input and output are not used; give a name")
    return Path(text).expanduser()
