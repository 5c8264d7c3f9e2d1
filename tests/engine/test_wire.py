"""Frames: whole, in pieces, too big, garbage; and pictures through a real pipe."""

from __future__ import annotations

import os
import select
import struct
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from engine.api import (
    Asset,
    Choice,
    Control,
    ControlKind,
    Device,
    Medium,
    PackageInfo,
    Plan,
    Problem,
    Progress,
    PromptReading,
    Recipe,
    Swatch,
)
from engine.framing import check_sendable, decode_event, decode_request, encode
from engine.messages import (
    Again,
    Beat,
    Cancel,
    ChildEvent,
    Consider,
    Considered,
    Devices,
    DevicesTold,
    Embed,
    Embedded,
    Encode,
    Encoded,
    Failed,
    Frame,
    Look,
    Looked,
    Open,
    Opened,
    Partial,
    Phase,
    Preview,
    Ready,
    Render,
    Request,
    Shutdown,
    Stepped,
    Write,
    Written,
)
from engine.wire import MAGIC, MAX_HEADER, FrameReader, FrameWriter, WireError, widen

RECIPE = Recipe("glyphs", "sha256:1",
                {"seed": 2**32 - 1, "weight": -0.5, "text": "Ätna\n字", "size": (64, 32), "on": True})
INFO = PackageInfo("glyphs", "Glyphs", "1", "decoder", "sha256:1", "s", "CC0-1.0", "c", "/x", (
    Control("seed", ControlKind.SEED, "Seed", 0),
    Control("mode", ControlKind.CHOICE, "Mode", "line", choices=(Choice("line", "Line", {"zh_CN": "行"}),),
            shown_when=("seed", ("1",)), minimum=0.0, labels={"de": "Modus"})))


