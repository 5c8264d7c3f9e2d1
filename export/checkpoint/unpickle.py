"""Reads a pickle as data: our own small machine for its instructions, which can build plain values and nothing else.

Python's own reader fetches whatever function the file names and calls it; scanners that look first can be fooled. Here
a name is looked up in `names.py`, which knows a few dozen and maps each to a function of ours. Nothing is imported.
The instructions: `pickletools` of the standard library documents every one.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Protocol

from export.checkpoint.faults import SAFE_COPY, Unreadable, shown
from export.checkpoint.tape import Tape
from export.checkpoint.values import Foreign, ForeignName, Function, Stateful

MAX_STEPS = 4_000_000
MAX_STACK = 200_000
MAX_MARKS = 1_000
MAX_MEMO = 4_000_000
LONGEST_INTEGER = 512
LONGEST_KEY = 8
NEWEST_PROTOCOL = 5
_SCALARS = (str, int, float, bool, type(None))

Find = Callable[[str, str], Any]


class Persistent(Protocol):
    """Turns a pickle's outside reference ("storage 7") into a storage."""

    def __call__(self, reference: Any) -> Any:
        """The value. Raises Unreadable for a reference that makes no sense."""
        ...


def read_pickle(tape: Tape, find: Find, persistent: Persistent | None = None) -> Any:
    """The value of the pickle that starts here; the tape stops right behind it. Raises Unreadable."""
    return _Machine(tape, find, persistent).run()


