"""`atelier find`: kept files of a folder, the nearest in meaning first. Nothing is stored, nothing leaves here."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.cli.arguments import Parser, add_engine, input_path, positive, verb_parser
from engine.cli.console import Console, table
from engine.cli.engine import announce, engine_for
from engine.errors import ExitCode, FileProblem
from engine.formats import is_kept
from engine.meaning import meaning_of, ranked
from engine.provenance import read_recipes
from engine.provenance.inside_text import MAX_FILE, texts_in

EXAMPLES = """\
  atelier find "old stone walls" pictures/
  atelier find "calm blue" kept --count 3 --json

Files are compared by the words in their recipe, and by the cards of texts."""

_PICTURE = ".png"
_TOGETHER = 200
"""Texts in one question to the engine."""


class Kept(NamedTuple):
    """A file with a recipe, and what it is about."""

    path: Path
    words: str
    package: str


def parser() -> Parser:
    """The arguments."""
    made = verb_parser("find", "Find kept files of a folder by what they are about.", EXAMPLES)
    made.add_argument("words", metavar="WORDS", help="what to look for")
    made.add_argument("folder", metavar="FOLDER", type=input_path, help="where to look, folders inside it too")
    made.add_argument("--count", type=positive, metavar="N", default=10, help="how many to show (default 10)")
    add_engine(made)
    return made


def run(given: argparse.Namespace, console: Console) -> int:
    """Print the nearest; 0 also when there is nothing to find. Raises AtelierError."""
    if not given.folder.is_dir():
        raise FileProblem(f"“{given.folder}” is not a folder.", "Choose the folder that holds your files.",
                          str(given.folder))
    files = list(_kept(given.folder))
    found = _nearest(given, files, console) if files else []
    rows = [(f"{alike:.2f}", kept.path, kept.words) for kept, alike in found[:given.count]]
    console.lines(table(rows, console.width) if rows else [f"No file in {given.folder} carries a recipe."])
    console.document({"words": given.words, "files": len(files), "found": [
        {"path": str(kept.path), "alike": round(alike, 4), "words": kept.words, "package": kept.package}
        for kept, alike in found[:given.count]]})
    return int(ExitCode.DONE)


def _nearest(given: argparse.Namespace, files: list[Kept], console: Console) -> list[tuple[Kept, float]]:
    """Every file with its likeness, the nearest first."""
    with engine_for(given) as engine:
        question = engine.embed([given.words])[0]
        parts = [engine.embed([kept.words for kept in files[start:start + _TOGETHER]])
                 for start in range(0, len(files), _TOGETHER)]
        announce(engine.client.last_device, console)
    return [(files[place], alike) for place, alike in ranked(question, np.concatenate(parts))]


def _kept(folder: Path) -> Iterator[Kept]:
    """Every file that carries a recipe, in order of names; what cannot be read is no result."""
    for path in sorted(folder.rglob("*")):
        if not is_kept(path.name) or not path.is_file() or _hidden(path, folder):
            continue
        try:
            made = read_recipes(path)[0]
            read = path.suffix.lower() != _PICTURE and path.stat().st_size < MAX_FILE
            texts = texts_in(path.read_bytes()) if read else ()
        except OSError:
            continue
        yield Kept(path, meaning_of(made.recipe, made.package.name, texts), made.recipe.package)


def _hidden(path: Path, folder: Path) -> bool:
    """Whether it lies in a folder of the program's own, such as the memory of a batch."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
