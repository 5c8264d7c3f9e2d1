"""The bytes of a pickle, read once from front to back; long ones are left where they are and only pointed at."""

from __future__ import annotations

from typing import IO

from export.checkpoint.faults import Unreadable
from export.checkpoint.stored import Region

LONGEST_LINE = 4096
HELD_AT_ONCE = 16 << 20     # the longest text: the source of a whole network is 100 kB
HELD_IN_ALL = 64 << 20
_SMALL = 4096


class Tape:
    """A region read in order. Never gives more than is there, and never holds much of it."""

    def __init__(self, file: IO[bytes], region: Region) -> None:
        """`file` is `region.path` opened for reading; it is moved to where the region starts."""
        self._file = file
        self._region = region
        self._held = 0
        self.position = 0
        file.seek(region.start)

    @property
    def left(self) -> int:
        """Bytes still to come."""
        return self._region.length - self.position

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        if not 0 <= count <= self.left:
            raise Unreadable("ends in the middle, as a half downloaded file does")
        if count > _SMALL:
            self._hold(count)
        data = self._file.read(count)
        if len(data) != count:
            raise Unreadable("became shorter while it was read")
        self.position += count
        return data

    def line(self) -> bytes:
        """The next bytes up to a line feed, which is taken too but not returned."""
        data = self._file.readline(min(LONGEST_LINE, self.left))
        if not data.endswith(b"\n"):
            raise Unreadable("ends in the middle of a name, or holds one longer than any real one")
        self.position += len(data)
        return data[:-1]

    def point(self, count: int) -> Region:
        """The next `count` bytes as a place in the file; the tape goes on behind them."""
        if count > self.left:
            raise Unreadable("ends in the middle, as a half downloaded file does")
        region = self._region.part(self.position, count)
        self.position += count
        self._file.seek(region.start + count)
        return region

    def _hold(self, count: int) -> None:
        """Count what stays in memory. Raises Unreadable for more than settings and names ever need."""
        self._held += count
        if count > HELD_AT_ONCE or self._held > HELD_IN_ALL:
            raise Unreadable("holds more text than any model has settings")
