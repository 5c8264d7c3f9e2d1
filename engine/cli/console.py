"""What the command line prints: results on stdout (text, or one JSON document), remarks and faults on stderr.

Text that comes from files (model names, summaries, cells of a table) is stripped of control characters, so that a
package cannot steer the terminal.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from textwrap import wrap
from typing import Any, TextIO

from engine.errors import FileProblem

_DIRECTION_MARKS = (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROL = dict.fromkeys((*range(32), *range(127, 160), *_DIRECTION_MARKS), "\N{REPLACEMENT CHARACTER}")
_CONTROL |= dict.fromkeys(map(ord, "\t\n\r"), " ")
_NARROWEST = 24


def plain(text: object) -> str:
    """One line of `text` that a terminal prints as it is: no escape sequences, no line breaks, no direction marks."""
    return str(text).translate(_CONTROL)


def table(rows: Sequence[Sequence[object]], width: int | None = None) -> list[str]:
    """Rows as left-aligned columns, two spaces apart; the last one is wrapped where a terminal of `width` is known."""
    cells = [[plain(cell) for cell in row] for row in rows]
    if not cells:
        return []
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]) - 1)]
    room = max(_NARROWEST, (width or 0) - sum(widths) - 2 * len(widths))
    lines: list[str] = []
    for *first, last in cells:
        start = "".join(cell.ljust(size + 2) for cell, size in zip(first, widths, strict=True))
        head, *more = wrap(last, room) or [""] if width else [last]
        lines += [(start + head).rstrip(), *(" " * len(start) + line for line in more)]
    return lines


class Console:
    """Two streams and one choice: text for people, or JSON for programs."""

    def __init__(self, *, as_json: bool = False, out: TextIO | None = None, err: TextIO | None = None) -> None:
        """`out` and `err` default to the process's streams (which a windowed program does not have)."""
        self.as_json = as_json
        self.aside: Callable[[], AbstractContextManager[None]] = nullcontext  # a bar steps aside for a line
        self._out = out if out is not None else sys.stdout
        self._err = err if err is not None else sys.stderr
        for stream in (self._out, self._err):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")  # an old code page must not end a batch

    @property
    def terminal(self) -> bool:
        """True when a person watches stderr."""
        return self._err is not None and self._err.isatty()

    @property
    def width(self) -> int | None:
        """Columns of the terminal that shows stdout; None when it goes into a file."""
        return shutil.get_terminal_size().columns if self._out is not None and self._out.isatty() else None

    def lines(self, lines: Iterable[str]) -> None:
        """Text for people; silent with --json."""
        if not self.as_json:
            self._write(self._out, "".join(line + "\n" for line in lines))

    def line(self, text: object = "") -> None:
        """One line for people, made harmless; silent with --json."""
        self.lines([plain(text)])

    def document(self, document: Mapping[str, Any]) -> None:
        """The one JSON document of this run; silent without --json."""
        if self.as_json and self._out is not None:
            text = json.dumps(document, indent=2, ensure_ascii=not self._speaks_unicode(), allow_nan=False)
            self._write(self._out, text + "\n")

    def note(self, text: object) -> None:
        """A remark on stderr: something a person should know although the work goes on."""
        self._complain(f"atelier: note: {plain(text)}")

    def problem(self, problem: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> None:
        """A fault on stderr in one line and, with --json and `more`, as the document. `problem`: the fields of one."""
        self._complain("atelier: " + plain(f"{problem['what']} {problem['remedy']}").strip())
        shown = {key: problem[key] for key in ("code", "what", "remedy", "subject")}
        self.document({"problem": shown, "exit_code": problem["exit_code"], **(more or {})})

    def _complain(self, line: str) -> None:
        self._write(self._err, line + "\n")

    def _write(self, stream: TextIO | None, text: str) -> None:
        """Print; a reader that left (BrokenPipeError) is the caller's business, a disk that is full a FileProblem."""
        if stream is None:
            return
        try:
            with self.aside():
                stream.write(text)
                stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise FileProblem(f"The result could not be printed: {error.strerror or error}.",
                              "Send the output elsewhere.", str(getattr(stream, "name", ""))) from error

    def _speaks_unicode(self) -> bool:
        return (getattr(self._out, "encoding", "") or "").lower().replace("-", "") in {"utf8", "utf8sig"}
