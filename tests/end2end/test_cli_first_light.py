"""The main job through the real program: add a model, look at it, render, inspect, repeat."""

import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from tests.end2end.program import Program
from tests.fakes.packages import tiny_color, tiny_glyphs

PNG = b"\x89PNG\r\n\x1a\n"


def test_from_an_added_zip_to_a_repeated_picture(bare: Program, tmp_path: Path):
    folder = tiny_glyphs(tmp_path / "source" / "tiny-glyphs")
    archive = tmp_path / "model.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in folder.iterdir():
            packed.write(file, f"tiny-glyphs/{file.name}")

    assert bare("models", "check", archive).code == 0
    assert bare("models", "add", archive).code == 0
    shutil.rmtree(tmp_path / "source")
    listed = bare("models")
    assert listed.code == 0
    assert "tiny-glyphs" in listed.out

    made = bare("render", "tiny-glyphs", "--set", "text=HI", "--set", "weight=1.5", "--seed", "3", "--size", "200x80",
                "-o", "a.png")
    assert (made.code, made.err) == (0, ""), made.err
    assert (tmp_path / "a.png").read_bytes().startswith(PNG)

    seen = bare("inspect", "a.png", "--json").document
    values = seen["recipe"]["values"]
    assert (values["text"], values["weight"], values["seed"], values["size"]) == ("HI", 1.5, 3, [200, 80])

    again = bare("repeat", "a.png", "-o", "b.png")
    assert again.code == 0, again.err
    assert (tmp_path / "b.png").read_bytes() == (tmp_path / "a.png").read_bytes()

    assert bare("models", "remove", "tiny-glyphs").code == 0
    gone = bare("repeat", "a.png", "-o", "c.png")
    assert gone.code == 2
    assert "tiny-glyphs" in gone.err
    assert not (tmp_path / "c.png").exists()


def test_every_listing_and_result_is_one_json_document(program: Program, tmp_path: Path):
    assert [entry["id"] for entry in program("models", "--json").document["packages"]
            if entry["id"].startswith("tiny")] == ["tiny-glyphs"]
    shown = program("models", "show", "tiny-glyphs", "--json").document["package"]
    assert {control["name"] for control in shown["controls"]} >= {"seed", "text", "weight", "size"}
    made = program("render", "tiny-glyphs", "--count", "2", "-o", "out", "--json")
    document = made.document
    names = [Path(file["path"]).name for file in document["files"]]
    assert names == ["tiny-glyphs_000000.png", "tiny-glyphs_000001.png"]
    for file in document["files"]:
        assert Path(file["path"]).stat().st_size == file["bytes"]
    assert document["device"]["actual"] == "CPUExecutionProvider"
    checked = program("models", "check", "tiny-glyphs", "--json").document
    assert checked["sound"] is True
    assert checked["trial"]["provider"] == "CPUExecutionProvider"
    first = document["files"][0]["path"]
    repeated = program("repeat", first, "-o", "again.png", "--json").document
    assert repeated["same_bytes"] is True
    assert repeated["differences"] == []


def test_show_is_a_table_that_names_every_control(program: Program):
    shown = program("models", "show", "tiny-glyphs")
    assert shown.code == 0
    assert all(name in shown.out for name in ("seed", "variety", "weight", "Thin to heavy", "CC0-1.0"))


def test_a_model_can_be_used_from_its_folder(bare: Program, tmp_path: Path):
    tiny_color(tmp_path / "here")
    made = bare("render", "./here", "-o", "a.png")
    assert made.code == 0, made.err
    assert (tmp_path / "a.png").exists()


def test_rising_seeds_differ_and_equal_seeds_do_not(program: Program, tmp_path: Path):
    assert program("render", "tiny-glyphs", "--seed", "7", "--count", "3", "-o", "one").code == 0
    assert program("render", "tiny-glyphs", "--seed", "8", "-o", "two/eight.png").code == 0
    pictures = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert sorted(pictures) == [f"tiny-glyphs_00000{seed}.png" for seed in (7, 8, 9)]
    assert len(set(pictures.values())) == 3
    assert (tmp_path / "two" / "eight.png").read_bytes() == pictures["tiny-glyphs_000008.png"]


def test_nothing_is_replaced_without_force(program: Program, tmp_path: Path):
    (tmp_path / "a.png").write_text("precious")
    refused = program("render", "tiny-glyphs", "-o", "a.png")
    assert refused.code == 2
    assert "--force" in refused.err
    assert (tmp_path / "a.png").read_text() == "precious"
    assert program("render", "tiny-glyphs", "-o", "a.png", "--force").code == 0
    assert (tmp_path / "a.png").read_bytes().startswith(PNG)
    again = program("render", "tiny-glyphs", "-o", "folder")
    twice = program("render", "tiny-glyphs", "-o", "folder")
    assert (again.code, twice.code) == (0, 0)
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == ["tiny-glyphs_000000.png",
                                                                             "tiny-glyphs_000000_2.png"]


def test_the_poorest_locale_and_any_folder_name(program: Program, tmp_path: Path):
    locale = {"LC_ALL": "C"}
    folder = tmp_path / "字形 モデル 🙂 it's"
    folder.mkdir()
    made = program("render", "tiny-glyphs", "-o", folder / "ä b.png", env=locale)
    assert made.code == 0, made.err
    assert program("inspect", folder / "ä b.png", env=locale).code == 0
    repeated = program("repeat", folder / "ä b.png", "-o", folder / "two", "--json", env=locale)
    assert repeated.document["same_bytes"] is True
    assert program("models", "show", "tiny-glyphs", env=locale).code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one encoding for names")
def test_a_name_that_the_locale_cannot_read_is_a_sentence(program: Program):
    ran = program("render", "tiny-glyphs", "-o", "字.png",
                  env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert ran.code == 2
    assert "LC_ALL=C.UTF-8" in ran.err


def test_a_home_with_letters_of_another_script(bare: Program, tmp_path: Path):
    moved = Program(tmp_path / "家 🙂", tmp_path)
    tiny_glyphs(moved.models / "tiny-glyphs")
    assert moved("render", "tiny-glyphs", "-o", "a.png").code == 0


def test_another_version_of_the_model_is_said_plainly(program: Program, tmp_path: Path):
    assert program("render", "tiny-glyphs", "-o", "a.png").code == 0
    shutil.rmtree(program.models / "tiny-glyphs")
    tiny_glyphs(program.models / "tiny-glyphs", version="1.1.0")
    refused = program("repeat", "a.png", "-o", "b.png")
    assert refused.code == 2
    assert "1.0.0" in refused.err
    assert "1.1.0" in refused.err
    assert not (tmp_path / "b.png").exists()
    told = program("repeat", "a.png", "-o", "b.png", "--any-version")
    assert told.code in {0, 1}
    assert "1.1.0" in told.err


@pytest.mark.parametrize("content", [b"", PNG, b"not a picture", PNG + b"\xff" * 5000])
def test_a_file_that_is_no_picture_of_ours_is_a_sentence(program: Program, tmp_path: Path, content: bytes):
    (tmp_path / "x.png").write_bytes(content)
    for words in (("inspect", "x.png"), ("repeat", "x.png", "-o", "y.png")):
        ran = program(*words, "--json")
        assert ran.code == 2
        assert ran.document["problem"]["remedy"]
        assert len(ran.faults) == 1
    assert program("inspect", "missing.png").code == 2
    assert not (tmp_path / "y.png").exists()
