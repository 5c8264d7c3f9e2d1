"""Closes this process in: it reads what it was told to, writes one folder, has no network; its children inherit that.

Linux only: Landlock (kernel 5.13 and later) for files, a seccomp filter for sockets, both without any privilege. Where
the system has none of it, the work goes on and says so. What is imported or opened before `enter` stays usable.
"""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

# linux/landlock.h: system calls (the same numbers on every architecture) and access rights to files.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ABI_QUESTION = 1
_RULE_PATH = 1
_EXECUTE, _WRITE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_BASIC = (1 << 13) - 1        # version 1: execute .. make_sym
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15  # versions 2, 3, 5
_FOR_A_FILE = _EXECUTE | _WRITE | _READ_FILE | _TRUNCATE | _IOCTL
# In the work folder: write, read, list, remove, make folders and plain files; no devices, pipes, sockets or links.
_WORK = _WRITE | _READ_FILE | _READ_FOLDER | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | _REFER | _TRUNCATE
_NET_TCP = 3                  # version 4: bind and connect
_SCOPES = 3                   # version 6: abstract Unix sockets, signals to others

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_FILTER = 38, 22, 2
_EACCES, _ENOSYS = 13, 38
_RET_KILL, _RET_ERRNO, _RET_ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF: load a word, jump if equal, if not less, return
_AT_NUMBER, _AT_MACHINE = 0, 4                              # struct seccomp_data
_X32 = 0x40000000
_CARDS = ("nvidia*", "dri", "dxg", "kfd")  # in /dev


@dataclass(frozen=True)
class _Machine:
    """How a processor's system calls are numbered."""

    audit: int
    socket: int
    ptrace: int
    others: tuple[int, ...]   # process_vm_readv, process_vm_writev, io_uring_setup, keyctl, bpf, userfaultfd


_MACHINES = {
    "x86_64": _Machine(0xC000003E, 41, 101, (310, 311, 425, 250, 321, 323)),
    "aarch64": _Machine(0xC00000B7, 198, 117, (270, 271, 425, 219, 280, 282)),
}


@dataclass(frozen=True)
class Rights:
    """What a closed-in process may touch. Paths that do not exist are left out."""

    read: tuple[Path, ...] = ()              # files, or folders with all they hold
    write: tuple[Path, ...] = ()             # folders: read, write, create, rename, delete
    run: tuple[Path, ...] = ()               # programs, or folders of them
    names: tuple[Path, ...] = ()             # folders whose file names may be listed
    devices: tuple[Path, ...] = ()           # graphics cards: read, write, control


@dataclass(frozen=True)
class Confinement:
    """What is really enforced; `notes` tell it in sentences."""

    files: bool
    network: bool
    notes: tuple[str, ...]


def enter(rights: Rights, *, memory: int | None = None) -> Confinement:
    """Give up everything but `rights`, for ever, for this process and the children it will start.

    `memory` caps the address space in bytes. Call it before other threads start: they would stay outside.
    """
    _no_core_dumps()
    if memory is not None:
        _cap_memory(memory)
    if sys.platform != "linux":
        return Confinement(files=False, network=False, notes=(_words(files=False, network=False),))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    files = _landlock(libc, rights)
    network = _seccomp(libc)
    return Confinement(files, network, (_words(files=files, network=network),))


def _words(*, files: bool, network: bool) -> str:
    """The state in one sentence."""
    if files and network:
        return ("The converter is confined by the system: it reads only the model and its own program, writes only its "
                "work folder, and has no network.")
    if files:
        return "The converter is confined to its files, but this system cannot take the network from it."
    if network:
        return "The converter has no network, but this kernel cannot confine its files (Landlock is missing)."
    return "This system cannot confine the converter: it can read and write what you can."


