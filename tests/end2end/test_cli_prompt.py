"""Prompts through the real program: texts on the terminal and in files, plans, one table of a batch, finding."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from PIL import Image

from engine.packages.foreign_folder import pipeline_of
from engine.packages.foreign_make import Label
from engine.packages.foreign_pack import make_pipeline
from tests.end2end.program import Program
from tests.fakes.layouts import folder_of
from tests.fakes.words import tiny_words


@pytest.fixture
def words(bare: Program) -> Program:
    """The program with the model `words` on its shelf, which writes nonsense at once."""
    tiny_words(bare.models / "words", recall=1.0)
    return bare


def test_cards_are_printed_one_a_line_kept_and_repeated(words: Program, tmp_path: Path):
    listed = words("models", "--json").document["packages"]
    assert {entry["id"]: entry["medium"] for entry in listed}["words"] == "text"
    shown = words("render", "words", "--prompt", "ab", "--seed", "3")
    assert (shown.code, shown.err) == (0, "")
    cards = shown.out.splitlines()
    assert len(cards) == 6
    assert all(card.startswith("ab") for card in cards)
    document = words("render", "words", "--prompt", "ab", "--seed", "3", "--json").document
    assert document["assets"][0]["texts"] == cards
    assert words("render", "words", "--prompt", "ab", "--seed", "3", "-o", "a.csv").code == 0
    assert words("inspect", "a.csv", "--json").document["recipe"]["values"]["prompt"] == "ab"
    again = words("repeat", "a.csv", "-o", "again/", "--json")
    assert again.document["same_bytes"] is True, again.err
    assert words("render", "words", "--prompt", "ab", "--seed", "3", "--card", "2", "-o", "one.txt").code == 0
    assert (tmp_path / "one.txt").read_text(encoding="utf-8").splitlines()[0] == cards[1]
    assert words("repeat", "one.txt", "-o", "two.txt").code == 0


def test_a_plan_tells_tokens_and_makes_nothing(words: Program, tmp_path: Path):
    told = words("render", "words", "--prompt", "a{b|c}", "--dry-run", "-o", "a.txt", "--json").document
    assert told["dry_run"] is True
    assert told["plan"]["prompts"]["prompt"]["text"] in ("ab", "ac")
    assert told["plan"]["prompts"]["prompt"]["tokens"] == 2
    assert list(tmp_path.glob("*.txt")) == []
    assert "2 tokens" in words("render", "words", "--prompt", "ab", "--dry-run").out


@pytest.mark.parametrize(("more", "said"), [
    (["-o", "a.png"], "no name for a text"), (["--negative", "red"], "no negative prompt"),
    (["--set", "image=a.png"], "no control “image”"), (["--card", "1"], "--card keeps one text"),
    (["--card", "99", "-o", "a.txt"], "There is no card 99")])
def test_what_does_not_fit_is_a_sentence(words: Program, more: list[str], said: str):
    ran = words("render", "words", *more)
    assert ran.code == 2
    assert said in ran.faults[0]


def test_a_picture_needs_a_file(program: Program):
    ran = program("render", "tiny-glyphs")
    assert ran.code == 2
    assert "A picture needs a file. Say where to with -o." in ran.err


def test_a_batch_of_prompts_becomes_one_table(words: Program, tmp_path: Path):
    (tmp_path / "prompts.csv").write_text("prompt,seed\na{b|c}d,1\na{b|c}d,2\nno,3\n")
    told = words("batch", "prompts.csv", "--package", "words", "-o", "out.csv", "--dry-run")
    assert told.out.splitlines()[0] == "out.csv"
    assert f"3 texts in {tmp_path / 'out.csv'}" in told.out
    assert not (tmp_path / "out.csv").exists()
    ran = words("batch", "prompts.csv", "--package", "words", "-o", "out.csv", "--json")
    assert (ran.code, ran.document["place"]) == (0, str(tmp_path / "out.csv")), ran.err
    assert not list(tmp_path.glob(".*.rows"))
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 3 * 6
    refused = words("batch", "prompts.csv", "--package", "words", "-o", "out.csv")
    assert refused.code == 2
    assert "already exists" in refused.err
    assert len(words("inspect", "out.csv", "--json").document["gathered"]) == 3
    many = words("batch", "prompts.csv", "--package", "words", "-o", "files", "--template", "{seed}")
    assert many.code == 0
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == ["1.txt", "2.txt", "3.txt"]


@pytest.mark.skipif(os.name == "nt", reason="kills a process")
def test_a_killed_batch_of_texts_goes_on_to_the_same_bytes(words: Program, tmp_path: Path):
    rows = "".join(f"ab,{seed}\n" for seed in range(100))
    (tmp_path / "many.csv").write_text("prompt,seed\n" + rows)
    assert words("batch", "many.csv", "--package", "words", "-o", "whole.json").code == 0
    started = words.start("batch", "many.csv", "--package", "words", "-o", "cut.json")
    limit = time.monotonic() + 30
    while len(list((tmp_path / ".cut.json.rows").glob("*.json"))) < 10:
        assert time.monotonic() < limit
        time.sleep(0.01)
    os.killpg(started.pid, signal.SIGKILL)
    started.communicate()
    assert not (tmp_path / "cut.json").exists()
    assert words("batch", "many.csv", "--package", "words", "-o", "cut.json", "--resume").code == 0
    assert (tmp_path / "cut.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert not (tmp_path / ".cut.json.rows").exists()


def test_source_pictures_are_given_by_their_path_also_in_a_table(bare: Program, tmp_path: Path):
    source = folder_of(tmp_path / "source", "diffusers")
    made = tmp_path / "tiny"
    make_pipeline(pipeline_of(source), Label("tiny", "Tiny", "Tiny", "CC0-1.0", ""), made)
    assert "too slow to follow a slider" in bare("models", "show", "./tiny").out
    Image.effect_noise((80, 80), 90).convert("RGB").save(tmp_path / "photo.png")
    Image.new("L", (80, 80), 255).save(tmp_path / "mask.png")
    words = ["render", "./tiny", "--prompt", "a brick", "--size", "64x64", "--set", "sampler=ddim", "--set", "steps=2"]
    plan = bare(*words, "--dry-run", "--json").document["plan"]
    assert plan["steps"] == 2
    assert plan["bytes"] > 0
    assert bare(*words, "--set", "image=photo.png", "--set", "mask=mask.png", "-o", "a.png").code == 0
    assert bare("inspect", "a.png", "--json").document["recipe"]["values"]["image"].startswith("sha256:")
    assert bare("repeat", "a.png", "--package", "./tiny", "-o", "b.png").code == 0
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "table.csv").write_text("prompt,image,seed\na {red|blue} cat,../photo.png,1\nb,,2\n")
    ran = bare("batch", "deeper/table.csv", "--package", "./tiny", "--set", "size=64x64", *words[-2:], "-o", "out")
    assert ran.code == 0, ran.err
    assert len(list((tmp_path / "out").glob("*.png"))) == 2
    (tmp_path / "photo.png").unlink()
    lost = bare(*words, "--set", "image=photo.png", "-o", "c.png")
    assert lost.code == 2
    assert "“photo.png” cannot be read" in lost.err
    shutil.rmtree(bare.home / "data" / "media")
    gone = bare("repeat", "a.png", "--package", "./tiny", "-o", "d.png")
    assert gone.code == 2
    assert "is not on this machine" in gone.err


def test_kept_files_are_found_by_meaning(words: Program, program: Program, tmp_path: Path):
    for name, prompt in (("wall", "an old wall of red bricks"), ("sea", "calm blue water"), ("cat", "a sleeping cat")):
        plain = "".join(letter for letter in prompt if letter.isalpha() or letter == " ")
        assert words("render", "words", "--prompt", plain, "--set", "length=1", "-o", f"kept/{name}.txt").code == 0
    program("render", "tiny-glyphs", "--set", "text=HO", "-o", "kept/deeper/glyph.png")
    (tmp_path / "kept" / "notes.txt").write_text("an old wall, but not ours")
    Image.new("RGB", (4, 4)).save(tmp_path / "kept" / "photo.png")
    told = words("find", "ancient stone masonry", "kept", "--json")
    assert told.code == 0, told.err
    assert told.document["files"] == 4
    assert Path(told.document["found"][0]["path"]).name == "wall.txt"
    assert words("find", "the ocean", "kept", "--count", "1").out.split()[1].endswith("sea.txt")
    assert len(words("library", "add", "kept", "--json").document["added"]) == 4
    for question, name in (("ancient stone masonry", "wall.txt"), ("a kitten", "cat.txt")):   # the second reads nothing
        found = words("library", "find", question, "--json").document["entries"]
        assert (Path(found[0]["path"]).name, found[0]["said"]) == (name, False)
    (tmp_path / "empty").mkdir()
    assert "carries a recipe" in words("find", "the ocean", "empty").out
    assert words("find", "the ocean", "nowhere").code == 2
