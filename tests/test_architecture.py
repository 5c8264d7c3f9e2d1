"""The house stands as drawn: imports, owners of libraries, lengths, docstrings; each half alone in an interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import law

FILES = law.house_files()


@pytest.mark.parametrize("path", FILES, ids=law.module_name)
def test_imports_obey_the_law(path: Path) -> None:
    faults = law.import_faults(path.read_text(encoding="utf-8"), law.module_name(path),
                               is_package=path.name == "__init__.py")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", FILES, ids=law.module_name)
def test_shape_is_kept(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    faults = law.shape_faults(source, law.module_name(path)) if source.strip() else []
    assert not faults, "\n".join(faults)


def test_every_room_of_the_law_exists() -> None:
    modules = {law.module_name(path) for path in FILES}
    rooms = [room.name for room in law.ROOMS] + [name for room in law.ROOMS for name in room.may] + list(law.PLAIN)
    missing = {name for name in rooms if not any(law.within(module, name) for module in modules)}
    assert not missing, f"the law speaks of rooms that do not exist: {sorted(missing)}"


PLANTED = [
    ("engine.api", "from engine import errors"),
    ("engine.api", "import msgspec"),
    ("engine.errors", "import engine.packages"),
    ("engine.latent.space", "from engine.api import Recipe"),
    ("engine.latent.space", "import engine.runtime.session"),
    ("engine.glyphs.layout", "from PIL import Image"),
    ("engine.glyphs.layout", "import platformdirs"),
    ("engine.runtime.session", "from engine.families import registry"),
    ("engine.families.decoder", "from engine.families.diffusion import Diffusion"),
    ("engine.families.decoder", "from . import diffusion"),
    ("engine.families.decoder", "from engine.writers import raster"),
    ("engine.families.base", "from engine.families.decoder import Decoder"),
    ("engine.families.decoder", "import onnxruntime"),
    ("engine.writers.raster", "from engine.runtime import session"),
    ("engine.packages.shelf", "from engine.families import registry"),
    ("engine.provenance", "from PIL import Image"),
    ("engine.client", "import onnxruntime as ort"),
    ("engine.server", "import torch"),
    ("engine.server", "import gui.app"),
    ("engine.cli.main", "from PySide6.QtGui import QImage"),
    ("engine.cli.main", "import export.cli"),
    ("export.parity", "from engine.runtime import session"),
    ("export.parity", "import onnxruntime"),
    ("export.parity", "from PySide6 import QtCore"),
    ("gui.widgets.slider", "from gui.session import Session"),
    ("gui.widgets.slider", "from gui import engine_bridge"),
    ("gui.widgets.slider", "from engine.packages import shelf"),
    ("gui.session", "from engine.client import EngineClient"),
    ("gui.session", "from engine.jobs.runner import JobRunner"),
    ("gui.session", "import onnxruntime"),
    ("gui.session", "def late():\n    import torch"),
    ("gui.session", "importlib.import_module('onnxruntime')"),
    ("engine.server", "__import__('PySide6.QtCore')"),
    ("gui.engine_bridge", "from engine.runtime import providers"),
    ("bootstrap", "import platformdirs"),
    ("bootstrap", "import engine.paths"),
]


@pytest.mark.parametrize(("module", "source"), PLANTED, ids=[f"{m}: {s}" for m, s in PLANTED])
def test_a_planted_import_is_caught(module: str, source: str) -> None:
    assert len(law.import_faults(source, module)) == 1


ALLOWED = [
    ("engine.api", "import json\nimport numpy as np"),
    ("engine.runtime.session", "import onnxruntime\nfrom engine.packages.manifest import Manifest"),
    ("engine.families.registry", "from engine.families.decoder import Decoder"),
    ("engine.families.decoder", "from engine.families.base import Family\nfrom engine.families import decoder_text"),
    ("engine.packages.describe", "from engine.families import registry"),
    ("gui.engine_bridge", "from engine.client import EngineClient"),
    ("gui.widgets.slider", "from gui.widgets.field import Field\nfrom PySide6.QtWidgets import QWidget"),
    ("engine.writers.raster", "from PIL import Image"),
]


@pytest.mark.parametrize(("module", "source"), ALLOWED, ids=[module for module, _ in ALLOWED])
def test_an_allowed_import_passes(module: str, source: str) -> None:
    assert law.import_faults(source, module) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('"""Long."""\n' + "\n" * 400, "401 lines"),
        ('"""F."""\ndef f():\n    """F."""\n' + "    x = 1\n" * 49, "f has 51 lines"),
        ("x = 1", "room has no docstring"),
        ('"""F."""\ndef f(): ...', "f has no docstring"),
        ('"""C."""\nclass C:\n    """C."""\n    def m(self): ...', "C.m has no docstring"),
        ('"""E."""\ntry:\n    x = 1\nexcept Exception:\n    x = 2', "catches everything"),
        ('"""E."""\ntry:\n    x = 1\nexcept (ValueError, BaseException):\n    x = 2', "catches everything"),
        ('"""E."""\ntry:\n    x = 1\nexcept:\n    x = 2', "catches everything"),
        (f'"""M."""\nx = 1  # {law.MARKS[0]} later', f"says {law.MARKS[0]}"),
    ],
)
def test_a_planted_shape_is_caught(source: str, words: str) -> None:
    faults = law.shape_faults(source, "room")
    assert len(faults) == 1
    assert words in faults[0]


def test_a_private_thing_and_a_cleaning_except_pass() -> None:
    source = '"""R."""\ndef _f(): ...\ntry:\n    x = 1\nexcept BaseException:\n    x = 2\n    raise\n'
    assert law.shape_faults(source, "room") == []
    broad = '"""S."""\ntry:\n    x = 1\nexcept Exception:\n    x = 2'
    assert law.shape_faults(broad, "engine.server") == []


QT = ("PySide6", "shiboken6")
ALONE = [
    ("engine.api", (*QT, "torch", "onnxruntime", "PIL", "msgspec", "platformdirs", "tqdm")),
    ("engine.client", (*QT, "torch", "onnxruntime", "PIL")),
    ("engine.blocking", (*QT, "torch", "onnxruntime", "PIL")),
    ("engine.families.registry", (*QT, "torch", "onnxruntime", "PIL")),
    ("engine.packages.describe", (*QT, "torch", "onnxruntime", "PIL")),
    ("engine.server", (*QT, "torch")),
    ("engine.cli", (*QT, "torch", "onnxruntime")),
    ("atelier", (*QT, "torch", "onnxruntime", "numpy")),
    ("gui", ("torch", "onnxruntime", "PIL")),
    ("gui.app", ("torch", "onnxruntime", "PIL")),
    ("export", (*QT, "onnxruntime")),
    ("export.train.glyphs.parity", (*QT, "torch", "engine")),
]


def loaded_after(module: str) -> set[str]:
    """Top-level names loaded in a fresh interpreter after importing `module`."""
    code = f"import {module}, sys, json; print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    answer = subprocess.run([sys.executable, "-c", code], cwd=law.ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return set(json.loads(answer.stdout))


@pytest.mark.parametrize(("module", "absent"), ALONE, ids=[module for module, _ in ALONE])
def test_each_half_stands_alone(module: str, absent: tuple[str, ...]) -> None:
    assert not loaded_after(module) & set(absent)


def test_the_fresh_interpreter_sees_what_is_loaded() -> None:
    assert {"numpy", "engine"} <= loaded_after("engine.api")
