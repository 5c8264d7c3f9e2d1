"""Packages with one fault each: a sentence that names the fault, the exit code, and nothing written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end2end.program import Program
from tests.fakes import broken
from tests.fakes.packages import slow_load, tiny_glyphs

REFUSED: list[tuple[Callable[[Path], Path], str]] = [
    (broken.wrong_digest, "decoder.onnx"), (broken.missing_graph, "decoder.onnx"), (broken.newer_format, "format 2"),
    (broken.path_escape, "outside"), (broken.code_file, "helpers.py"), (broken.unlisted_file, "notes.txt"),
    (broken.not_onnx, "decoder.onnx"), (broken.foreign_operator, "evil.corp"), (broken.billion_laughs, "decoder.onnx"),
]
"""Told by looking at the files; nothing of the package runs."""

FAILING: list[tuple[Callable[[Path], Path], str, int]] = [
    (broken.wrong_shape, "shape", 3), (broken.nan_output, "number", 3), (broken.aborts_at_load, "SIGFPE", 3),
    (broken.aborts_at_run, "SIGFPE", 3),
]
"""Told by the engine, which may die of them."""


@pytest.mark.parametrize(("build", "word"), REFUSED, ids=lambda part: getattr(part, "__name__", ""))
def test_an_unsound_package_is_refused_before_anything_runs(bare: Program, tmp_path: Path,
                                                            build: Callable[[Path], Path], word: str):
    build(tmp_path / "pack" / "broken")
    for words in (("render", "pack/broken", "-o", "a.png"), ("models", "check", "pack/broken"),
                  ("models", "add", "pack/broken")):
        ran = bare(*words)
        assert ran.code == 2, (words, ran.err)
        assert len(ran.faults) == 1
        assert word in ran.faults[0]
        assert ran.out == ""
    assert not (tmp_path / "a.png").exists()
    assert not bare.models.exists() or list(bare.models.iterdir()) == []


@pytest.mark.parametrize(("build", "word", "code"), FAILING, ids=lambda part: getattr(part, "__name__", ""))
def test_a_graph_that_lies_fails_or_kills_is_a_sentence(bare: Program, tmp_path: Path,
                                                        build: Callable[[Path], Path], word: str, code: int):
    build(tmp_path / "broken")
    for words in (("render", "./broken", "-o", "a.png", "--json"), ("models", "check", "broken", "--json")):
        ran = bare(*words)
        assert ran.code == code, ran.err
        assert len(ran.faults) == 1
        assert word in ran.document["problem"]["what"]
        assert ran.document["problem"]["remedy"]
    assert not (tmp_path / "a.png").exists()


def test_a_blank_picture_is_never_kept_in_silence(bare: Program, tmp_path: Path):
    broken.constant_output(tmp_path / "blank")
    ran = bare("render", "./blank", "-o", "a.png")
    assert ran.code == 3
    assert not (tmp_path / "a.png").exists()
    assert "every pixel looks the same" in ran.err


def test_a_graph_that_hangs_while_it_loads_is_ended(bare: Program, tmp_path: Path):
    slow_load(tmp_path / "slow")
    ran = bare("render", "./slow", "-o", "a.png", timeout=60)
    assert ran.code == 3
    assert "took longer than 20 s" in ran.err
    assert not (tmp_path / "a.png").exists()


def test_a_broken_package_on_the_shelf_does_not_hide_the_sound_ones(program: Program):
    broken.newer_format(program.models / "future")
    ran = program("models")
    assert ran.code == 0
    assert "tiny-glyphs" in ran.out
    assert "format 2" in ran.err
    assert program("render", "tiny-glyphs", "-o", "a.png").code == 0
    asked = program("render", "future", "-o", "b.png")
    assert asked.code == 2


def test_an_unknown_model_names_the_known_ones(program: Program):
    ran = program("render", "pots", "-o", "a.png")
    assert ran.code == 2
    assert "tiny-glyphs" in ran.err
    assert "models add" in ran.err


def test_a_manifest_cannot_steer_the_terminal(bare: Program):
    tiny_glyphs(bare.models / "evil", id="evil", summary="\x1b[2Jgone \u202egnp.exe", name="A\x07B")
    for words in (("models",), ("models", "show", "evil")):
        ran = bare(*words)
        assert ran.code == 0
        assert not any(mark in ran.out for mark in ("\x1b", "\u202e", "\x07"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_without_end_is_not_waited_for(bare: Program, tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for words in (("inspect", "pipe"), ("repeat", "pipe", "-o", "x.png"), ("models", "add", "pipe"),
                  ("models", "check", "pipe"), ("batch", "pipe", "-o", "out"), ("inspect", "/dev/zero")):
        ran = bare(*words, timeout=20)
        assert ran.code == 2
        assert "neither a file nor a folder" in ran.err


@pytest.mark.parametrize("name", ["gone", "file.txt", "empty"])
def test_what_is_no_package_at_all_is_a_sentence(bare: Program, tmp_path: Path, name: str):
    (tmp_path / "file.txt").write_text("hello")
    (tmp_path / "empty").mkdir()
    for action in ("add", "check"):
        ran = bare("models", action, name)
        assert ran.code == 2
        assert len(ran.faults) == 1
