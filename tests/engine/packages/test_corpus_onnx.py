"""O01 to O42 through the real doors: the check of the files, then an engine child with deadlines that may die of it."""

from __future__ import annotations

import sys

import pytest

from engine.blocking import BlockingEngine
from engine.client import EngineClient, EngineOptions
from engine.errors import AtelierError, PackageError
from engine.packages.describe import describe
from engine.packages.foreign import Output, plan_of, questions_of
from engine.packages.onnxfile import survey
from engine.packages.verify import verify
from tests import fakes
from tests.corpus.onnx import CASES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and signals of POSIX")
SHORT = EngineOptions(provider="cpu", threads=1, load_deadline=15.0, run_deadline=5.0, max_deaths=100)


def named(door):
    return pytest.mark.parametrize("case", [case for case in CASES if case.door == door], ids=lambda case: case.name)


@pytest.fixture(scope="module")
def endings(tmp_path_factory):
    """How each case that passes the check ended in the engine: its fault, or what was written. One child for all.

    After each of them a sound package is written by the same engine.
    """
    top = tmp_path_factory.mktemp("corpus")
    sound = fakes.tiny_color(top / "sound")
    ended = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_ATELIER_HOME", str(top / "home"))
        with BlockingEngine(EngineClient(SHORT)) as engine:
            for case in CASES:
                if case.door == "check":
                    continue
                folder = case.make(top / case.name)
                verify(folder)
                try:
                    ended[case.name] = written(engine, folder, top / f"{case.name}.png")
                except AtelierError as error:
                    ended[case.name] = error
                written(engine, sound, top / f"{case.name}-after.png")
    assert not [path for path in top.glob("*.png") if path.stem in ended and isinstance(ended[path.stem], AtelierError)]
    return ended


def written(engine, folder, path):
    """The package's first picture, in a file."""
    engine.open(str(folder))
    return engine.write(describe(folder).default_recipe(), str(path))


def test_every_case_of_the_page_is_here():
    assert sorted({case.name.partition("_")[0] for case in CASES}) == [f"O{number:02}" for number in range(1, 43)]


@named("check")
def test_the_check_refuses_it_with_the_reason(case, tmp_path):
    folder = case.make(tmp_path / "package")
    before = {path: path.lstat().st_size for path in tmp_path.rglob("*")}
    with pytest.raises(PackageError) as caught:
        verify(folder)
    assert case.words in caught.value.what
    assert caught.value.remedy.endswith(".")
    assert caught.value.subject
    assert {path: path.lstat().st_size for path in tmp_path.rglob("*")} == before


@named("engine")
def test_the_engine_says_what_is_wrong_or_dies_of_it_and_goes_on(case, endings):
    error = endings[case.name]
    assert isinstance(error, AtelierError)
    assert (error.code != "bug", case.words in error.what) == (True, True), error
    assert error.remedy.endswith(".")


@named("opens")
def test_it_opens_and_a_picture_is_made(case, endings):
    assert endings[case.name].bytes


def test_a_bare_graph_of_unknown_sizes_is_asked_about(tmp_path):
    case = next(case for case in CASES if case.name == "O39_dynamic_everything")
    graph = survey(case.make(tmp_path / "package") / "decoder.onnx")
    seen = {"image": Output((1, 3, 32, 32), "float32", -1.0, 1.0)}
    asked = questions_of(graph, plan_of(graph, {}, seen), seen)
    assert "dim" in {question.name for question in asked}
