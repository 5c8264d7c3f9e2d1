"""Only regular files are opened: a pipe would be waited for until the end of days."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine.errors import FileProblem
from engine.packages.archive import unpack
from engine.provenance import read_recipe
from engine.reading import open_regular


def test_a_file_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    with open_regular(path) as file:
        assert file.read() == b"abc"


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "none")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFOs in folders")
def test_a_pipe_is_refused_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    with pytest.raises(FileProblem, match="is not a file"):
        read_recipe(pipe)
    with pytest.raises(FileProblem, match="is not a file"):
        unpack(pipe, tmp_path)
