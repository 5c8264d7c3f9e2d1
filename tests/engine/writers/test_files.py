"""Kept texts and palettes: what other programs read, and the recipe that comes back out of each."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.api import Asset, Medium, PackageInfo, Recipe, Swatch
from engine.errors import FileProblem, ModelError, ValueProblem
from engine.formats import ENDINGS, WORDS, fits, is_kept, listed, usual
from engine.provenance import NoRecipe, provenance_of, read_recipe, read_recipes
from engine.provenance.inside_text import swatches_in, texts_in
from engine.writers import cards
from engine.writers.files import encode_asset, write_asset

INFO = PackageInfo("names", "Names", "1.0", "text", "sha256:aa", "", "CC0-1.0", "", "", ())
RECIPE = Recipe("names", "sha256:aa", {"prompt": "a */ calm\n“harbour” 字 --> # x", "seed": 7, "palette": "#112233"})
WHITE = np.full((1, 1, 1), 255, np.uint8)
TEXTS = ("Blue hour", 'Say "no", twice; = 字', "Tide\tmark")
SWATCHES = (Swatch("#10243a", "Deep harbour"), Swatch("#c8553d", "Brick, worn"), Swatch("#f6f1e7"),
            Swatch("#00ff00", "Deep Harbour!"), Swatch("#000000", "7 nights"))
STRIPES = np.repeat(np.arange(5, dtype=np.uint8)[None, :, None], 3, 2) * 40


def text(*texts: str) -> Asset:
    return Asset(RECIPE, WHITE, provider="CPU", medium=Medium.TEXT, texts=texts or TEXTS)


def palette() -> Asset:
    return Asset(RECIPE, STRIPES, provider="CPU", medium=Medium.PALETTE, swatches=SWATCHES)


ASSETS: dict[Medium, Callable[[], Asset]] = {Medium.TEXT: text, Medium.PALETTE: palette}
KINDS = [(medium, ending) for medium in ASSETS for ending in ENDINGS[medium]]


@pytest.mark.parametrize(("medium", "ending"), KINDS)
def test_every_ending_gives_its_recipe_back_and_the_same_bytes_again(tmp_path: Path, medium: Medium, ending: str):
    path = tmp_path / f"kept{ending}"
    written = write_asset(ASSETS[medium](), path, INFO)
    found = read_recipe(path)
    assert found == provenance_of(ASSETS[medium](), INFO)
    assert path.read_bytes() == encode_asset(ASSETS[medium](), Path(f"other{ending.upper()}"), INFO)
    assert written.bytes == path.stat().st_size
    with pytest.raises(FileProblem, match="already exists"):
        write_asset(ASSETS[medium](), path, INFO)


@pytest.mark.parametrize(("medium", "ending"), KINDS)
def test_any_prompt_survives_any_format(tmp_path_factory: pytest.TempPathFactory, medium: Medium, ending: str):
    path = tmp_path_factory.mktemp("kept") / f"a{ending}"

    @given(st.text(st.characters(exclude_categories=("Cs",)), max_size=400))
    def holds(prompt: str) -> None:
        recipe = RECIPE.with_values({"prompt": prompt})
        asset = ASSETS[medium]()
        write_asset(Asset(recipe, asset.pixels, medium=medium, texts=asset.texts, swatches=asset.swatches), path, INFO,
                    overwrite=True)
        assert read_recipe(path).recipe == recipe

    holds()


def test_plain_text_begins_with_the_cards():
    data = encode_asset(text(), Path("a.txt"), INFO).decode()
    assert data.startswith("\n".join(TEXTS) + "\n\n# latent_atelier: {")
    several = encode_asset(text("one\ntwo", "three"), Path("a.txt"), INFO).decode()
    assert several.startswith("one\ntwo\n\nthree\n\n# latent_atelier: {")


def test_a_table_opens_in_a_spreadsheet_and_says_its_recipe_once():
    data = encode_asset(text(), Path("a.csv"), INFO)
    assert data.startswith(b"\xef\xbb\xbfrow,card,prompt,text,latent_atelier\r\n")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [(row["row"], row["card"], row["text"]) for row in rows] == [
        ("1", str(number), card) for number, card in enumerate(TEXTS, 1)]
    assert {row["prompt"] for row in rows} == {RECIPE.values["prompt"]}
    assert [bool(row["latent_atelier"]) for row in rows] == [True, False, False]


def test_json_holds_cards_or_colours_for_programs():
    found = json.loads(encode_asset(text(), Path("a.json"), INFO))
    assert found["texts"] == list(TEXTS)
    found = json.loads(encode_asset(palette(), Path("a.json"), INFO))
    assert found["colors"][0] == {"hex": "#10243a", "rgb": [16, 36, 58], "name": "Deep harbour"}
    assert found["name"] == "a */ calm “harbour” 字 --> # x"


def test_a_gimp_palette_is_what_gimp_reads():
    lines = encode_asset(palette(), Path("a.gpl"), INFO).decode().splitlines()
    assert lines[:3] == ["GIMP Palette", "Name: a */ calm “harbour” 字 --> # x", "Columns: 5"]
    comments = [line for line in lines[3:] if line.startswith("#")]
    assert comments
    assert all(len(line) < 200 and line.isascii() for line in comments)  # Inkscape reads 1024 bytes at a time
    colors = [line for line in lines[3:] if not line.startswith("#")]
    assert colors == [" 16  36  58\tDeep harbour", "200  85  61\tBrick, worn", "246 241 231\t#f6f1e7",
                      "  0 255   0\tDeep Harbour!", "  0   0   0\t7 nights"]


def test_css_names_are_different_and_sound():
    style = encode_asset(palette(), Path("a.css"), INFO).decode()
    comment, _, rest = style.partition(" */\n")
    assert comment.startswith("/* latent_atelier: {")
    assert "*/" not in comment
    assert re.findall(r"--([\w-]+): (#\w{6});", rest) == [
        ("deep-harbour", "#10243a"), ("brick-worn", "#c8553d"), ("color-3", "#f6f1e7"), ("deep-harbour-4", "#00ff00"),
        ("color-7-nights", "#000000")]


@pytest.mark.parametrize("ending", [".gpl", ".css", ".json"])
def test_the_colours_come_out_of_a_kept_palette_and_nothing_out_of_a_text(ending: str):
    colors = [swatch.color for swatch in palette().swatches]
    assert [swatch.color for swatch in swatches_in(encode_asset(palette(), Path(f"a{ending}"), INFO))] == colors
    for junk in (encode_asset(text(), Path("a.txt"), INFO), b"", b"\xff", b"{", b"GIMP Palette\n300 0 0\tx\n"):
        assert swatches_in(junk) == ()


@pytest.mark.parametrize("ending", ENDINGS[Medium.TEXT])
def test_the_cards_come_out_of_a_kept_text_and_nothing_out_of_a_palette(ending: str):
    assert texts_in(encode_asset(text(), Path(f"a{ending}"), INFO)) == TEXTS
    for other in (".gpl", ".css", ".json", ".png"):
        assert texts_in(encode_asset(palette(), Path(f"a{other}"), INFO)) == ()
    for junk in (b"", b"\xff", b"{", b'{"texts": 3}', b'{"texts": [1], "rows": [2]}', b"a,b\n1,2"):
        assert texts_in(junk) == ()


def test_one_card_is_kept_alone_and_remembered(tmp_path: Path):
    write_asset(text(), tmp_path / "a.txt", INFO, card=1)
    assert (tmp_path / "a.txt").read_text(encoding="utf-8").splitlines()[0] == TEXTS[1]
    assert TEXTS[0] not in (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert read_recipe(tmp_path / "a.txt").card == 1
    with pytest.raises(ValueProblem, match="There is no card 4: the model wrote 3"):
        write_asset(text(), tmp_path / "b.txt", INFO, card=3)


@pytest.mark.parametrize(("asset", "name"), [
    (text(" ", "\n"), "a.txt"), (Asset(RECIPE, WHITE, medium=Medium.PALETTE), "a.gpl")])
def test_nothing_is_not_kept(tmp_path: Path, asset: Asset, name: str):
    with pytest.raises(ModelError, match="was not kept"):
        write_asset(asset, tmp_path / name, INFO)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("asset", "name", "words"), [
    (text(), "a.png", r"\.txt, \.csv or \.json"), (palette(), "a.txt", r"\.png, \.gpl, \.css or \.json"),
    (palette(), "a", r"\.png, \.gpl")])
def test_an_ending_of_another_medium_is_refused(tmp_path: Path, asset: Asset, name: str, words: str):
    with pytest.raises(FileProblem, match="is no name for a") as caught:
        write_asset(asset, tmp_path / name, INFO)
    assert re.search(words, caught.value.remedy)


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_gathered_files_hold_every_recipe(tmp_path: Path, ending: str):
    rows = [((f"card {seed}", "another"), provenance_of(Asset(RECIPE.with_values({"seed": seed}), WHITE), INFO))
            for seed in range(3)]
    path = tmp_path / f"a{ending}"
    path.write_bytes(cards.table_of(rows) if ending == ".csv" else cards.gathered_json(rows))
    assert [found.recipe.values["seed"] for found in read_recipes(path)] == [0, 1, 2]
    with pytest.raises(FileProblem, match="gathers 3 recipes"):
        read_recipe(path)


GOOD = encode_asset(text(), Path("a.json"), INFO)


@pytest.mark.parametrize(("name", "data", "words"), [
    ("a.json", b"{}", "carries no recipe"), ("a.json", b'{"latent_atelier": 3}', "carries no recipe"),
    ("a.json", b'{"latent_atelier": {', "is damaged"), ("a.json", GOOD.replace(b'"seed": 7', b'"seed": {}'), "damaged"),
    ("a.json", GOOD.replace(b'"texts"', b'"latent_atelier": {}, "texts"'), "damaged"),
    ("a.txt", b"a poem on latent_atelier: it is fine", "carries no recipe"),
    ("a.txt", b"# latent_atelier: {", "is damaged"), ("a.css", b"/* latent_atelier: [] */", "is damaged"),
    ("a.csv", b"text,latent_atelier\r\nhello,{\r\n", "is damaged"), ("a.csv", b'text,latent_atelier\n"x', "no recipe"),
    ("a.csv", b"text,latent_atelier\r\nhello,\r\n", "carries no recipe"),
    ("a.txt", b"latent_atelier \xff\xfe", "carries no recipe"),
    ("a.json", GOOD.replace(b'"recipe"', b'"card": -1, "recipe"'), "the card is no number"),
], ids=range(13))
def test_what_a_stranger_wrote_is_refused_in_a_sentence(tmp_path: Path, name: str, data: bytes, words: str):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileProblem, match=words) as caught:
        read_recipe(tmp_path / name)
    assert caught.value.remedy
    assert isinstance(caught.value, NoRecipe) == ("no recipe" in str(caught.value))


@given(st.sampled_from([encode_asset(asset(), Path(f"a{ending}"), INFO)
                        for medium, asset in ASSETS.items() for ending in ENDINGS[medium] if ending != ".png"]),
       st.binary(max_size=60), st.integers(0, 900))
def test_no_damage_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, whole: bytes, noise: bytes, at: int):
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(whole[:at] + noise + whole[at + len(noise):])
    with contextlib.suppress(FileProblem):
        read_recipe(path)


def test_endings_have_words():
    assert {ending for endings in ENDINGS.values() for ending in endings} == set(WORDS)
    assert (usual(Medium.TEXT), listed(Medium.PICTURE)) == (".txt", ".png")
    assert fits("A.CSV", Medium.TEXT)
    assert not fits("a.csv", Medium.PICTURE)
    assert is_kept("a.gpl")
    assert not is_kept("a.zip")
