"""The small recipes: digits, names, palettes. Losses, likelihoods and baselines are what they say they are."""

from __future__ import annotations

import math
import random

import pytest


def test_pieces_are_cut_as_the_engine_cuts_them():
    from engine.text.characters import CharacterTokenizer
    from export.train.names.pieces import cut, pieces_of

    texts = ["Winter Moss", "Winter Stone", "Moss Stone", "Stone Winter"]
    pieces = pieces_of(texts, 40)
    assert len(set(pieces)) == len(pieces) <= 40
    assert "Winter" in pieces
    places = {text: number for number, text in enumerate(pieces)}
    theirs = CharacterTokenizer(pieces)
    for text in texts:
        assert tuple(cut(text, places)) == theirs.encode(text).ids
        assert "".join(pieces[number] for number in cut(text, places)) == text


def test_counted_letters_are_a_distribution():
    from export.train.names.baseline import Letters

    letters = Letters([("name", "aba"), ("name", "abb"), ("slogan", "bab")])
    for before in ("", "a", "ab", "zz"):
        chances = [letters._chance(before, letter) for letter in "ab\n?"]
        assert 0.5 < sum(chances) <= 1 + 1e-9
    assert letters.bits("name", "aba") < letters.bits("name", "bbb")
    assert letters.bits("slogan", "bab") < letters.bits("name", "bab"), "the way of writing counts"


def test_slogans_name_nothing_twice_and_say_an_before_a_vowel():
    from export.train.names.lines import SLOGANS, _from

    make, dice = _from((*SLOGANS, "A {quality} {quality2} {noun}.")), random.Random(3)
    for line in [make(dice) for _ in range(300)]:
        assert "{" not in line
        assert line[0].isupper()
        assert line.endswith((".", "!", "?"))
    assert _from(("A amber {noun}",))(dice).startswith("An amber")


@pytest.mark.torch
def test_the_bound_of_the_vae_is_drawing_and_straying():
    import torch

    from export.train.digits.vae import LATENT, Vae

    torch.manual_seed(0)
    model = Vae()
    for layer in (model.fc_mu, model.fc_var):
        torch.nn.init.zeros_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    model.requires_grad_(requires_grad=False)
    drawing, straying = model.bound(torch.zeros(3, 1, 28, 28), torch.tensor([0, 1, 2]))
    assert straying.abs().max() < 1e-6, "N(0, I) itself does not stray"
    assert float(drawing.mean()) == pytest.approx(784 * math.log(2), rel=0.1)
    torch.nn.init.ones_(model.fc_mu.bias)
    assert float(model.bound(torch.zeros(3, 1, 28, 28), torch.tensor([0, 1, 2]))[1][0]) == pytest.approx(LATENT / 2)


@pytest.mark.torch
def test_the_readers_density_has_a_mass_of_one():
    import torch

    from export.train.palettes.nets import DIM, PROMPT, Reader

    torch.manual_seed(0)
    model = Reader(torch.zeros(PROMPT, DIM)).eval()
    prompt = torch.nn.functional.normalize(torch.randn(1, PROMPT), dim=1)
    steps = torch.linspace(-1.5, 2.5, 60)
    grid = torch.cartesian_prod(steps, steps - 0.5, steps - 0.5)
    with torch.no_grad():
        mass = (-model.surprise(prompt.expand(len(grid), -1), grid)).exp().sum() * (steps[1] - steps[0]) ** 3
    assert float(mass) == pytest.approx(1.0, abs=0.03)


def test_no_variant_of_a_held_out_emoji_is_taught():
    import numpy as np

    from export.train.palettes.emoji import asked_of, taught_of

    names = ("green heart", "tiger", "wine glass", "bell", "blue hearts", "camel", "axe", "copy of the bell", "ant")
    known = {name: np.full((5, 3), 0.1 * place) for place, name in enumerate(names)}
    known["copy of the bell"] = known["bell"]
    assert asked_of(known) == ["green heart", "bell", "axe"]
    assert taught_of(known) == ["tiger", "wine glass", "camel", "ant"]


def test_styles_have_five_colours_and_no_prompt_of_the_sheet_but_those_told():
    import re

    from export.train.palettes import styles
    from export.train.palettes.sheets import PROMPTS

    assert all(len(colors) == 5 and all(re.fullmatch("#[0-9a-f]{6}", color) for color in colors)
               for colors in styles.STYLES.values())
    told = set(re.findall(r'"([^"]+)"', styles.__doc__ or ""))
    assert told == {prompt for prompt in PROMPTS if prompt.lower() in {style.lower() for style in styles.STYLES}}


@pytest.mark.torch
def test_the_judge_does_not_mind_the_order_and_takes_any_count():
    import torch

    from export.train.palettes.nets import Judge

    torch.manual_seed(0)
    judge, colors = Judge().eval(), torch.rand(4, 6, 3)
    with torch.no_grad():
        score = judge(colors)
        assert torch.allclose(score, judge(colors[:, torch.randperm(6)]), atol=1e-5)
        assert score.std() > 0
        assert judge(colors[:, :3]).shape == (4,)


@pytest.mark.torch
def test_moved_digits_stay_digits():
    import torch

    from export.train.digits.data import moved

    digits = torch.zeros(8, 1, 28, 28)
    digits[:, :, 6:22, 12:16] = 1
    found = moved(digits, torch.Generator().manual_seed(0))
    assert found.shape == digits.shape
    assert 0 <= float(found.min()) <= float(found.max()) <= 1
    assert torch.allclose(found.mean((1, 2, 3)), digits.mean((1, 2, 3)), rtol=0.35)
    assert float((found[0] - found[1]).abs().max()) > 0.3, "each in its own way"
