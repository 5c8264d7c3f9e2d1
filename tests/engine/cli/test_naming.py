"""File names of `render`: as typed, or numbered in a folder; nothing that exists is ever replaced unasked."""

from pathlib import Path

import pytest

from engine.cli.arguments import UsageProblem
from engine.cli.naming import output, targets
from engine.errors import FileProblem
from tests.engine.cli.parts import SEED, package

POTS = package()
RECIPE = POTS.default_recipe()
THREE = [RECIPE.with_values({"seed": seed}) for seed in (1, 2, 4294967295)]


def test_a_file_name_is_taken_as_typed_and_its_folder_made(tmp_path: Path):
    out = tmp_path / "陶器 🙂" / "a.PNG"
    assert targets(output(str(out)), POTS, [RECIPE], force=False) == [out]
    assert out.parent.is_dir()


def test_a_folder_gets_names_from_model_and_seed(tmp_path: Path):
    names = [path.name for path in targets(output(f"{tmp_path}/new"), POTS, THREE, force=False)]
    assert names == ["pots_000001.png", "pots_000002.png", "pots_4294967295.png"]


def test_a_taken_name_is_numbered_unless_forced(tmp_path: Path):
    (tmp_path / "pots_000001.png").touch()
    (tmp_path / "pots_000001_2.png").touch()
    assert targets(output(str(tmp_path)), POTS, THREE[:1], force=False)[0].name == "pots_000001_3.png"
    assert targets(output(str(tmp_path)), POTS, THREE[:1], force=True)[0].name == "pots_000001.png"


def test_a_model_without_seed_is_numbered_from_its_id(tmp_path: Path):
    bare = package(*(control for control in POTS.controls if control != SEED))
    names = [path.name for path in targets(output(str(tmp_path)), bare, [bare.default_recipe()] * 2, force=True)]
    assert names == ["pots.png", "pots_2.png"]


def test_a_taken_file_is_refused_unless_forced(tmp_path: Path):
    out = tmp_path / "a.png"
    out.touch()
    with pytest.raises(FileProblem, match="already exists"):
        targets(output(str(out)), POTS, [RECIPE], force=False)
    assert targets(output(str(out)), POTS, [RECIPE], force=True) == [out]


def test_many_pictures_need_a_folder_and_png_is_the_medium(tmp_path: Path):
    with pytest.raises(UsageProblem, match="3 pictures do not fit"):
        targets(output(str(tmp_path / "a.png")), POTS, THREE, force=False)
    with pytest.raises(UsageProblem, match="is no name for a picture"):
        targets(output(str(tmp_path / "a.jpg")), POTS, [RECIPE], force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_a_folder_is_a_sentence(tmp_path: Path):
    (tmp_path / "taken").touch()
    for out in (tmp_path / "taken", tmp_path / "taken" / "deeper", tmp_path / "taken" / "a.png"):
        with pytest.raises(FileProblem, match=r"not a folder"):
            targets(output(str(out)), POTS, [RECIPE], force=False)


def test_a_slash_at_the_end_means_a_folder_whatever_its_name(tmp_path: Path):
    (path,) = targets(output(f"{tmp_path}/round.2/"), POTS, [RECIPE], force=False)
    assert path == tmp_path / "round.2" / "pots_000000.png"
