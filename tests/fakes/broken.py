"""Packages with one fault each; everything else about them is right, digests included. Each returns the folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import helper

from tests.fakes import graphs
from tests.fakes.packages import (
    glyph_constants,
    listed,
    read_manifest_dict,
    replace_graph,
    rewrite_manifest,
    tiny_glyphs,
)


def nan_output(folder: Path) -> Path:
    """Loads and runs; every number that comes out is NaN."""
    nodes, constants = graphs.glyph_nodes(), glyph_constants()
    constants["styles"] = np.full_like(constants["styles"], np.nan)
    return tiny_glyphs(folder, nodes=nodes, constants=constants, id="nan-output")


def constant_output(folder: Path) -> Path:
    """Loads and runs; the field is "outside" everywhere, so the picture is blank."""
    nodes, constants = graphs.glyph_nodes(), glyph_constants()
    constants["table"] = np.full_like(constants["table"], -100)
    return tiny_glyphs(folder, nodes=nodes, constants=constants, id="constant-output")


def wrong_shape(folder: Path) -> Path:
    """The graph yields 16x64 fields where the manifest says 32x32."""
    nodes, constants = graphs.glyph_nodes(), glyph_constants()
    constants["shape"] = np.array([-1, 1, 16, 64], np.int64)
    outputs = [("field", ["batch", 1, 16, 64]), ("advance", ["batch"])]
    model = graphs.model(nodes, constants, outputs, condition="character")
    return replace_graph(tiny_glyphs(folder, id="wrong-shape"), model.SerializeToString())


def missing_graph(folder: Path) -> Path:
    """decoder.onnx is listed but not there."""
    (tiny_glyphs(folder, id="missing-graph") / "decoder.onnx").unlink()
    return folder


def wrong_digest(folder: Path) -> Path:
    """One byte of decoder.onnx differs; its size is right."""
    path = tiny_glyphs(folder, id="wrong-digest") / "decoder.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return folder


def newer_format(folder: Path) -> Path:
    """A manifest of format 2."""
    return tiny_glyphs(folder, id="newer-format", format=2)


def path_escape(folder: Path) -> Path:
    """The graph's file is ../decoder.onnx, which exists with the right digest."""
    tiny_glyphs(folder, id="path-escape")
    (folder.parent / "decoder.onnx").write_bytes((folder / "decoder.onnx").read_bytes())
    (folder / "decoder.onnx").unlink()
    manifest = read_manifest_dict(folder)
    manifest["graphs"]["decoder"]["file"] = "../decoder.onnx"
    rewrite_manifest(folder, manifest)
    return folder


def code_file(folder: Path, *, list_it: bool = False) -> Path:
    """A Python file lies in the package (and is listed, if wanted)."""
    tiny_glyphs(folder, id="code-file")
    (folder / "helpers.py").write_text("print('ran')\n", encoding="utf-8")
    if list_it:
        manifest = read_manifest_dict(folder)
        manifest["files"]["helpers.py"] = listed(folder / "helpers.py")
        rewrite_manifest(folder, manifest)
    return folder


def unlisted_file(folder: Path) -> Path:
    """A harmless text file that the manifest does not list."""
    (tiny_glyphs(folder, id="unlisted-file") / "notes.txt").write_text("hello\n", encoding="utf-8")
    return folder


def not_onnx(folder: Path) -> Path:
    """The graph is a web page."""
    return replace_graph(tiny_glyphs(folder, id="not-onnx"), b"<!DOCTYPE html><html>404 Not Found</html>")


def aborts_at_load(folder: Path) -> Path:
    """Kills the process (SIGFPE) while ONNX Runtime loads it. Never open it in the test process."""
    nodes, constants = graphs.glyph_nodes(), glyph_constants()
    graphs.aborting(nodes, constants, at_load=True)
    return tiny_glyphs(folder, nodes=nodes, constants=constants, id="aborts-at-load")


def aborts_at_run(folder: Path) -> Path:
    """Loads, then kills the process (SIGFPE) at the first run. Never render it in the test process."""
    nodes, constants = graphs.glyph_nodes(), glyph_constants()
    graphs.aborting(nodes, constants, at_load=False)
    return tiny_glyphs(folder, nodes=nodes, constants=constants, id="aborts-at-run")


def billion_laughs(folder: Path, *, depth: int = 30) -> Path:
    """Nested functions that unfold to 2**29 steps; verification refuses it, ONNX Runtime would load for ever."""
    before, functions = graphs.laughing(depth)
    nodes = graphs.glyph_nodes()
    graphs.rewired(nodes, before)
    return tiny_glyphs(folder, nodes=nodes, functions=functions, id="billion-laughs")


def foreign_operator(folder: Path) -> Path:
    """A node from a domain that needs a custom operator library."""
    nodes = graphs.glyph_nodes()
    graphs.rewired(nodes, helper.make_node("Magic", ["latent"], ["latent_later"], domain="evil.corp"))
    return tiny_glyphs(folder, nodes=nodes, id="foreign-operator")