PLAN = Plan({"prompt": PromptReading("a red brick", 5, 77, "wall", ("the bracket is never closed",))}, 20, 61.5,
            1 << 33, ("rounded to 512 × 768",))


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Reading and writing end."""
    read, write = os.pipe()
    open_ends = {read, write}
    yield read, write
    for end in open_ends:
        try:
            os.close(end)
        except OSError:
            continue


@pytest.mark.parametrize("message", [
    Open(1, "/models/grün"), Preview(2, RECIPE), Render(3, RECIPE), Write(4, RECIPE, "/a/b.png", True), Devices(5),
    Preview(7, RECIPE, draft=True), Encode(8, RECIPE, "/bilder/grün.png"), Cancel(6), Shutdown(),
    Render(9, RECIPE, watched=True), Consider(10, RECIPE), Embed(11, ("rotes Haus", "字")), Look(12, "/b.png", 80)])
def test_requests_come_out_as_they_went_in(pipe: tuple[int, int], message: Request):
    read, write = pipe
    FrameWriter(write).write(*encode(message))
    frame = FrameReader(read).read()
    assert frame is not None
    assert decode_request(*frame) == message


@pytest.mark.parametrize("event", [
    Ready(7, Device("auto", "CPUExecutionProvider", "CPU"), {"numpy": "2"}), Opened(1, INFO),
    Written(1, "/a.png", 10, "ab", ("note",)), Stepped(1, Progress(1, 3, "x", None)),
    DevicesTold(1, (Device("a", "b", "c"),)), Failed(1, Problem("model", "What.", "Remedy.", "s", 3, "d")),
    Beat(Phase.RUN, 0.5, None), Again(4, 3), Considered(5, Plan()), Considered(6, PLAN)])
def test_events_come_out_as_they_went_in(pipe: tuple[int, int], event: ChildEvent):
    read, write = pipe
    FrameWriter(write).write(*encode(event))
    frame = FrameReader(read).read()
    assert frame is not None
    assert decode_event(*frame) == event


def test_a_picture_larger_than_the_pipe_arrives_in_pieces_and_whole(pipe: tuple[int, int]):
    read, write = pipe
    widen(read)
    pixels = np.random.default_rng(0).integers(0, 256, (513, 1024, 4), np.uint8)
    writer = threading.Thread(target=FrameWriter(write).write, args=encode(Frame(9, Asset(RECIPE, pixels), True)))
    writer.start()
    frame = FrameReader(read).read()
    writer.join()
    assert frame is not None
    event = decode_event(*frame)
    assert isinstance(event, Frame)
    assert np.array_equal(event.asset.pixels, pixels)
    assert event.asset.recipe == RECIPE
    assert not event.asset.pixels.flags.writeable


@pytest.mark.parametrize("channels", [3, 4])
def test_a_picture_with_a_palette_comes_out_as_it_went_in(pipe: tuple[int, int], channels: int):
    read, write = pipe
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (20, 30), np.uint8)[:, :, None]
    palette = rng.integers(0, 256, (256, channels), np.uint8)
    FrameWriter(write).write(*encode(Frame(9, Asset(RECIPE, pixels, palette=palette), True)))
    frame = FrameReader(read).read()
    assert frame is not None
    event = decode_event(*frame)
    assert isinstance(event, Frame)
    assert np.array_equal(event.asset.pixels, pixels)
    assert np.array_equal(event.asset.palette, palette)
    assert event.asset.palette is not None
    assert not event.asset.palette.flags.writeable


def test_a_draft_tells_what_it_stands_for_and_how_far_out_it_is(pipe: tuple[int, int]):
    read, write = pipe
    asset = Asset(RECIPE, np.zeros((4, 6, 3), np.uint8), draft=True, full=(1024, 512), distance=0.75)
    FrameWriter(write).write(*encode(Frame(9, asset, True)))
    frame = FrameReader(read).read()
    assert frame is not None
    event = decode_event(*frame)
    assert isinstance(event, Frame)
    assert (event.asset.draft, event.asset.full, event.asset.distance) == (True, (1024, 512), 0.75)


@pytest.mark.parametrize("partial", [False, True])
def test_texts_and_swatches_come_out_as_they_went_in(pipe: tuple[int, int], partial: bool):
    read, write = pipe
    asset = Asset(RECIPE, np.full((1, 1, 1), 255, np.uint8), medium=Medium.PALETTE, texts=("Früh\nling", "字"),
                  swatches=(Swatch("#112233", "Night"), Swatch("#ffffff")), partial=partial)
    FrameWriter(write).write(*encode(Partial(9, asset) if partial else Frame(9, asset, True)))
    frame = FrameReader(read).read()
    assert frame is not None
    event = decode_event(*frame)
    assert isinstance(event, Partial if partial else Frame)
    assert (event.asset.medium, event.asset.partial) == (Medium.PALETTE, partial)
    assert (event.asset.texts, event.asset.swatches) == (asset.texts, asset.swatches)
    assert event.asset.pixels.shape == (1, 1, 1)


def test_vectors_come_out_as_they_went_in(pipe: tuple[int, int]):
    read, write = pipe
    vectors = np.random.default_rng(0).standard_normal((3, 5)).astype(np.float32)
    for told in (vectors, np.zeros((0, 384), np.float32)):
        FrameWriter(write).write(*encode(Embedded(9, told)))
        frame = FrameReader(read).read()
        assert frame is not None
        event = decode_event(*frame)
        assert isinstance(event, Embedded)
        assert event.vectors.dtype == np.float32
        assert np.array_equal(event.vectors, told)
        assert not event.vectors.flags.writeable


@pytest.mark.parametrize(("shape", "size"), [((2, 3), 20), ((-2, -3), 24), ((1 << 20, 1 << 20), 24), ((2, 3, 1), 24)])
def test_vectors_that_cannot_be_are_refused(shape: tuple[int, ...], size: int):
    header, _ = encode(Embedded(1, np.zeros((2, 3), np.float32)))
    with pytest.raises(WireError):
        decode_event({**header, "shape": list(shape)}, (np.zeros(size, np.uint8),))


@pytest.mark.parametrize("channels", [3, 4])
def test_a_looked_at_picture_comes_out_as_it_went_in(pipe: tuple[int, int], channels: int):
    read, write = pipe
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
    FrameWriter(write).write(*encode(Looked(4, pixels, (700, 500))))
    frame = FrameReader(read).read()
    assert frame is not None
    event = decode_event(*frame)
    assert isinstance(event, Looked)
    assert (event.request, event.full, event.pixels.flags.writeable) == (4, (700, 500), False)
    assert np.array_equal(event.pixels, pixels)


def test_what_a_model_saw_comes_out_as_it_went_in(pipe: tuple[int, int]):
    read, write = pipe
    before, after = np.random.default_rng(0).integers(0, 256, (2, 5, 7, 3), np.uint8)
    found = Encoded(3, {"point": "z:AAAAAA==", "psi": 1.0}, before, after, {"psnr": 31.5}, ("Only the middle.",))
    FrameWriter(write).write(*encode(found))
    frame = FrameReader(read).read()
    assert frame is not None
    event = decode_event(*frame)
    assert isinstance(event, Encoded)
    assert (event.request, event.values, event.figures, event.notes) == (3, found.values, found.figures, found.notes)
    assert np.array_equal(event.before, before)
    assert np.array_equal(event.after, after)
    assert not event.before.flags.writeable


@pytest.mark.parametrize(("shape", "sizes"), [
    ((4, 4, 3), (48,)), ((4, 4, 3), (48, 47)), ((4, 4, 2), (32, 32)), ((4, 4, 3), (48, 48, 48)), ((0, 4, 3), (0, 0)),
    ((20_000, 1, 1), (20_000, 20_000))])
def test_comparisons_that_cannot_be_are_refused(shape: tuple[int, ...], sizes: tuple[int, ...]):
    blank = np.zeros((4, 4, 3), np.uint8)
    header, _ = encode(Encoded(1, {}, blank, blank, {}))
    with pytest.raises(WireError):
        decode_event({**header, "shape": list(shape)}, tuple(np.zeros(size, np.uint8) for size in sizes))


@pytest.mark.parametrize(("shape", "channels", "sizes"), [
    ((4, 4, 1), 3, (16,)), ((4, 4, 1), 3, (16, 767)), ((4, 4, 1), 0, (16, 768)), ((4, 4, 1), 2, (16, 512)),
    ((4, 4, 1), -3, (16, 768)), ((4, 4, 3), 3, (48, 768)), ((4, 4, 1), 4, (16, 768))])
def test_palettes_that_cannot_be_are_refused(shape: tuple[int, ...], channels: int, sizes: tuple[int, ...]):
    header, _ = encode(Frame(1, Asset(RECIPE, np.zeros((4, 4, 4), np.uint8)), False))
    with pytest.raises(WireError):
        decode_event({**header, "shape": list(shape), "palette": channels},
                     tuple(np.zeros(size, np.uint8) for size in sizes))


@pytest.mark.parametrize("rows", [(3, 7), (0, 12), (0, 0), (11, 12)])
def test_only_the_rows_with_something_in_them_travel(pipe: tuple[int, int], rows: tuple[int, int]):
    pixels = np.zeros((12, 5, 1), np.uint8)
    pixels[slice(*rows)] = 9
    header, buffers = encode(Frame(9, Asset(RECIPE, pixels, rows=rows), True))
    assert [len(buffer) for buffer in buffers] == [5 * (rows[1] - rows[0])]
    FrameWriter(pipe[1]).write(header, buffers)
    frame = FrameReader(pipe[0]).read()
    assert frame is not None
    event = decode_event(*frame)
    assert isinstance(event, Frame)
    assert event.asset.rows == rows
    assert np.array_equal(event.asset.pixels, pixels)
    assert not event.asset.pixels.flags.writeable


@pytest.mark.parametrize(("rows", "size"), [((3, 2), 0), ((-1, 2), 12), ((3, 5), 8), ((1, 3), 12)])
def test_rows_that_cannot_be_are_refused(rows: tuple[int, int], size: int):
    header, _ = encode(Frame(9, Asset(RECIPE, np.zeros((4, 4, 1), np.uint8), rows=(1, 3)), True))
    with pytest.raises(WireError):
        decode_event({**header, "rows": list(rows)}, (np.zeros(size, np.uint8),))
    with pytest.raises(WireError):  # only letters have paper around them
        decode_event({**header, "shape": [4, 4, 3]}, (np.zeros(24, np.uint8),))


def test_bytes_that_dribble_in_one_by_one_make_a_frame(pipe: tuple[int, int]):
    read, write = pipe
    whole_read, whole_write = os.pipe()
    FrameWriter(whole_write).write(*encode(Open(1, "x")))
    data = os.read(whole_read, 4096)
    os.close(whole_read)
    os.close(whole_write)

    def dribble() -> None:
        for byte in data:
            os.write(write, bytes([byte]))
    writer = threading.Thread(target=dribble)
    writer.start()
    frame = FrameReader(read).read()
    writer.join()
    assert frame is not None
    assert decode_request(*frame) == Open(1, "x")


def test_a_clean_end_is_none_and_a_cut_frame_is_an_error(pipe: tuple[int, int]):
    read, write = pipe
    os.close(write)
    assert FrameReader(read).read() is None
    read, write = os.pipe()
    os.write(write, MAGIC + struct.pack("<I", 100) + b"{")
    os.close(write)
    with pytest.raises(WireError, match="middle"):
        FrameReader(read).read()
    os.close(read)


HEADER = b'{"kind":"Beat","phase":"run","seconds":0.5,"request":null,"buffers":[]}'


def framed(header: bytes, length: int | None = None, magic: bytes = MAGIC) -> bytes:
    return magic + struct.pack("<I", len(header) if length is None else length) + header


@pytest.mark.parametrize("garbage", [
    b"hello from some library\n",
    framed(HEADER, magic=b"LAt0"),
    framed(b"", MAX_HEADER + 1),
    framed(b"not json"),
    framed(b"[]"),
    framed(b"[" * 30_000),
    framed(b"\xff\xfe"),
    framed(b'{"kind":"Beat"}'),                                     # no list of buffers
    framed(b'{"kind":"Beat","buffers":[-1]}'),
    framed(b'{"kind":"Beat","buffers":[99999999999]}'),
    framed(b'{"kind":"Beat","buffers":[1.5]}'),
    framed(b'{"kind":"Beat","buffers":[0,0,0,0,0]}'),
], ids=range(12))
def test_garbage_is_refused(pipe: tuple[int, int], garbage: bytes):
    read, write = pipe
    os.write(write, garbage)
    with pytest.raises(WireError):
        FrameReader(read).read()


@pytest.mark.parametrize("header", [
    {"kind": "Nonsense"}, {}, {"kind": "Failed", "request": 1}, {"kind": "Failed", "request": "one", "problem": {}},
    {"kind": "Beat", "phase": "dancing", "seconds": 1.0},
    {"kind": "Opened", "request": 1, "info": {"id": 5}},
    {"kind": "Render", "request": 1},  # a request is no event
])
def test_events_that_say_nonsense_are_refused(header: dict[str, Any]):
    with pytest.raises(WireError):
        decode_event(header, ())


@pytest.mark.parametrize(("shape", "size"), [((0, 4, 4), 0), ((4, 4, 2), 32), ((4, 4, 4), 63), ((-4, -4, 4), 64),
                                             ((20_000, 1, 1), 20_000), ((4, 4), 16)])
def test_pictures_whose_shape_and_bytes_disagree_are_refused(shape: tuple[int, ...], size: int):
    header, _ = encode(Frame(1, Asset(RECIPE, np.zeros((4, 4, 4), np.uint8)), False))
    with pytest.raises(WireError):
        decode_event({**header, "shape": list(shape)}, (np.zeros(size, np.uint8),))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, "\ud800", b"bytes", "x" * 2_000_000, (1, 2, 3),
                                   np.float32(1), [1, "a"]], ids=str)
def test_values_that_no_frame_can_carry_are_refused_before_they_are_sent(value: Any):
    with pytest.raises(WireError):
        check_sendable(Preview(1, Recipe("a", "b", {"x": value})))


def test_a_frame_that_the_other_side_would_refuse_is_not_written(pipe: tuple[int, int]):
    with pytest.raises(WireError):
        FrameWriter(pipe[1]).write({"kind": "x" * (MAX_HEADER + 1)})


@pytest.mark.skipif(not hasattr(select, "PIPE_BUF"), reason="this system promises no such writes")
def test_a_small_frame_is_written_at_once_and_never_waits(pipe: tuple[int, int]):
    reader, writer = FrameReader(pipe[0]), FrameWriter(pipe[1])
    assert writer.write_at_once({"kind": "small"})
    assert reader.read() == ({"kind": "small"}, ())
    assert not writer.write_at_once({"kind": "x" * select.PIPE_BUF})
    assert not writer.write_at_once({"kind": "picture"}, (b"pixels",))
    written = 0
    while writer.write_at_once({"kind": "x" * 1000}):  # nobody reads: the pipe fills up
        written += 1
    assert written > 0
    for _ in range(written):
        assert reader.read() == ({"kind": "x" * 1000}, ())
    os.close(pipe[0])
    assert not writer.write_at_once({"kind": "nobody listens"})
