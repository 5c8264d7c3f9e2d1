"""The program in an empty home, or in one that has the tiny glyph model."""

from pathlib import Path

import pytest

from tests.end2end.program import Program
from tests.fakes.packages import tiny_glyphs


@pytest.fixture
def bare(home: Path, tmp_path: Path) -> Program:
    """The program in an empty home; the working folder is the test's own."""
    return Program(home, tmp_path)


@pytest.fixture
def program(bare: Program) -> Program:
    """The program with the model `tiny-glyphs` on its shelf."""
    tiny_glyphs(bare.models / "tiny-glyphs")
    return bare
