"""Pictures whose recipe lies: a sentence, never a traceback, never a steered terminal, never a foreign file."""

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.end2end.program import Program


def with_recipe(png: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The picture with its JSON changed and its checksum right."""
    out, at = png[:8], 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + length]
        if kind == b"iTXt" and body.startswith(b"latent_atelier\0"):
            head = b"latent_atelier\0\0\0\0\0"
            data = json.loads(body[len(head):])
            result = change(data)
            body = head + (result if isinstance(result, bytes) else json.dumps(data).encode())
        out += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        at += 12 + length
    return out


def changed(*path: str, to: object) -> Callable[[dict[str, Any]], None]:
    """A change of one entry."""
    def change(data: dict[str, Any]) -> None:
        for name in path[:-1]:
            data = data[name]
        data[path[-1]] = to

    return change


LIES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "unknown control": (changed("recipe", "values", "secret", to=1), "secret"),
    "value out of range": (changed("recipe", "values", "weight", to=99), "weight"),
    "value of another kind": (changed("recipe", "values", "seed", to="x"), "seed"),
    "endless size": (changed("recipe", "values", "size", to=[10**6, 10**6]), "size"),
    "package with a path": (changed("recipe", "package", to="../../etc"), "not installed"),
    "another digest": (changed("recipe", "digest", to="sha256:" + "0" * 64), "was made with"),
    "newer recipe": (changed("recipe", "version", to=99), "newer version"),
    "no values": (changed("recipe", "values", to=None), "damaged"),
    "not json": (lambda _: b"{", "damaged"),
    "deep json": (lambda _: b"[" * 100_000, "damaged"),
    "twice the same key": (lambda _: b'{"recipe": 1, "recipe": 2}', "twice"),
    "not text": (lambda _: b"\xff\xfe", "damaged"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_recipe_that_lies_is_a_sentence(program: Program, tmp_path: Path, name: str):
    change, word = LIES[name]
    assert program("render", "tiny-glyphs", "--size", "64x64", "-o", "good.png").code == 0
    (tmp_path / "bad.png").write_bytes(with_recipe((tmp_path / "good.png").read_bytes(), change))
    ran = program("repeat", "bad.png", "-o", "again.png")
    assert ran.code == 2, ran.err
    assert word in ran.err
    assert len(ran.faults) == 1
    assert not (tmp_path / "again.png").exists()


def test_names_inside_a_picture_cannot_steer_the_terminal(program: Program, tmp_path: Path):
    assert program("render", "tiny-glyphs", "--size", "64x64", "-o", "good.png").code == 0
    evil = "\x1b[2J\u202e\x9b31m"

    def poison(data: dict[str, Any]) -> None:
        data["software"] = data["provider"] = data["package"]["name"] = data["recipe"]["package"] = evil
        data["recipe"]["values"]["text"] = data["recipe"]["values"][evil] = evil

    (tmp_path / "bad.png").write_bytes(with_recipe((tmp_path / "good.png").read_bytes(), poison))
    for words in (("inspect", "bad.png"), ("repeat", "bad.png", "-o", "x.png"), ("inspect", "bad.png", "--json")):
        ran = program(*words)
        shown = ran.err if "--json" in words else ran.out + ran.err
        assert not any(mark in shown for mark in "\x1b\u202e\x9b")


def test_a_picture_cut_short_or_without_recipe_is_told(program: Program, tmp_path: Path):
    assert program("render", "tiny-glyphs", "--size", "64x64", "-o", "good.png").code == 0
    data = (tmp_path / "good.png").read_bytes()
    (tmp_path / "short.png").write_bytes(data[:60])
    (tmp_path / "plain.png").write_bytes(data.replace(b"latent_atelier", b"something_else"))
    assert "cut short" in program("inspect", "short.png").err
    assert "no recipe" in program("inspect", "plain.png").err


def test_a_picture_edited_by_another_program_repeats_with_other_bytes_and_says_so(program: Program, tmp_path: Path):
    assert program("render", "tiny-glyphs", "--size", "64x64", "-o", "good.png").code == 0
    data = (tmp_path / "good.png").read_bytes()
    extra = b"tEXt" + b"Comment\0hello"
    chunk = struct.pack(">I", len(extra) - 4) + extra + struct.pack(">I", zlib.crc32(extra))
    (tmp_path / "edited.png").write_bytes(data[:-12] + chunk + data[-12:])
    ran = program("repeat", "edited.png", "-o", "again.png", "--json")
    assert ran.code == 1
    assert ran.document["same_bytes"] is False
    assert "was changed after it was written" in ran.err
    assert (tmp_path / "again.png").read_bytes() == data


def test_a_picture_of_an_older_program_or_another_provider_is_said_plainly(program: Program, tmp_path: Path):
    assert program("render", "tiny-glyphs", "--size", "64x64", "-o", "good.png").code == 0

    def older(data: dict[str, Any]) -> None:
        data["software"], data["provider"] = "Latent Atelier 0.0.1", "CUDAExecutionProvider"

    (tmp_path / "old.png").write_bytes(with_recipe((tmp_path / "good.png").read_bytes(), older))
    ran = program("repeat", "old.png", "-o", "again.png", "--json")
    assert ran.code == 1
    assert {one["what"] for one in ran.document["differences"]} == {"program", "provider"}
    assert "the provider was CUDAExecutionProvider, now it is CPUExecutionProvider." in ran.err