class _Machine:
    """A stack, a memo, and one method an instruction."""

    def __init__(self, tape: Tape, find: Find, persistent: Persistent | None) -> None:
        self._tape = tape
        self._find = find
        self._persistent = persistent
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def run(self) -> Any:
        """Every instruction until STOP."""
        for _ in range(MAX_STEPS):
            code = self._tape.take(1)
            if code == b".":
                return self._pop()
            step = _STEPS.get(code)
            if step is None:
                raise Unreadable(f"is no sound pickle (instruction {code[0]:#04x})")
            step(self)
            if len(self._stack) > MAX_STACK or len(self._marks) > MAX_MARKS:
                raise Unreadable("is nested or piled deeper than any model")
        raise Unreadable("holds more values than any model")

    # The stack ---------------------------------------------------------------------------------------------------

    def _pop(self) -> Any:
        if not self._stack or (self._marks and len(self._stack) <= self._marks[-1]):
            raise Unreadable("is no sound pickle (it takes from an empty stack)")
        return self._stack.pop()

    def _top(self) -> Any:
        if not self._stack or (self._marks and len(self._stack) <= self._marks[-1]):
            raise Unreadable("is no sound pickle (it looks at an empty stack)")
        return self._stack[-1]

    def _since_mark(self) -> list[Any]:
        if not self._marks:
            raise Unreadable("is no sound pickle (it has no mark)")
        start = self._marks.pop()
        items = self._stack[start:]
        del self._stack[start:]
        return items

    def _number(self, code: str) -> int:
        form = struct.Struct("<" + code)
        return int(form.unpack(self._tape.take(form.size))[0])

    # Plain values ------------------------------------------------------------------------------------------------

    def _text(self, count: int) -> None:
        self._stack.append(self._tape.take(count).decode("utf-8", "replace"))

    def _old_text(self, count: int) -> None:
        self._stack.append(self._tape.take(count).decode("latin-1"))

    def _bytes(self, count: int) -> None:
        self._stack.append(self._tape.point(count))

    def _integer(self, count: int) -> None:
        if not 0 <= count <= LONGEST_INTEGER:
            raise Unreadable("holds an integer of unreasonable length")
        self._stack.append(int.from_bytes(self._tape.take(count), "little", signed=True))

    def _line_integer(self) -> None:
        line = self._tape.line().removesuffix(b"L")
        if line in (b"00", b"01"):
            self._stack.append(line == b"01")
            return
        try:
            self._stack.append(int(line[:LONGEST_INTEGER]))
        except ValueError as error:
            raise Unreadable("is no sound pickle (a number that is none)") from error

    def _line_float(self) -> None:
        try:
            self._stack.append(float(self._tape.line()))
        except ValueError as error:
            raise Unreadable("is no sound pickle (a number that is none)") from error

    def _line_text(self) -> None:
        self._stack.append(self._tape.line().decode("utf-8", "replace").strip("'\""))

    def _float(self) -> None:
        self._stack.append(struct.unpack(">d", self._tape.take(8))[0])

    # Containers --------------------------------------------------------------------------------------------------

    def _tuple(self, count: int) -> None:
        self._stack.append(tuple(reversed([self._pop() for _ in range(count)])))

    def _dict_of_mark(self) -> None:
        items = self._since_mark()
        table: dict[Any, Any] = {}
        self._fill(table, items)
        self._stack.append(table)

    def _fill(self, target: Any, items: list[Any]) -> None:
        """SETITEM on a table, and on nothing else: an item set elsewhere has been used to break memory."""
        if isinstance(target, Foreign):
            return
        if not isinstance(target, dict) or len(items) % 2:
            raise Unreadable(f"sets an item of a {type(target).__name__}, which no sound file does", SAFE_COPY)
        for key, value in zip(items[::2], items[1::2], strict=True):
            target[_key(key)] = value

    def _extend(self, target: Any, items: list[Any]) -> None:
        if isinstance(target, Foreign):
            return
        if isinstance(target, list):
            target.extend(items)
        elif isinstance(target, set):
            target.update(_key(item) for item in items)
        else:
            raise Unreadable(f"appends to a {type(target).__name__}, which no sound file does", SAFE_COPY)

    def _setitem(self) -> None:
        value, key = self._pop(), self._pop()
        self._fill(self._top(), [key, value])

    def _setitems(self) -> None:
        items = self._since_mark()
        self._fill(self._top(), items)

    def _append(self) -> None:
        item = self._pop()
        self._extend(self._top(), [item])

    def _appends(self) -> None:
        items = self._since_mark()
        self._extend(self._top(), items)

    # Memo --------------------------------------------------------------------------------------------------------

    def _put(self, place: int) -> None:
        if not 0 <= place <= MAX_MEMO:
            raise Unreadable(f"asks for {place:,} places to remember values; no model needs so many")
        self._memo[place] = self._top()

    def _get(self, place: int) -> None:
        if place not in self._memo:
            raise Unreadable("is no sound pickle (it remembers what it never saw)")
        self._stack.append(self._memo[place])

    def _line_place(self) -> int:
        line = self._tape.line()
        if not line.isdigit() or len(line) > 10:
            raise Unreadable("is no sound pickle (a place that is none)")
        return int(line)

    # Names and calls ---------------------------------------------------------------------------------------------

    def _global(self) -> None:
        module, name = self._tape.line(), self._tape.line()
        self._stack.append(self._find(module.decode("utf-8", "replace"), name.decode("utf-8", "replace")))

    def _stack_global(self) -> None:
        name, module = self._pop(), self._pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise Unreadable("is no sound pickle (a name that is no text)", SAFE_COPY)
        self._stack.append(self._find(module, name))

    def _call(self, function: Any, arguments: Any) -> None:
        """REDUCE and its kin: only functions of ours are called; a stranger's class yields an empty record."""
        if not isinstance(arguments, tuple):
            raise Unreadable("is no sound pickle (a call without arguments)", SAFE_COPY)
        if isinstance(function, ForeignName):
            self._stack.append(Foreign(function.name))
        elif isinstance(function, Function):
            try:
                self._stack.append(function.make(*arguments))
            except (TypeError, ValueError, OverflowError, KeyError) as error:
                if isinstance(error, Unreadable):
                    raise
                raise Unreadable(f"uses “{shown(function.name)}” in a way that no sound file does") from error
        else:
            raise Unreadable("calls something that is no function", SAFE_COPY)

    def _reduce(self) -> None:
        arguments, function = self._pop(), self._pop()
        self._call(function, arguments)

    def _new_with_keywords(self) -> None:
        keywords, arguments, function = self._pop(), self._pop(), self._pop()
        if keywords and not isinstance(function, ForeignName):
            raise Unreadable("calls a class of ours by keyword, which no sound file does", SAFE_COPY)
        self._call(function, arguments)

    def _object(self) -> None:
        items = self._since_mark()
        if not items:
            raise Unreadable("is no sound pickle (an object without a class)")
        self._call(items[0], tuple(items[1:]))

    def _instance(self) -> None:
        self._global()
        function = self._pop()
        self._call(function, tuple(self._since_mark()))

    def _build(self) -> None:
        """State of the value below it: kept for plain records, dropped for strangers, refused for all else."""
        state, target = self._pop(), self._top()
        if isinstance(target, Stateful):
            target.set_state(state)
        elif not isinstance(target, dict) or not isinstance(state, dict):
            raise Unreadable(f"sets the inside of a {type(target).__name__}, which no sound file does", SAFE_COPY)

    def _persistent_id(self) -> None:
        reference = self._pop()
        if self._persistent is None:
            raise Unreadable("refers to numbers outside of it; it is a part of a checkpoint, not a whole one")
        self._stack.append(self._persistent(reference))

    # The frame around it all -----------------------------------------------------------------------------------------

    def _protocol(self) -> None:
        if self._tape.take(1)[0] > NEWEST_PROTOCOL:
            raise Unreadable("is a pickle of a version that does not exist yet")

    def _frame(self) -> None:
        if self._number("Q") > self._tape.left:
            raise Unreadable("ends in the middle, as a half downloaded file does")

    def _discard(self) -> None:
        if self._marks and len(self._stack) == self._marks[-1]:
            self._marks.pop()
        else:
            self._pop()


