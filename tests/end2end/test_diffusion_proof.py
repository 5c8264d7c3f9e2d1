"""Tiny random pipelines through both stacks with the same seed: diffusers in PyTorch, our family in ONNX Runtime.

The packages are made by our converter from what diffusers saved. Each stack runs in a process of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.end2end.program import ROOT, Program
from tests.fakes.diffusion_cases import CASES, KINDS, SIZE

pytestmark = pytest.mark.torch

LATENT, PICTURE = 1e-3, 2        # how far apart final latents and pictures (of 255) may be
_MODELS = list(KINDS)


def run(home: Path, module: str, *words: object) -> None:
    """A program of the tests, to its end."""
    room = {**os.environ, "OMP_NUM_THREADS": "1", "LATENT_ATELIER_HOME": str(home)}
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", module, *map(str, words)], cwd=ROOT, env=room,
                          capture_output=True, text=True, check=False, timeout=1800)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The answers of both stacks, <case>.npz and <case>.ours.npz, and the packages."""
    place = tmp_path_factory.mktemp("both")
    run(place / "home", "tests.fakes.diffusion_theirs", place, *_MODELS)
    run(place / "home", "tests.fakes.diffusion_ours", place, *_MODELS)
    return place


def test_no_kind_of_model_is_forgotten():
    assert {case.model for case in CASES.values()} == set(KINDS)


@pytest.mark.parametrize("case", CASES)
def test_the_same_seed_gives_the_same_picture(folder: Path, case: str):
    theirs, ours = np.load(folder / f"{case}.npz"), np.load(folder / f"{case}.ours.npz")
    assert ours["latent"].shape == theirs["latent"].shape
    assert np.abs(ours["latent"] - theirs["latent"]).max() <= LATENT
    picture, wanted = (side["picture"].astype(int) for side in (ours, theirs))
    assert picture.shape == wanted.shape == (*((8, 8) if case.startswith("ddpm") else SIZE[::-1]), 3)
    assert np.abs(picture - wanted).max() <= PICTURE
    assert wanted.std() > 20, "a picture without contrast proves nothing"
    assert ((wanted > 0) & (wanted < 255)).mean() > 0.7, "clipped colours prove nothing"


def test_every_run_is_a_picture_of_its_own(folder: Path):
    """Settings that change nothing would make the comparison blind to them."""
    seen = {name: np.load(folder / f"{name}.npz")["latent"] for name in CASES}
    for name, latent in seen.items():
        twins = [other for other, value in seen.items() if other != name and value.shape == latent.shape
                 and np.abs(value - latent).max() < 0.05]
        assert not twins, (name, twins)


def test_the_command_line_makes_the_published_picture(folder: Path, bare: Program):
    shutil.copytree(folder / "sd1" / "package", bare.models / "sd1")
    case = CASES["sd1 mask"]
    values = {name: value for name, value in case.values.items() if name not in ("prompt", "negative", "size")}
    told = [word for name, value in values.items() for word in ("--set", f"{name}={value}".replace("False", "false"))]
    made = bare("render", "sd1", "--prompt", case.values["prompt"], "--negative", case.values["negative"], "--size",
                "{}x{}".format(*SIZE), "--set", f"image={folder / 'source.png'}", "--set",
                f"mask={folder / 'mask.png'}", *told, "-o", "made.png")
    assert made.code == 0, made.err
    pixels = np.asarray(Image.open(bare.cwd / "made.png")).astype(int)
    assert np.abs(pixels - np.load(folder / "sd1 mask.npz")["picture"]).max() <= PICTURE
