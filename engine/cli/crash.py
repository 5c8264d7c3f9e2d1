"""The last resort: a fault of our own becomes one sentence and a report on disk, never a traceback on the terminal."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

from engine.cli.console import Console
from engine.errors import AtelierError, ExitCode
from engine.paths import state_folder

READER_LEFT = 141  # 128 + SIGPIPE: what every tool answers when `| head` has read enough


def guarded(work: Callable[[], int], console: Console) -> int:
    """Run `work`; known problems and our own bugs are both told in a sentence. Returns the exit code."""
    try:
        return work()
    except AtelierError as error:
        problem = error.problem()
        console.problem({"code": problem.code, "what": problem.what, "remedy": problem.remedy,
                         "subject": problem.subject, "exit_code": problem.exit_code})
        return problem.exit_code
    except KeyboardInterrupt:
        console.problem({"code": "cancelled", "what": "Cancelled.", "remedy": "", "subject": "",
                         "exit_code": int(ExitCode.CANCELLED)})
        return int(ExitCode.CANCELLED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again while it ends
        return READER_LEFT
    except Exception as error:  # noqa: BLE001 - a designer never sees a traceback
        return _report(error, console)


def _report(error: Exception, console: Console) -> int:
    """Write the traceback to a file and say where it is."""
    text = f"{' '.join(sys.argv)}\n{sys.version}\n{platform.platform()}\n\n{''.join(traceback.format_exception(error))}"
    path = state_folder() / f"crash-{datetime.now(tz=UTC):%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
        remedy = f"This is a fault of Latent Atelier. Please report it with the file {path}."
    except OSError:
        remedy = "This is a fault of Latent Atelier, and its report could not be written."
    console.problem({"code": "bug", "what": f"Internal error ({type(error).__name__}: {error}).", "remedy": remedy,
                     "subject": str(path), "exit_code": int(ExitCode.ENGINE_FAILURE)})
    return int(ExitCode.ENGINE_FAILURE)
