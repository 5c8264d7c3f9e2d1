"""The studio's end of the engine: ask for pictures and files, hear what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.api import Device, Recipe
from engine.child import child_command
from engine.herald import Handler
from engine.keeper import Keeper
from engine.messages import Consider, Devices, Embed, Encode, Look, Open, Preview, Render, Write
from engine.options import EngineOptions
from engine.outcome import Outcome

__all__ = ["EngineClient", "EngineOptions", "Handler"]


class EngineClient:
    """One engine child and the requests that are open. Any thread may call any method; none but `close` takes long.

    Handlers are called on the client's own threads, one event at a time, and must not raise. Every request but a
    preview or a plan gets exactly one answer (`engine.messages.Answer`); a preview that a newer one overtook gets none,
    and so do plans. An answer may come before the asking call has returned its number.
    """

    def __init__(self, options: EngineOptions | None = None, command: Sequence[str] | None = None) -> None:
        """`command` replaces the child's command line (tests)."""
        self._keeper = Keeper(options or EngineOptions(), command or child_command())

    def subscribe(self, handler: Handler) -> Callable[[], None]:
        """Hear every event; call the result to stop hearing. Ready comes again with each restart, before Restarted."""
        return self._keeper.herald.subscribe(handler)

    def start(self) -> None:
        """Start the child (returns at once; Ready follows). After too many deaths: try again with a clean slate."""
        self._keeper.start()

    def open(self, folder: str) -> int:
        """Ask to verify and open a package folder; it is opened again after a restart."""
        return self._keeper.ask(lambda number: Open(number, folder))

    def preview(self, recipe: Recipe, *, draft: bool = False) -> int:
        """Ask for a canvas picture; latest wins. The number is the stamp of the Frame that answers.

        A `draft` may be answered by a quicker, smaller picture (`Asset.draft`) where the package has one. A slow
        model tells Stepped and Partial with the same number meanwhile.
        """
        return self._keeper.ask(lambda number: Preview(number, recipe, draft))

    def render(self, recipe: Recipe, run_deadline: float | None = None, *, draft: bool = False,
               watched: bool = False) -> int:
        """Ask for a picture, in order; a draft will do where it is shown small; Partial is told if it is `watched`.

        `run_deadline` replaces the one of the options: seconds from one told step to the next.
        """
        return self._keeper.ask(lambda number: Render(number, recipe, draft, watched), run_deadline)

    def write(self, recipe: Recipe, path: str, *, overwrite: bool = False, run_deadline: float | None = None,
              card: int | None = None) -> int:
        """Ask for an asset in a file (`engine.formats` lists the endings), with its provenance, in order.

        Of several texts, `card` (from 0) keeps only one.
        """
        return self._keeper.ask(lambda number: Write(number, recipe, path, overwrite, card=card), run_deadline)

    def encode(self, recipe: Recipe, path: str, run_deadline: float | None = None) -> int:
        """Ask where in the latent space the picture at `path` lies, in order; the recipe names the package."""
        return self._keeper.ask(lambda number: Encode(number, recipe, path), run_deadline)

    def consider(self, recipe: Recipe) -> int:
        """Ask what a run of the recipe would be; latest wins. Considered or Failed answers, between other work."""
        return self._keeper.ask(lambda number: Consider(number, recipe))

    def embed(self, texts: Sequence[str]) -> int:
        """Ask where texts lie in the space of meaning; Embedded or Failed answers, between other work."""
        return self._keeper.ask(lambda number: Embed(number, tuple(texts)))

    def look(self, path: str, longest: int) -> int:
        """Ask for the picture in a file, at most `longest` pixels long. Looked or Failed answers, soon."""
        return self._keeper.ask(lambda number: Look(number, path, longest))

    def devices(self) -> int:
        """Ask what each provider says on this machine."""
        return self._keeper.ask(Devices)

    def cancel(self, request: int | None = None) -> None:
        """Stop one request, or all of them. They answer Failed with code "cancelled" within half a second or so."""
        self._keeper.cancel(request)

    def close(self, timeout: float = 2.0) -> None:
        """End the child: politely, after `timeout` seconds by force. Open requests fail. Safe to call twice."""
        self._keeper.close(timeout)

    @property
    def outcome(self) -> Outcome | None:
        """How the last child that died ended; None when none did."""
        return self._keeper.outcome

    @property
    def last_device(self) -> Device | None:
        """The device that the present (or latest) child told."""
        return self._keeper.device
