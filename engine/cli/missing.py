"""A library that is not there: the usual reason is a Python without our environment, and that deserves a sentence."""

from __future__ import annotations

OURS = ("engine", "gui", "export")


def missing_library(error: ImportError) -> tuple[str, str] | None:
    """What happened and what to do; None when the missing module is our own, which is a fault of ours."""
    name = (error.name or "").split(".")[0]
    if name in OURS:
        return None
    remedy = ("Run `python3 bootstrap.py studio` once in the checkout, then start with .venv/bin/atelier; "
              "`atelier doctor` says what else is missing.")
    return f"A library is missing or cannot be loaded: {error}.", remedy
