"""Which requests are open, which packages, which recipes ended the engine: what to ask again after a death."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import PurePath

from engine.api import Problem, Recipe
from engine.errors import Cancelled, ExitCode, FileProblem
from engine.messages import (
    Answer,
    Consider,
    Considered,
    Devices,
    DevicesTold,
    Embed,
    Embedded,
    Encode,
    Encoded,
    Failed,
    Frame,
    Look,
    Looked,
    Open,
    Opened,
    Preview,
    Render,
    Request,
    Write,
    Written,
)
from engine.outcome import Outcome, Reason

MAX_KILLS = 2
"""A recipe that ended the engine this often is set aside."""

_ASKED: dict[type[Answer], type[Request]] = {Opened: Open, Encoded: Encode, Considered: Consider, Looked: Look,
                                             DevicesTold: Devices}
_NEWEST = (Preview, Consider)
"""Requests of which only the newest is answered."""


def subject(message: Request | None) -> str:
    """A request in words."""
    match message:
        case Open(_, folder):
            return f"the package “{PurePath(folder).name}”"
        case Preview() | Render() | Write() | Consider():
            return recipe_words(message.recipe)
        case Encode(_, _, path) | Look(_, path):
            return f"the picture “{PurePath(path).name}”"
        case Embed():
            return "a search by meaning"
        case _:
            return ""


def recipe_words(recipe: Recipe) -> str:
    """A recipe in a few words: the package and the seed, by which a person finds it again."""
    seed = recipe.values.get("seed")
    return f"“{recipe.package}”" if seed is None else f"“{recipe.package}”, seed {seed}"


class Ledger:
    """The client's memory. Not thread-safe: the client locks."""

    def __init__(self) -> None:
        """Nothing asked yet. Numbers count up from 1 for the client's life: they are also the previews' stamps."""
        self._last = 0
        self._open: dict[int, Request] = {}          # in the order of asking
        self._packages: dict[str, None] = {}         # folders that were opened, oldest first
        self._reopening: dict[int, str] = {}         # our own requests after a restart
        self._kills: Counter[str] = Counter()
        self._mourned = False                        # a child has died: files may be there that nobody told of

    def number(self) -> int:
        """A fresh request number."""
        self._last += 1
        return self._last

    def add(self, number: int, message: Request) -> None:
        """A request is open now."""
        self._open[number] = message

    def numbers(self) -> tuple[int, ...]:
        """Open requests, oldest first."""
        return tuple(self._open)

    def message(self, number: int | None) -> Request | None:
        """The open request of that number (or our own re-opening)."""
        if number in self._reopening:
            return Open(number, self._reopening[number])
        return self._open.get(number) if number is not None else None

    def same_preview(self, asked: Preview) -> int | None:
        """The number of the newest open preview whose answer will do: the same recipe, and no draft unless asked."""
        newest = next((m for m in reversed(self._open.values()) if isinstance(m, Preview)), None)
        same = newest is not None and newest.recipe.same(asked.recipe) and (asked.draft or not newest.draft)
        return newest.request if newest is not None and same else None

    def refusal(self, message: Request) -> Problem | None:
        """Why this request is not even asked: it has been set aside."""
        kills = self._kills[_key(message)] if self._kills and not isinstance(message, Open) else 0
        return _aside(message, "") if kills >= MAX_KILLS else None

    def answered(self, number: int) -> Request | None:
        """Close a request; None when it is not open (cancelled, overtaken, ours).

        Older previews close with a newer one, and so do older plans.
        """
        message = self._open.pop(number, None)
        if isinstance(message, _NEWEST):
            for older in [n for n, m in self._open.items() if type(m) is type(message) and n < number]:
                del self._open[older]
        if isinstance(message, Open):
            self._kills.pop(_key(message), None)
        return message

    def opened(self, folder: str) -> None:
        """A package is open and shall be so again after a restart."""
        self._packages[folder] = None

    def reopened(self, number: int, *, well: bool) -> bool:
        """One of our own re-openings was answered; False when the number is not one of them."""
        folder = self._reopening.pop(number, None)
        if folder is None:
            return False
        if well:
            self._kills.pop(_key(Open(number, folder)), None)
        else:
            self._packages.pop(folder, None)
        return True

    @property
    def reopening(self) -> bool:
        """Whether packages are still being opened again."""
        return bool(self._reopening)

    def to_ask(self) -> list[Request]:
        """Everything to tell a new child: packages first, then the open requests.

        Of the previews only the newest, and of the plans.
        """
        asked = {message.folder for message in self._open.values() if isinstance(message, Open)}
        self._reopening = {self.number(): folder for folder in self._packages if folder not in asked}
        newest: dict[type[Request], int] = {type(m): n for n, m in self._open.items() if isinstance(m, _NEWEST)}
        self._open = {n: m for n, m in self._open.items() if newest.get(type(m), n) == n}
        if self._mourned:
            self._open = {n: replace(m, retried=True) if isinstance(m, Write) else m for n, m in self._open.items()}
        return [*(Open(number, folder) for number, folder in self._reopening.items()), *self._open.values()]

    def blame(self, outcome: Outcome) -> Failed | None:
        """Who was at work when the child died, and whether it gets no second chance."""
        self._mourned = True
        message = self.message(outcome.request)
        guilty = outcome.phase in ("load", "run") or outcome.reason is Reason.WRITE
        if message is None or outcome.request is None or not guilty:
            return None
        key = _key(message)
        self._kills[key] += 1
        if outcome.request in self._reopening:
            # It opened before, so the death may be by chance: only a hang is taken for certain (see also `fail_all`).
            if outcome.reason is Reason.LOAD:
                self.reopened(outcome.request, well=False)
            return None
        problem = _verdict(message, outcome, self._kills[key])
        if problem is None:
            return None
        self.answered(outcome.request)
        return Failed(outcome.request, problem)

    def fail_all(self, problem: Problem) -> list[Failed]:
        """Close every request with the same problem; packages that ended the engine again and again are let go."""
        failed = [Failed(number, problem) for number in self._open]
        self._open.clear()
        for folder in [folder for folder in self._packages if self._kills[_key(Open(0, folder))] >= MAX_KILLS]:
            del self._packages[folder]
        return failed

    def forgive(self) -> None:
        """Forget which recipes ended the engine."""
        self._kills.clear()


