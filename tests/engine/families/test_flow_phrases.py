"""Prompts of one material and of two; plain colour words."""

from __future__ import annotations

import numpy as np
import pytest

from engine.colors.oklab import from_hex, to_oklab
from engine.families.flow_colors import corrected, named_palette
from engine.families.flow_phrases import Manner, phrases


@pytest.mark.parametrize(("prompt", "base", "over"), [
    ("worn red brick with moss", "worn red brick", "moss"),
    ("Green moss growing on  old bricks", "old bricks", "green moss"),
    ("moss-covered stones", "stones", "moss"),
    ("old moss-covered wall", "old wall", "moss"),
    ("mossy cobblestone", "cobblestone", "moss"),
    ("rust on teal metal", "teal metal", "rust"),
    ("pink honeycomb and brown leather", "pink honeycomb", "brown leather"),
    ("oak planks, green moss", "oak planks", "green moss"),
])
def test_two_materials_are_told_apart(prompt: str, base: str, over: str):
    said = phrases(prompt)
    assert (said.base, said.over, said.manner) == (base, over, Manner.PATCHES)


@pytest.mark.parametrize("prompt", [
    "", "red brick wall", "black and white stripes", "navy and cream tartan", "white on black", "red brick and white",
    "mossy", "cherry wood", "dark red and pale pink plaid",
])
def test_one_material_stays_whole(prompt: str):
    assert phrases(prompt).over == ""
    assert phrases(prompt).base == prompt


@pytest.mark.parametrize(("prompt", "over", "manner"), [
    ("white marble with gold veins", "gold veins", Manner.VEINS),
    ("black marble veined with gold", "gold", Manner.VEINS),
    ("gold-veined black marble", "gold", Manner.VEINS),
    ("blue tiles with white grout", "white grout", Manner.LINES),
    ("red brick, grey mortar", "grey mortar", Manner.LINES),
])
def test_lines_of_a_material(prompt: str, over: str, manner: Manner):
    said = phrases(prompt)
    assert (said.over, said.manner) == (over, manner)


def test_how_much_is_said_in_words():
    little, plain, much = (phrases(f"brick {words} moss") for words in ("with a little", "with", "with lots of"))
    assert {said.over for said in (little, plain, much)} == {"moss"}
    assert little.more < plain.more < much.more
    assert phrases("brick covered in moss").more > 1
    assert phrases("brick with a few patches of moss").over == "moss"


def test_named_colours_are_exact():
    assert named_palette("an old wall") == ""
    white = to_oklab(from_hex(named_palette("white grout").split()))
    assert np.abs(white[:, 1:]).max() < 0.02
    assert np.all(np.diff(white[:, 0]) > 0)
    two = named_palette("navy and cream tartan").split()
    assert (two[0], two[-1]) == ("#1f2f55", "#f2e6c9")
    dark, plain = (to_oklab(from_hex(named_palette(text).split()))[2, 0] for text in ("dark green", "green"))
    assert dark < plain - 0.1


def test_a_reader_that_knows_more_is_kept_and_one_astray_is_not():
    bricks = "#4b0000 #832618 #b01f20 #c96f4f #dbab95"
    assert corrected(bricks, "red brick") == bricks
    assert corrected(bricks, "old wall") == bricks
    assert corrected("#5c4115 #966c3a #b18c53 #c4ac8c #e7d3c2", "white grout") == named_palette("white")
    assert corrected(bricks, "green brick") == named_palette("green")
