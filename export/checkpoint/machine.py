"""The machine that builds plain values from a pickle's instructions: a stack, a memo, and caps on both.

It calls nothing but functions of ours (`names.py`), sets items of tables only, and keeps long strings of bytes in the
file. Every rule that a sound checkpoint keeps and an attack breaks stands here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Protocol

from export.checkpoint.faults import SAFE_COPY, Unreadable, shown
from export.checkpoint.tape import Tape
from export.checkpoint.values import Foreign, ForeignName, Function, Stateful

MAX_STACK = 200_000
MAX_MARKS = 1_000
MAX_MEMO = 4_000_000
LONGEST_INTEGER = 512
LONGEST_KEY = 8
LONGEST_PLACE = 10   # digits
NEWEST_PROTOCOL = 5
_SCALARS = (str, int, float, bool, type(None))

Find = Callable[[str, str], Any]


class Persistent(Protocol):
    """Turns a pickle's outside reference ("storage 7") into a storage."""

    def __call__(self, reference: Any) -> Any:
        """The value. Raises Unreadable for a reference that makes no sense."""
        ...


class Machine:
    """A stack, a memo, and one method an instruction; `unpickle.py` says which is which."""

    def __init__(self, tape: Tape, find: Find, persistent: Persistent | None) -> None:
        """`find` looks a name up, `persistent` a reference to numbers outside of the pickle."""
        self.tape = tape
        self._find = find
        self._persistent = persistent
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    @property
    def is_piled(self) -> bool:
        """Whether more is waiting on the stack than any sound file needs."""
        return len(self.stack) > MAX_STACK or len(self.marks) > MAX_MARKS

    # The stack ---------------------------------------------------------------------------------------------------

    def pop(self) -> Any:
        """Take the top value."""
        if not self.stack or (self.marks and len(self.stack) <= self.marks[-1]):
            raise Unreadable("is no sound pickle (it takes from an empty stack)")
        return self.stack.pop()

    def top(self) -> Any:
        """Look at the top value."""
        if not self.stack or (self.marks and len(self.stack) <= self.marks[-1]):
            raise Unreadable("is no sound pickle (it looks at an empty stack)")
        return self.stack[-1]

    def since_mark(self) -> list[Any]:
        """Take everything above the last mark, and the mark."""
        if not self.marks:
            raise Unreadable("is no sound pickle (it has no mark)")
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    def number(self, code: str) -> int:
        """The next bytes as a number, stored as struct `code` says."""
        form = struct.Struct("<" + code)
        return int(form.unpack(self.tape.take(form.size))[0])

    # Plain values ------------------------------------------------------------------------------------------------

    def text(self, count: int) -> None:
        """BINUNICODE and its kin."""
        self.stack.append(self.tape.take(count).decode("utf-8", "replace"))

    def old_text(self, count: int) -> None:
        """BINSTRING: a text of Python 2."""
        self.stack.append(self.tape.take(count).decode("latin-1"))

    def bytes_left(self, count: int) -> None:
        """BINBYTES and its kin: bytes stay in the file, only their place is kept."""
        self.stack.append(self.tape.point(count))

    def integer(self, count: int) -> None:
        """LONG1, LONG4."""
        if not 0 <= count <= LONGEST_INTEGER:
            raise Unreadable("holds an integer of unreasonable length")
        self.stack.append(int.from_bytes(self.tape.take(count), "little", signed=True))

    def line_integer(self) -> None:
        """INT, LONG: digits on a line."""
        line = self.tape.line().removesuffix(b"L")
        if line in (b"00", b"01"):
            self.stack.append(line == b"01")
            return
        try:
            self.stack.append(int(line[:LONGEST_INTEGER]))
        except ValueError as error:
            raise Unreadable("is no sound pickle (a number that is none)") from error

    def line_float(self) -> None:
        """FLOAT: digits on a line."""
        try:
            self.stack.append(float(self.tape.line()))
        except ValueError as error:
            raise Unreadable("is no sound pickle (a number that is none)") from error

    def line_quoted(self) -> None:
        """STRING: a text of Python 2 on a line, in quotes."""
        line = self.tape.line()
        if len(line) < len("''") or line[:1] not in (b"'", b'"') or line[:1] != line[-1:] or b"\\" in line:
            raise Unreadable("is no sound pickle (a text without quotes, or with marks in it)")
        self.stack.append(line[1:-1].decode("latin-1"))

    def line_text(self) -> None:
        """UNICODE: a text on a line."""
        self.stack.append(self.tape.line().decode("raw-unicode-escape", "replace"))

    def real(self) -> None:
        """BINFLOAT."""
        self.stack.append(struct.unpack(">d", self.tape.take(8))[0])

    # Containers --------------------------------------------------------------------------------------------------

    def make_tuple(self, count: int) -> None:
        """TUPLE1, TUPLE2, TUPLE3."""
        self.stack.append(tuple(reversed([self.pop() for _ in range(count)])))

    def table(self) -> None:
        """DICT."""
        items = self.since_mark()
        table: dict[Any, Any] = {}
        self._fill(table, items)
        self.stack.append(table)

    def _fill(self, target: Any, items: list[Any]) -> None:
        """SETITEM on a table, and on nothing else: an item set elsewhere has been used to break memory."""
        if isinstance(target, Foreign):
            return
        if not isinstance(target, dict) or len(items) % 2:
            raise Unreadable(f"sets an item of a {type(target).__name__}, which no sound file does", SAFE_COPY)
        for key, value in zip(items[::2], items[1::2], strict=True):
            target[key_of(key)] = value

    def _extend(self, target: Any, items: list[Any]) -> None:
        if isinstance(target, Foreign):
            return
        if isinstance(target, list):
            target.extend(items)
        elif isinstance(target, set):
            target.update(key_of(item) for item in items)
        else:
            raise Unreadable(f"appends to a {type(target).__name__}, which no sound file does", SAFE_COPY)

    def set_item(self) -> None:
        """SETITEM."""
        value, key = self.pop(), self.pop()
        self._fill(self.top(), [key, value])

    def set_items(self) -> None:
        """SETITEMS."""
        items = self.since_mark()
        self._fill(self.top(), items)

    def append(self) -> None:
        """APPEND."""
        item = self.pop()
        self._extend(self.top(), [item])

    def append_all(self) -> None:
        """APPENDS, ADDITEMS."""
        items = self.since_mark()
        self._extend(self.top(), items)

    # Memo --------------------------------------------------------------------------------------------------------

    def put(self, place: int) -> None:
        """PUT and its kin: remember the top value."""
        if not 0 <= place <= MAX_MEMO:
            raise Unreadable(f"asks for {place:,} places to remember values; no model needs so many")
        self.memo[place] = self.top()

    def get(self, place: int) -> None:
        """GET and its kin."""
        if place not in self.memo:
            raise Unreadable("is no sound pickle (it remembers what it never saw)")
        self.stack.append(self.memo[place])

    def line_place(self) -> int:
        """The next line as a place in the memo."""
        line = self.tape.line()
        if not line.isdigit() or len(line) > LONGEST_PLACE:
            raise Unreadable("is no sound pickle (a place that is none)")
        return int(line)

    # Names and calls ---------------------------------------------------------------------------------------------

    def find_name(self) -> None:
        """GLOBAL."""
        module, name = self.tape.line(), self.tape.line()
        self.stack.append(self._find(module.decode("utf-8", "replace"), name.decode("utf-8", "replace")))

    def find_stacked(self) -> None:
        """STACK_GLOBAL."""
        name, module = self.pop(), self.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise Unreadable("is no sound pickle (a name that is no text)", SAFE_COPY)
        self.stack.append(self._find(module, name))

    def _call(self, function: Any, arguments: Any) -> None:
        """REDUCE and its kin: only functions of ours are called; a stranger's class yields an empty record."""
        if not isinstance(arguments, tuple):
            raise Unreadable("is no sound pickle (a call without arguments)", SAFE_COPY)
        if isinstance(function, ForeignName):
            self.stack.append(Foreign(function.name))
        elif isinstance(function, Function):
            try:
                self.stack.append(function.make(*arguments))
            except (TypeError, ValueError, OverflowError, KeyError) as error:
                if isinstance(error, Unreadable):
                    raise
                raise Unreadable(f"uses “{shown(function.name)}” in a way that no sound file does") from error
        else:
            raise Unreadable("calls something that is no function", SAFE_COPY)

    def reduce(self) -> None:
        """REDUCE, NEWOBJ."""
        arguments, function = self.pop(), self.pop()
        self._call(function, arguments)

    def new_with_keywords(self) -> None:
        """NEWOBJ_EX."""
        keywords, arguments, function = self.pop(), self.pop(), self.pop()
        if keywords and not isinstance(function, ForeignName):
            raise Unreadable("calls a class of ours by keyword, which no sound file does", SAFE_COPY)
        self._call(function, arguments)

    def make_object(self) -> None:
        """OBJ."""
        items = self.since_mark()
        if not items:
            raise Unreadable("is no sound pickle (an object without a class)")
        self._call(items[0], tuple(items[1:]))

    def make_instance(self) -> None:
        """INST."""
        self.find_name()
        function = self.pop()
        self._call(function, tuple(self.since_mark()))

    def build(self) -> None:
        """State of the value below it: kept for plain records, dropped for strangers, refused for all else."""
        state, target = self.pop(), self.top()
        if isinstance(target, Stateful):
            target.set_state(state)
        elif not isinstance(target, dict) or not isinstance(state, dict):
            raise Unreadable(f"sets the inside of a {type(target).__name__}, which no sound file does", SAFE_COPY)

    def refer(self) -> None:
        """BINPERSID: numbers that lie elsewhere."""
        reference = self.pop()
        if self._persistent is None:
            raise Unreadable("refers to numbers outside of it; it is a part of a checkpoint, not a whole one")
        self.stack.append(self._persistent(reference))

    # The frame around it all -----------------------------------------------------------------------------------------

    def protocol(self) -> None:
        """PROTO."""
        if self.tape.take(1)[0] > NEWEST_PROTOCOL:
            raise Unreadable("is a pickle of a version that does not exist yet")

    def frame(self) -> None:
        """FRAME: a length that other readers use to read ahead."""
        if self.number("Q") > self.tape.left:
            raise Unreadable("ends in the middle, as a half downloaded file does")

    def discard(self) -> None:
        """POP."""
        if self.marks and len(self.stack) == self.marks[-1]:
            self.marks.pop()
        else:
            self.pop()


def key_of(value: Any) -> Any:
    """A key that hashes at once: nested tuples as keys can be made to take forever (each level doubles the work)."""
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, Foreign | ForeignName):
        return value.name
    if isinstance(value, tuple) and len(value) <= LONGEST_KEY and all(isinstance(item, _SCALARS) for item in value):
        return value
    raise Unreadable(f"uses a {type(value).__name__} as a key, which no weights do")
