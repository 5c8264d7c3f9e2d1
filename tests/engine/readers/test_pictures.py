"""Pictures of a person's own: every common kind as the model sees it, every damaged one as a sentence."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import FileProblem
from engine.readers import pictures
from engine.readers.pictures import read_picture, read_whole, resized

SUFFIXES = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "TIFF": "tif", "BMP": "bmp", "GIF": "gif"}


def ramp(width: int = 40, height: int = 24) -> Image.Image:
    """Red grows to the right, green downwards; blue stands still."""
    rows, columns = np.mgrid[0:height, 0:width]
    pixels = np.stack([columns * 255 // (width - 1), rows * 255 // (height - 1), np.full_like(rows, 128)], axis=2)
    return Image.fromarray(pixels.astype(np.uint8))


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


@pytest.mark.parametrize("kind", SUFFIXES)
def test_every_allowed_kind_is_read(tmp_path: Path, kind: str):
    path = saved(tmp_path / f"a.{SUFFIXES[kind]}", ramp(), format=kind)
    seen = read_picture(path, 40, 24, 3)
    assert seen.pixels.shape == (24, 40, 3)
    assert seen.pixels.dtype == np.uint8
    assert seen.notes == ()
    tolerance = 0 if kind in ("PNG", "TIFF", "BMP") else 24
    assert np.abs(seen.pixels.astype(int) - np.asarray(ramp())).max() <= tolerance


def test_the_kind_is_told_by_content_not_by_name(tmp_path: Path):
    path = saved(tmp_path / "a.png", ramp(), format="BMP")
    assert np.array_equal(read_picture(path, 40, 24, 3).pixels, np.asarray(ramp()))


def test_the_middle_is_used_and_said(tmp_path: Path):
    seen = read_picture(saved(tmp_path / "a.png", ramp(96, 24)), 24, 24, 3)
    assert seen.pixels.shape == (24, 24, 3)
    assert seen.pixels[12, 12, 0] == pytest.approx(128, abs=6)
    assert seen.pixels[:, 0, 0].min() > 80
    assert "only the middle part" in seen.notes[0]
    upright = read_picture(saved(tmp_path / "b.png", ramp(24, 96)), 24, 24, 3)
    assert upright.pixels[0, :, 1].min() > 80


def test_large_pictures_are_averaged_not_sampled(tmp_path: Path):
    chess = Image.fromarray(np.indices((512, 512)).sum(axis=0).astype(np.uint8) % 2 * 255)
    seen = read_picture(saved(tmp_path / "a.png", chess), 16, 16, 1)
    assert seen.pixels.shape == (16, 16, 1)
    assert np.abs(seen.pixels.astype(int) - 128).max() <= 2


@pytest.mark.parametrize(("turn", "corner"), [(1, (0, 0)), (2, (0, 39)), (3, (23, 39)), (4, (23, 0)),
                                              (5, (0, 0)), (6, (0, 23)), (7, (39, 23)), (8, (39, 0))])
def test_pictures_stand_upright(tmp_path: Path, turn: int, corner: tuple[int, int]):
    exif = Image.Exif()
    exif[0x0112] = turn
    path = saved(tmp_path / "a.png", ramp(), exif=exif)
    turned = turn >= 5
    seen = read_picture(path, 24 if turned else 40, 40 if turned else 24, 3)
    assert seen.pixels[corner].tolist() == [0, 0, 128]  # the file's first pixel
    assert seen.notes == ()


def test_a_broken_word_about_the_turn_is_ignored(tmp_path: Path):
    path = saved(tmp_path / "a.jpg", ramp(), exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40)
    assert read_picture(path, 40, 24, 3).pixels.shape == (24, 40, 3)


def test_grey_of_sixteen_bits_keeps_its_range(tmp_path: Path):
    levels = np.linspace(0, 65535, 32 * 32).reshape(32, 32).astype(np.uint16)
    for name in ("a.png", "a.tif"):
        seen = read_picture(saved(tmp_path / name, Image.fromarray(levels)), 32, 32, 1)
        assert np.abs(seen.pixels[:, :, 0].astype(int) - levels / 257).max() <= 1


@pytest.mark.parametrize(("top", "white"), [(1.0, 1.0), (0.5, 1.0), (255.0, 65535.0)])
def test_real_numbers_are_levels(tmp_path: Path, top: float, white: float):
    levels = np.linspace(0, top, 64, dtype=np.float32).reshape(8, 8)
    seen = read_picture(saved(tmp_path / "a.tif", Image.fromarray(levels)), 8, 8, 1)
    assert seen.pixels.max() == round(255 * top / white)


def test_palettes_and_bits_become_colours(tmp_path: Path):
    seen = read_picture(saved(tmp_path / "a.gif", ramp().quantize(32)), 40, 24, 3)
    assert np.abs(seen.pixels.astype(int) - np.asarray(ramp())).mean() < 12
    bits = read_picture(saved(tmp_path / "b.png", ramp().convert("1")), 40, 24, 3)
    assert set(np.unique(bits.pixels)) == {0, 255}


def test_of_an_animation_the_first_frame_counts(tmp_path: Path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    path = saved(tmp_path / "a.gif", frames[0], save_all=True, append_images=frames[1:])
    assert read_picture(path, 8, 8, 3).pixels[0, 0].tolist() == [255, 0, 0]


def test_print_colours_are_converted_and_said(tmp_path: Path):
    path = saved(tmp_path / "a.jpg", Image.new("CMYK", (16, 16), (255, 0, 0, 0)), quality=95)
    seen = read_picture(path, 16, 16, 3)
    assert np.abs(seen.pixels[8, 8].astype(int) - [0, 255, 255]).max() < 20
    assert "CMYK" in seen.notes[0]


def test_where_a_picture_is_transparent_a_model_without_alpha_sees_white(tmp_path: Path):
    image = Image.new("RGBA", (16, 16), (200, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 8, 16))
    path = saved(tmp_path / "a.png", image)
    seen = read_picture(path, 16, 16, 3)
    assert seen.pixels[0, 0].tolist() == [200, 0, 0]
    assert seen.pixels[0, 15].tolist() == [255, 255, 255]
    assert "transparent" in seen.notes[0]
    clear = read_picture(path, 8, 8, 4)
    assert clear.notes == ()
    assert clear.pixels[0, 7].tolist()[3] == 0
    assert clear.pixels[0, 0].tolist() == [200, 0, 0, 255]
    assert read_picture(saved(tmp_path / "o.png", Image.new("RGBA", (4, 4), "red")), 4, 4, 3).notes == ()
    palette = image.quantize(4)
    assert "transparent" in read_picture(saved(tmp_path / "p.png", palette), 16, 16, 3).notes[0]


def test_colours_at_a_transparent_edge_do_not_bleed(tmp_path: Path):
    image = Image.new("RGBA", (64, 64), (0, 255, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 32, 64))
    seen = read_picture(saved(tmp_path / "a.png", image), 9, 9, 4).pixels
    assert seen[seen[..., 3] > 40][:, 1].max() <= 2  # no green comes through


def test_grey_models_see_grey(tmp_path: Path):
    seen = read_picture(saved(tmp_path / "a.png", Image.new("RGB", (8, 8), (255, 0, 0))), 8, 8, 1)
    assert seen.pixels.shape == (8, 8, 1)
    assert seen.pixels[0, 0, 0] == 76


def png(width: int, height: int, data: bytes) -> bytes:
    """A PNG with that claim and these pixels."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def encoded(kind: str) -> bytes:
    buffer = io.BytesIO()
    ramp().save(buffer, format=kind)
    return buffer.getvalue()