def _no_core_dumps() -> None:
    """A dump would hold the model, and lie where nobody looks."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cap_memory(bytes_: int) -> None:
    """A cap on the address space, where there is one."""
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = bytes_ if hard == resource.RLIM_INFINITY else min(bytes_, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


# Landlock

def _landlock(libc: ctypes.CDLL, rights: Rights) -> bool:
    """Limit files (and TCP where the kernel can). False where the kernel has no Landlock."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ABI_QUESTION)
    if version < 1:
        return False
    handled = _handled(version)
    attributes = struct.pack("<QQQ", handled, _NET_TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)  # noqa: PLR2004 - kernel versions
    size = 24 if version >= 6 else 16 if version >= 4 else 8  # noqa: PLR2004
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        wanted = [(_READ_FILE | _READ_FOLDER, rights.read), (_WORK & handled, rights.write),
                  (_EXECUTE | _READ_FILE | _READ_FOLDER, rights.run), (_READ_FOLDER, rights.names),
                  (handled & (_READ_FILE | _READ_FOLDER | _WRITE | _IOCTL), rights.devices)]
        for access, paths in wanted:
            _allow(libc, ruleset, paths, access)
        _allow(libc, ruleset, [Path("/dev/null")], _READ_FILE | _WRITE | handled & _TRUNCATE)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _handled(version: int) -> int:
    """The rights to files that this version of Landlock knows, and that we therefore take away."""
    later = ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL))
    return _BASIC | sum(right for since, right in later if version >= since)


def _allow(libc: ctypes.CDLL, ruleset: int, paths: Iterable[Path], access: int) -> None:
    """Grant `access` beneath each path; a plain file takes only the rights that files have."""
    for path in paths:
        try:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # what is not there needs no right
        try:
            folder = stat.S_ISDIR(os.fstat(handle).st_mode)
            rule = struct.pack("<Qi", access if folder else access & _FOR_A_FILE, handle)
            if libc.syscall(_ADD_RULE, ruleset, _RULE_PATH, rule, 0) != 0:
                raise OSError(ctypes.get_errno(), f"Landlock refused a rule for {path}")
        finally:
            os.close(handle)


# seccomp

def _seccomp(libc: ctypes.CDLL) -> bool:
    """No new sockets of any family (so no D-Bus either), no looking into other processes. False where impossible."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    code = _program(machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, ctypes.c_char_p(program), 0, 0) == 0)


def _program(machine: _Machine) -> bytes:
    """The filter as BPF: another machine's calls kill, refused calls fail with an error, the rest passes."""
    refused: list[tuple[int, int]] = [(machine.socket, _EACCES), (machine.ptrace, _EACCES)]
    refused += [(number, _ENOSYS) for number in machine.others]
    steps = [(_LOAD, 0, 0, _AT_MACHINE), (_EQUAL, 1, 0, machine.audit), (_RETURN, 0, 0, _RET_KILL),
             (_LOAD, 0, 0, _AT_NUMBER), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _RET_ERRNO | _ENOSYS)]
    for number, error in refused:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _RET_ERRNO | error)]
    steps.append((_RETURN, 0, 0, _RET_ALLOW))
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


# What the converter needs of the system

def system_rights() -> Rights:
    """The program, the interpreter with its libraries, and the little of the system that libraries look at."""
    house = Path(__file__).resolve().parent.parent
    prefixes = {Path(word).resolve() for word in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}
    libraries = [Path(word) for word in ("/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/usr/local/lib")]
    bundle = getattr(sys, "_MEIPASS", None)
    frozen = [Path(sys.executable).resolve().parent, Path(bundle)] if bundle else []
    extra = [Path(word) for word in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if word]
    looked_at = ("/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/localtime", "/etc/os-release", "/usr/share/zoneinfo",
                 "/proc", "/sys", "/dev/urandom", "/dev/random", "/dev/zero")
    code = (*_import_folders(house, prefixes), *sorted(prefixes), *frozen)
    return Rights(read=(*code, *libraries, *extra, *map(Path, looked_at)),
                  run=(Path(sys.executable), Path(sys.executable).resolve(), *libraries),
                  devices=tuple(path for pattern in _CARDS for path in Path("/dev").glob(pattern)),
                  names=(house,))  # Python finds `export` by listing the folder that holds it


def _import_folders(house: Path, prefixes: Sequence[Path] | set[Path]) -> list[Path]:
    """Where our own code lies, and the folders of `sys.path` outside the interpreter that hold installed packages."""
    inside = [house / name for name in ("engine", "export", "resources")]
    site = [Path(word).resolve() for word in sys.path if "-packages" in word]
    return inside + [path for path in site if not any(path.is_relative_to(prefix) for prefix in prefixes)]
