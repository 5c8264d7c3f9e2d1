"""The child's hands on a real package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.api import Medium, Plan, Progress, PromptReading, Recipe
from engine.errors import FileProblem, PackageError
from engine.families.registry import FAMILIES
from engine.progress import NO_PROGRESS, ProgressSink
from engine.provenance import read_recipe
from engine.workshop import Workshop, already_there
from tests.fakes.families import ScriptedFamily
from tests.fakes.packages import tiny_glyphs
from tests.fakes.words import byte_tokenizer, table, tiny_words

SMALL = {"mode": "character", "character": "H", "size": (48, 48)}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_glyphs(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def workshop() -> Workshop:
    made = Workshop("cpu", 1)
    device, versions = made.prepare()
    assert device.actual == "CPUExecutionProvider"
    assert "onnxruntime" in versions
    return made


def test_a_picture_is_made_and_filed_with_its_recipe(workshop: Workshop, package: Path, tmp_path: Path):
    recipe = workshop.open(str(package)).default_recipe().with_values(SMALL)
    asset = workshop.render(recipe, NO_PROGRESS)
    filed = workshop.write(asset, str(tmp_path / "a.png"), overwrite=False, retried=False)
    assert (tmp_path / "a.png").stat().st_size == filed.bytes
    assert read_recipe(tmp_path / "a.png").recipe == recipe


def test_a_file_that_is_there_counts_only_when_retried_and_equal(workshop: Workshop, package: Path, tmp_path: Path):
    recipe = workshop.open(str(package)).default_recipe().with_values(SMALL)
    asset, path = workshop.render(recipe, NO_PROGRESS), tmp_path / "a.png"
    filed = workshop.write(asset, str(path), overwrite=False, retried=False)
    with pytest.raises(FileProblem, match="already exists"):
        workshop.write(asset, str(path), overwrite=False, retried=False)
    assert workshop.write(asset, str(path), overwrite=False, retried=True) == filed
    path.write_bytes(b"my holiday")
    with pytest.raises(FileProblem, match="already exists"):
        workshop.write(asset, str(path), overwrite=False, retried=True)
    assert path.read_bytes() == b"my holiday"


def test_a_slow_model_tells_its_time_left_and_is_forecast_the_next_time(
        workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(FAMILIES, "scripted", ScriptedFamily(Medium.TEXT, live=False, steps=4, seconds=0.02))
    monkeypatch.setattr("engine.workshop.WORTH_KEEPING_S", 0.01)
    recipe = workshop.open(str(tiny_glyphs(tmp_path / "slow", family="scripted"))).default_recipe()
    assert workshop.consider(recipe) == Plan({"prompt": PromptReading("a word", 2, 5)}, 4)
    told: list[Progress] = []
    workshop.render(recipe, ProgressSink(told.append))
    assert [step.seconds_left is None for step in told] == [True, True, False, False, False]
    seconds = workshop.consider(recipe).seconds
    assert seconds is not None
    assert 0.08 <= seconds < 5.0
    told.clear()
    workshop.render(recipe, ProgressSink(told.append))
    assert told[0].seconds_left is not None


def test_a_model_that_plans_nothing_has_an_empty_plan(workshop: Workshop, package: Path):
    assert workshop.consider(workshop.open(str(package)).default_recipe()) == Plan()


def test_reading_prompts_and_writing_texts_imports_nothing_that_could_reach_the_network(tmp_path: Path):
    folder = tiny_words(tmp_path / "words", letters=None, pieces=byte_tokenizer(), following=table(size=256))
    code = f"""
import sys
from engine.progress import NO_PROGRESS
from engine.workshop import Workshop
workshop = Workshop("cpu", 1)
workshop.prepare()
assert workshop.embed(["a red brick", "the sea"]).shape == (2, 384)
recipe = workshop.open({str(folder)!r}).default_recipe().with_values({{"length": 2.0}})
assert workshop.render(recipe, NO_PROGRESS).texts
loaded = {{name.partition(".")[0] for name in sys.modules}}
sys.exit(", ".join(loaded & {{"huggingface_hub", "hf_xet", "httpx", "httpx2", "requests", "urllib3", "http"}}) or 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_opening_again_replaces_the_model(workshop: Workshop, package: Path):
    first, second = workshop.open(str(package)), workshop.open(str(package))
    assert first == second
    assert workshop.render(first.default_recipe().with_values(SMALL), NO_PROGRESS).pixels.size


def test_a_package_must_be_open_in_that_version(workshop: Workshop, package: Path):
    with pytest.raises(PackageError, match="not open"):
        workshop.render(Recipe("unknown", "sha256:0", {}), NO_PROGRESS)
    info = workshop.open(str(package))
    with pytest.raises(PackageError, match="another version"):
        workshop.render(Recipe(info.id, "sha256:0", {}), NO_PROGRESS)


def test_nothing_happens_before_it_is_prepared(package: Path):
    with pytest.raises(RuntimeError, match="prepare"):
        Workshop("auto", None).open(str(package))


def test_what_is_already_there(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"abc")
    assert already_there(tmp_path / "a", b"abc")
    assert not already_there(tmp_path / "a", b"abd")
    assert not already_there(tmp_path / "b", b"abc")
    assert not already_there(tmp_path / "a", b"")