@pytest.mark.parametrize(("data", "words"), [
    (b"", "none of the pictures"), (b"hello", "none of the pictures"), (b"%!PS-Adobe-3.0 EPSF-3.0\n", "none of"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "none of"), (b"P6 4 4 255\n" + b"x" * 48, "none of"),
    (encoded("PNG")[:-40], "damaged"), (encoded("JPEG")[:300], "damaged"), (encoded("TIFF")[:200], "damaged"),
    (encoded("GIF")[:900], "damaged"), (encoded("BMP")[:500], "damaged"), (encoded("WEBP")[:80], "damaged|none of"),
    (png(30_000, 30_000, b""), "120 million"), (png(12_000, 12_000, b""), "120 million"),
    (png(2**31 - 1, 2**31 - 1, b""), "120 million|damaged"), (png(0, 5, b""), "damaged|none of|no pixels"),
    (png(64, 64, zlib.compress(b"\0" * 10)), "damaged"), (png(64, 64, b"not deflate"), "damaged")],
    ids=range(17))
def test_what_is_no_sound_picture_is_refused_in_a_sentence(tmp_path: Path, data: bytes, words: str):
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with pytest.raises(FileProblem, match=words) as caught:
        read_picture(path, 16, 16, 3)
    assert "“a.png”" in caught.value.what
    assert caught.value.remedy
    assert caught.value.subject == str(path)


def test_damage_anywhere_is_a_sentence_or_a_picture(tmp_path: Path):
    dice = np.random.default_rng(0)
    path = tmp_path / "a"
    ends = {True: 0, False: 0}
    for kind in SUFFIXES:
        whole = np.frombuffer(encoded(kind), np.uint8)
        for _ in range(25):
            data = whole.copy()
            data[dice.integers(0, len(data), 6)] = dice.integers(0, 256, 6)
            path.write_bytes(data.tobytes())
            ends[_reads(path)] += 1
    assert min(ends.values()) > 10


def _reads(path: Path) -> bool:
    try:
        return read_picture(path, 16, 16, 3).pixels.shape == (16, 16, 3)
    except FileProblem:
        return False


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", 100)
    with pytest.raises(FileProblem, match="larger than"):
        read_picture(saved(tmp_path / "a.png", ramp()), 8, 8, 3)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_file_is_not_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "missing.png"):
        with pytest.raises(FileProblem) as caught:
            read_picture(path, 8, 8, 3)
        assert caught.value.remedy


def test_a_whole_picture_keeps_its_shape_and_is_only_ever_made_smaller(tmp_path: Path):
    path = saved(tmp_path / "a.png", ramp())
    pixels, full = read_whole(path, 100)
    assert (pixels.shape, full) == ((24, 40, 3), (40, 24))
    assert np.array_equal(pixels, np.asarray(ramp()))
    smaller, full = read_whole(path, 20)
    assert (smaller.shape, full) == ((12, 20, 3), (40, 24))
    clear = ramp().convert("RGBA")
    clear.putalpha(Image.new("L", clear.size, 90))
    pixels, _ = read_whole(saved(tmp_path / "clear.png", clear), 100)
    assert pixels.shape == (24, 40, 4)
    with pytest.raises(FileProblem):
        read_whole(tmp_path / "missing.png", 100)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_results_are_brought_to_the_size_that_was_seen(channels: int):
    pixels = np.full((16, 32, channels), 77, np.uint8)
    assert resized(pixels, 32, 16) is pixels
    small = resized(pixels, 8, 4)
    assert small.shape == (4, 8, channels)
    assert np.abs(small.astype(int) - 77).max() <= 1
