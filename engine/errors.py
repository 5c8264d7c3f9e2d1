"""The world's faults: errors that say what happened, to which file, and what to do next.

Two houses (ARCHITECTURE.md, "Errors"): everything here is the world's fault and is shown to a person word for word. Any
other exception is our bug: it is logged whole and shown as "internal error", never as a traceback.
"""

from __future__ import annotations

from enum import IntEnum

from engine.api import Problem


class ExitCode(IntEnum):
    """Exit codes of the command line; part of the contract with scripts."""

    DONE = 0
    SOME_ROWS_FAILED = 1
    BAD_INPUT = 2
    ENGINE_FAILURE = 3
    CANCELLED = 130


class AtelierError(Exception):
    """Base of every fault that a person can act on; carries the `Problem` that screens and terminals show."""

    code = "error"
    exit_code = ExitCode.BAD_INPUT

    def __init__(self, what: str, remedy: str, subject: str = "") -> None:
        """`what` happened (a sentence), to which `subject` (file, row, control), and the `remedy` (a sentence)."""
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.subject = subject

    def problem(self) -> Problem:
        """The value that crosses the process boundary."""
        return Problem(code=self.code, what=self.what, remedy=self.remedy, subject=self.subject,
                       exit_code=int(self.exit_code))

    def __str__(self) -> str:
        """The sentence with its remedy, as a terminal prints it."""
        return f"{self.what} {self.remedy}".strip()


class PackageError(AtelierError, ValueError):
    """A package on disk that is incomplete, changed, unsafe or made for a newer version."""

    code = "package"


class CheckpointError(AtelierError, ValueError):
    """A file brought for conversion that is unsafe, damaged, of no known architecture, or not a model at all."""

    code = "checkpoint"


class ConversionError(AtelierError, RuntimeError):
    """A conversion that could not be finished or did not pass its proof; nothing was put on the shelf."""

    code = "conversion"
    exit_code = ExitCode.ENGINE_FAILURE


class BundleMissing(AtelierError, RuntimeError):
    """PyTorch, or a program that needs it, is not installed here."""

    code = "bundle"


class ModelError(AtelierError, RuntimeError):
    """A graph that ONNX Runtime refuses, that fails while it runs, or that yields unusable numbers."""

    code = "model"
    exit_code = ExitCode.ENGINE_FAILURE


class ValueProblem(AtelierError, ValueError):
    """A control value, seed, size or table cell that is not allowed."""

    code = "value"


class FileProblem(AtelierError, OSError):
    """A file or folder that cannot be read or written (full disk, read-only, missing, not a picture of ours)."""

    code = "file"


class DiskFull(FileProblem):
    """No space left (or a quota reached): the one fault after which a batch waits instead of failing its rows."""

    code = "disk_full"


class JobProblem(AtelierError, ValueError):
    """A job description that cannot run: template, table, collision, another run in the same folder."""

    code = "job"


class EngineDied(AtelierError, RuntimeError):
    """The engine child ended or was ended while a request was open."""

    code = "engine"
    exit_code = ExitCode.ENGINE_FAILURE


class Cancelled(AtelierError):
    """The person cancelled; nothing half-written is left."""

    code = "cancelled"
    exit_code = ExitCode.CANCELLED

    def __init__(self, what: str = "Cancelled.", remedy: str = "", subject: str = "") -> None:
        """A cancel needs no remedy."""
        super().__init__(what, remedy, subject)
