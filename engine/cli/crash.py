"""The last resort: a fault of our own becomes one sentence and a report on disk, never a traceback on the terminal."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

from engine.api import Problem
from engine.cli.console import Console
from engine.cli.missing import missing_library
from engine.errors import AtelierError, Cancelled, ExitCode
from engine.paths import state_folder

READER_LEFT = 141  # 128 + SIGPIPE: what every tool answers when `| head` has read enough


def guarded(work: Callable[[], int], console: Console) -> int:
    """Run `work`; known problems and our own bugs are both told in a sentence. Returns the exit code."""
    try:
        return work()
    except AtelierError as error:
        return _tell(error.problem(), console)
    except KeyboardInterrupt:
        return _tell(Cancelled().problem(), console)
    except BrokenPipeError:
        drop_output()
        return READER_LEFT
    except ImportError as error:
        sentence = missing_library(error)
        return _tell(_report(error) if sentence is None else Problem("install", *sentence, exit_code=2), console)
    except Exception as error:  # noqa: BLE001 - a designer never sees a traceback
        return _tell(_report(error), console)


def _tell(problem: Problem, console: Console) -> int:
    """Print the sentence (as well as that is still possible) and return the exit code."""
    try:
        console.problem({"code": problem.code, "what": problem.what, "remedy": problem.remedy,
                         "subject": problem.subject, "exit_code": problem.exit_code})
    except OSError:  # FileProblem included: the very stream is the problem
        drop_output()
    return problem.exit_code


def drop_output() -> None:
    """Send what is still buffered nowhere, or Python complains again while it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _report(error: Exception) -> Problem:
    """Write the traceback to a file and say where it is."""
    text = f"{' '.join(sys.argv)}\n{sys.version}\n{platform.platform()}\n\n{''.join(traceback.format_exception(error))}"
    path = state_folder() / f"crash-{datetime.now(tz=UTC):%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
        remedy = f"This is a fault of Latent Atelier. Please report it with the file {path}."
    except OSError:
        remedy = "This is a fault of Latent Atelier, and its report could not be written."
    return Problem("bug", f"Internal error ({type(error).__name__}: {error}).", remedy, str(path),
                   int(ExitCode.ENGINE_FAILURE))
