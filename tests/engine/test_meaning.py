"""What a kept file is about, and the order of what is found."""

from __future__ import annotations

import numpy as np

from engine.api import Recipe
from engine.meaning import LONGEST, meaning_of, ranked


def test_the_words_of_a_recipe_come_first_and_its_model_last():
    recipe = Recipe("names", "d", {"prompt": "a calm harbour", "seed": 3, "sampler": "draw", "negative": "storm"})
    assert meaning_of(recipe, "Names", ("Blue hour", " ", "Blue hour")) == "a calm harbour. Blue hour. Names"
    assert meaning_of(Recipe("glyphs", "d", {"text": "Quartz"})) == "Quartz. glyphs"
    assert meaning_of(Recipe("digits", "d", {"seed": 1}), "Digits") == "Digits"
    assert len(meaning_of(recipe.with_values({"prompt": "x" * 5000}))) == LONGEST


def test_the_most_alike_comes_first_and_ties_keep_their_order():
    vectors = np.array([[0, 1], [1, 0], [0.6, 0.8], [1, 0]], np.float32)
    found = ranked(np.array([1, 0], np.float32), vectors)
    assert [place for place, _ in found] == [1, 3, 2, 0]
    assert found[2][1] == np.float32(0.6)
