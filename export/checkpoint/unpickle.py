"""Reads a pickle as data: our own small machine for its instructions, which can build plain values and nothing else.

Python's own reader fetches whatever function the file names and calls it; scanners that look first can be fooled. Here
a name is looked up in `names.py`, which knows a few dozen and maps each to a function of ours. Nothing is imported.
`pickletools` of the standard library documents every instruction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from export.checkpoint.faults import Unreadable
from export.checkpoint.machine import Find, Machine, Persistent, key_of
from export.checkpoint.tape import Tape

MAX_STEPS = 2_000_000


def read_pickle(tape: Tape, find: Find, persistent: Persistent | None = None) -> Any:
    """The value of the pickle that starts here; the tape stops right behind it. Raises Unreadable."""
    machine = Machine(tape, find, persistent)
    for _ in range(MAX_STEPS):
        code = tape.take(1)
        if code == b".":
            return machine.pop()
        step = _STEPS.get(code)
        if step is None:
            raise Unreadable(f"is no sound pickle (instruction {code[0]:#04x})")
        step(machine)
        if machine.is_piled:
            raise Unreadable("is nested or piled deeper than any model")
    raise Unreadable("holds more values than any model")


_Step = Callable[[Machine], None]


def _push(make: Callable[[], Any]) -> _Step:
    """An instruction that puts one fresh value on the stack."""
    return lambda machine: machine.stack.append(make())


def _push_number(code: str) -> _Step:
    """An instruction that is a number itself, stored as struct `code` says."""
    return lambda machine: machine.stack.append(machine.number(code))


def _counted(step: Callable[[Machine, int], None], code: str) -> _Step:
    """An instruction that is followed by a number, stored as struct `code` says."""
    return lambda machine: step(machine, machine.number(code))


def _fixed(step: Callable[[Machine, int], None], count: int) -> _Step:
    """An instruction whose number is always the same."""
    return lambda machine: step(machine, count)


def _placed(step: Callable[[Machine, int], None]) -> _Step:
    """An instruction that is followed by a place in the memo, written as a line of text."""
    return lambda machine: step(machine, machine.line_place())


def _gather(make: Callable[[list[Any]], Any]) -> _Step:
    """An instruction that turns everything since the last mark into one value."""
    return lambda machine: machine.stack.append(make(machine.since_mark()))


# Absent on purpose: EXT1, EXT2, EXT4 (names by number), PERSID (only text), NEXT_BUFFER and READONLY_BUFFER.
_STEPS: dict[bytes, _Step] = {
    b"\x80": lambda machine: machine.protocol(),
    b"\x95": lambda machine: machine.frame(),
    b"(": lambda machine: machine.marks.append(len(machine.stack)),
    b"0": Machine.discard,
    b"1": lambda machine: machine.since_mark().clear(),
    b"2": lambda machine: machine.stack.append(machine.top()),
    b"N": _push(lambda: None),
    b"\x88": _push(lambda: True),
    b"\x89": _push(lambda: False),
    b"I": Machine.line_integer,
    b"L": Machine.line_integer,
    b"J": _push_number("i"),
    b"K": _push_number("B"),
    b"M": _push_number("H"),
    b"\x8a": _counted(Machine.integer, "B"),
    b"\x8b": _counted(Machine.integer, "i"),
    b"F": Machine.line_float,
    b"G": Machine.real,
    b"S": Machine.line_quoted,
    b"V": Machine.line_text,
    b"T": _counted(Machine.old_text, "i"),
    b"U": _counted(Machine.old_text, "B"),
    b"X": _counted(Machine.text, "I"),
    b"\x8c": _counted(Machine.text, "B"),
    b"\x8d": _counted(Machine.text, "Q"),
    b"B": _counted(Machine.bytes_left, "I"),
    b"C": _counted(Machine.bytes_left, "B"),
    b"\x8e": _counted(Machine.bytes_left, "Q"),
    b"\x96": _counted(Machine.bytes_left, "Q"),
    b"]": _push(list),
    b"}": _push(dict),
    b")": _push(tuple),
    b"\x8f": _push(set),
    b"l": _gather(list),
    b"t": _gather(tuple),
    b"d": Machine.table,
    b"\x85": _fixed(Machine.make_tuple, 1),
    b"\x86": _fixed(Machine.make_tuple, 2),
    b"\x87": _fixed(Machine.make_tuple, 3),
    b"\x91": _gather(lambda items: frozenset(key_of(item) for item in items)),
    b"a": Machine.append,
    b"e": Machine.append_all,
    b"\x90": Machine.append_all,
    b"s": Machine.set_item,
    b"u": Machine.set_items,
    b"\x94": lambda machine: machine.put(len(machine.memo)),
    b"p": _placed(Machine.put),
    b"q": _counted(Machine.put, "B"),
    b"r": _counted(Machine.put, "I"),
    b"g": _placed(Machine.get),
    b"h": _counted(Machine.get, "B"),
    b"j": _counted(Machine.get, "I"),
    b"c": Machine.find_name,
    b"\x93": Machine.find_stacked,
    b"R": Machine.reduce,
    b"\x81": Machine.reduce,
    b"\x92": Machine.new_with_keywords,
    b"o": Machine.make_object,
    b"i": Machine.make_instance,
    b"b": Machine.build,
    b"Q": Machine.refer,
}
