"""Every sentence that the engine, the families and the converter can tell a person, read out of their code.

A text of the code counts when it has words and a space, or a name in quotation marks; `f"..."` becomes a template with
`{0}`, `{1}` ... for what is put in. Documentation and what is written to a log are no sentences. Texts that no person
meets on a screen are named one by one in `UNSEEN`, whole rooms in `ELSEWHERE`.
"""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

from engine.paths import bundled_packages_folder

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = ("engine/cli/", "engine/wire.py", "engine/framing.py", "export/train/", "export/quiet.py", "export/parity/",
             "engine/families/flow_colors.py")
"""The command line and training speak English; so do frames between processes (a log) and the page of a report. Words
that prompts are read by are nobody's sentences.
"""
LOGGED = frozenset({"debug", "info", "warning", "error", "exception"})
STATEMENT = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|AND|ASC|DESC)\b|= \?")
"""What is said to SQLite and to nobody else."""
TECHNICAL = frozenset({"compile", "fullmatch", "match", "search", "sub"})
UNSEEN = frozenset(json.loads((Path(__file__).parent / "unseen.json").read_text(encoding="utf-8")))
"""Faults of our own code, texts for models and files, forms of types: never on a screen."""


def template(node: ast.expr) -> str | None:
    """A literal text as the catalogue has it; None for everything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    words, places = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            words += str(part.value)
        else:
            words += f"{{{places}}}"
            places += 1
    return words


def literals(tree: ast.AST) -> list[str]:
    """Every literal text of a file, inner ones of f-strings too; not documentation, logs and patterns."""
    found, waiting = [], [tree]
    while waiting:
        for child in ast.iter_child_nodes(waiting.pop()):
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute) and child.func.attr in (
                    LOGGED | TECHNICAL):
                continue
            words = template(child) if isinstance(child, ast.expr) else None
            if words is not None:
                found.append(words)
            if isinstance(child, ast.JoinedStr):
                waiting += [part for part in child.values if isinstance(part, ast.FormattedValue)]
            else:
                waiting.append(child)
    return found


@cache
def texts_of_code() -> dict[str, str]:
    """Every literal text and the file it stands in, single words included; files that talk to the studio first."""
    files = [path for room in ("engine", "export") for path in sorted((ROOT / room).rglob("*.py"))]
    places = [path.relative_to(ROOT).as_posix() for path in files]
    found: dict[str, str] = {}
    for place in sorted(places, key=lambda place: place.startswith(ELSEWHERE)):
        for words in literals(ast.parse((ROOT / place).read_text(encoding="utf-8"))):
            found.setdefault(words, place)
    return found


def is_sentence(words: str) -> bool:
    """Whether a text is more than a key: words with a space between them, or a quoted name."""
    return "“" in words or (" " in words.strip() and any(letter.isascii() and letter.isalpha() for letter in words))


def texts_of_packages() -> dict[str, str]:
    """What the manifests of the starter packages tell: summaries, helps, words at the ends of sliders."""
    found: dict[str, str] = {}

    def gather(value: object, place: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in {"summary", "help", "low", "high"} and isinstance(inner, str) and inner:
                    found.setdefault(inner, place)
                gather(inner, place)
        elif isinstance(value, list):
            for inner in value:
                gather(inner, place)

    for folder in sorted(bundled_packages_folder().iterdir()):
        manifest = folder / "manifest.json"
        if manifest.exists():
            gather(json.loads(manifest.read_text(encoding="utf-8")), folder.name)
    return found


def sentences() -> dict[str, str]:
    """Every sentence that needs a translation, and where it stands."""
    told = {words: place for words, place in texts_of_code().items()
            if is_sentence(words) and words not in UNSEEN and not place.startswith(ELSEWHERE)
            and not (place.startswith("engine/library/") and STATEMENT.search(words))}
    return told | texts_of_packages()
