"""Prompts in the diffusion family: guidance, weights, prompt sliders, stretches of 75 tokens, two encoders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.api import Value
from engine.errors import ValueProblem
from tests.fakes.diffusion_opened import Open, Opened
from tests.fakes.packages import read_manifest_dict, rewrite_manifest

LONG = "a " * 75 + "cat, cab"


def heard(model: Opened, **values: Value) -> list[NDArray[np.float32]]:
    """What the denoiser listened to at the first step, one for each time that it was asked."""
    model.render(steps=1.0, **values)
    return [feeds["encoder_hidden_states"] for feeds in model.fed]


def test_without_guidance_the_denoiser_is_asked_once_a_step(opened: Open):
    model = opened()
    model.render(guidance=1.0, steps=3.0)
    assert len(model.fed) == 3
    model.render(guidance=4.0, steps=3.0)
    assert len(model.fed) == 6
    assert model.fed[0]["sample"].shape[0] == 1


def test_a_graph_of_two_at_once_hears_both(opened: Open):
    model = opened("fixed")
    model.render(guidance=4.0, steps=2.0)
    assert [feeds["sample"].shape[0] for feeds in model.fed] == [2, 2]
    model.render(guidance=1.0, steps=2.0)
    assert [feeds["sample"].shape[0] for feeds in model.fed] == [2, 2]


def test_wildcards_are_drawn_by_the_seed(opened: Open):
    model = opened()
    one = [model.pixels(prompt="a {cat|dab}", seed=seed) for seed in range(8)]
    plain = {word: [model.pixels(prompt=f"a {word}", seed=seed) for seed in range(8)] for word in ("cat", "dab")}
    chosen = [next(word for word, made in plain.items() if np.array_equal(made[seed], pixels))
              for seed, pixels in enumerate(one)]
    assert set(chosen) == {"cat", "dab"}


def test_a_prompt_slider_all_the_way_is_the_other_wording(opened: Open):
    """Half way of plus less minus is between them: the vectors move along a straight line."""
    model = opened()
    model.model._words._known.clear()
    model.render(prompt="a", axes="cat -> dab: 1", guidance=1.0, steps=1.0)
    moved = model.fed[0]["encoder_hidden_states"]
    model.render(prompt="a", guidance=1.0, steps=1.0)
    rest = model.fed[0]["encoder_hidden_states"]
    ends = []
    for word in ("cat", "dab"):
        model.render(prompt=f"a, {word}", guidance=1.0, steps=1.0)
        ends.append(model.fed[0]["encoder_hidden_states"])
    assert np.allclose(moved - rest, ends[1] - ends[0], atol=1e-5)


def test_sdxl_hears_two_texts_six_sizes_and_silence(opened: Open):
    model = opened("sdxl")
    model.render(size=(128, 64), guidance=4.0, steps=1.0)
    without, prompted = model.fed
    assert prompted["time_ids"].tolist() == [[64, 128, 0, 0, 64, 128]]
    assert prompted["encoder_hidden_states"].shape == (1, 77, 2048)
    assert prompted["text_embeds"].any()
    assert not without["encoder_hidden_states"].any()
    assert not without["text_embeds"].any()
    model.render(guidance=4.0, steps=1.0, negative="bad")
    assert model.fed[0]["encoder_hidden_states"].any()


def test_sdxl_that_was_told_otherwise_hears_an_empty_sentence(packages: Callable[[str], Path], tmp_path: Path):
    import shutil

    folder = Path(shutil.copytree(packages("sdxl"), tmp_path / "p"))
    manifest = read_manifest_dict(folder)
    manifest["diffusion"]["force_zeros_for_empty_prompt"] = False
    rewrite_manifest(folder, manifest)
    model = Opened(folder)
    model.render(guidance=4.0, steps=1.0)
    assert model.fed[0]["encoder_hidden_states"].any()


def test_a_long_prompt_is_read_in_stretches(opened: Open):
    model = opened()
    asset = model.render(prompt=LONG)
    assert asset.notes == ()
    together = heard(model, prompt=LONG, guidance=1.0)[0]
    apart = [heard(model, prompt=text, guidance=1.0)[0] for text in ("a " * 75, "cat, cab")]
    assert np.array_equal(together, np.concatenate(apart, axis=1))
    assert np.array_equal(together, heard(model, prompt="a " * 75 + "BREAK cat, cab", guidance=1.0)[0])
    reading = model.model.plan(model.recipe(prompt=LONG)).prompts["prompt"]
    assert (reading.tokens, reading.limit, reading.cut, reading.stretches) == (79, 150, "", 2)


def test_both_sides_of_guidance_have_equally_many_stretches(opened: Open):
    model = opened()
    (empty,) = heard(model, prompt="", guidance=1.0)
    for prompt, negative in ((LONG, "bad"), ("bad", LONG), (LONG, "")):
        without, with_it = heard(model, prompt=prompt, negative=negative, guidance=4.0)
        assert without.shape == with_it.shape == (1, 154, 1024)
        short = without if prompt == LONG else with_it
        assert np.array_equal(short[:, 77:], empty)
    assert {fed.shape[1] for fed in heard(model, prompt="a BREAK b BREAK c", negative=LONG, guidance=4.0)} == {231}


def test_weights_count_in_their_own_stretch(opened: Open):
    model = opened()
    plain, heavy = (heard(model, prompt="a " * 75 + word, guidance=1.0)[0] for word in ("cat", "(cat:1.4)"))
    assert np.array_equal(plain[:, :77], heavy[:, :77])
    assert np.allclose(heavy[:, 78] / plain[:, 78], 1.4 * heavy[0, 77, 0] / plain[0, 77, 0], rtol=1e-3)


def test_prompt_sliders_reach_into_the_next_stretch(opened: Open):
    model = opened()
    said = {word: heard(model, prompt="a " * 74 + word, guidance=1.0)[0] for word in ("a", "a, cat", "a, dab")}
    moved = heard(model, prompt="a " * 74 + "a", axes="cat -> dab: 0.5", guidance=1.0)[0]
    empty = heard(model, prompt="", guidance=1.0)[0]
    rest = np.concatenate((said["a"], empty), axis=1)
    assert np.allclose(moved - rest, 0.5 * (said["a, dab"] - said["a, cat"]), atol=1e-5)
    assert np.abs(moved - rest)[:, 77:].max() > 0.1


def test_sdxl_takes_the_whole_sentence_from_the_first_stretch(opened: Open):
    model = opened("sdxl")
    model.render(prompt=LONG, guidance=4.0, steps=1.0)
    without, prompted = model.fed
    assert prompted["encoder_hidden_states"].shape == without["encoder_hidden_states"].shape == (1, 154, 2048)
    assert not without["encoder_hidden_states"].any()
    pooled = prompted["text_embeds"]
    model.render(prompt="a " * 75, guidance=4.0, steps=1.0)
    assert np.array_equal(pooled, model.fed[1]["text_embeds"])


def test_a_graph_of_one_stretch_ignores_breaks_and_says_so(opened: Open):
    model = opened("olive")
    broken = model.render(prompt="a cat BREAK cab")
    assert broken.notes == ("BREAK counts for nothing: this model's graph reads one stretch of 75 tokens.",)
    assert np.array_equal(broken.pixels, model.pixels(prompt="a cat cab"))
    reading = model.model.plan(model.recipe(prompt=LONG)).prompts["prompt"]
    assert (reading.tokens, reading.limit, reading.cut, reading.stretches) == (79, 75, "cat, cab", 1)


def test_prompt_sliders_that_cannot_be_read_are_a_value_problem(opened: Open):
    with pytest.raises(ValueProblem, match="prompt slider"):
        opened().render(axes="young and old")
