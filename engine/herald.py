"""Tells events to whoever subscribed: one at a time, in order, whichever thread speaks."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from engine.messages import Event

Handler = Callable[[Event], None]


class Herald:
    """Handlers, and the events that wait to be told. Thread-safe; a handler may ask for more while it is called."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._handlers: tuple[Handler, ...] = ()
        self._waiting: deque[Event] = deque()
        self._lock = threading.Lock()
        self._speaking = threading.RLock()
        self.busy = False   # a handler is being called: who waits for it may take it for somebody else's silence

    @property
    def waiting(self) -> bool:
        """Whether events wait for `flush`."""
        return bool(self._waiting)

    def subscribe(self, handler: Handler) -> Callable[[], None]:
        """Add a handler; the result takes it away."""
        def leave() -> None:
            with self._lock:
                self._handlers = tuple(known for known in self._handlers if known is not handler)

        with self._lock:
            self._handlers = (*self._handlers, handler)
        return leave

    def later(self, *events: Event) -> None:
        """Let events wait until some thread is free to tell them."""
        self._waiting.extend(events)

    def flush(self) -> None:
        """Tell what waits."""
        while self._waiting:
            with self._speaking:
                if self._waiting:
                    self.tell(self._waiting.popleft())

    def tell(self, event: Event) -> None:
        """Call every handler now."""
        with self._speaking:
            self.busy = True
            try:
                for handler in self._handlers:
                    handler(event)
            finally:
                self.busy = False
