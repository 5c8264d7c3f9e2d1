"""Hears an export child out: passes on what it tells, ends it when it is cancelled, silent, garbled or too slow."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.cancel import CancelToken
from engine.converting.messages import ConvertRequest, Event, MessageError, Noted, Told, decode_event
from engine.converting.process import ExportChild
from engine.errors import AtelierError, Cancelled, ExitCode
from engine.outcome import end_in_words
from engine.watch import AwakeClock

_log = logging.getLogger("engine.converting")
_TICK_S = 0.05
_LAST_S = 0.5    # for the last words of a child that is gone
_OUT_OF_MEMORY = ("MemoryError", "OutOfMemory", "DefaultCPUAllocator", "std::bad_alloc")


@dataclass(frozen=True)
class Patience:
    """How long the child may say nothing, and how long an inspection may take; seconds."""

    silence: float = 120.0      # it beats once a second, but native code may hold its interpreter
    inspection: float = 180.0   # the digest of tens of gigabytes takes a while


class ConverterDied(AtelierError, RuntimeError):
    """The export child ended without an answer, or had to be ended."""

    code = "converter"
    exit_code = ExitCode.ENGINE_FAILURE


def listen(child: ExportChild, request: ConvertRequest, tell: Callable[[Event], None], cancel: CancelToken,
           patience: Patience, *, whole: float | None = None) -> Event:
    """The child's final event; it is gone when this returns. Raises ConverterDied, Cancelled.

    `whole` caps the time in seconds. The child is ended before this raises.
    """
    last = ""
    try:
        _order(child, request)
        for event in _events(child, cancel, patience, whole):
            if isinstance(event, Told):
                last = event.words
            if not isinstance(event, Told | Noted):
                return event
            tell(event)
    except Cancelled:
        child.stop()
        raise
    except _Overdue as overdue:
        child.stop()
        raise ConverterDied(f"{overdue}{_while(last)} and was ended.",
                            "Try again; if it happens twice, send us the log.", request.source) from None
    finally:
        status, tail = child.reap()
        _log.info("the converter (process %d) %s", child.pid, end_in_words(status))
    raise _death(status, tail, last, request.source)


class _Overdue(Exception):
    """What the child did that ends our patience, as the start of a sentence."""


def _order(child: ExportChild, request: ConvertRequest) -> None:
    """Give the order; a child that is gone already is found out by reading."""
    try:
        child.send(request)
    except OSError as error:
        _log.info("the order could not be given: %s", error)


def _events(child: ExportChild, cancel: CancelToken, patience: Patience, whole: float | None) -> Iterator[Event]:
    """What it says until it says no more. Raises _Overdue, Cancelled."""
    clock = AwakeClock()
    begun = heard = clock.now()
    while True:
        cancel.check()
        now, gone = clock.tick(), child.ended
        try:
            line = child.lines.get(timeout=_LAST_S if gone else _TICK_S)
        except queue.Empty:
            if gone:
                return  # what it started keeps the pipe open
            if now - heard > patience.silence:
                raise _Overdue(f"The converter gave no sign of life for {patience.silence:.0f} s") from None
            if whole is not None and now - begun > whole:
                raise _Overdue(f"The converter took longer than {whole:.0f} s") from None
            continue
        if line is None:
            return
        heard = clock.tick()
        try:
            yield decode_event(line)
        except MessageError as error:
            _log.info("unreadable: %s", error)
            raise _Overdue("The converter sent something unreadable") from None


def _death(status: int | None, tail: Sequence[str], last: str, subject: str) -> ConverterDied:
    """The sentence for a child that ended without an answer."""
    text = "\n".join(tail)
    if any(word in text for word in _OUT_OF_MEMORY):
        return ConverterDied(f"There is not enough memory for this conversion: it stopped{_while(last)}.",
                             "Close other programs, or convert on a machine with more memory.", subject)
    if status == 1 and "Traceback" in text:
        words = tail[-1] if tail else ""
        return ConverterDied(f"Internal error in the converter{_while(last)} ({words[:200]}).",
                             "Please send the log to the makers of Latent Atelier.", subject)
    return ConverterDied(f"The converter {end_in_words(status)}{_while(last)}.",
                         "Nothing was changed. Close other programs and try again; the log has its last words.",
                         subject)


def _while(words: str) -> str:
    """The last thing it told, as the end of a sentence."""
    return f" while it was at “{words}”" if words else ""