def _key(value: Any) -> Any:
    """A key that hashes at once: nested tuples as keys can be made to take forever (each level doubles the work)."""
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, Foreign | ForeignName):
        return value.name
    if isinstance(value, tuple) and len(value) <= LONGEST_KEY and all(isinstance(item, _SCALARS) for item in value):
        return value
    raise Unreadable(f"uses a {type(value).__name__} as a key, which no weights do")


_Step = Callable[[_Machine], None]


def _push(make: Callable[[], Any]) -> _Step:
    """An instruction that puts one fresh value on the stack."""
    return lambda machine: machine._stack.append(make())


def _push_number(code: str) -> _Step:
    """An instruction that is a number itself, stored as struct `code` says."""
    return lambda machine: machine._stack.append(machine._number(code))


def _counted(step: Callable[[_Machine, int], None], code: str) -> _Step:
    """An instruction that is followed by a number, stored as struct `code` says."""
    return lambda machine: step(machine, machine._number(code))


def _fixed(step: Callable[[_Machine, int], None], count: int) -> _Step:
    """An instruction whose number is always the same."""
    return lambda machine: step(machine, count)


def _placed(step: Callable[[_Machine, int], None]) -> _Step:
    """An instruction that is followed by a place in the memo, written as a line of text."""
    return lambda machine: step(machine, machine._line_place())


def _gather(make: Callable[[list[Any]], Any]) -> _Step:
    """An instruction that turns everything since the last mark into one value."""
    return lambda machine: machine._stack.append(make(machine._since_mark()))


# Absent on purpose: EXT1, EXT2, EXT4 (names by number), PERSID (only text), NEXT_BUFFER and READONLY_BUFFER.
_STEPS: dict[bytes, _Step] = {
    b"\x80": lambda machine: machine._protocol(),
    b"\x95": lambda machine: machine._frame(),
    b"(": lambda machine: machine._marks.append(len(machine._stack)),
    b"0": _Machine._discard,
    b"1": lambda machine: machine._since_mark().clear(),
    b"2": lambda machine: machine._stack.append(machine._top()),
    b"N": _push(lambda: None),
    b"\x88": _push(lambda: True),
    b"\x89": _push(lambda: False),
    b"I": _Machine._line_integer,
    b"L": _Machine._line_integer,
    b"J": _push_number("i"),
    b"K": _push_number("B"),
    b"M": _push_number("H"),
    b"\x8a": _counted(_Machine._integer, "B"),
    b"\x8b": _counted(_Machine._integer, "i"),
    b"F": _Machine._line_float,
    b"G": _Machine._float,
    b"S": _Machine._line_text,
    b"V": _Machine._line_text,
    b"T": _counted(_Machine._old_text, "i"),
    b"U": _counted(_Machine._old_text, "B"),
    b"X": _counted(_Machine._text, "I"),
    b"\x8c": _counted(_Machine._text, "B"),
    b"\x8d": _counted(_Machine._text, "Q"),
    b"B": _counted(_Machine._bytes, "I"),
    b"C": _counted(_Machine._bytes, "B"),
    b"\x8e": _counted(_Machine._bytes, "Q"),
    b"\x96": _counted(_Machine._bytes, "Q"),
    b"]": _push(list),
    b"}": _push(dict),
    b")": _push(tuple),
    b"\x8f": _push(set),
    b"l": _gather(list),
    b"t": _gather(tuple),
    b"d": _Machine._dict_of_mark,
    b"\x85": _fixed(_Machine._tuple, 1),
    b"\x86": _fixed(_Machine._tuple, 2),
    b"\x87": _fixed(_Machine._tuple, 3),
    b"\x91": _gather(lambda items: frozenset(_key(item) for item in items)),
    b"a": _Machine._append,
    b"e": _Machine._appends,
    b"\x90": _Machine._appends,
    b"s": _Machine._setitem,
    b"u": _Machine._setitems,
    b"\x94": lambda machine: machine._put(len(machine._memo)),
    b"p": _placed(_Machine._put),
    b"q": _counted(_Machine._put, "B"),
    b"r": _counted(_Machine._put, "I"),
    b"g": _placed(_Machine._get),
    b"h": _counted(_Machine._get, "B"),
    b"j": _counted(_Machine._get, "I"),
    b"c": _Machine._global,
    b"\x93": _Machine._stack_global,
    b"R": _Machine._reduce,
    b"\x81": _Machine._reduce,
    b"\x92": _Machine._new_with_keywords,
    b"o": _Machine._object,
    b"i": _Machine._instance,
    b"b": _Machine._build,
    b"Q": _Machine._persistent_id,
}
