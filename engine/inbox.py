"""What waits for the inference thread, and in which order it goes.

Packages to open go first, because the others need them. Then the newest preview (older ones are dropped without an
answer), so that a drag stays alive between the rows of a batch. Then short questions: the newest plan that was asked
for, and meanings; a long run answers them between two of its steps as well. Then everything else, first come, first
served. Taking a request and making its cancel token is one step, so no cancel can fall between the two.
"""

from __future__ import annotations

import threading
from collections import deque

from engine.cancel import CancelToken
from engine.messages import Consider, Devices, Embed, Encode, Look, Open, Preview, Render, Write

Question = Consider | Embed | Look
"""What is answered in a moment."""

Work = Open | Preview | Render | Write | Encode | Devices | Question


class Inbox:
    """A queue with that order. One thread takes, any thread puts."""

    def __init__(self) -> None:
        """Empty and open."""
        self._changed = threading.Condition()
        self._opens: deque[Open] = deque()
        self._preview: Preview | None = None
        self._consider: Consider | None = None
        self._asides: deque[Embed | Look] = deque()
        self._jobs: deque[Render | Write | Encode | Devices] = deque()
        self._closed = False
        self._taken: tuple[int, CancelToken] | None = None

    def put(self, work: Work) -> None:
        """Let `work` wait; a preview or a plan replaces the one that waits."""
        with self._changed:
            match work:
                case Open():
                    self._opens.append(work)
                case Preview():
                    self._preview = work
                case Consider():
                    self._consider = work
                case Embed() | Look():
                    self._asides.append(work)
                case _:
                    self._jobs.append(work)
            self._changed.notify()

    def take(self) -> tuple[Work, CancelToken] | None:
        """The next piece of work, with the token that stops it; waits for it. None when the inbox is closed."""
        with self._changed:
            self._taken = None
            while not self._closed:
                work = self._next()
                if work is not None:
                    token = CancelToken()
                    self._taken = work.request, token
                    return work, token
                self._changed.wait()
            return None

    def question(self) -> Question | None:
        """A short question that waits, for whoever is between two steps; never waits itself.

        A plan stays behind a preview that waits, here as well: the step may be the last of a run that was cancelled.
        """
        with self._changed:
            return self._question() if self._preview is None else self._aside()

    def cancel(self, request: int | None) -> list[int]:
        """Take out the waiting request of that number (all when None), or cancel it if it is the one that was taken.

        Returns the numbers that were taken out; the taken one answers for itself.
        """
        with self._changed:
            single = [work for work in (self._preview, self._consider) if work is not None]
            waiting: list[Work] = [*self._opens, *single, *self._asides, *self._jobs]
            gone = [work.request for work in waiting if request in (None, work.request)]
            self._opens = deque(work for work in self._opens if work.request not in gone)
            self._asides = deque(work for work in self._asides if work.request not in gone)
            self._jobs = deque(work for work in self._jobs if work.request not in gone)
            if self._consider is not None and self._consider.request in gone:
                self._consider = None
            if self._preview is not None and self._preview.request in gone:
                self._preview = None
            taken = self._taken
        if taken is not None and request in (None, taken[0]):
            taken[1].cancel()
        return gone

    def close(self) -> None:
        """No more work: what waits is dropped, what was taken is cancelled, and `take` returns None."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.cancel(None)

    def _next(self) -> Work | None:
        if self._opens:
            return self._opens.popleft()
        if self._preview is not None:
            preview, self._preview = self._preview, None
            return preview
        return self._question() or (self._jobs.popleft() if self._jobs else None)

    def _question(self) -> Question | None:
        if self._consider is not None:
            consider, self._consider = self._consider, None
            return consider
        return self._aside()

    def _aside(self) -> Embed | Look | None:
        return self._asides.popleft() if self._asides else None
