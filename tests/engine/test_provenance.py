"""The recipe inside a picture: read back exactly, and from strangers only with care."""

from __future__ import annotations

import contextlib
import io
import struct
import tomllib
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from engine import provenance as p
from engine.api import Asset, PackageInfo, Recipe
from engine.errors import FileProblem
from engine.provenance import inside_png
from engine.writers.raster import encode_png

INFO = PackageInfo("tiny", "Tiny & <Co>", "1.0", "decoder", "sha256:aa", "", "CC0-1.0", "", "", ())
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
recipes = st.builds(Recipe, words, words, st.dictionaries(
    words, st.booleans() | st.integers(0, 2**32) | st.floats(allow_nan=False, allow_infinity=False) | words
    | st.tuples(st.integers(1, 9999), st.integers(1, 9999)), max_size=6))


def png_of(recipe: Recipe) -> bytes:
    asset = Asset(recipe, np.zeros((2, 2, 3), np.uint8), provider="CPUExecutionProvider")
    return encode_png(asset, p.provenance_of(asset, INFO))


def kept(folder: Path, data: bytes) -> Path:
    path = folder / "a.png"
    path.write_bytes(data)
    return path


def with_chunk(body: bytes, kind: bytes = b"iTXt") -> bytes:
    """A PNG with one chunk in front of its pixels, checksums right."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (kind, body), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return inside_png.SIGNATURE + b"".join(
        struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in chunks)


def ours(text: bytes, *, packed: bool = False) -> bytes:
    flag = b"\1\0" if packed else b"\0\0"
    return with_chunk(b"latent_atelier\0" + flag + b"\0\0" + (zlib.compress(text) if packed else text))


RECIPE = Recipe("tiny", "sha256:aa", {"seed": 7, "weight": 0.30000000000000004, "text": "字\n“q”", "size": (64, 32)})
JSON = p.to_json(p.Provenance(RECIPE, p.Source("tiny", "1.0", "sha256:aa", "CC0-1.0"), p.SOFTWARE, "CPU")).encode()


def test_every_recipe_is_read_back_exactly(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("k")

    @given(recipes)
    def holds(recipe: Recipe) -> None:
        assert p.read_recipe(kept(folder, png_of(recipe))).recipe == recipe

    holds()


def test_the_file_names_its_maker(tmp_path: Path):
    found = p.read_recipe(kept(tmp_path, png_of(RECIPE)))
    assert found.package == p.Source("tiny", "1.0", "sha256:aa", "CC0-1.0", "Tiny & <Co>")
    assert found.software == p.SOFTWARE
    assert found.provider == "CPUExecutionProvider"


def test_the_version_is_the_projects():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == p.VERSION


def test_xmp_says_that_a_trained_model_made_it():
    with Image.open(io.BytesIO(png_of(RECIPE))) as image:
        packet = str(image.info["XML:com.adobe.xmp"])
    root = ET.fromstring(packet)  # noqa: S314  our own packet, a moment old
    texts = {element.tag.rpartition("}")[2]: element.text for element in root.iter() if (element.text or "").strip()}
    assert texts["DigitalSourceType"] == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert texts["CreatorTool"] == p.SOFTWARE
    assert "Tiny & <Co>" in texts["AISystemUsed"]
    assert texts["AISystemVersionUsed"] == "1.0"
    assert "字" not in packet  # what was written stays in the recipe, which one may strip


def test_a_picture_saved_again_by_another_program_is_still_read(tmp_path: Path):
    info = PngImagePlugin.PngInfo()
    info.add_itxt("latent_atelier", JSON.decode(), zip=True)
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png", pnginfo=info)
    assert p.read_recipe(tmp_path / "a.png").recipe == RECIPE


def test_the_first_recipe_counts_and_text_after_the_pixels_is_found(tmp_path: Path):
    data = ours(JSON)
    late = data.replace(data[33:data.index(b"IDAT") - 4], b"")
    chunk = data[33:data.index(b"IDAT") - 4]
    end = late[-12:]
    assert p.read_recipe(kept(tmp_path, late[:-12] + chunk + end)).recipe == RECIPE


@pytest.mark.parametrize(("data", "words"), [
    (b"", "no recipe"), (b"\xff\xd8\xff\xe0 jpeg", "no recipe"), (b"<svg/>", "no recipe"),
    (with_chunk(b"Comment\0\0\0\0\0hello"), "carries no recipe"), (ours(JSON)[:60], "damaged|cut short"),
    (ours(b"{}"), "“recipe” is missing"), (ours(b"[]"), "not a JSON object"), (ours(b"{"), "not JSON"),
    (ours(JSON.replace(b'"seed":7', b'"seed":NaN')), "NaN"),
    (ours(JSON.replace(b'"seed":7', b'"seed":7,"seed":8')), "twice"),
    (ours(JSON.replace(b'"seed":7', b'"seed":{}')), "neither"), (ours(JSON.replace(b"[64,32]", b"[64]")), "neither"),
    (ours(JSON.replace(b"[64,32]", b"[64,1e9]")), "neither"),
    (ours(JSON.replace(b'"seed":7', b'"seed":null')), "neither"),
    (ours(JSON.replace(b'"version":1}', b'"version":"x"}')), "damaged"),
    (ours(JSON.replace(b'"version":1}', b'"version":9}')), "newer"),
    (ours(JSON.replace(b'"package":{', b'"package":[{').replace(b'"},"provider"', b'"}],"provider"')), "form|damaged"),
    (ours(b"[" * 100_000 + b"]" * 100_000), "nested"), (ours(bytes(200 << 20), packed=True), "larger"),
    (ours(b" " * (2 << 20)), "larger"), (with_chunk(b"latent_atelier\0"), "damaged"),
    (with_chunk(b"latent_atelier\0\1\0\0\0junk"), "damaged"),
    (ours(JSON).replace(b'"seed":7', b'"seed":8'), "checksum"),
], ids=range(23))
def test_what_cannot_be_trusted_is_refused_in_a_sentence(tmp_path: Path, data: bytes, words: str):
    with pytest.raises(FileProblem, match=words) as caught:
        p.read_recipe(kept(tmp_path, data))
    assert caught.value.remedy
    assert caught.value.subject == str(tmp_path / "a.png")


def test_a_chunk_of_two_gigabytes_that_is_not_there_costs_nothing(tmp_path: Path):
    lie = inside_png.SIGNATURE + struct.pack(">I4s", 2**31 - 1, b"zTXt") + b"x"
    with pytest.raises(FileProblem, match="cut short"):
        p.read_recipe(kept(tmp_path, lie))


def test_a_swarm_of_chunks_is_refused(tmp_path: Path):
    swarm = inside_png.SIGNATURE + (struct.pack(">I4s", 0, b"tEXt") + bytes(4)) * (inside_png.MAX_CHUNKS + 5)
    with pytest.raises(FileProblem, match="parts"):
        p.read_recipe(kept(tmp_path, swarm))


def test_a_missing_file_is_a_sentence(tmp_path: Path):
    with pytest.raises(FileProblem, match="cannot be read"):
        p.read_recipe(tmp_path / "gone.png")


@given(st.binary(max_size=200), st.integers(0, 300))
def test_no_damage_breaks_the_reader(noise: bytes, at: int):
    data = bytearray(ours(JSON))
    data[at:at + len(noise)] = noise
    with contextlib.suppress(FileProblem):
        inside_png.find_text(io.BytesIO(bytes(data)[8:]), Path("a.png"))