def fits(message: Request, event: Answer) -> bool:
    """Whether an answer is of the kind that was asked for (the child is not trusted)."""
    match event:
        case Frame(_, asset, preview):
            drafted = isinstance(message, Preview | Render) and message.draft
            return isinstance(message, Preview if preview else Render) and (drafted or not asset.draft)
        case Embedded(_, vectors):
            return isinstance(message, Embed) and len(vectors) == len(message.texts)
        case Written(_, path):
            return isinstance(message, Write) and message.path == path
        case _:
            return isinstance(event, Failed) or isinstance(message, _ASKED[type(event)])


def _verdict(message: Request, outcome: Outcome, kills: int) -> Problem | None:
    match outcome.reason:
        case Reason.LOAD | Reason.RUN:
            return Problem("deadline", outcome.sentence(),
                           "Use a smaller model or size, or allow more time in the settings.", subject(message))
        case Reason.WRITE:
            return Problem(FileProblem.code, outcome.sentence(), "Check the disk, or choose another folder.",
                           subject(message), int(ExitCode.BAD_INPUT))
        case Reason.CANCEL:
            return Cancelled().problem()
        case _:
            return _aside(message, f" {outcome.sentence()}") if kills >= MAX_KILLS else None


def _aside(message: Request, why: str) -> Problem:
    match message:
        case Open():
            remedy = "Get the package again from where it came from, or remove it."
        case Encode() | Look():
            remedy = "Choose another picture, or save this one again with another program."
        case _:
            remedy = "Change a value, or choose another model; the other pictures go on."
    words = subject(message)
    return Problem("set_aside", f"{words[0].upper()}{words[1:]} was set aside, because it ended the engine twice.{why}",
                   remedy, words)


def _key(message: Request) -> str:
    match message:
        case Preview() | Render() | Write():
            return message.recipe.canonical()
        case Encode(_, recipe, path):
            return f"encode {path} {recipe.canonical()}"
        case Look(_, path):
            return f"look {path}"
        case Consider(_, recipe):
            return f"consider {recipe.canonical()}"
        case Open(_, folder):
            return f"open {folder}"
        case _:
            return type(message).__name__
