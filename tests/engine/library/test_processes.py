"""Several programs and one library, and programs that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import atelier
from engine.library.library import Library
from engine.library.records import Query

ADDER = """
import sys
from pathlib import Path
from engine.library.library import Library
from tests.engine.library.kept import keepsake

name, many = sys.argv[2], int(sys.argv[3])
with Library.open(Path(sys.argv[1])) as library:
    for number in range(many):
        three = [keepsake(f"{name}-{number}-{part}.png", "moss", seed=part, thumbnail=b"x" * 9000) for part in range(3)]
        print(*(entry.id for entry in library.add_many(three)), flush=True)
"""


def adder(path: Path, name: str, many: int) -> subprocess.Popen[str]:
    """A program that adds three entries at a time and tells their ids once they are safe."""
    return subprocess.Popen([sys.executable, "-c", ADDER, str(path), name, str(many)], stdout=subprocess.PIPE,
                            text=True, cwd=Path(atelier.__file__).parent)


def test_programs_that_add_at_once_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "library.db"                            # not there yet: they also begin it at once
    programs = [adder(path, name, 15) for name in ("a", "b")]
    told = [number for program in programs for number in program.communicate()[0].split()]
    assert [program.returncode for program in programs] == [0, 0]
    assert len(set(told)) == 90
    with Library.open(path) as library:
        assert library.find(Query()).total == 90


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_nothing_that_was_told_is_lost_when_a_program_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    told: list[int] = []
    for lines in (2, 3):
        program = adder(path, f"run{lines}", 100_000)
        assert program.stdout is not None
        for _ in range(lines):
            told += [int(number) for number in program.stdout.readline().split()]
        os.kill(program.pid, signal.SIGKILL)                  # in the middle of the next one
        rest = program.communicate()[0].splitlines(keepends=True)
        told += [int(number) for line in rest if line.endswith("\n") for number in line.split()]
    with Library.open(path) as library:
        assert library.remarks == ()
        ids = library.ids(Query(limit=None))
        assert set(told) <= set(ids)
        assert len(ids) % 3 == 0                              # all of a step, or nothing of it
        assert all(library.thumbnail(number) for number in told)


def test_the_engine_child_never_opens_it() -> None:
    code = ("import sys, engine.server, engine.workshop, engine.child;"
            "sys.exit(','.join(name for name in sys.modules if name.startswith(('sqlite3', 'engine.library'))) or 0)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                          cwd=Path(atelier.__file__).parent)
    assert done.returncode == 0, done.stderr
