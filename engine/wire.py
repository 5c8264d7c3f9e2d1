"""Frames over pipes: magic, header length, UTF-8 JSON header, raw buffers whose lengths stand in the header.

Both sides check: magic, sizes against caps, complete reads. Big buffers are read straight into their final array.
Anything else than a whole, valid frame means that the other side cannot be trusted any more: `WireError`.
"""

from __future__ import annotations

import os
import select
import struct
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Buffer = bytes | bytearray | memoryview

MAGIC = b"LAt1"
MAX_HEADER = 8 * 1024 * 1024
MAX_BUFFER = 1024 * 1024 * 1024   # a picture of 16384 x 16384 x 4
MAX_BUFFERS = 4
PIPE_BYTES = 1024 * 1024          # what Linux grants any user; the default of 64 KiB costs a big picture 60 wake-ups
_PRELUDE = struct.Struct("<4sI")
_CHUNK = 4 * 1024 * 1024
_TOGETHER = 256 * 1024  # copying so many bytes costs less than waking the reader for each part
_AT_ONCE: int = getattr(select, "PIPE_BUF", 0)   # bytes that a pipe ready for writing takes without blocking (POSIX)


class WireError(Exception):
    """The bytes on the pipe are not our frames."""


class FrameWriter:
    """Writes frames to a file descriptor; threads may share it."""

    def __init__(self, descriptor: int) -> None:
        """`descriptor` is the writing end of a pipe, owned by the caller."""
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def write(self, header: Mapping[str, Any], buffers: Sequence[Buffer] = ()) -> None:
        """Write one frame. Raises OSError (BrokenPipeError) when the reader is gone, `WireError` when it is too big."""
        parts = _parts(header, buffers)
        if sum(view.nbytes for view in parts) <= _TOGETHER:
            parts = [memoryview(b"".join(parts))]
        with self._lock:
            for view in parts:
                self._write_all(view)

    def write_at_once(self, header: Mapping[str, Any], buffers: Sequence[Buffer] = ()) -> bool:
        """Write one small frame if the pipe has room for it now, never waiting; whether it was written.

        Always False where the system does not promise such writes (Windows). Raises as `write` does.
        """
        parts = _parts(header, buffers)
        if _AT_ONCE == 0 or len(parts) > 1 or parts[0].nbytes > _AT_ONCE:
            return False
        with self._lock:
            poll = select.poll()
            poll.register(self._descriptor, select.POLLOUT)
            if [(self._descriptor, select.POLLOUT)] != poll.poll(0):
                return False
            self._write_all(parts[0])
        return True

    def _write_all(self, view: memoryview) -> None:
        while view.nbytes:
            view = view[os.write(self._descriptor, view[:_CHUNK]):]


class FrameReader:
    """Reads frames from a file descriptor; one thread at a time."""

    def __init__(self, descriptor: int) -> None:
        """`descriptor` is the reading end of a pipe, owned by the caller."""
        self._file = os.fdopen(descriptor, "rb", buffering=0, closefd=False)

    def read(self) -> tuple[dict[str, Any], tuple[NDArray[np.uint8], ...]] | None:
        """The next frame, or None at a clean end. Raises `WireError` on garbage or an end in the middle of a frame."""
        prelude = bytearray(_PRELUDE.size)
        if not self._fill(memoryview(prelude), at_start=True):
            return None
        magic, length = _PRELUDE.unpack(prelude)
        if magic != MAGIC or length > MAX_HEADER:
            raise WireError(f"not a frame: {bytes(prelude)!r}")
        body = bytearray(length)
        self._fill(memoryview(body))
        header = _parse(body)
        buffers = tuple(np.empty(size, np.uint8) for size in _sizes(header.pop("buffers", None)))
        for buffer in buffers:
            self._fill(buffer.data)
        return header, buffers

    def _fill(self, view: memoryview, *, at_start: bool = False) -> bool:
        """Fill `view` whole. False when the pipe ended before the first byte and that is allowed."""
        filled = 0
        while filled < view.nbytes:
            count = self._file.readinto(view[filled:filled + _CHUNK])
            if not count:
                if at_start and filled == 0:
                    return False
                raise WireError("the pipe ended in the middle of a frame")
            filled += count
        return True


def widen(descriptor: int) -> None:
    """Give a pipe a larger buffer where the system can (Linux); elsewhere, or when refused, it stays as it is."""
    if sys.platform == "linux":
        import fcntl

        try:
            fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        except OSError:
            return


def _parts(header: Mapping[str, Any], buffers: Sequence[Buffer]) -> list[memoryview]:
    """The bytes of one frame: prelude with header, then each buffer. Raises `WireError` when it is too big."""
    views = [memoryview(buffer).cast("B") for buffer in buffers]
    body = msgspec.json.encode({**header, "buffers": [view.nbytes for view in views]})
    if len(body) > MAX_HEADER or len(views) > MAX_BUFFERS or any(view.nbytes > MAX_BUFFER for view in views):
        raise WireError("a frame is larger than the other side would take")
    return [memoryview(_PRELUDE.pack(MAGIC, len(body)) + body), *views]


def _parse(body: bytearray) -> dict[str, Any]:
    try:
        header = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"a frame header that is not JSON: {error}") from error
    if not isinstance(header, dict):
        raise WireError("a frame header that is not an object")
    return header


def _sizes(sizes: object) -> list[int]:
    if not isinstance(sizes, list) or len(sizes) > MAX_BUFFERS:
        raise WireError("a frame without its list of buffers")
    if not all(isinstance(size, int) and 0 <= size <= MAX_BUFFER for size in sizes):
        raise WireError(f"a frame with impossible buffers: {sizes!r:.80}")
    return sizes
