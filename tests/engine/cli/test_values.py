"""--set, --prompt, --seed, --size and --count become a recipe, or a sentence."""

import io
from dataclasses import replace

import pytest

from engine.api import Control, ControlKind, Medium
from engine.cli.arguments import UsageProblem
from engine.cli.console import Console
from engine.cli.values import counted, recipe_from
from engine.errors import ValueProblem
from tests.engine.cli.parts import SEED, package, words

QUIET = Console(err=io.StringIO())


def test_what_is_not_said_keeps_its_default():
    assert recipe_from(package(), words(), QUIET) == package().default_recipe()


def test_each_kind_of_word_reaches_its_control():
    given = words(sets=["weight=-1.5", "text=a=b \\n c", "paper=#FFF"], seed=7, size="640x480")
    values = recipe_from(package(), given, QUIET).values
    assert values["weight"] == -1.5
    assert values["text"] == "a=b \n c"
    assert values["paper"] == "#ffffff"
    assert values["seed"] == 7
    assert values["size"] == (640, 480)


@pytest.mark.parametrize("sets", [["weight"], ["=3"], ["weight=1", "weight=2"], ["seed=1"]])
def test_words_that_are_no_pair_or_come_twice_are_refused(sets: list[str]):
    with pytest.raises(UsageProblem):
        recipe_from(package(), words(sets=sets, seed=5), QUIET)


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(ValueProblem, match="no control “wieght”") as caught:
        recipe_from(package(), words(sets=["wieght=1"]), QUIET)
    assert "Did you mean “weight”?" in caught.value.remedy


@pytest.mark.parametrize("pair", ["weight=4", "weight=heavy", "weight=nan", "mode=page", "size=1x1", "paper=pink"])
def test_a_value_that_is_not_allowed_is_named(pair: str):
    with pytest.raises(ValueProblem) as caught:
        recipe_from(package(), words(sets=[pair]), QUIET)
    assert pair.partition("=")[0] in caught.value.what


def test_a_prompt_for_a_model_without_one_is_a_sentence_that_points_to_the_text():
    with pytest.raises(ValueProblem, match="takes no prompt") as caught:
        recipe_from(package(), words(prompt="a red pot"), QUIET)
    assert "--set text=" in caught.value.remedy


@pytest.mark.parametrize("given", [{"seed": 1}, {"size": "2x2"}])
def test_a_model_without_seed_or_size_says_so(given: dict[str, object]):
    bare = package(*(control for control in package().controls if control.name in {"mode", "text"}))
    with pytest.raises(ValueProblem, match=r"no (seed|size) to set"):
        recipe_from(bare, words(**given), QUIET)


def test_a_value_without_effect_is_remarked(capsys: pytest.CaptureFixture[str]):
    recipe_from(package(), words(sets=["character=B"]), Console())
    assert "“character” has no effect while “mode” is line" in capsys.readouterr().err
    recipe_from(package(), words(sets=["character=B", "mode=character"]), Console())
    assert capsys.readouterr().err == ""


def test_count_makes_rising_seeds_and_nothing_else_changes():
    first = recipe_from(package(), words(seed=5, sets=["weight=1"]), QUIET)
    recipes = counted(package(), first, 3)
    assert [recipe.values["seed"] for recipe in recipes] == [5, 6, 7]
    assert {recipe.values["weight"] for recipe in recipes} == {1.0}


def test_texts_are_counted_past_the_seeds_of_their_cards():
    many = Control("count", ControlKind.SLIDER, "Cards", 4.0, minimum=1, maximum=40, step=1)
    texts = replace(package(SEED, many), medium=Medium.TEXT)
    assert [recipe.values["seed"] for recipe in counted(texts, texts.default_recipe(), 3)] == [0, 4, 8]
    pictures = package(SEED, many)
    assert [recipe.values["seed"] for recipe in counted(pictures, pictures.default_recipe(), 3)] == [0, 1, 2]


def test_count_past_the_last_seed_and_without_a_seed_are_sentences():
    last = recipe_from(package(), words(seed=2**32 - 2), QUIET)
    assert len(counted(package(), last, 2)) == 2
    with pytest.raises(ValueProblem, match="past the last one"):
        counted(package(), last, 3)
    bare = package(*(control for control in package().controls if control != SEED))
    with pytest.raises(ValueProblem, match="--count makes one picture per seed"):
        counted(bare, bare.default_recipe(), 2)
