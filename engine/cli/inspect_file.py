"""`atelier inspect`: the recipe and provenance inside a kept file; needs neither the model nor an engine."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from engine.api import Value
from engine.cli.arguments import Parser, input_path, verb_parser
from engine.cli.console import Console, table
from engine.packages.shelf import default_shelf
from engine.provenance import Provenance, read_recipes

EXAMPLES = """\
  atelier inspect garden.png
  atelier inspect garden.png --json"""

LONGEST, SHOWN = 500, 60
"""Characters: a latent point of many layers would fill screens, and is of no use to read."""


def parser() -> Parser:
    """The arguments."""
    made = verb_parser("inspect", "Show the recipe and provenance inside a kept file.", EXAMPLES)
    made.add_argument("file", metavar="FILE", type=input_path, help="a file that Latent Atelier wrote")
    return made


def run(given: argparse.Namespace, console: Console) -> int:
    """Print what the file says of itself; returns 0, raises FileProblem."""
    gathered = read_recipes(given.file)
    found = gathered[0]
    if len(gathered) > 1:
        console.note(f"{given.file.name} gathers {len(gathered)} recipes; this is the first (all of them: --json).")
    installed = _installed(found)
    facts = [("model", f"{found.package.name or found.package.id} ({found.package.id} {found.package.version})"),
             ("digest", found.package.digest), ("licence", found.package.license), ("made by", found.software),
             ("ran on", found.provider), ("repeatable", installed)]
    facts += [("card", str(found.card + 1))] if found.card is not None else []
    console.lines(table([(name, text or "not said") for name, text in facts], console.width))
    console.line()
    console.lines(table([(name, shown(value)) for name, value in found.recipe.values.items()], console.width))
    console.document({"file": str(given.file), **found.to_dict(), "fingerprint": found.recipe.fingerprint(),
                      "installed": installed == "yes", **_others(gathered)})
    return 0


def shown(value: Value) -> str:
    """A value as --set takes it, readable without its control's declaration."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"{value[0]}x{value[1]}"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if not isinstance(value, str):
        return str(value)
    text = value.replace("\n", "\\n")
    return text if len(text) <= LONGEST else f"{text[:SHOWN]}… ({len(text)} characters, whole with --json)"


def _others(gathered: Sequence[Provenance]) -> dict[str, Any]:
    """All recipes of a file that gathers several."""
    return {"gathered": [one.to_dict() for one in gathered]} if len(gathered) > 1 else {}


def _installed(found: Provenance) -> str:
    """Whether the very same model is on the shelf."""
    same = [entry for entry in default_shelf().packages() if entry.id == found.recipe.package and not entry.problem]
    if any(entry.digest == found.recipe.digest for entry in same):
        return "yes"
    versions = ", ".join(entry.version for entry in same)
    return f"not exactly: installed is {versions}" if same else "no: the model is not installed"
