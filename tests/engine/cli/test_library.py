"""The library on the command line, but for meanings: those need the encoder (tests/end2end)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli.main import main
from engine.library.library import Library
from engine.paths import library_file
from tests.engine.library.kept import write


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with two pictures, a text, and a file that is none of ours."""
    write(tmp_path / "wall.png", "moss")
    write(tmp_path / "deep" / "sea.png", "calm", seed=1)
    write(tmp_path / "names.txt", "harbour", package="names", texts=("Blue hour",))
    (tmp_path / "readme.txt").write_text("hello", encoding="utf-8")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    """What `atelier library WORDS --json` answers."""
    assert main(["library", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_folder_is_added_once_and_listed(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = told(capsys, "add", str(kept))
    assert (len(done["added"]), done["known"], done["passed"], done["failed"]) == (3, 0, 1, [])
    assert told(capsys, "add", str(kept))["known"] == 3
    listed = told(capsys, "list", "--order", "name")
    assert [Path(entry["path"]).name for entry in listed["entries"]] == ["names.txt", "sea.png", "wall.png"]
    assert listed["entries"][0]["texts"] == ["Blue hour"]
    assert listed["total"] == 3
    assert told(capsys)["total"] == 3
    assert list((library_file().parent / "library-copies").iterdir())


def test_the_list_is_narrowed(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "add", str(kept))
    numbers = {Path(entry["path"]).name: entry["id"] for entry in told(capsys)["entries"]}
    told(capsys, "tag", str(numbers["wall.png"]), "--add", "Walls", "--add", "dark")
    told(capsys, "rate", str(numbers["wall.png"]), str(numbers["sea.png"]), "4")
    (kept / "names.txt").unlink()
    for words, expected in ((["--tag", "walls"], {"wall.png"}), (["--rating", "4"], {"wall.png", "sea.png"}),
                            (["--kind", "text"], {"names.txt"}), (["--model", "names"], {"names.txt"}),
                            (["--words", "calm"], {"sea.png"}), (["--missing"], {"names.txt"})):
        assert {Path(entry["path"]).name for entry in told(capsys, "list", *words)["entries"]} == expected


def test_people_get_a_table(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library"]) == 0
    assert "`atelier library add FOLDER`" in capsys.readouterr().out
    main(["library", "add", str(kept)])
    assert capsys.readouterr().out == "3 added, 0 known already, 1 without a recipe passed over\n"
    main(["library", "tag", "1", "--add", "Walls"])
    assert capsys.readouterr().out == "tagged 1 names.txt: Walls\n"
    (kept / "wall.png").unlink()
    main(["library", "list", "--count", "2", "--order", "name"])
    out = capsys.readouterr().out
    assert out.splitlines()[0].split() == ["ID", "RATED", "MODEL", "TAGS", "ABOUT", "FILE"]
    assert "2 of 3; --count shows more" in out
    main(["library", "list", "--missing"])
    assert "wall.png (missing)" in capsys.readouterr().out


def test_tags_ratings_and_forgetting(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "add", str(kept / "wall.png"), str(kept / "names.txt"))
    assert [entry["tags"] for entry in told(capsys, "tag", "1", "2", "--add", "dark")["tagged"]] == [["dark"]] * 2
    assert told(capsys, "tag", "2", "--remove", "DARK")["tagged"][0]["tags"] == []
    assert told(capsys, "rate", "1", "5")["rated"][0]["rating"] == 5
    assert told(capsys, "where")["tags"] == {"dark": 1}
    assert [entry["id"] for entry in told(capsys, "forget", "1")["forgot"]] == [1]
    assert (kept / "wall.png").exists()
    where = told(capsys, "where")
    assert (where["path"], where["entries"], where["models"]) == (str(library_file()), 1, {"names": 1})


@pytest.mark.parametrize(("words", "what"), [
    (["rate", "1", "7", "4"], "no entry 7"), (["tag", "1"], "No tag is given"), (["rate", "1", "6"], "from 0 to 5"),
    (["forget", "wall.png"], "not a whole number"), (["add", "/nowhere/at/all"], "was not found"),
    (["find"], "required"),
])
def test_slips_change_nothing(kept: Path, capsys: pytest.CaptureFixture[str], words: list[str], what: str) -> None:
    told(capsys, "add", str(kept / "wall.png"))
    assert what in told(capsys, *words, code=2)["problem"]["what"]
    assert told(capsys)["entries"][0]["rating"] == 0


def test_a_named_file_without_a_recipe_is_told(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = told(capsys, "add", str(kept / "wall.png"), str(kept / "readme.txt"), code=1)
    assert (len(done["added"]), done["failed"][0]["path"]) == (1, str(kept / "readme.txt"))


def test_a_library_that_was_damaged_is_told(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Library.open() as library:
        path = library.path
    path.write_bytes(b"no library")
    assert main(["library", "where"]) == 0
    assert "note: The library was damaged and begins anew" in capsys.readouterr().err
