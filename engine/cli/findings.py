"""What a file was found to be, and what came of its conversion, as lines for people and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.cli.console import table
from engine.cli.sheet import try_words
from engine.cli.units import size
from engine.converting.messages import Converted, Inspection
from engine.packages.describe import describe


def inspection_lines(seen: Inspection, width: int | None) -> list[str]:
    """One table: what it is, why, what would be made, what is asked."""
    facts = [("what it is", seen.title), ("form", f"{seen.kind}, {size(seen.bytes)}"),
             ("family", seen.family), ("architecture", seen.adapter)]
    facts += [("because" if not number else "", reason) for number, reason in enumerate(seen.reasons)]
    facts += [("assumed" if not number else "", guess) for number, guess in enumerate(seen.guesses)]
    facts += [("makes" if not number else "", f"{part.role}: {part.words}") for number, part in enumerate(seen.makes)]
    facts += [("note" if not number else "", note) for number, note in enumerate(seen.notes)]
    facts += [("warning", warning) for warning in seen.warnings]
    facts += [("name", seen.name_hint), ("licence", seen.license_hint), ("credit", seen.credit_hint)]
    facts += [("could also be", ", ".join(seen.others))]
    if seen.code_found:
        facts.append(("program text", "lies in the file; it was not run and is not needed"))
    if seen.blocked is not None:
        facts.append(("not here", seen.blocked.sentence()))
    lines = table([fact for fact in facts if fact[1]], width)
    if seen.questions:
        rows = [("ANSWER", "GUESS", "QUESTION")]
        rows += [(question.name, question.guess or "-", f"{question.words} {question.why}".strip())
                 for question in seen.questions]
        lines += ["", *table(rows, width)]
    return lines


def result_lines(made: Converted, width: int | None) -> list[str]:
    """The proof as a table, where everything lies, and what to type next."""
    lines: list[str] = []
    if made.figures:
        rows = [("PRECISION", "VERDICT", "SIZE", "LARGEST ERROR", "PICTURE", "MS", "OVER PYTORCH")]
        rows += [(name, entry.verdict, size(entry.bytes), f"{entry.error:.1e}",
                  "-" if entry.picture_difference is None else f"{entry.picture_difference:.2f}/255",
                  "-" if entry.milliseconds is None else f"{entry.milliseconds:.3g}",
                  "-" if entry.speed_over_torch is None else f"{entry.speed_over_torch:.1f} x")
                 for name, entry in made.figures.items()]
        lines += [*table(rows, width), ""]
    lines += [f"made {folder}" for folder in made.folders.values()] or [f"on the shelf: {made.folder}"]
    if made.report_html:
        lines.append(f"report {made.report_html}")
    if made.recommended and made.recommended not in made.folders:
        lines.append(f"{made.recommended} keeps its tolerance too and is smaller: --precision {made.recommended}")
    if made.runs:
        lines.append(f"try it: {try_words(describe(Path(made.folder)), made.folder)}")
    else:
        lines.append(f"this version does not run {made.family} models yet; the package is ready for one that does")
    return lines


def result_document(made: Converted) -> dict[str, Any]:
    """The same as plain data; the pictures stay in the report."""
    document = asdict(made)
    document.pop("pairs")
    return document
