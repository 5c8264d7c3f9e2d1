"""Captions mean what they say, and words that are held out are never learned from."""

from __future__ import annotations

import re

import numpy as np

from engine.colors.oklab import from_hex, to_oklab
from export.train.textures.captions import caption
from export.train.textures.classes import CLASSES, SETTINGS
from export.train.textures.facts import EXAMPLES, LABELS, classes, settings
from export.train.textures.words import NATURAL, NEUTRAL, NOUNS, OVER, PLAIN_COLORS, SETTING_WORDS

NAMES = {"Zanzibar Night": "#123456"}


def captions(count: int, *, held_out: bool | None = False) -> list:
    rng = np.random.default_rng(4)
    return [caption(rng, NAMES, held_out=held_out) for _ in range(count)]


def test_every_material_and_setting_has_words_colours_and_labels():
    assert set(NOUNS) == set(NATURAL) == set(LABELS) == set(CLASSES)
    assert set(OVER) <= set(CLASSES)
    assert set(SETTING_WORDS) == set(NEUTRAL) == set(SETTINGS)
    assert [entry["id"] for entry in classes()] == list(CLASSES)
    assert all(entry["labels"]["zh_CN"] for entry in (*classes(), *settings()))
    assert len(set(EXAMPLES)) == len(EXAMPLES)


def test_a_caption_says_its_materials():
    for each in captions(400):
        assert abs(each.mix.sum() - 1) < 1e-6
        main = CLASSES[int(each.mix.argmax())]
        said = [*NOUNS[main], *(re.sub(r"[{}]", "", form).strip() for form in OVER.get(main, ()))]
        assert any(word in each.text for word in said), each.text


def test_held_out_words_are_never_learned_from():
    unknown = {words[-1] for words in NOUNS.values()} - {word for words in NOUNS.values() for word in words[:-1]}
    lone = {word for word in unknown if " " in word or word in {"masonry", "nebula", "knitting"}}
    texts = " | ".join(each.text for each in captions(1500))
    assert not [word for word in lone if word in texts]
    held = " | ".join(each.text for each in captions(1500, held_out=True))
    assert [word for word in lone if word in held]


def test_a_named_colour_is_the_middle_of_its_palette_and_palettes_rise():
    red = to_oklab(from_hex([PLAIN_COLORS["red"]]))[0]
    seen = 0
    for each in captions(1500):
        assert (np.diff(each.colors[:, 0]) >= 0).all()
        if re.search(r"\bred\b", each.text) and (each.mix > 0).sum() == 1:
            np.testing.assert_allclose(each.colors[2], red, atol=0.02)
            seen += 1
    assert seen > 3


def test_an_adjective_moves_its_setting_and_nothing_else():
    for each in captions(800):
        for place, name in enumerate(SETTINGS):
            low, high = (any(re.search(rf"\b{word}\b", each.text) for word in words) for words in SETTING_WORDS[name])
            if not low and not high:
                assert each.settings[place] == np.float32(NEUTRAL[name]), each.text
