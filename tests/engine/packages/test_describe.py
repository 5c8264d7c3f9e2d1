"""What screens learn of a package without running it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.api import Medium
from engine.errors import PackageError
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.manifest import manifest_digest
from tests import fakes
from tests.fakes.families import ScriptedFamily


def test_the_description_carries_identity_and_controls(tmp_path: Path):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    info = describe(folder)
    assert (info.id, info.version, info.family, info.folder) == ("tiny-glyphs", "1.0.0", "decoder", str(folder))
    assert info.digest == manifest_digest(folder)
    assert info.control("weight") is not None
    assert set(info.default_recipe().values) == {control.name for control in info.controls}


def test_families_say_what_they_make_and_whether_they_follow_a_slider(tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch):
    quick = describe(fakes.tiny_glyphs(tmp_path / "quick"))
    assert (quick.medium, quick.live) == (Medium.PICTURE, True)
    monkeypatch.setitem(FAMILIES, "scripted", ScriptedFamily(Medium.TEXT, live=False))
    slow = describe(fakes.tiny_glyphs(tmp_path / "slow", family="scripted"))
    assert (slow.medium, slow.live) == (Medium.TEXT, False)


def test_an_unknown_family_is_named(tmp_path: Path):
    with pytest.raises(PackageError, match=r"“hologram”.*this version runs: decoder"):
        describe(fakes.tiny_glyphs(tmp_path / "p", family="hologram"))


def test_describing_needs_no_runtime_and_no_pillow(tmp_path: Path):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    code = ("import sys, json, pathlib; from engine.packages.describe import describe;"
            f"describe(pathlib.Path({str(folder)!r})); print(json.dumps(sorted(sys.modules)))")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(json.loads(ran.stdout)) & {"onnxruntime", "PIL", "PySide6", "onnx"}
