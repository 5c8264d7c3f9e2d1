"""What a run would be, as lines for people and as plain data."""

from __future__ import annotations

from typing import Any

from engine.api import Plan, PromptReading
from engine.cli.console import table
from engine.cli.units import duration, size
from engine.framing import plain


def plan_lines(plan: Plan, count: int, width: int | None, *, live: bool = False) -> list[str]:
    """How each prompt is read, steps, time and memory; of the time of a `live` model only what is known."""
    facts: list[tuple[str, str]] = []
    for name, reading in plan.prompts.items():
        facts += _reading(name, reading)
    if plan.steps:
        facts.append(("steps", str(plan.steps)))
    if plan.seconds is not None:
        each = f" each, {duration(plan.seconds * count)} for {count}" if count > 1 else ""
        facts.append(("time", f"about {duration(plan.seconds)}{each}"))
    elif not live:
        facts.append(("time", "not known before the first run"))
    if plan.bytes is not None:
        facts.append(("memory", f"about {size(plan.bytes)}"))
    facts += [("note", note) for note in plan.notes]
    return table(facts, width)


def plan_document(plan: Plan) -> dict[str, Any]:
    """The same as plain data."""
    document: dict[str, Any] = plain(plan)
    return document


def _reading(name: str, reading: PromptReading) -> list[tuple[str, str]]:
    """One prompt: as it is read, its length, what did not fit."""
    of = f" of at most {reading.limit}" if reading.limit is not None else ""
    if reading.stretches > 1 and reading.limit is not None:
        of = f", read in {reading.stretches} stretches of {reading.limit // reading.stretches}"
    facts = [(name, reading.text or "(empty)"), ("", f"{reading.tokens} tokens{of}")]
    facts += [("", f"cut off: {reading.cut}")] if reading.cut else []
    return facts + [("", note) for note in reading.notes]
