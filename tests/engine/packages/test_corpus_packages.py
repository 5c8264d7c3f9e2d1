"""P01 to P30 through the shelf's door: refused with a reason, nothing added, nothing written anywhere else."""

from __future__ import annotations

import pytest

from engine.errors import PackageError
from engine.packages.shelf import Shelf
from tests import fakes
from tests.corpus.packages import CASES, zipped


@pytest.fixture
def shelf(tmp_path):
    """An empty one."""
    return Shelf((tmp_path / "outer" / "shelf",))


def test_every_case_of_the_page_is_here():
    assert sorted({case.name.partition("_")[0] for case in CASES}) == [f"P{number:02}" for number in range(1, 31)]


def test_without_its_fault_the_package_is_added(tmp_path, shelf):
    (tmp_path / "made").mkdir()
    assert shelf.add(zipped()(tmp_path / "made")).id == "tiny-color"
    assert shelf.add(fakes.tiny_color(tmp_path / "folder", version="1.1.0")).version == "1.1.0"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_refused_and_nothing_stays(case, tmp_path, shelf):
    (tmp_path / "made").mkdir()
    path = case.make(tmp_path / "made")
    before = {entry: entry.lstat().st_size for entry in (tmp_path / "made").rglob("*")}
    with pytest.raises(PackageError) as caught:
        shelf.add(path)
    assert case.words in caught.value.what
    assert caught.value.remedy.endswith(".")
    assert caught.value.subject
    assert {entry: entry.lstat().st_size for entry in (tmp_path / "made").rglob("*")} == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["made", "outer"]
    assert [entry.name for entry in (tmp_path / "outer").rglob("*")] == ["shelf"]
