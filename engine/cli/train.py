"""`atelier train RECIPE ...`: hands the words to one of the training recipes of the export bundle."""

from __future__ import annotations

import argparse
from pkgutil import iter_modules

from engine.cli import bundle
from engine.cli.arguments import Parser, UsageProblem
from engine.cli.console import Console

EXAMPLES = """\
examples:
  atelier train glyphs --help          what this recipe can do
  atelier train glyphs collect         its first step

recipes: {recipes}"""


def recipes() -> list[str]:
    """The recipes in the checkout, by name."""
    return sorted(module.name for module in iter_modules([str(bundle.ROOT / "export" / "train")]))


def parser() -> Parser:
    """RECIPE, and everything after it belongs to the recipe."""
    made = Parser(prog="atelier train", description="Train a model with one of the recipes (needs the train bundle).",
                  epilog=EXAMPLES.format(recipes=", ".join(recipes()) or "none in this download"))
    made.add_argument("recipe", metavar="RECIPE", help="the recipe's name")
    made.add_argument("rest", metavar="...", nargs=argparse.REMAINDER, help="the recipe's own arguments")
    return made


def run(given: argparse.Namespace, console: Console) -> int:  # noqa: ARG001 - the recipe prints for itself
    """Check the recipe's name and torch, then run it; returns the recipe's exit code."""
    bundle.require("train")
    known = recipes()
    if given.recipe not in known:
        raise UsageProblem(f"There is no training recipe `{given.recipe}`.",
                           f"Recipes: {', '.join(known) or 'none in this download'}.", given.recipe)
    return bundle.forward(f"export.train.{given.recipe}", given.rest)
